#pragma once

#include <string>

#include "services/metrics/domain/observation.h"

namespace cityinfo::metrics {

// Observations for tests, put together in one line:
//   ObservationBuilder("gdp", "2025").Target().Value("500亿元", "50000000000").Build()
class ObservationBuilder {
 public:
  ObservationBuilder(const std::string& indicator, const std::string& period) {
    observation_.key = {
        .indicator = indicator, .place = "522601", .period = *Period::Parse(period)};
    observation_.vintage.number = 1;
    observation_.vintage.publish_date = {.year = 2021, .month = 12, .day = 20};
  }
  ObservationBuilder& Value(const std::string& printed, const std::string& exact) {
    observation_.vintage.value.printed = printed;
    observation_.vintage.value.exact_value = exact;
    observation_.vintage.value.unit = printed.find('%') == std::string::npos ? "元" : "%";
    return *this;
  }
  ObservationBuilder& Target() {
    observation_.key.kind = Kind::kTarget;
    return *this;
  }
  ObservationBuilder& As(Measure measure) {
    observation_.key.measure = measure;
    return *this;
  }
  ObservationBuilder& Stated(Qualifier qualifier, const std::string& high = "") {
    observation_.vintage.value.qualifier = qualifier;
    observation_.vintage.value.exact_value_high = high;
    return *this;
  }
  ObservationBuilder& At(const std::string& place) {
    observation_.key.place = place;
    return *this;
  }
  Observation Build() const { return observation_; }

 private:
  Observation observation_;
};

}  // namespace cityinfo::metrics
