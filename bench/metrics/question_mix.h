#pragma once

#include <string>
#include <vector>

#include "bench/baseline/cpu_per_call.h"
#include "bench/baseline/random.h"
#include "services/metrics/domain/catalogue/catalogue.h"

namespace cityinfo::bench {

inline constexpr char kQuery[] = "/cityinfo.metrics.v1.MetricService/QueryObservations";

// Numbers 0 … size - 1 of which the n-th is drawn with a probability proportional to 1 / n: what
// everybody asks for, and a long tail.
class Zipf {
 public:
  explicit Zipf(size_t size);
  size_t Draw(Random& random) const;

 private:
  std::vector<double> cumulated_;
};

// Serialised questions about a grown store (grown_store.h).
class QuestionMix {
 public:
  explicit QuestionMix(const metrics::Catalogue& catalogue);

  // The levels of one indicator and place, all 40 years; indicators and places are each drawn by
  // Zipf's law.
  std::string Series(Random& random) const;
  // The same, each series as likely as every other: caches are of little use.
  std::string UniformSeries(Random& random) const;
  // The newest level of 20 indicators in 20 places.
  std::string Latest(Random& random) const;

 private:
  std::string SeriesOf(size_t indicator, size_t place) const;

  std::vector<std::string> indicators_;
  std::vector<std::string> places_;
  Zipf indicator_law_;
  Zipf place_law_;
};

// A question that any store answers.
std::string AnyQuestion();

}  // namespace cityinfo::bench
