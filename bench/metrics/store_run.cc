#include "bench/metrics/store_run.h"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "absl/strings/str_cat.h"
#include "bench/baseline/must.h"
#include "bench/baseline/process_figures.h"
#include "bench/baseline/samples.h"
#include "bench/metrics/metrics_process.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/rpc/client.h"

namespace cityinfo::bench {
namespace {

constexpr int kQuestions = 3000;
constexpr size_t kCallers = 8;

constexpr char kMisses[] = "cityinfo_metrics_cache_misses_total";

void RunReady(const Setup& setup) {
  Samples ready;
  for (int round = 0; round < setup.rounds; ++round) {
    ready.Add(MetricsProcess(setup.bin_dir, absl::StrCat(setup.folder, "/ready"), setup.store)
                  .ready_ms());
  }
  std::printf("\nReady (from exec to the first answer): median %.0f ms, worst %.0f ms\n",
              ready.Median(), ready.Quantile(1));
}

// One caller, every question asked once: what a miss takes, the network of loopback included.
void RunUncached(const MetricsProcess& service, const char* name, size_t observations,
                 const std::function<std::string(Random&)>& ask) {
  rpc::RawClient client(
      rpc::MakeChannel(absl::StrCat("127.0.0.1:", service.port()), {.follow_health = false}));
  Random random(11);
  Samples cold, warm;
  const double misses = service.Metric(kMisses);
  size_t bytes = 0;
  for (int i = 0; i < kQuestions; ++i) {
    const std::string question = ask(random);
    const Stopwatch watch;
    const std::string answer = Must(client.Call(kQuery, {.wait_for_ready = true}, question));
    // The first part has the file's pages read from the disk.
    (i < kQuestions / 2 ? cold : warm).Add(watch.Milliseconds());
    bytes += answer.size();
    cityinfo::metrics::v1::QueryObservationsResponse parsed;
    if (!parsed.ParseFromString(answer) ||
        static_cast<size_t>(parsed.observations_size()) != observations) {
      Must(absl::InternalError(
          absl::StrCat(name, ": ", parsed.observations_size(), " observations")));
    }
  }
  std::printf("| %s | %zu | %.2f | %.2f | %.2f | %.2f | %.0f %% |\n", name, bytes / kQuestions,
              cold.Median(), cold.Quantile(0.99), warm.Median(), warm.Quantile(0.99),
              100 * (service.Metric(kMisses) - misses) / kQuestions);
  std::fflush(stdout);
}

void RunMemory(const Setup& setup, const MetricsProcess& service) {
  for (const auto& [share, ask] :
       {std::pair<size_t, MakeRequest>{
            kCallers, [&setup](Random& random) { return setup.questions.Series(random); }},
        {kCallers, [&setup](Random& random) { return setup.questions.UniformSeries(random); }},
        {kCallers, [&setup](Random& random) { return setup.questions.Latest(random); }}}) {
    CallSide side{.port = service.port(),
                  .pid = service.pid(),
                  .callers = share,
                  .method = kQuery,
                  .request = ask};
    for (int round = 0; round < setup.rounds; ++round) {
      side.seed += 1000;
      MeasureCalls(side);
    }
  }
  const Memory memory = MemoryOf(service.pid());
  std::printf("\nMemory after that: %.0f MB resident (%.0f MB of it no file), peak %.0f MB\n",
              memory.resident_mb, memory.anonymous_mb, memory.peak_mb);
}

}  // namespace

void RunStore(const Setup& setup) {
  std::printf("\n## The store\n");
  RunReady(setup);
  const MetricsProcess service(setup.bin_dir, absl::StrCat(setup.folder, "/store"), setup.store);
  std::printf(
      "\n| question | bytes of the answer | first half: median ms | p99 | second half: median ms | "
      "p99 "
      "| answered by the store |\n|---|---|---|---|---|---|---|\n");
  RunUncached(service, "a series of 40 years", 40,
              [&setup](Random& random) { return setup.questions.UniformSeries(random); });
  RunUncached(service, "20 indicators x 20 places, latest", 400,
              [&setup](Random& random) { return setup.questions.Latest(random); });
  RunMemory(setup, service);
}

}  // namespace cityinfo::bench
