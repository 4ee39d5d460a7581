#include "bench/capacity/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bench/capacity/measurements.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::bench {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

// Round numbers: 2 requests a session, 1 ms of gateway and half a millisecond of articles each.
constexpr char kMeasured[] = R"({
  "date": "2021-12-20", "store": "postgresql", "cores": 2,
  "session": {"home": 1, "list": 1},
  "kinds": {
    "home": {"cpu_us": {"gateway": 1000, "articles": 500, "postgresql": 100, "client": 50},
             "bytes": 1000, "single_cpu_us": {"gateway": 1000, "articles": 500},
             "single_quantiles_us": [1000, 2000, 3000]},
    "list": {"cpu_us": {"gateway": 1000, "articles": 500, "postgresql": 100, "client": 50},
             "bytes": 3000, "single_cpu_us": {"gateway": 1000, "articles": 500},
             "single_quantiles_us": [2000]}},
  "validation": [{"connections": 4, "rate": 1000, "mean_us": 4000, "p50_us": 3900, "p99_us": 9000,
                  "others": 0.5}],
  "idle_connection_bytes": 10000, "memory_bytes": {"gateway": 1e8}})";

class PlanTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(measured_, ParseMeasurements(kMeasured)); }

  Plan For(double phones, Rules rules = {}) {
    return MakePlan({.phones = phones}, measured_, rules);
  }

  Measurements measured_;
};

TEST_F(PlanTest, TheLoadFollowsFromThePhones) {
  // 3 million active phones, 4 sessions a day, a tenth of them in the peak hour, twice its mean.
  const Plan plan = For(10e6);
  EXPECT_NEAR(plan.city.PeakSessions(), 3e6 * 4 * 0.1 / 3600 * 2, 1e-6);
  EXPECT_NEAR(plan.rate, 2 * plan.city.PeakSessions(), 1e-6);
  EXPECT_NEAR(plan.sockets, plan.city.PeakSessions() * 180, 1e-6);
  EXPECT_NEAR(plan.bytes, plan.rate * 2000, 1e-3);
  EXPECT_NEAR(plan.At("gateway").demand, plan.rate * 0.001, 1e-9);
  EXPECT_NEAR(plan.At("postgresql").demand, plan.rate * 0.0001, 1e-9);
}

TEST_F(PlanTest, UtilisationStaysBelowItsTargetWithAndWithoutOneReplica) {
  const Rules rules;
  for (const double phones : {1e5, 1e6, 1e7, 1e8}) {
    const Plan plan = For(phones);
    for (const char* name : {"gateway", "articles"}) {
      const Component& component = plan.At(name);
      EXPECT_GE(component.replicas, rules.least_replicas);
      EXPECT_LE(component.Utilisation(), rules.target + 1e-9) << name << " of " << phones;
      EXPECT_LE(component.demand / ((component.replicas - 1) * component.cores),
                rules.target_one_lost + 1e-9);
    }
    EXPECT_LE(plan.At("postgresql").Utilisation(), rules.target);
  }
}

TEST_F(PlanTest, WhatDecidesIsNamed) {
  EXPECT_EQ(For(1e5).At("articles").decided_by, "availability");
  EXPECT_EQ(For(1e8).At("articles").decided_by, "CPU");
  // With few connections for each gateway it takes more of them than for their work.
  const Plan few = For(1e8, {.gateway_connections = 1000});
  EXPECT_EQ(few.At("gateway").decided_by, "connections");
  EXPECT_GE(few.At("gateway").replicas * 750.0, few.sockets);
}

TEST_F(PlanTest, CeilingsAreInOrderAndAgreeWithThePlan) {
  const Rules rules;
  const std::vector<Ceiling> ceilings = Ceilings(measured_, rules);
  ASSERT_EQ(ceilings.size(), 5u);  // two of connections, three of CPU
  for (size_t i = 1; i < ceilings.size(); ++i) {
    EXPECT_LE(ceilings[i - 1].phones, ceilings[i].phones);
  }
  for (const Ceiling& ceiling : ceilings) {
    if (ceiling.what != "CPU of one articles") continue;
    const Component articles = For(ceiling.phones).At("articles");
    EXPECT_NEAR(articles.demand, rules.cores_per_replica * rules.target, 1e-9);
  }
}

TEST_F(PlanTest, TheSimulationOfThePlanIsAsBusyAsPlanned) {
  const Plan plan = For(1e7);
  const SimulationResult simulated =
      Simulate(PlannedNetwork(plan, measured_, {}), {.rate = plan.rate}, 100'000, 1);
  EXPECT_NEAR(simulated.stations[0].utilisation, plan.At("gateway").Utilisation(), 0.01);
  EXPECT_NEAR(simulated.stations[1].utilisation, plan.At("articles").Utilisation(), 0.01);
  // Half a millisecond of every request (2 ms alone, 1.5 of them work) is a mere delay.
  EXPECT_GT(simulated.Latency(0.01), 0.0005);
  EXPECT_NEAR(simulated.Latency(0.99) / plan.p99, 1, 0.25);
}

TEST_F(PlanTest, OtherWorkOnTheMeasuredMachineTakesItsCores) {
  // 1.65 ms of work in all a request, on two cores.
  const SimulationResult alone =
      Simulate(MeasuredMachine(measured_, 0), {.clients = 32}, 50'000, 1);
  EXPECT_NEAR(alone.throughput, 2 / 0.00165, 2 / 0.00165 * 0.01);
  const SimulationResult shared =
      Simulate(MeasuredMachine(measured_, 0.5), {.clients = 32}, 50'000, 1);
  EXPECT_NEAR(shared.throughput, 1.5 / 0.00165, 1.5 / 0.00165 * 0.03);
}

TEST(MeasurementsTest, WhatIsMissingIsNamed) {
  EXPECT_THAT(ParseMeasurements("{"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseMeasurements("{}"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("date")));
  std::string text = kMeasured;
  text.replace(text.find("\"list\": 1}"), 10, "\"map\": 1}");
  EXPECT_THAT(ParseMeasurements(text),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("kinds.map")));
}

}  // namespace
}  // namespace cityinfo::bench
