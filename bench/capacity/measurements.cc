#include "bench/capacity/measurements.h"

#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::bench {
namespace {

using Json = nlohmann::json;

constexpr double kMicrosecond = 1e-6;

std::map<std::string, double> Seconds(const Json& microseconds) {
  std::map<std::string, double> seconds;
  for (const auto& [name, value] : microseconds.items()) {
    seconds[name] = value.get<double>() * kMicrosecond;
  }
  return seconds;
}

MeasuredKind ReadKind(const Json& json) {
  MeasuredKind kind{.cpu_seconds = Seconds(json.at("cpu_us")),
                    .bytes = json.at("bytes").get<double>(),
                    .single_cpu_seconds = Seconds(json.at("single_cpu_us"))};
  for (const Json& value : json.at("single_quantiles_us")) {
    kind.single_latencies.push_back(value.get<double>() * kMicrosecond);
  }
  return kind;
}

MeasuredRun ReadRun(const Json& json) {
  return {.connections = json.at("connections").get<int>(),
          .rate = json.at("rate").get<double>(),
          .mean_latency = json.at("mean_us").get<double>() * kMicrosecond,
          .p50 = json.at("p50_us").get<double>() * kMicrosecond,
          .p99 = json.at("p99_us").get<double>() * kMicrosecond,
          .others = json.at("others").get<double>()};
}

absl::Status CheckWhole(const Measurements& measured) {
  for (const auto& [name, times] : measured.session) {
    if (times <= 0)
      return absl::InvalidArgumentError(absl::StrCat("session.", name, " must be positive"));
    if (!measured.kinds.contains(name)) {
      return absl::InvalidArgumentError(absl::StrCat("kinds.", name, " is missing"));
    }
  }
  for (const auto& [name, kind] : measured.kinds) {
    if (kind.single_latencies.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("kinds.", name, " has no latencies"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Measurements> ParseMeasurements(absl::string_view text) {
  Measurements measured;
  try {
    const Json json = Json::parse(text.begin(), text.end());
    measured.date = json.at("date").get<std::string>();
    measured.store = json.at("store").get<std::string>();
    measured.cores = json.at("cores").get<int>();
    measured.session = json.at("session").get<std::map<std::string, double>>();
    for (const auto& [name, kind] : json.at("kinds").items()) measured.kinds[name] = ReadKind(kind);
    for (const Json& run : json.at("validation")) measured.runs.push_back(ReadRun(run));
    measured.idle_connection_bytes = json.at("idle_connection_bytes").get<double>();
    measured.memory_bytes = json.at("memory_bytes").get<std::map<std::string, double>>();
  } catch (const Json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("not a file of measurements: ", error.what()));
  }
  if (absl::Status status = CheckWhole(measured); !status.ok()) return status;
  return measured;
}

}  // namespace cityinfo::bench
