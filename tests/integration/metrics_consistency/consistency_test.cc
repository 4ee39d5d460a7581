// Readers and writers at random on three replicas of the real service, over PostgreSQL and a Redis
// that is unwell most of the time. No request fails, and no read is older than the contract allows.
// CITYINFO_CONSISTENCY_OPERATIONS makes it longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/integration/metrics_consistency/history.h"
#include "tests/integration/metrics_consistency/replicas.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::FaultProxy;
using ::cityinfo::testing::RedisServer;
using ::cityinfo::testing::WaitUntil;
using ::testing::IsEmpty;
using Kind = Operation::Kind;
using Stub = v1::MetricService::Stub;

constexpr int kOperations = 20'000;
constexpr int kCallers = 6;
constexpr int kFaults = 40;  // in the course of a run
constexpr int kWritePercent = 4;
constexpr int kStrongPercent = 10;
// What is announced are two seconds (docs/adr/0020); the rest is for a busy machine.
constexpr absl::Duration kBound = absl::Seconds(5);

constexpr const char* kIndicators[] = {"gdp", "retail_sales", "gdp_per_capita",
                                       "value_added_primary"};
constexpr int kYears = 4;
constexpr int kKeys = 4 * kYears;

int Operations() {
  int operations = kOperations;
  if (const char* wanted = std::getenv("CITYINFO_CONSISTENCY_OPERATIONS")) {
    EXPECT_TRUE(absl::SimpleAtoi(wanted, &operations)) << wanted;
  }
  return operations;
}

std::string PeriodOf(int key) { return absl::StrCat(2001 + key % kYears); }

class ConsistencyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(redis_, RedisServer::Start());
    proxy_ = std::make_unique<FaultProxy>(redis_->port());
    ASSERT_OK(replicas_.Start({absl::StrCat("--redis=127.0.0.1:", proxy_->port())}));
  }

  absl::Status Write(int replica, int key, std::int64_t value) {
    v1::RecordObservationsRequest request;
    request.set_source("年鉴");
    v1::Observation& row = *request.add_observations();
    row.set_indicator(kIndicators[key / kYears]);
    row.set_place("522601");
    row.set_measure(v1::LEVEL);
    row.set_kind(v1::ACTUAL);
    row.set_period(PeriodOf(key));
    row.set_exact_value(absl::StrCat(value));
    row.mutable_publish_date()->set_year(2021);
    row.mutable_publish_date()->set_month(12);
    row.mutable_publish_date()->set_day(20);
    return replicas_[replica].Call(&Stub::RecordObservations, request).status();
  }

  // The number that stands; 0 when none does yet.
  absl::StatusOr<std::int64_t> Read(int replica, int key, bool strong) {
    v1::QueryObservationsRequest request;
    request.add_indicators(kIndicators[key / kYears]);
    request.add_places("522601");
    request.set_period_from(PeriodOf(key));
    request.set_period_to(PeriodOf(key));
    if (strong) request.set_consistency(v1::QueryObservationsRequest::STRONG);
    const auto answer = replicas_[replica].Call(&Stub::QueryObservations, request);
    if (!answer.ok()) return answer.status();
    if (answer->observations_size() == 0) return 0;
    std::int64_t value = 0;
    if (answer->observations_size() != 1 ||
        !absl::SimpleAtoi(answer->observations(0).exact_value(), &value)) {
      return absl::DataLossError(answer->ShortDebugString());
    }
    return value;
  }

  // The store has more to do than it can, which is said at once and has nothing to do with Redis. A
  // crowded machine comes to that; it must stay rare.
  bool IsBusy(const absl::Status& status) {
    if (!absl::IsResourceExhausted(status)) return false;
    ++busy_;
    return true;
  }

  // One random operation, added to what this caller has seen.
  void Operate(std::mt19937& random, std::vector<Operation>& seen) {
    Operation one{.replica = static_cast<int>(random() % Replicas::kCount),
                  .key = static_cast<int>(random() % kKeys)};
    const int chance = static_cast<int>(random() % 100);
    if (chance < kWritePercent) {
      Register& here = registers_[one.key];
      absl::MutexLock lock(&here.mutex);
      one.kind = Kind::kWrite;
      one.value = ++here.value;
      one.begin = absl::Now();
      const absl::Status written = Write(one.replica, one.key, one.value);
      one.end = absl::Now();
      EXPECT_TRUE(written.ok() || IsBusy(written)) << written;
      one.acknowledged = written.ok();
      seen.push_back(one);
      return;
    }
    const bool strong = chance < kWritePercent + kStrongPercent;
    one.kind = strong ? Kind::kStrongRead : Kind::kRead;
    one.begin = absl::Now();
    const absl::StatusOr<std::int64_t> value = Read(one.replica, one.key, strong);
    one.end = absl::Now();
    if (IsBusy(value.status())) return;
    EXPECT_OK(value);
    if (!value.ok()) return;
    one.value = *value;
    seen.push_back(one);
  }

  // The next thing that befalls Redis; every second one is that it is well.
  void Befall(int number) {
    using Fault = FaultProxy::Fault;
    redis_->Continue();
    proxy_->Set(Fault::kNone);
    if (number % 2 == 0) return;
    switch (number / 2 % 7) {
      case 0:
        return proxy_->Set(Fault::kRefused);
      case 1:
        return proxy_->Set(Fault::kHung);
      case 2:
        return proxy_->Set(Fault::kSlow);
      case 3:
        return proxy_->Set(Fault::kCut);
      case 4:
        return redis_->Stop();
      case 5:
        EXPECT_OK(redis_->Restart());
        return;
      case 6:
        EXPECT_OK(redis_->Command({"FLUSHALL"}));
        return;
      default:
        return;
    }
  }

  struct Register {
    absl::Mutex mutex;  // one writer at a time
    std::int64_t value ABSL_GUARDED_BY(mutex) = 0;
  };

  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<FaultProxy> proxy_;
  Replicas replicas_;
  Register registers_[kKeys];
  std::atomic<int> busy_ = 0;
};

