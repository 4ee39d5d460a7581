#include "services/metrics/rpc/proto_values.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "services/metrics/domain/vintage_choice.h"

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

v1::ProgressStatus StatusOf(ProgressStatus status) {
  switch (status) {
    case ProgressStatus::kOnTrack:
      return v1::ON_TRACK;
    case ProgressStatus::kBehind:
      return v1::BEHIND;
    case ProgressStatus::kMet:
      return v1::MET;
    case ProgressStatus::kMissed:
      return v1::MISSED;
    case ProgressStatus::kNotDue:
      return v1::NOT_DUE;
    case ProgressStatus::kNoData:
      return v1::NO_DATA;
  }
  return v1::PROGRESS_STATUS_UNSPECIFIED;
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

v1::Figure ToProto(const Figure& figure) {
  v1::Figure message;
  if (!figure.id.empty()) message.set_name(absl::StrCat("figures/", figure.id));
  message.set_indicator(figure.indicator);
  message.set_indicator_text(figure.indicator_text);
  message.set_place(figure.place);
  message.set_measure(ToProto(figure.measure));
  message.set_kind(ToProto(figure.kind));
  if (figure.period.has_value()) message.set_period(figure.period->ToString());
  message.set_printed(figure.value.printed);
  message.set_exact_value(figure.value.exact_value);
  message.set_exact_value_high(figure.value.exact_value_high);
  message.set_value(figure.value.ToDouble());
  message.set_unit(figure.value.unit);
  message.set_printed_unit(figure.printed_unit);
  message.set_qualifier(ToProto(figure.value.qualifier));
  *message.mutable_citation() = ToProto(figure.citation);
  *message.mutable_publish_date() = ToProto(figure.publish_date);
  if (!figure.id.empty()) {
    *message.mutable_record_time() = ToProto(figure.record_time);
    message.set_review_state(ToProto(figure.review_state));
  }
  message.set_confidence(figure.confidence);
  for (const std::string& doubt : figure.doubts) message.add_doubts(doubt);
  message.set_retracted(figure.retracted);
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
  return message;
}

v1::Progress ToProto(const Progress& progress, const Catalogue& catalogue) {
  v1::Progress message;
  *message.mutable_target() = ToProto(progress.target, catalogue);
  if (progress.actual.has_value()) {
    *message.mutable_actual() = ToProto(*progress.actual, catalogue);
  }
  if (progress.attained_share.has_value()) message.set_attained_share(*progress.attained_share);
  if (progress.required_annual_growth.has_value()) {
    message.set_required_annual_growth(*progress.required_annual_growth);
  }
  message.set_years_left(progress.years_left);
  message.set_status(StatusOf(progress.status));
  message.set_formula(progress.formula);
  for (const std::string& note : progress.notes) message.add_notes(note);
  if (progress.growth_target.has_value()) {
    *message.mutable_growth_target() = ToProto(*progress.growth_target, catalogue);
  }
  return message;
}

v1::Conflict ToProto(const Conflict& conflict, const Catalogue& catalogue) {
  v1::Conflict message;
  *message.mutable_preferred() = ToProto(conflict.preferred, catalogue);
  for (const Observation& other : conflict.others) {
    *message.add_others() = ToProto(other, catalogue);
  }
  message.set_rule(kVintageRule);
  return message;
}

}  // namespace cityinfo::metrics
