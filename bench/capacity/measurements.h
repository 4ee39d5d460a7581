#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::bench {

// What one kind of request cost in the load run.
struct MeasuredKind {
  // CPU seconds per request of each process ("gateway", "articles", "metrics", "redis",
  // "postgresql", and "client", the load generator), at a moderate load.
  std::map<std::string, double> cpu_seconds;
  double bytes = 0;  // of the answer, header included
  // Over a single connection: what the processes spent, and the latencies at evenly spaced
  // quantiles.
  std::map<std::string, double> single_cpu_seconds;
  std::vector<double> single_latencies;  // seconds, ascending
};

// The mixed load at a number of connections, to hold a simulation against.
struct MeasuredRun {
  int connections = 0;
  double rate = 0;  // requests/s
  double mean_latency = 0, p50 = 0, p99 = 0;
  double others = 0;  // cores that other programs of the machine kept busy meanwhile
};

// The file that bench/capacity/measure writes.
struct Measurements {
  std::string date;
  std::string store;  // "sqlite" or "postgresql"
  int cores = 0;
  std::map<std::string, double> session;  // how often a session asks each kind
  std::map<std::string, MeasuredKind> kinds;
  std::vector<MeasuredRun> runs;
  double idle_connection_bytes = 0;  // of the gateway's memory
  std::map<std::string, double> memory_bytes;
};

// INVALID_ARGUMENT when `json` is no such file, naming what is missing.
absl::StatusOr<Measurements> ParseMeasurements(absl::string_view json);

}  // namespace cityinfo::bench
