// Every way in which a real Redis, or the network before it, can be unwell: while it lasts every
// question is answered with the bytes the store gives, written data included; when it is over,
// Redis answers again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/metrics_cache/cached_replica.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::FaultProxy;
using ::cityinfo::testing::RedisServer;
using ::cityinfo::testing::WaitUntil;

struct Scene {
  RedisServer& redis;
  FaultProxy& proxy;
  redis::Client& client;
};

struct Fault {
  std::string name;
  std::function<void(Scene&)> begin;
  std::function<void(Scene&)> end;
  // Whether it has been met, as seen from the client's counters before and now.
  std::function<bool(const redis::Counters& before, const redis::Counters& now)> met;
};

void Say(Scene& scene, const std::vector<std::string>& command) {
  ASSERT_OK(scene.redis.Command(command));
}

// Puts something else under every key of ours.
std::function<void(Scene&)> Overwrite(const std::string& with) {
  return [with](Scene& scene) {
    Say(scene, {"EVAL",
                absl::StrCat("for _, k in ipairs(redis.call('KEYS', '*')) do redis.call('DEL', k) ",
                             with, " end"),
                "0"});
  };
}

std::function<void(Scene&)> Through(FaultProxy::Fault fault) {
  return [fault](Scene& scene) { scene.proxy.Set(fault); };
}

using Counts = redis::Counters;
bool Dropped(const Counts& before, const Counts& now) { return now.drops > before.drops; }
bool TimedOut(const Counts& before, const Counts& now) { return now.timeouts > before.timeouts; }
bool Refused(const Counts& before, const Counts& now) { return now.errors > before.errors; }
bool Missed(const Counts& before, const Counts& now) { return now.misses > before.misses; }
bool Corrupt(const Counts& before, const Counts& now) { return now.corrupt > before.corrupt; }

std::vector<Fault> Faults() {
  const auto nothing = [](Scene&) {};
  const auto pass = Through(FaultProxy::Fault::kNone);
  return {
      {"Refused", Through(FaultProxy::Fault::kRefused), pass, Dropped},
      {"Hung", [](Scene& scene) { scene.redis.Stop(); },
       [](Scene& scene) { scene.redis.Continue(); }, TimedOut},
      {"HungInTheNetwork", Through(FaultProxy::Fault::kHung), pass, TimedOut},
      {"Slow", Through(FaultProxy::Fault::kSlow), pass, TimedOut},
      {"CutMidReply", Through(FaultProxy::Fault::kCut), pass, Dropped},
      {"AnotherTypeUnderTheKeys", Overwrite("redis.call('LPUSH', k, 'x')"), nothing, Refused},
      {"GarbageUnderTheKeys", Overwrite("redis.call('SET', k, 'garbage')"), nothing, Corrupt},
      {"OutOfMemory",
       [](Scene& scene) {
         Say(scene, {"FLUSHALL"});
         Say(scene, {"CONFIG", "SET", "maxmemory-policy", "noeviction"});
         Say(scene, {"CONFIG", "SET", "maxmemory", "1"});
       },
       [](Scene& scene) {
         Say(scene, {"CONFIG", "SET", "maxmemory", "0"});
       },
       Refused},
      {"RestartedEmpty", [](Scene& scene) { ASSERT_OK(scene.redis.Restart()); }, nothing, Dropped},
      {"FullOfAnotherVersionsEntries",
       [](Scene& scene) {
         Say(scene, {"FLUSHALL"});
         Say(scene, {"CONFIG", "SET", "maxmemory", "16mb"});
         Say(scene, {"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
         Say(scene,
             {"EVAL",
              "for i = 1, 6000 do redis.call('SET', 'cityinfo:metrics:' .. redis.sha1hex(i), "
              "string.rep('x', 4000)) end",
              "0"});
       },
       nothing, Missed},
  };
}

class FaultRecoveryTest : public ::testing::TestWithParam<Fault> {
 protected:
  void SetUp() override {
    Write();
    ASSERT_OK_AND_ASSIGN(redis_, RedisServer::Start());
    proxy_ = std::make_unique<FaultProxy>(redis_->port());
    client_ = std::make_unique<redis::Client>(
        redis::ClientOptions{.address = redis::Address::Server("127.0.0.1", proxy_->port())});
    ASSERT_TRUE(client_->WaitUntilConnected(absl::Now() + absl::Seconds(20)));
  }

  void Write() {
    ++source_.state;
    versions_.Advance(std::vector<DataVersion>{{"gdp", source_.state}});
  }

  // A replica whose memory is cold asks everything twice.
  void ExpectTheStoresBytes() {
    Replica replica(source_, versions_, *client_);
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < kQuestions; ++i) {
        const absl::StatusOr<EncodedAnswer> answer = replica.Ask(i);
        ASSERT_OK(answer);
        ASSERT_EQ(**answer, **source_.QueryObservations(Question(i), absl::InfiniteFuture()));
      }
    }
  }

  bool RedisAnswersEverything() {
    Replica replica(source_, versions_, *client_);
    for (int i = 0; i < kQuestions; ++i) EXPECT_OK(replica.Ask(i));
    return replica.RedisHits() == kQuestions;
  }

  UncachedReader source_;
  DataVersions versions_;
  std::unique_ptr<RedisServer> redis_;
  std::unique_ptr<FaultProxy> proxy_;
  std::unique_ptr<redis::Client> client_;
};

TEST_P(FaultRecoveryTest, AnswersAreTheStoresAndHitsReturn) {
  ASSERT_TRUE(WaitUntil([&] { return RedisAnswersEverything(); }));
  Scene scene{*redis_, *proxy_, *client_};
  const redis::Counters before = client_->counters();
  GetParam().begin(scene);
  ExpectTheStoresBytes();
  EXPECT_TRUE(WaitUntil([&] {
    ExpectTheStoresBytes();
    return GetParam().met(before, client_->counters());
  })) << "the fault was never met";
  Write();
  ExpectTheStoresBytes();

  GetParam().end(scene);
  // Within a second, which bench/metrics shows; here it need only come.
  EXPECT_TRUE(WaitUntil([&] { return RedisAnswersEverything(); }, absl::Seconds(30)));
  ExpectTheStoresBytes();
  Write();
  ExpectTheStoresBytes();
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultRecoveryTest, ::testing::ValuesIn(Faults()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace cityinfo::metrics
