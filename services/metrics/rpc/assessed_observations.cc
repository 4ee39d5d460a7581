#include "services/metrics/rpc/assessed_observations.h"

#include <algorithm>
#include <set>
#include <utility>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/domain/granularity.h"

namespace cityinfo::metrics {
namespace {

using Subject = std::pair<std::string, std::string>;  // indicator and place

Subject SubjectOf(const Observation& observation) {
  return {observation.key.indicator, observation.key.place};
}

}  // namespace

absl::StatusOr<std::vector<Observation>> ReadAssessed(
    MetricStore& store, ObservationQuery query, size_t limit,
    const std::function<bool(const Observation&)>& wanted, absl::Time deadline) {
  query.page_size = ObservationQuery::kMaxPageSize;
  query.Normalize();
  std::vector<Observation> all;
  size_t read = 0;
  while (true) {
    CITY_ASSIGN_OR_RETURN(ObservationPage page, store.QueryObservations(query, deadline));
    if (page.more) query.after = page.observations.back().key;
    read += page.observations.size();
    for (Observation& observation : page.observations) {
      if (wanted(observation)) all.push_back(std::move(observation));
    }
    if (all.size() > limit || read > kMaxReadObservations) {
      return base::ResourceExhausted("TOO_MANY_OBSERVATIONS",
                                     "too many observations to compare; name indicators or places");
    }
    if (!page.more) return all;
  }
}

absl::StatusOr<std::vector<Observation>> ReadActualsFor(MetricStore& store,
                                                        const std::vector<Observation>& targets,
                                                        absl::Time deadline) {
  std::set<Subject> subjects;
  std::set<std::string> indicators, places;
  std::set<Measure> measures = {Measure::kLevel};
  std::set<Granularity> granularities = {Granularity::kYearly};
  for (const Observation& target : targets) {
    subjects.insert(SubjectOf(target));
    indicators.insert(target.key.indicator);
    places.insert(target.key.place);
    measures.insert(target.key.measure);
    granularities.insert(GranularityOf(target.key.period));
  }
  ObservationQuery query;
  query.indicators.assign(indicators.begin(), indicators.end());
  // Without the filter all places are read; few have no targets where many have.
  if (places.size() <= ObservationQuery::kMaxFilterValues) {
    query.places.assign(places.begin(), places.end());
  }
  query.measures.assign(measures.begin(), measures.end());
  query.granularities.assign(granularities.begin(), granularities.end());
  query.kinds = {Kind::kActual};
  return ReadAssessed(
      store, std::move(query), kMaxAssessedObservations,
      [&](const Observation& actual) { return subjects.count(SubjectOf(actual)) != 0; }, deadline);
}

std::vector<std::string> WithRelations(const std::vector<std::string>& indicators,
                                       const Catalogue& catalogue) {
  std::set<std::string> all(indicators.begin(), indicators.end());
  for (const Indicator& whole : catalogue.indicators()) {
    const bool related =
        std::any_of(indicators.begin(), indicators.end(), [&](const std::string& id) {
          return id == whole.id ||
                 std::find(whole.parts.begin(), whole.parts.end(), id) != whole.parts.end();
        });
    if (!related || whole.parts.empty()) continue;
    all.insert(whole.id);
    all.insert(whole.parts.begin(), whole.parts.end());
  }
  return {all.begin(), all.end()};
}

}  // namespace cityinfo::metrics
