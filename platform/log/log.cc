#include "platform/log/log.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "platform/base/error.h"
#include "platform/base/json_text.h"
#include "spdlog/logger.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace cityinfo::log {
namespace {

constexpr size_t kMaxValueBytes = 4096;

// Replaced as a whole by Init, which runs before other threads exist.
struct Destination {
  std::string service;
  std::shared_ptr<spdlog::logger> logger;
};

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// The sinks lock themselves, so lines of several threads do not mix.
Destination MakeDestination(const Options& options) {
  spdlog::sink_ptr sink;
  if (options.out != nullptr) {
    sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(*options.out, /*force_flush=*/true);
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  auto logger = std::make_shared<spdlog::logger>("cityinfo", std::move(sink));
  logger->set_pattern("%v");  // the line is ours
  logger->set_level(ToSpdlog(options.level));
  return {.service = options.service, .logger = std::move(logger)};
}

Destination& TheDestination() {
  static auto* const destination = new Destination(MakeDestination({}));  // logs until the very end
  return *destination;
}

std::atomic<int64_t>& LineCount(Level level) {
  static std::array<std::atomic<int64_t>, 4> counts{};
  return counts[static_cast<size_t>(level)];
}

std::string& ThreadTraceId() {
  thread_local std::string trace_id;
  return trace_id;
}

absl::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "info";
}

void AppendKey(absl::string_view key, std::string* json) {
  json->push_back(',');
  base::AppendJsonString(key, json);
  json->push_back(':');
}

void AppendText(absl::string_view text, std::string* json) {
  if (text.size() <= kMaxValueBytes) return base::AppendJsonString(text, json);
  base::AppendJsonString(absl::StrCat(text.substr(0, kMaxValueBytes), "…"), json);
}

void Write(Level level, absl::string_view message, Fields fields) {
  if (!Enabled(level)) return;
  std::string line = absl::StrCat(
      "{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()),
      "\",\"level\":\"", LevelName(level), "\"");
  const Destination& destination = TheDestination();
  if (!destination.service.empty()) {
    AppendKey("service", &line);
    AppendText(destination.service, &line);
  }
  AppendKey("message", &line);
  AppendText(message, &line);
  if (!ThreadTraceId().empty()) {
    AppendKey("trace_id", &line);
    AppendText(ThreadTraceId(), &line);
  }
  for (const Field& field : fields) field.AppendTo(&line);
  line.push_back('}');
  LineCount(level).fetch_add(1, std::memory_order_relaxed);
  destination.logger->log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void Init(const Options& options) { TheDestination() = MakeDestination(options); }

Level ParseLevel(absl::string_view name) {
  for (Level level : {Level::kDebug, Level::kWarning, Level::kError}) {
    if (name == LevelName(level)) return level;
  }
  return Level::kInfo;
}

void Field::AppendTo(std::string* json) const {
  AppendKey(key_, json);
  if (const auto* number = std::get_if<int64_t>(&value_)) {
    absl::StrAppend(json, *number);
  } else if (const auto* real = std::get_if<double>(&value_)) {
    absl::StrAppend(json, std::isfinite(*real) ? absl::StrCat(*real) : "null");
  } else if (const auto* flag = std::get_if<bool>(&value_)) {
    absl::StrAppend(json, *flag ? "true" : "false");
  } else if (const auto* status = std::get_if<const absl::Status*>(&value_)) {
    AppendText(base::ErrorText(**status), json);
  } else {
    AppendText(std::get<absl::string_view>(value_), json);
  }
}

void Debug(absl::string_view message, Fields fields) { Write(Level::kDebug, message, fields); }
void Info(absl::string_view message, Fields fields) { Write(Level::kInfo, message, fields); }
void Warning(absl::string_view message, Fields fields) { Write(Level::kWarning, message, fields); }
void Error(absl::string_view message, Fields fields) { Write(Level::kError, message, fields); }

int64_t LinesWritten(Level level) { return LineCount(level).load(std::memory_order_relaxed); }

bool Enabled(Level level) { return TheDestination().logger->should_log(ToSpdlog(level)); }

TraceScope::TraceScope(absl::string_view trace_id)
    : previous_(std::exchange(ThreadTraceId(), std::string(trace_id))) {}

TraceScope::~TraceScope() { ThreadTraceId() = std::move(previous_); }

}  // namespace cityinfo::log
