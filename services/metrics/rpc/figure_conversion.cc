#include "services/metrics/rpc/figure_conversion.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/rpc/proto_values.h"

namespace cityinfo::metrics {
namespace {

// The fields that can be amended, and no others.
v1::Figure ReadingToProto(const FigureReading& reading) {
  v1::Figure message;
  message.set_indicator(reading.indicator);
  message.set_place(reading.place);
  message.set_measure(ToProto(reading.measure));
  message.set_kind(ToProto(reading.kind));
  if (reading.period.has_value()) message.set_period(reading.period->ToString());
  message.set_exact_value(reading.exact_value);
  message.set_exact_value_high(reading.exact_value_high);
  message.set_unit(reading.unit);
  message.set_qualifier(ToProto(reading.qualifier));
  message.set_stage(ToProto(reading.stage));
  return message;
}

// Reads an enum field that may be left out (0).
template <typename Value, typename Message>
absl::Status ReadEnum(Message message, const char* field, std::optional<Value>& value) {
  if (message == 0) return absl::OkStatus();
  value = FromProto(message);
  if (value.has_value()) return absl::OkStatus();
  return base::InvalidArgument(field, "is not one of its values", "INVALID_ENUM");
}

}  // namespace

v1::AnchorState ToProto(AnchorState anchor) {
  switch (anchor) {
    case AnchorState::kValid:
      return v1::VALID;
    case AnchorState::kMoved:
      return v1::MOVED;
    case AnchorState::kBroken:
      return v1::BROKEN;
  }
  return v1::ANCHOR_STATE_UNSPECIFIED;
}

std::optional<AnchorState> FromProto(v1::AnchorState anchor) {
  switch (anchor) {
    case v1::VALID:
      return AnchorState::kValid;
    case v1::MOVED:
      return AnchorState::kMoved;
    case v1::BROKEN:
      return AnchorState::kBroken;
    default:
      return std::nullopt;
  }
}

v1::Figure ToProto(const Figure& figure, bool with_reviewer) {
  v1::Figure message = ReadingToProto(figure.Reading());
  message.set_indicator_text(figure.indicator_text);
  message.set_printed(figure.value.printed);
  message.set_value(figure.value.ToDouble());
  message.set_printed_unit(figure.printed_unit);
  *message.mutable_citation() = ToProto(figure.citation);
  *message.mutable_publish_date() = ToProto(figure.publish_date);
  message.set_confidence(figure.confidence);
  for (const std::string& doubt : figure.doubts) message.add_doubts(doubt);
  if (figure.id.empty()) return message;  // extracted just now: nobody keeps it
  message.set_name(absl::StrCat("figures/", figure.id));
  *message.mutable_record_time() = ToProto(figure.record_time);
  message.set_review_state(ToProto(figure.review_state));
  message.set_retracted(figure.retracted);
  message.set_anchor(ToProto(figure.anchor));
  if (figure.review_time.has_value()) {
    *message.mutable_review_time() = ToProto(*figure.review_time);
    if (with_reviewer) {
      message.set_reviewer(figure.reviewer);
      message.set_review_comment(figure.review_comment);
    }
  }
  if (figure.extracted.has_value()) {
    *message.mutable_extracted() = ReadingToProto(*figure.extracted);
  }
  return message;
}

std::optional<ReviewState> StateAfter(v1::ReviewFigureRequest::Action action) {
  switch (action) {
    case v1::ReviewFigureRequest::CONFIRM:
      return ReviewState::kConfirmed;
    case v1::ReviewFigureRequest::REJECT:
      return ReviewState::kRejected;
    case v1::ReviewFigureRequest::AMEND:
      return ReviewState::kAmended;
    default:
      return std::nullopt;
  }
}

absl::StatusOr<FigureAmendment> ReadAmendment(const v1::Figure& amended) {
  FigureAmendment amendment{.indicator = amended.indicator(),
                            .place = amended.place(),
                            .period = amended.period(),
                            .exact_value = amended.exact_value(),
                            .exact_value_high = amended.exact_value_high(),
                            .unit = amended.unit()};
  CITY_RETURN_IF_ERROR(ReadEnum(amended.measure(), "amended.measure", amendment.measure));
  CITY_RETURN_IF_ERROR(ReadEnum(amended.kind(), "amended.kind", amendment.kind));
  CITY_RETURN_IF_ERROR(ReadEnum(amended.qualifier(), "amended.qualifier", amendment.qualifier));
  CITY_RETURN_IF_ERROR(ReadEnum(amended.stage(), "amended.stage", amendment.stage));
  return amendment;
}

}  // namespace cityinfo::metrics
