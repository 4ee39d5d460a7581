#include "services/gateway/city/home_page.h"

#include <utility>

#include "absl/strings/match.h"
#include "platform/base/error.h"
#include "services/gateway/city/period_order.h"
#include "services/gateway/city/section_status.h"

namespace cityinfo::gateway {
namespace {

using metrics::v1::Observation;

bool IsNewer(const Observation& candidate, const Observation* best) {
  return best == nullptr || OrderOf(candidate.period()) > OrderOf(best->period());
}

// The newest of an indicator's actuals, one per kind of statement.
struct Newest {
  const Observation* level = nullptr;
  const Observation* year_growth = nullptr;
  const Observation* average_growth = nullptr;

  void Consider(const Observation& observation) {
    switch (observation.measure()) {
      case metrics::v1::LEVEL:
      case metrics::v1::SHARE:
        if (IsNewer(observation, level)) level = &observation;
        break;
      case metrics::v1::YOY_GROWTH:
        if (IsNewer(observation, year_growth)) year_growth = &observation;
        break;
      case metrics::v1::AVERAGE_GROWTH:
        if (IsNewer(observation, average_growth)) average_growth = &observation;
        break;
      default:
        break;
    }
  }
};

void AddHeadlines(const std::vector<std::string>& indicators,
                  const metrics::v1::QueryObservationsResponse& observations, v1::HomePage* page) {
  for (const std::string& indicator : indicators) {
    Newest newest;
    for (const Observation& observation : observations.observations()) {
      if (observation.indicator() != indicator) continue;
      if (observation.kind() == metrics::v1::ACTUAL) newest.Consider(observation);
    }
    const Observation* growth =
        newest.year_growth != nullptr ? newest.year_growth : newest.average_growth;
    const Observation* named = newest.level != nullptr ? newest.level : growth;
    if (named == nullptr) continue;
    v1::HeadlineFigure* headline = page->add_headlines();
    headline->set_indicator(indicator);
    headline->set_indicator_name(named->indicator_name());
    if (newest.level != nullptr) *headline->mutable_level() = *newest.level;
    if (growth != nullptr) *headline->mutable_growth() = *growth;
  }
}

// The services know the place as one of "places".
absl::Status AsBadPlace(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return absl::OkStatus();
  for (const base::FieldViolation& violation : base::FieldViolations(status)) {
    if (!absl::StartsWith(violation.field, "place")) continue;
    return base::InvalidArgument("place", violation.description, base::ErrorReason(status));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::HomePage> ComposeHomePage(const std::string& place,
                                             const std::vector<std::string>& headline_indicators,
                                             HomeParts parts) {
  const absl::Status statuses[] = {parts.articles.status(), parts.observations.status(),
                                   parts.progress.status()};
  bool any = false;
  for (const absl::Status& status : statuses) {
    absl::Status bad_place = AsBadPlace(status);
    if (!bad_place.ok()) return bad_place;
    any = any || status.ok();
  }
  if (!any) {
    return base::Unavailable("HOME_UNAVAILABLE",
                             "no part of the screen could be fetched; try again in a moment");
  }
  v1::HomePage page;
  page.set_place(place);
  if (parts.articles.ok()) page.mutable_articles()->Swap(parts.articles->mutable_articles());
  if (parts.observations.ok()) AddHeadlines(headline_indicators, *parts.observations, &page);
  if (parts.progress.ok()) page.mutable_progress()->Swap(parts.progress->mutable_progress());
  AddSection("articles", parts.articles.status(), page.mutable_sections());
  AddSection("headlines", parts.observations.status(), page.mutable_sections());
  AddSection("progress", parts.progress.status(), page.mutable_sections());
  return page;
}

}  // namespace cityinfo::gateway
