#include "services/metrics/rpc/proto_values.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

v1::PlaceLevel LevelOf(const std::string& level) {
  if (level == "nation") return v1::NATION;
  if (level == "province") return v1::PROVINCE;
  if (level == "prefecture") return v1::PREFECTURE;
  if (level == "county") return v1::COUNTY;
  if (level == "township") return v1::TOWN;
  return v1::PLACE_LEVEL_UNSPECIFIED;
}

}  // namespace

v1::Measure ToProto(Measure measure) {
  switch (measure) {
    case Measure::kLevel:
      return v1::LEVEL;
    case Measure::kYoyGrowth:
      return v1::YOY_GROWTH;
    case Measure::kAverageGrowth:
      return v1::AVERAGE_GROWTH;
    case Measure::kShare:
      return v1::SHARE;
    case Measure::kChange:
      return v1::CHANGE;
    case Measure::kRank:
      return v1::RANK;
    case Measure::kMultiple:
      return v1::MULTIPLE;
  }
  return v1::MEASURE_UNSPECIFIED;
}

v1::Kind ToProto(Kind kind) {
  switch (kind) {
    case Kind::kActual:
      return v1::ACTUAL;
    case Kind::kTarget:
      return v1::TARGET;
    case Kind::kForecast:
      return v1::FORECAST;
  }
  return v1::KIND_UNSPECIFIED;
}

v1::Qualifier ToProto(Qualifier qualifier) {
  switch (qualifier) {
    case Qualifier::kExact:
      return v1::EXACT;
    case Qualifier::kAbout:
      return v1::ABOUT;
    case Qualifier::kAtLeast:
      return v1::AT_LEAST;
    case Qualifier::kAtMost:
      return v1::AT_MOST;
    case Qualifier::kOver:
      return v1::OVER;
    case Qualifier::kRange:
      return v1::RANGE;
  }
  return v1::QUALIFIER_UNSPECIFIED;
}

v1::ReviewState ToProto(ReviewState state) {
  switch (state) {
    case ReviewState::kUnreviewed:
      return v1::UNREVIEWED;
    case ReviewState::kConfirmed:
      return v1::CONFIRMED;
    case ReviewState::kRejected:
      return v1::REJECTED;
    case ReviewState::kAmended:
      return v1::AMENDED;
  }
  return v1::REVIEW_STATE_UNSPECIFIED;
}

v1::RevisionStage ToProto(RevisionStage stage) {
  switch (stage) {
    case RevisionStage::kNone:
      return v1::REVISION_STAGE_UNSPECIFIED;
    case RevisionStage::kPreliminary:
      return v1::PRELIMINARY;
    case RevisionStage::kVerified:
      return v1::VERIFIED;
    case RevisionStage::kFinal:
      return v1::FINAL;
  }
  return v1::REVISION_STAGE_UNSPECIFIED;
}

v1::SupersededReason ToProto(SupersededReason reason) {
  switch (reason) {
    case SupersededReason::kNone:
      return v1::SUPERSEDED_REASON_UNSPECIFIED;
    case SupersededReason::kRevision:
      return v1::REVISION;
    case SupersededReason::kLaterPublication:
      return v1::LATER_PUBLICATION;
    case SupersededReason::kCorrection:
      return v1::CORRECTION;
    case SupersededReason::kRetraction:
      return v1::RETRACTION;
    case SupersededReason::kReview:
      return v1::REVIEW;
    case SupersededReason::kEarlierPublication:
      return v1::EARLIER_PUBLICATION;
  }
  return v1::SUPERSEDED_REASON_UNSPECIFIED;
}

std::optional<Measure> FromProto(v1::Measure measure) {
  return v1::Measure_IsValid(measure) ? ParseMeasure(v1::Measure_Name(measure)) : std::nullopt;
}

std::optional<Kind> FromProto(v1::Kind kind) {
  return v1::Kind_IsValid(kind) ? ParseKind(v1::Kind_Name(kind)) : std::nullopt;
}

std::optional<Qualifier> FromProto(v1::Qualifier qualifier) {
  return v1::Qualifier_IsValid(qualifier) ? ParseQualifier(v1::Qualifier_Name(qualifier))
                                          : std::nullopt;
}

