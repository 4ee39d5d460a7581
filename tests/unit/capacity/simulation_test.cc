// The simulator against what queueing theory knows exactly.

#include "bench/capacity/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "bench/capacity/queueing.h"

namespace cityinfo::bench {
namespace {

constexpr uint64_t kSeed = 20211220;
constexpr int64_t kRequests = 400'000;

// One station, one class.
Network Single(int servers, double seconds, ServiceTime variation) {
  return {.stations = {{.name = "s", .servers = servers}},
          .classes = {{.name = "c",
                       .visits = {{.station = 0, .seconds = seconds}},
                       .variation = std::move(variation)}}};
}

struct Case {
  int servers;
  double utilisation;
  double tolerance;  // of the mean wait, relative; waits vary more the busier the queue
};

class KnownQueueTest : public ::testing::TestWithParam<Case> {
 protected:
  static constexpr double kService = 0.010;

  double rate() const { return GetParam().utilisation * GetParam().servers / kService; }
};

TEST_P(KnownQueueTest, ExponentialServiceWaitsAsErlangSays) {
  const auto [servers, utilisation, tolerance] = GetParam();
  const SimulationResult result = Simulate(Single(servers, kService, ServiceTime::Exponential()),
                                           {.rate = rate()}, kRequests, kSeed);
  const double expected = MeanWait(servers, rate() * kService, kService, 1);
  EXPECT_NEAR(result.stations[0].mean_wait / expected, 1, tolerance);
  EXPECT_NEAR(result.mean_latency / (expected + kService), 1, tolerance);
  EXPECT_NEAR(result.stations[0].utilisation, utilisation, 0.01);
  EXPECT_NEAR(result.throughput / rate(), 1, 0.01);
}

INSTANTIATE_TEST_SUITE_P(Queues, KnownQueueTest,
                         ::testing::Values(Case{1, 0.5, 0.03}, Case{1, 0.8, 0.06},
                                           Case{2, 0.6, 0.04}, Case{4, 0.8, 0.06},
                                           Case{16, 0.9, 0.10}));

TEST(SimulationTest, ReplicasBehindARoundRobinWaitLessThanAtRandomAndMoreThanAsOne) {
  for (const int replicas : {2, 4}) {
    Network network = Single(1, 0.01, ServiceTime::Exponential());
    network.stations[0].replicas = replicas;
    const SimulationResult result = Simulate(network, {.rate = 70.0 * replicas}, kRequests, kSeed);
    EXPECT_LT(result.stations[0].mean_wait, MeanWait(1, 0.7, 0.01, 1));
    EXPECT_GT(result.stations[0].mean_wait, MeanWait(replicas, 0.7 * replicas, 0.01, 1));
  }
}

TEST(SimulationTest, TheFormulasGiveTheTextbooksNumbers) {
  // M/M/1 at one half: waits as long as the service. M/M/2 at one half: a third of that.
  EXPECT_NEAR(MeanWait(1, 0.5, 1, 1), 1.0, 1e-12);
  EXPECT_NEAR(MeanWait(2, 1.0, 1, 1), 1.0 / 3, 1e-12);
  EXPECT_NEAR(ErlangC(2, 1.0), 1.0 / 3, 1e-12);
  // M/D/1: half of M/M/1.
  EXPECT_NEAR(MeanWait(1, 0.5, 1, 0), 0.5, 1e-12);
  // M/M/1: time in queue beyond t has the probability rho * exp(-(mu - lambda) * t).
  EXPECT_NEAR(WaitQuantile(1, 0.5, 1, 1, 0.01), std::log(50) / 0.5, 1e-12);
}

TEST(SimulationTest, ConstantServiceWaitsHalfAsLong) {
  const SimulationResult result =
      Simulate(Single(1, 0.01, ServiceTime::Constant()), {.rate = 80}, kRequests, kSeed);
  EXPECT_NEAR(result.stations[0].mean_wait / MeanWait(1, 0.8, 0.01, 0), 1, 0.05);
}

TEST(SimulationTest, AMeasuredDistributionWaitsAsPollaczekAndKhinchineSay) {
  // Nine of ten short, one long.
  const ServiceTime variation = ServiceTime::FromQuantiles({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9});
  EXPECT_GT(variation.squared_variation(), 0.5);
  const SimulationResult result =
      Simulate(Single(1, 0.01, variation), {.rate = 70}, kRequests, kSeed);
  const double expected = MeanWait(1, 0.7, 0.01, variation.squared_variation());
  EXPECT_NEAR(result.stations[0].mean_wait / expected, 1, 0.05);
}

TEST(SimulationTest, QuantilesOfAnMM1QueueAreExponential) {
  const SimulationResult result =
      Simulate(Single(1, 0.01, ServiceTime::Exponential()), {.rate = 50}, kRequests, kSeed);
  const double mean = 0.01 / (1 - 0.5);
  EXPECT_NEAR(result.Latency(0.5) / (mean * std::log(2)), 1, 0.03);
  EXPECT_NEAR(result.Latency(0.99) / (mean * std::log(100)), 1, 0.05);
}

TEST(SimulationTest, AClosedLoopKeepsLittlesLaw) {
  Network network = {
      .stations = {{.name = "slow"}, {.name = "fast"}},
      .classes = {{.visits = {{.station = 0, .seconds = 0.010}, {.station = 1, .seconds = 0.005}},
                   .variation = ServiceTime::Constant()}}};
  const int kClients = 3;
  const SimulationResult result = Simulate(network, {.clients = kClients}, 50'000, kSeed);
  EXPECT_NEAR(result.throughput, 100, 0.1);  // the slower one never idles
  EXPECT_NEAR(result.throughput * result.mean_latency, kClients, 0.01);
  EXPECT_NEAR(result.stations[1].utilisation, 0.5, 0.001);
}

TEST(SimulationTest, ADelayIsNobodysWork) {
  Network network = Single(1, 0.001, ServiceTime::Constant());
  network.classes[0].delay_seconds = 0.009;
  const SimulationResult result = Simulate(network, {.clients = 5}, 50'000, kSeed);
  EXPECT_NEAR(result.throughput, 500, 0.5);
  EXPECT_NEAR(result.stations[0].utilisation, 0.5, 0.001);
}

TEST(SimulationTest, ClassesComeInTheirShares) {
  Network network = {.stations = {{.name = "a"}, {.name = "b"}},
                     .classes = {{.share = 3, .visits = {{.station = 0, .seconds = 0.001}}},
                                 {.share = 1, .visits = {{.station = 1, .seconds = 0.001}}}}};
  const SimulationResult result = Simulate(network, {.rate = 400}, kRequests, kSeed);
  EXPECT_NEAR(result.stations[0].utilisation, 0.3, 0.005);
  EXPECT_NEAR(result.stations[1].utilisation, 0.1, 0.005);
}

TEST(SimulationTest, TheSameSeedGivesTheSameResult) {
  const Network network = Single(2, 0.01, ServiceTime::Exponential());
  const auto run = [&](uint64_t seed) {
    return Simulate(network, {.rate = 150}, 10'000, seed).latencies;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(ServiceTimeTest, HasTheMeanOne) {
  for (const ServiceTime& time :
       {ServiceTime::Constant(), ServiceTime::Exponential(),
        ServiceTime::FromQuantiles({100, 200, 400, 900}), ServiceTime::FromQuantiles({7})}) {
    double sum = 0;
    constexpr int kSteps = 1'000'000;
    for (int i = 0; i < kSteps; ++i) sum += time.Quantile((i + 0.5) / kSteps);
    EXPECT_NEAR(sum / kSteps, 1, 1e-4);
  }
}

}  // namespace
}  // namespace cityinfo::bench
