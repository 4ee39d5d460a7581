#include "services/metrics/rpc/assessment_handlers.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/page_token.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/plausibility.h"
#include "services/metrics/domain/progress.h"
#include "services/metrics/rpc/assessed_observations.h"
#include "services/metrics/rpc/assessment_conversion.h"
#include "services/metrics/rpc/request_fields.h"

namespace cityinfo::metrics {
namespace {

constexpr int kDefaultFindings = 100;
constexpr int kMaxFindings = 500;
constexpr int kMaxSuperseded = 20'000;

// Where a page of findings ended.
using FindingPosition = std::pair<PlausibilityRule, ObservationKey>;

absl::Status NoPosition() {
  return base::InvalidArgument("page_token", "it holds no position", "INVALID_PAGE_TOKEN");
}

bool All(const Observation&) { return true; }

// The rules asked for; all when none is.
absl::StatusOr<std::set<PlausibilityRule>> ReadRules(
    const v1::ListPlausibilityFindingsRequest& request) {
  std::set<PlausibilityRule> rules;
  for (int i = 0; i < request.rules_size(); ++i) {
    const std::optional<PlausibilityRule> rule = FromProto(request.rules(i));
    if (!rule.has_value()) {
      return base::InvalidArgument(absl::StrCat("rules[", i, "]"), "is not a rule", "UNKNOWN_RULE");
    }
    rules.insert(*rule);
  }
  if (rules.empty()) {
    rules = {PlausibilityRule::kShareOutOfRange, PlausibilityRule::kPartsDoNotAddUp,
             PlausibilityRule::kGrowthContradictsLevels, PlausibilityRule::kPowerOfTen};
  }
  return rules;
}

std::string ToPosition(const PlausibilityFinding& finding) {
  return absl::StrCat(static_cast<int>(finding.rule), "|", finding.observation.key.ToId());
}

absl::StatusOr<FindingPosition> FromPosition(const std::string& text) {
  if (text.size() < 3 || text[0] < '1' || text[0] > '4' || text[1] != '|') return NoPosition();
  absl::StatusOr<ObservationKey> key = ObservationKey::FromId(text.substr(2));
  if (!key.ok()) return NoPosition();
  return FindingPosition(static_cast<PlausibilityRule>(text[0] - '0'), *std::move(key));
}

// Whether a finding is about one of these indicators; none is all.
bool IsAbout(const PlausibilityFinding& finding, const std::vector<std::string>& indicators) {
  const auto asked = [&](const Observation& observation) {
    return std::find(indicators.begin(), indicators.end(), observation.key.indicator) !=
           indicators.end();
  };
  return indicators.empty() || asked(finding.observation) ||
         std::any_of(finding.compared.begin(), finding.compared.end(), asked);
}

}  // namespace

absl::StatusOr<v1::ListProgressResponse> AssessmentHandlers::ListProgress(
    const rpc::RequestContext& context, const v1::ListProgressRequest& request) {
  ObservationQuery query;
  CITY_ASSIGN_OR_RETURN(query.indicators, ReadIndicators(request.indicators(), catalogue_));
  CITY_ASSIGN_OR_RETURN(query.places, ReadPlaces(request.places(), catalogue_));
  query.kinds = {Kind::kTarget};
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> targets,
                        ReadAssessed(store_, query, kMaxAssessedTargets, All, context.deadline));
  v1::ListProgressResponse response;
  if (targets.empty()) return response;
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> actuals,
                        ReadActualsFor(store_, targets, context.deadline));
  CITY_ASSIGN_OR_RETURN(const std::vector<Observation> superseded,
                        store_.ListSupersededTargets(query.indicators, query.places, kMaxSuperseded,
                                                     context.deadline));
  for (const Progress& progress : ComputeProgress(targets, actuals, superseded, catalogue_)) {
    *response.add_progress() = ToProto(progress, catalogue_);
  }
  return response;
}

