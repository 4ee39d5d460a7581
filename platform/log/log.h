#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <type_traits>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Logs: one JSON object per line on stderr, for machines first.
//   {"time":"2021-12-20T08:00:00.123Z","level":"info","service":"articles","message":"page
//   imported",
//    "trace_id":"4bf9…","articles":3}
// The message is a constant sentence, what varies goes into fields. Thread-safe.
//
//   log::Info("page imported", {{"articles", 3}, {"publication", name}});
namespace cityinfo::log {

enum class Level { kDebug, kInfo, kWarning, kError };

struct Options {
  std::string service;
  Level level = Level::kInfo;
  std::ostream* out =
      nullptr;  // where tests read the lines; stderr if not given. Must outlive all logging
};

// Call once at the start of main. Without it, logs go to stderr without a service's name.
void Init(const Options& options);

// "debug", "info", "warning", "error"; anything else is kInfo (config checks the choice).
Level ParseLevel(absl::string_view name);

// A key and a value that lives at least until the logging call returns. A value longer than 4 KiB
// is cut, and bytes that are not UTF-8 are replaced.
class Field {
 public:
  template <typename T>
  Field(absl::string_view key, const T& value) : key_(key) {  // NOLINT: written as {key, value}
    if constexpr (std::is_same_v<T, bool>) {
      value_ = value;
    } else if constexpr (std::is_integral_v<T>) {
      value_ = static_cast<int64_t>(value);
    } else if constexpr (std::is_floating_point_v<T>) {
      value_ = static_cast<double>(value);
    } else if constexpr (std::is_same_v<T, absl::Status>) {
      value_ = &value;
    } else {
      value_ = absl::string_view(value);
    }
  }

  void AppendTo(std::string* json) const;

 private:
  absl::string_view key_;
  std::variant<absl::string_view, int64_t, double, bool, const absl::Status*> value_;
};

using Fields = std::initializer_list<Field>;

void Debug(absl::string_view message, Fields fields = {});
void Info(absl::string_view message, Fields fields = {});
void Warning(absl::string_view message, Fields fields = {});
void Error(absl::string_view message, Fields fields = {});
bool Enabled(Level level);

// How many lines of this level were written so far.
int64_t LinesWritten(Level level);

// While it lives, every line this thread logs carries the trace id. Scopes nest.
class TraceScope {
 public:
  explicit TraceScope(absl::string_view trace_id);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  std::string previous_;
};

}  // namespace cityinfo::log