std::optional<ReviewState> FromProto(v1::ReviewState state) {
  switch (state) {
    case v1::UNREVIEWED:
      return ReviewState::kUnreviewed;
    case v1::CONFIRMED:
      return ReviewState::kConfirmed;
    case v1::REJECTED:
      return ReviewState::kRejected;
    case v1::AMENDED:
      return ReviewState::kAmended;
    default:
      return std::nullopt;
  }
}

std::optional<RevisionStage> FromProto(v1::RevisionStage stage) {
  switch (stage) {
    case v1::PRELIMINARY:
      return RevisionStage::kPreliminary;
    case v1::VERIFIED:
      return RevisionStage::kVerified;
    case v1::FINAL:
      return RevisionStage::kFinal;
    default:
      return std::nullopt;
  }
}

google::type::Date ToProto(const base::Date& date) {
  google::type::Date message;
  message.set_year(date.year);
  message.set_month(date.month);
  message.set_day(date.day);
  return message;
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp message;
  const absl::Time second = absl::FromUnixSeconds(absl::ToUnixSeconds(time));
  message.set_seconds(absl::ToUnixSeconds(time));
  message.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(time - second)));
  return message;
}

v1::Indicator ToProto(const Indicator& indicator) {
  v1::Indicator message;
  message.set_name(absl::StrCat("indicators/", indicator.id));
  message.set_id(indicator.id);
  message.set_name_zh(indicator.name_zh);
  message.set_name_en(indicator.name_en);
  for (const std::string& alias : indicator.aliases) message.add_aliases(alias);
  message.set_base_unit(indicator.base_unit);
  message.set_display_unit(indicator.display_unit);
  message.set_category(indicator.category);
  for (const std::string& part : indicator.parts) message.add_parts(part);
  return message;
}

v1::Place ToProto(const Place& place) {
  v1::Place message;
  message.set_name(absl::StrCat("places/", place.code));
  message.set_code(place.code);
  message.set_name_zh(place.name_zh);
  message.set_name_en(place.name_en);
  message.set_parent(place.parent);
  message.set_level(LevelOf(place.level));
  for (const std::string& alias : place.aliases) message.add_aliases(alias);
  return message;
}

v1::Citation ToProto(const Citation& citation) {
  v1::Citation message;
  message.set_article(citation.article);
  message.set_revision(citation.revision);
  message.set_block(citation.block);
  message.set_start(citation.start);
  message.set_end(citation.end);
  message.set_quote(citation.quote);
  message.set_value_start(citation.value_start);
  message.set_value_end(citation.value_end);
  message.set_article_title(citation.article_title);
  message.set_publication(citation.publication);
  *message.mutable_publish_date() = ToProto(citation.publish_date);
  message.set_page(citation.page);
  return message;
}

v1::Observation ToProto(const Observation& observation, const Catalogue& catalogue) {
  const ObservationKey& key = observation.key;
  const Vintage& vintage = observation.vintage;
  v1::Observation message;
  message.set_name(absl::StrCat("observations/", key.ToId()));
  message.set_indicator(key.indicator);
  const Indicator* indicator = catalogue.FindIndicator(key.indicator);
  if (indicator != nullptr) message.set_indicator_name(indicator->name_zh);
  message.set_place(key.place);
  message.set_measure(ToProto(key.measure));
  message.set_kind(ToProto(key.kind));
  message.set_period(key.period.ToString());
  message.set_printed(vintage.value.printed);
  message.set_exact_value(vintage.value.exact_value);
  message.set_exact_value_high(vintage.value.exact_value_high);
  message.set_value(vintage.value.ToDouble());
  message.set_unit(vintage.value.unit);
  message.set_qualifier(ToProto(vintage.value.qualifier));
  message.set_vintage(vintage.number);
  *message.mutable_publish_date() = ToProto(vintage.publish_date);
  *message.mutable_record_time() = ToProto(vintage.record_time);
  for (const Citation& citation : vintage.citations) *message.add_citations() = ToProto(citation);
  message.set_source(vintage.source);
  message.set_stage(ToProto(vintage.stage));
  return message;
}

v1::Observation HistoricToProto(const Observation& observation, const Catalogue& catalogue) {
  v1::Observation message = ToProto(observation, catalogue);
  const Vintage& vintage = observation.vintage;
  if (vintage.superseded_at != absl::InfiniteFuture()) {
    *message.mutable_superseded_time() = ToProto(vintage.superseded_at);
    message.set_superseded_reason(ToProto(vintage.superseded_reason));
  }
  return message;
}

}  // namespace cityinfo::metrics
