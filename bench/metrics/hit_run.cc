#include "bench/metrics/hit_run.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "bench/baseline/bare_server.h"
#include "bench/baseline/cpu_per_call.h"
#include "bench/baseline/must.h"
#include "bench/metrics/metrics_process.h"
#include "platform/rpc/client.h"
#include "tests/support/redis_server.h"

namespace cityinfo::bench {
namespace {

constexpr size_t kCallers[] = {1, 8, 32};
// Questions that fit into a small cache in the process, and that do not.
constexpr size_t kFew = 20;
constexpr size_t kMany = 4000;

// Questions drawn by Zipf's law, all asked before.
constexpr size_t kHot = 2000;

constexpr char kMemoryHits[] = "cityinfo_metrics_cache_hits_total{level=\"memory\"}";
constexpr char kRedisHits[] = "cityinfo_metrics_cache_hits_total{level=\"redis\"}";
constexpr char kMisses[] = "cityinfo_metrics_cache_misses_total";

std::vector<std::string> Questions(const Setup& setup, size_t count) {
  Random random(7);
  std::vector<std::string> questions;
  for (size_t i = 0; i < count; ++i) questions.push_back(setup.questions.UniformSeries(random));
  return questions;
}

void AskAll(int port, const std::vector<std::string>& questions) {
  rpc::RawClient client(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", port), {.follow_health = false}));
  for (const std::string& question : questions) {
    Must(client.Call(kQuery, {.wait_for_ready = true}, question).status());
  }
}

CallSide SideOf(const MetricsProcess& service, const std::vector<std::string>& questions,
                size_t callers) {
  return {.port = service.port(),
          .pid = service.pid(),
          .callers = callers,
          .method = kQuery,
          .request = [&questions](Random& random) {
            return questions[random.Below(questions.size())];
          }};
}

void RunMemoryHits(const Setup& setup, const MetricsProcess& service,
                   const std::vector<std::string>& questions) {
  const BareServer bare(setup.bin_dir);
  std::printf(
      "\n## A hit in the process\n\n| callers | bytes of the answer | own CPU us | bare gRPC CPU "
      "us | "
      "ratio |\n|---|---|---|---|---|\n");
  for (const size_t callers : kCallers) {
    CallSide side = SideOf(service, questions, callers);
    const double misses = service.Metric(kMisses);
    const CpuComparison compared = CompareCpu(side, bare, setup.rounds);
    std::printf("| %zu | %zu | %.1f | %.1f | %.2f |\n", callers, compared.bytes, compared.own_us,
                compared.bare_us, compared.ratio());
    if (service.Metric(kMisses) != misses) std::printf("(some were misses)\n");
    std::fflush(stdout);
  }
}

// One service with a cache in the process that holds a few answers and a Redis that holds many:
// questions of the first kind are hits in the process, most of the second kind are hits in Redis.
void RunRedisHits(const Setup& setup) {
  const auto redis = Must(testing::RedisServer::Start());
  const MetricsProcess service(
      setup.bin_dir, absl::StrCat(setup.folder, "/redis"), setup.store,
      {absl::StrCat("--redis=", redis->address()), "--memory-cache-mb=1", "--redis-timeout=100ms"});
  const std::vector<std::string> few = Questions(setup, kFew);
  const std::vector<std::string> many = Questions(setup, kMany);
  AskAll(service.port(), many);
  std::printf(
      "\n## A hit in Redis\n\n| callers | from Redis, calls/s | in the process, calls/s | ratio | "
      "own CPU us, Redis | in the process | answered by Redis |\n|---|---|---|---|---|---|---|\n");
  for (const size_t callers : kCallers) {
    CallSide own = SideOf(service, few, callers);
    CallSide shared = SideOf(service, many, callers);
    double from_redis = 0, asked = 0;
    for (int round = 0; round < setup.rounds; ++round) {
      AskAll(service.port(), few);
      MeasureCalls(own);
      const double hits = service.Metric(kRedisHits);
      const double others = service.Metric(kMemoryHits) + service.Metric(kMisses);
      MeasureCalls(shared);
      from_redis += service.Metric(kRedisHits) - hits;
      asked += service.Metric(kRedisHits) - hits + service.Metric(kMemoryHits) +
               service.Metric(kMisses) - others;
    }
    std::printf("| %zu | %.0f | %.0f | %.2f | %.1f | %.1f | %.1f %% |\n", callers,
                shared.calls_a_second.Median(), own.calls_a_second.Median(),
                shared.calls_a_second.Median() / own.calls_a_second.Median(),
                shared.microseconds.Median(), own.microseconds.Median(), 100 * from_redis / asked);
    std::fflush(stdout);
  }
}

}  // namespace

void RunHits(const Setup& setup) {
  {
    const MetricsProcess service(setup.bin_dir, absl::StrCat(setup.folder, "/memory"), setup.store);
    // What everybody asks for, again and again.
    Random random(7);
    std::vector<std::string> hot;
    for (size_t i = 0; i < kHot; ++i) hot.push_back(setup.questions.Series(random));
    AskAll(service.port(), hot);
    RunMemoryHits(setup, service, hot);
  }
  RunRedisHits(setup);
}

}  // namespace cityinfo::bench
