#include "bench/metrics/question_mix.h"

#include <algorithm>
#include <set>

#include "cityinfo/metrics/v1/metric_service.pb.h"

namespace cityinfo::bench {
namespace {

namespace v1 = cityinfo::metrics::v1;

constexpr int kOfEach = 20;

// `count` different values of `all`.
template <typename Draw>
std::set<size_t> Different(size_t count, Draw draw) {
  std::set<size_t> drawn;
  while (drawn.size() < count) drawn.insert(draw());
  return drawn;
}

}  // namespace

Zipf::Zipf(size_t size) {
  double sum = 0;
  for (size_t n = 1; n <= size; ++n) {
    sum += 1.0 / static_cast<double>(n);
    cumulated_.push_back(sum);
  }
}

size_t Zipf::Draw(Random& random) const {
  constexpr double kRange = 1 << 30;
  const double at = static_cast<double>(random.Next() % (1 << 30)) / kRange * cumulated_.back();
  const auto found = std::upper_bound(cumulated_.begin(), cumulated_.end(), at);
  return std::min(static_cast<size_t>(found - cumulated_.begin()), cumulated_.size() - 1);
}

QuestionMix::QuestionMix(const metrics::Catalogue& catalogue)
    : indicator_law_(catalogue.indicators().size()), place_law_(catalogue.places().size()) {
  for (const metrics::Indicator& indicator : catalogue.indicators()) {
    indicators_.push_back(indicator.id);
  }
  for (const metrics::Place& place : catalogue.places()) places_.push_back(place.code);
}

std::string QuestionMix::SeriesOf(size_t indicator, size_t place) const {
  v1::QueryObservationsRequest request;
  request.add_indicators(indicators_[indicator]);
  request.add_places(places_[place]);
  request.add_measures(v1::LEVEL);
  return request.SerializeAsString();
}

std::string QuestionMix::Series(Random& random) const {
  const size_t indicator = indicator_law_.Draw(random);
  return SeriesOf(indicator, place_law_.Draw(random));
}

std::string QuestionMix::UniformSeries(Random& random) const {
  const size_t indicator = random.Below(indicators_.size());
  return SeriesOf(indicator, random.Below(places_.size()));
}

std::string QuestionMix::Latest(Random& random) const {
  v1::QueryObservationsRequest request;
  const auto indicators = Different(kOfEach, [&] { return random.Below(indicators_.size()); });
  const auto places = Different(kOfEach, [&] { return random.Below(places_.size()); });
  for (const size_t indicator : indicators) request.add_indicators(indicators_[indicator]);
  for (const size_t place : places) request.add_places(places_[place]);
  request.add_measures(v1::LEVEL);
  request.set_last_n(1);
  request.set_page_size(kOfEach * kOfEach);
  return request.SerializeAsString();
}

std::string AnyQuestion() {
  v1::QueryObservationsRequest request;
  request.add_indicators("gdp");
  request.add_places("522601");
  request.set_page_size(1);
  return request.SerializeAsString();
}

}  // namespace cityinfo::bench
