#include "bench/metrics/fault_run.h"

#include <atomic>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "bench/baseline/must.h"
#include "bench/baseline/samples.h"
#include "bench/metrics/metrics_process.h"
#include "platform/rpc/client.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/redis_server.h"

namespace cityinfo::bench {
namespace {

using testing::FaultProxy;
using testing::RedisServer;

// More answers than a cache of a megabyte in the process holds: Redis is asked for nearly each.
constexpr size_t kQuestions = 3000;
constexpr size_t kCycle = 300;  // of those, asked in a circle when waiting for a hit
constexpr size_t kCallers = 2;
constexpr double kSeconds = 4;
constexpr double kRecoveryLimit = 30;

constexpr char kRedisHits[] = "cityinfo_metrics_cache_hits_total{level=\"redis\"}";

// Everything that a fault may take hold of.
struct Scene {
  RedisServer& redis;
  FaultProxy& proxy;
};

struct Fault {
  const char* name;
  std::function<void(Scene&)> begin;
  std::function<void(Scene&)> again;  // every now and then while it lasts; null: nothing
  std::function<void(Scene&)> end;
};

void Say(Scene& scene, const std::vector<std::string>& command) {
  Must(scene.redis.Command(command).status());
}

// Replaces what is under every key of ours.
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

std::vector<Fault> Faults() {
  const auto nothing = [](Scene&) {};
  const auto pass = Through(FaultProxy::Fault::kNone);
  const auto wrong_type = Overwrite("redis.call('LPUSH', k, 'x')");
  const auto garbage = Overwrite("redis.call('SET', k, 'garbage')");
  return {
      {"none", nothing, nullptr, nothing},
      {"refused", Through(FaultProxy::Fault::kRefused), nullptr, pass},
      {"hung (SIGSTOP)", [](Scene& scene) { scene.redis.Stop(); }, nullptr,
       [](Scene& scene) { scene.redis.Continue(); }},
      {"slow by 200 ms", Through(FaultProxy::Fault::kSlow), nullptr, pass},
      {"cut mid-reply", Through(FaultProxy::Fault::kCut), nullptr, pass},
      {"another type under the keys", wrong_type, wrong_type, nothing},
      {"garbage under the keys", garbage, garbage, nothing},
      {"out of memory",
       [](Scene& scene) {
         Say(scene, {"FLUSHALL"});
         Say(scene, {"CONFIG", "SET", "maxmemory", "1"});
       },
       nullptr,
       [](Scene& scene) {
         Say(scene, {"CONFIG", "SET", "maxmemory", "0"});
       }},
      {"restarted empty", [](Scene& scene) { Must(scene.redis.Restart()); }, nullptr, nothing},
      {"full of another version's entries",
       [](Scene& scene) {
         Say(scene, {"FLUSHALL"});
         Say(scene, {"CONFIG", "SET", "maxmemory", "32mb"});
         Say(scene, {"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
         Say(scene, {"EVAL",
                     "for i = 1, 20000 do redis.call('SET', 'cityinfo:metrics:' .. "
                     "redis.sha1hex(i), string.rep('x', 4000)) end",
                     "0"});
       },
       nullptr,
       [](Scene& scene) {
         Say(scene, {"CONFIG", "SET", "maxmemory", "0"});
       }},
  };
}

rpc::RawClient Dial(const MetricsProcess& service) {
  return rpc::RawClient(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", service.port()), {.follow_health = false}));
}

// Milliseconds that questions took, asked by a few callers for a while. None may fail.
Samples Ask(const MetricsProcess& service, const std::vector<std::string>& questions,
            uint64_t seed) {
  std::vector<Samples> taken(kCallers);
  std::vector<std::thread> callers;
  const Stopwatch whole;
  for (size_t number = 0; number < kCallers; ++number) {
    callers.emplace_back([&, number] {
      rpc::RawClient client = Dial(service);
      Must(client.Call(kQuery, {.wait_for_ready = true}, questions[0]).status());
      Random random(seed + number);
      while (whole.Seconds() < kSeconds) {
        const std::string& question = questions[random.Below(questions.size())];
        const Stopwatch watch;
        Must(client.Call(kQuery, {}, question).status());
        taken[number].Add(watch.Milliseconds());
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  Samples all;
  for (const Samples& some : taken) all.Add(some);
  return all;
}

void AskAll(const MetricsProcess& service, const std::vector<std::string>& questions) {
  rpc::RawClient client = Dial(service);
  for (const std::string& question : questions) {
    Must(client.Call(kQuery, {.wait_for_ready = true}, question).status());
  }
}

// Seconds until Redis answers something again.
double AwaitHit(const MetricsProcess& service, const std::vector<std::string>& questions) {
  rpc::RawClient client = Dial(service);
  const double hits = service.Metric(kRedisHits);
  const Stopwatch watch;
  for (size_t i = 0; watch.Seconds() < kRecoveryLimit; ++i) {
    Must(client.Call(kQuery, {.wait_for_ready = true}, questions[i % kCycle]).status());
    if (i % 10 == 0 && service.Metric(kRedisHits) > hits) break;
  }
  return watch.Seconds();
}

struct Taken {
  Samples p50, p99, recovery;
};

void RunFault(const Fault& fault, Scene& scene, const MetricsProcess& service,
              const std::vector<std::string>& questions, uint64_t seed, Taken& taken) {
  AskAll(service, questions);  // so that Redis would know the answers
  fault.begin(scene);
  absl::Notification over;
  std::thread again([&] {
    while (fault.again && !over.WaitForNotificationWithTimeout(absl::Milliseconds(500))) {
      fault.again(scene);
    }
  });
  const Samples samples = Ask(service, questions, seed);
  over.Notify();
  again.join();
  fault.end(scene);
  taken.recovery.Add(AwaitHit(service, questions));
  taken.p50.Add(samples.Median());
  taken.p99.Add(samples.Quantile(0.99));
}

}  // namespace

void RunFaults(const Setup& setup) {
  std::vector<std::string> questions;
  Random random(23);
  for (size_t i = 0; i < kQuestions; ++i)
    questions.push_back(setup.questions.UniformSeries(random));
  const std::vector<Fault> faults = Faults();
  std::vector<Taken> taken(faults.size());
  Taken without;
  const std::string folder = absl::StrCat(setup.folder, "/faults");
  for (int round = 0; round < setup.rounds; ++round) {
    const auto seed = static_cast<uint64_t>(round) * 100;
    {
      const MetricsProcess service(setup.bin_dir, folder, setup.store, {"--memory-cache-mb=1"});
      AskAll(service, questions);
      const Samples samples = Ask(service, questions, seed);
      without.p50.Add(samples.Median());
      without.p99.Add(samples.Quantile(0.99));
    }
    const auto redis = Must(RedisServer::Start());
    FaultProxy proxy(redis->port());
    Scene scene{*redis, proxy};
    const MetricsProcess service(
        setup.bin_dir, folder, setup.store,
        {"--memory-cache-mb=1", absl::StrCat("--redis=127.0.0.1:", proxy.port())});
    for (size_t i = 0; i < faults.size(); ++i) {
      RunFault(faults[i], scene, service, questions, seed, taken[i]);
    }
  }
  std::printf(
      "\n## A sick Redis\n\n| fault | median ms | p99 ms | p99 beside no Redis | a hit again after "
      "s |\n|---|---|---|---|---|\n| (no Redis) | %.2f | %.2f | 1 | |\n",
      without.p50.Median(), without.p99.Median());
  for (size_t i = 0; i < faults.size(); ++i) {
    std::printf("| %s | %.2f | %.2f | %.2f | %.2f |\n", faults[i].name, taken[i].p50.Median(),
                taken[i].p99.Median(), taken[i].p99.Median() / without.p99.Median(),
                taken[i].recovery.Quantile(1));
  }
  std::fflush(stdout);
}

}  // namespace cityinfo::bench
