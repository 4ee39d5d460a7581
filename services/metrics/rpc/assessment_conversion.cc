#include "services/metrics/rpc/assessment_conversion.h"

#include <string>

#include "services/metrics/domain/vintage_choice.h"
#include "services/metrics/rpc/proto_values.h"

namespace cityinfo::metrics {
namespace {

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

v1::TargetDirection DirectionOf(TargetDirection direction) {
  switch (direction) {
    case TargetDirection::kReachAtLeast:
      return v1::REACH_AT_LEAST;
    case TargetDirection::kStayAtMost:
      return v1::STAY_AT_MOST;
    case TargetDirection::kComeNear:
      return v1::COME_NEAR;
    case TargetDirection::kStayBetween:
      return v1::STAY_BETWEEN;
  }
  return v1::TARGET_DIRECTION_UNSPECIFIED;
}

v1::PlausibilityFinding::Rule RuleOf(PlausibilityRule rule) {
  switch (rule) {
    case PlausibilityRule::kShareOutOfRange:
      return v1::PlausibilityFinding::SHARE_OUT_OF_RANGE;
    case PlausibilityRule::kPartsDoNotAddUp:
      return v1::PlausibilityFinding::PARTS_DO_NOT_ADD_UP;
    case PlausibilityRule::kGrowthContradictsLevels:
      return v1::PlausibilityFinding::GROWTH_CONTRADICTS_LEVELS;
    case PlausibilityRule::kPowerOfTen:
      return v1::PlausibilityFinding::POWER_OF_TEN;
  }
  return v1::PlausibilityFinding::RULE_UNSPECIFIED;
}

}  // namespace

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
  for (const Observation& input : progress.inputs) {
    *message.add_inputs() = ToProto(input, catalogue);
  }
  message.set_direction(DirectionOf(progress.direction));
  for (const Observation& earlier : progress.superseded_targets) {
    *message.add_superseded_targets() = ToProto(earlier, catalogue);
  }
  if (progress.recent_annual_growth.has_value()) {
    message.set_recent_annual_growth(*progress.recent_annual_growth);
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

v1::PlausibilityFinding ToProto(const PlausibilityFinding& finding, const Catalogue& catalogue) {
  v1::PlausibilityFinding message;
  message.set_rule(RuleOf(finding.rule));
  *message.mutable_observation() = ToProto(finding.observation, catalogue);
  for (const Observation& compared : finding.compared) {
    *message.add_compared() = ToProto(compared, catalogue);
  }
  message.set_message(finding.message);
  message.set_expected(finding.expected);
  return message;
}

std::optional<PlausibilityRule> FromProto(int rule) {
  for (const PlausibilityRule known :
       {PlausibilityRule::kShareOutOfRange, PlausibilityRule::kPartsDoNotAddUp,
        PlausibilityRule::kGrowthContradictsLevels, PlausibilityRule::kPowerOfTen}) {
    if (RuleOf(known) == rule) return known;
  }
  return std::nullopt;
}

}  // namespace cityinfo::metrics
