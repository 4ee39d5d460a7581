// A thousand callers on each of three replicas ask what no cache knows: each replica reads the
// store once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "platform/rpc/client.h"
#include "tests/integration/metrics_consistency/replicas.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::testing::SizeIs;

constexpr int kCallers = 1000;
constexpr char kQuery[] = "/cityinfo.metrics.v1.MetricService/QueryObservations";

TEST(OneFillTest, AThousandCallersOnAColdKeyAreOneReadPerReplica) {
  Replicas replicas;
  // All of them may wait; how many may is not what this is about.
  ASSERT_OK(replicas.Start({absl::StrCat("--queue-limit=", kCallers)}));
  v1::QueryObservationsRequest request;
  request.add_indicators("gdp");
  request.add_places("522601");
  std::vector<rpc::RawClient> clients;
  for (int replica = 0; replica < Replicas::kCount; ++replica) {
    clients.emplace_back(
        rpc::MakeChannel(absl::StrCat("127.0.0.1:", replicas[replica].grpc_port())));
    // Connected, and something else asked.
    v1::QueryObservationsRequest other;
    other.add_indicators("retail_sales");
    ASSERT_OK(replicas[replica].Call(&v1::MetricService::Stub::QueryObservations, other));
    ASSERT_OK(clients.back().Call("/cityinfo.metrics.v1.MetricService/GetIndicator",
                                  {.wait_for_ready = true}, [] {
                                    v1::GetIndicatorRequest gdp;
                                    gdp.set_name("indicators/gdp");
                                    return gdp.SerializeAsString();
                                  }()));
  }
  constexpr char kFills[] = "cityinfo_metrics_cache_fills_total{result=\"kept\"}";
  constexpr char kMisses[] = "cityinfo_metrics_cache_misses_total";
  std::vector<double> before;
  for (int replica = 0; replica < Replicas::kCount; ++replica) {
    before.push_back(replicas.Metric(replica, kFills));
    ASSERT_EQ(before.back(), replicas.Metric(replica, kMisses));
  }

  absl::Mutex mutex;
  std::set<std::string> answers;
  absl::BlockingCounter left(kCallers * Replicas::kCount);
  for (int caller = 0; caller < kCallers; ++caller) {
    for (rpc::RawClient& client : clients) {
      client.CallAsync(kQuery, {.deadline = absl::Now() + absl::Seconds(60)},
                       request.SerializeAsString(), [&](absl::StatusOr<std::string> answer) {
                         EXPECT_OK(answer);
                         absl::MutexLock lock(&mutex);
                         if (answer.ok()) answers.insert(*std::move(answer));
                         left.DecrementCount();
                       });
    }
  }
  left.Wait();
  EXPECT_THAT(answers, SizeIs(1));
  for (int replica = 0; replica < Replicas::kCount; ++replica) {
    EXPECT_EQ(replicas.Metric(replica, kFills), before[static_cast<size_t>(replica)] + 1);
    EXPECT_EQ(replicas.Metric(replica, kMisses), before[static_cast<size_t>(replica)] + 1);
  }
}

}  // namespace
}  // namespace cityinfo::metrics
