// The capacity model: from measured costs to what cities of 1, 10 and 100 million phones need, and
// a simulation that checks it. Prints Markdown; exits with 1 when plan and simulation differ by
// more than the tolerances below.
//   cityinfo-bench-capacity MEASURED.json
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/capacity/measurements.h"
#include "bench/capacity/plan.h"
#include "bench/capacity/simulation.h"

namespace {

using namespace cityinfo::bench;  // NOLINT: a program

constexpr uint64_t kSeed = 20211220;
constexpr int64_t kRequests = 400'000;

// Utilisation may differ by so many percentage points, the 99th percentile by so much of itself.
constexpr double kUtilisationTolerance = 0.02;
constexpr double kLatencyTolerance = 0.25;

void PrintCosts(const Measurements& measured) {
  const std::vector<std::string> processes = {"gateway", "articles", "metrics", "redis",
                                              "postgresql"};
  absl::PrintF("\n## Cost of a request (CPU microseconds; store: %s)\n\n| kind |", measured.store);
  for (const std::string& process : processes) absl::PrintF(" %s |", process);
  absl::PrintF(" bytes | latency alone, median ms |\n|---|---|---|---|---|---|---|---|\n");
  for (const auto& [name, kind] : measured.kinds) {
    absl::PrintF("| %s |", name);
    for (const std::string& process : processes) {
      const auto found = kind.cpu_seconds.find(process);
      absl::PrintF(" %.0f |", found == kind.cpu_seconds.end() ? 0 : found->second * 1e6);
    }
    absl::PrintF(" %.0f | %.2f |\n", kind.bytes,
                 kind.single_latencies[kind.single_latencies.size() / 2] * 1e3);
  }
}

void PrintCeilings(const Measurements& measured, const Rules& rules) {
  absl::PrintF("\n## What saturates first\n\n| what | million phones it carries |\n|---|---|\n");
  for (const Ceiling& ceiling : Ceilings(measured, rules)) {
    absl::PrintF("| %s | %.1f |\n", ceiling.what, ceiling.phones / 1e6);
  }
}

// Compares; true when within the tolerances.
bool CheckPlan(const Plan& plan, const Measurements& measured, const Rules& rules) {
  const Network network = PlannedNetwork(plan, measured, rules);
  const SimulationResult simulated = Simulate(network, {.rate = plan.rate}, kRequests, kSeed);
  bool good = true;
  absl::PrintF("\n### %.0f million phones: %.0f requests/s at the peak, %.0f Mbit/s\n\n",
               plan.city.phones / 1e6, plan.rate, plan.bytes * 8 / 1e6);
  absl::PrintF(
      "| component | replicas | cores each | decided by | utilisation planned | simulated |\n"
      "|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < plan.components.size(); ++i) {
    const Component& component = plan.components[i];
    if (component.demand <= 0) continue;
    const double seen = simulated.stations[i].utilisation;
    absl::PrintF("| %s | %d | %d | %s | %.1f %% | %.1f %% |\n", component.name, component.replicas,
                 component.cores, component.decided_by, component.Utilisation() * 100, seen * 100);
    good = good && std::abs(seen - component.Utilisation()) <= kUtilisationTolerance;
  }
  const double p99 = simulated.Latency(0.99);
  good = good && std::abs(p99 / plan.p99 - 1) <= kLatencyTolerance;
  absl::PrintF(
      "\n99th percentile: planned %.1f ms, simulated %.1f ms (median %.1f ms).\n"
      "Phones connected: %.0f, %.0f a gateway, %.0f MB of its memory. gRPC connections: %d.\n"
      "PostgreSQL connections: at most %d; %.1f cores of its work are the primary's alone. Redis: "
      "%.0f commands/s.\n",
      plan.p99 * 1e3, p99 * 1e3, simulated.Latency(0.5) * 1e3, plan.sockets,
      plan.sockets / plan.At("gateway").replicas, plan.gateway_memory_for_sockets / 1e6,
      plan.channels, plan.store_connections, plan.primary_demand, plan.redis_commands);
  return good;
}

// What the simulation makes of the run that was measured. Shown, not judged: the machine was
// shared.
void Validate(const Measurements& measured) {
  absl::PrintF(
      "\n## The measured machine, simulated (%d cores, all kinds mixed)\n\n"
      "| connections | cores others used | requests/s measured | simulated | mean ms | simulated | "
      "p50 ms | simulated | p99 ms | simulated |\n|---|---|---|---|---|---|---|---|---|---|\n",
      measured.cores);
  for (const MeasuredRun& run : measured.runs) {
    const SimulationResult simulated = Simulate(
        MeasuredMachine(measured, run.others), {.clients = run.connections}, kRequests / 10, kSeed);
    absl::PrintF("| %d | %.2f | %.0f | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |\n",
                 run.connections, run.others, run.rate, simulated.throughput,
                 run.mean_latency * 1e3, simulated.mean_latency * 1e3, run.p50 * 1e3,
                 simulated.Latency(0.5) * 1e3, run.p99 * 1e3, simulated.Latency(0.99) * 1e3);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: cityinfo-bench-capacity MEASURED.json (written by bench/capacity/measure)\n",
               stderr);
    return 2;
  }
  std::ifstream file(argv[1]);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const absl::StatusOr<Measurements> measured = ParseMeasurements(text);
  if (!measured.ok()) {
    absl::FPrintF(stderr, "%s: %s\n", argv[1], measured.status().message());
    return 2;
  }
  const Rules rules;
  PrintCosts(*measured);
  PrintCeilings(*measured, rules);
  absl::PrintF("\n## What a city needs\n");
  bool good = true;
  for (const double phones : {1e6, 10e6, 100e6}) {
    good = CheckPlan(MakePlan({.phones = phones}, *measured, rules), *measured, rules) && good;
  }
  Validate(*measured);
  if (!good) {
    absl::FPrintF(stderr, "plan and simulation differ by more than %.0f points or %.0f %% of p99\n",
                  kUtilisationTolerance * 100, kLatencyTolerance * 100);
  }
  return good ? 0 : 1;
}
