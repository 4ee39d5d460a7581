#include "bench/baseline/cpu_per_call.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/baseline/must.h"
#include "bench/baseline/process_figures.h"
#include "platform/rpc/client.h"

namespace cityinfo::bench {
namespace {

constexpr double kSeconds = 2;

rpc::RawClient Dial(int port) {
  return rpc::RawClient(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", port), {.follow_health = false}));
}

}  // namespace

void MeasureCalls(CallSide& side) {
  rpc::RawClient client = Dial(side.port);
  Random first(side.seed + 1);
  Must(client.Call(side.method, {.wait_for_ready = true}, side.request(first)).status());
  const double before = CpuSeconds(side.pid);
  const Stopwatch watch;
  std::atomic<int64_t> calls = 0;
  std::vector<std::thread> threads;
  for (size_t number = 0; number < side.callers; ++number) {
    threads.emplace_back([&, number] {
      Random random(side.seed + number);
      while (watch.Seconds() < kSeconds) {
        Must(client.Call(side.method, {}, side.request(random)).status());
        ++calls;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  side.calls_a_second.Add(static_cast<double>(calls) / watch.Seconds());
  side.microseconds.Add((CpuSeconds(side.pid) - before) * 1e6 / static_cast<double>(calls));
}

size_t MeanAnswerBytes(const CallSide& side) {
  constexpr size_t kAnswers = 200;
  rpc::RawClient client = Dial(side.port);
  Random random(side.seed + 2);
  size_t bytes = 0;
  for (size_t i = 0; i < kAnswers; ++i) {
    bytes += Must(client.Call(side.method, {.wait_for_ready = true}, side.request(random))).size();
  }
  return bytes / kAnswers;
}

CpuComparison CompareCpu(CallSide& service, const BareServer& bare_server, int rounds) {
  const size_t bytes = MeanAnswerBytes(service);
  CallSide bare = service;
  bare.port = bare_server.port();
  bare.pid = bare_server.pid();
  bare.method = absl::StrCat("/bench.Bare/Answer/", bytes);
  for (int round = 0; round < rounds; ++round) {
    MeasureCalls(round % 2 == 0 ? service : bare);
    MeasureCalls(round % 2 == 0 ? bare : service);
  }
  return {.bytes = bytes,
          .own_us = service.microseconds.Median(),
          .bare_us = bare.microseconds.Median()};
}

}  // namespace cityinfo::bench