TEST_F(ConsistencyTest, NoReadIsOlderThanItMayBe) {
  const int operations = Operations();
  std::atomic<int> done = 0;
  std::vector<std::vector<Operation>> seen(kCallers);
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        std::mt19937 random(static_cast<unsigned>(caller));
        while (done++ < operations && !HasFailure()) {
          Operate(random, seen[static_cast<size_t>(caller)]);
        }
      });
    }
    // Paced by the operations, so that every fault meets some.
    for (int number = 1; number <= kFaults && !HasFailure(); ++number) {
      const std::int64_t next = operations * static_cast<std::int64_t>(number) / (kFaults + 1);
      EXPECT_TRUE(WaitUntil([&] { return done >= next || HasFailure(); }, absl::Hours(6)));
      Befall(number);
    }
    Befall(0);
  }
  std::vector<Operation> history;
  for (const std::vector<Operation>& some : seen) {
    history.insert(history.end(), some.begin(), some.end());
  }
  EXPECT_LE(busy_, operations / 100);
  EXPECT_GE(history.size(), static_cast<size_t>(operations - busy_));
  EXPECT_THAT(FindViolations(history, kBound), IsEmpty());

  // Caches took part, all of them.
  EXPECT_GT(replicas_.Sum("cityinfo_metrics_cache_hits_total{level=\"memory\"}"), 0);
  EXPECT_GT(replicas_.Sum("cityinfo_metrics_cache_hits_total{level=\"redis\"}"), 0);
  EXPECT_GT(replicas_.Sum("cityinfo_metrics_redis_events_total{event=\"drop\"}"), 0);
  EXPECT_GT(replicas_.Sum("cityinfo_metrics_redis_events_total{event=\"timeout\"}"), 0);
}

}  // namespace
}  // namespace cityinfo::metrics