absl::StatusOr<v1::ListConflictsResponse> AssessmentHandlers::ListConflicts(
    const rpc::RequestContext& context, const v1::ListConflictsRequest& request) {
  ConflictQuery query;
  CITY_ASSIGN_OR_RETURN(query.indicators, ReadIndicators(request.indicators(), catalogue_));
  CITY_ASSIGN_OR_RETURN(query.places, ReadPlaces(request.places(), catalogue_));
  CITY_ASSIGN_OR_RETURN(query.page_size,
                        base::ClampPageSize(request.page_size(), ConflictQuery::kDefaultPageSize,
                                            ConflictQuery::kMaxPageSize));
  const std::uint64_t hash =
      base::Fingerprint64(absl::StrCat("ListConflicts|", absl::StrJoin(query.indicators, ","), "|",
                                       absl::StrJoin(query.places, ",")));
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(const std::string position,
                          base::DecodePageToken(request.page_token(), hash));
    absl::StatusOr<ObservationKey> key = ObservationKey::FromId(position);
    if (!key.ok()) return NoPosition();
    query.after = *std::move(key);
  }
  CITY_ASSIGN_OR_RETURN(const ConflictPage page, store_.ListConflicts(query, context.deadline));
  v1::ListConflictsResponse response;
  for (const Conflict& conflict : page.conflicts) {
    *response.add_conflicts() = ToProto(conflict, catalogue_);
  }
  if (page.next.has_value()) {
    response.set_next_page_token(base::EncodePageToken(page.next->ToId(), hash));
  }
  return response;
}

absl::StatusOr<v1::ListPlausibilityFindingsResponse> AssessmentHandlers::ListPlausibilityFindings(
    const rpc::RequestContext& context, const v1::ListPlausibilityFindingsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::vector<std::string> indicators,
                        ReadIndicators(request.indicators(), catalogue_));
  ObservationQuery query;
  CITY_ASSIGN_OR_RETURN(query.places, ReadPlaces(request.places(), catalogue_));
  CITY_ASSIGN_OR_RETURN(const std::set<PlausibilityRule> rules, ReadRules(request));
  CITY_ASSIGN_OR_RETURN(const int size,
                        base::ClampPageSize(request.page_size(), kDefaultFindings, kMaxFindings));
  const std::uint64_t hash = base::Fingerprint64(
      absl::StrCat("ListPlausibilityFindings|", absl::StrJoin(indicators, ","), "|",
                   absl::StrJoin(query.places, ","), "|",
                   absl::StrJoin(rules, ",", [](std::string* out, PlausibilityRule rule) {
                     absl::StrAppend(out, static_cast<int>(rule));
                   })));
  std::optional<FindingPosition> after;
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(const std::string position,
                          base::DecodePageToken(request.page_token(), hash));
    CITY_ASSIGN_OR_RETURN(after, FromPosition(position));
  }
  query.indicators = WithRelations(indicators, catalogue_);
  query.measures = {Measure::kLevel, Measure::kShare, Measure::kYoyGrowth};
  CITY_ASSIGN_OR_RETURN(
      const std::vector<Observation> observations,
      ReadAssessed(store_, std::move(query), kMaxAssessedObservations, All, context.deadline));
  v1::ListPlausibilityFindingsResponse response;
  const PlausibilityFinding* last = nullptr;
  const std::vector<PlausibilityFinding> findings = FindImplausible(observations, catalogue_);
  for (const PlausibilityFinding& finding : findings) {
    if (rules.count(finding.rule) == 0 || !IsAbout(finding, indicators)) continue;
    if (after.has_value() &&
        std::tie(finding.rule, finding.observation.key) <= std::tie(after->first, after->second)) {
      continue;
    }
    if (response.findings_size() == size) {
      response.set_next_page_token(base::EncodePageToken(ToPosition(*last), hash));
      break;
    }
    *response.add_findings() = ToProto(finding, catalogue_);
    last = &finding;
  }
  return response;
}

}  // namespace cityinfo::metrics
