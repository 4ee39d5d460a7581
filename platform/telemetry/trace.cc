#include "platform/telemetry/trace.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::telemetry {
namespace {

constexpr size_t kTraceIdSize = 32;
constexpr size_t kSpanIdSize = 16;
// "00-" trace id "-" span id "-" flags
constexpr size_t kHeaderSize = 3 + kTraceIdSize + 1 + kSpanIdSize + 1 + 2;

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsAllZero(absl::string_view text) {
  return text.find_first_not_of('0') == absl::string_view::npos;
}

// Random bytes from the system, fetched for many ids at once: a system call for each id would be a
// good part of what a small call costs.
class RandomBytes {
 public:
  // At most sizeof(pool_) of them; each is given once.
  absl::string_view Take(size_t size) {
    if (left_ < size) {
      if (getrandom(pool_.data(), pool_.size(), 0) != static_cast<ssize_t>(pool_.size())) {
        std::abort();
      }
      left_ = pool_.size();
    }
    left_ -= size;
    return {pool_.data() + left_, size};
  }

 private:
  std::array<char, 256> pool_;  // The most that getrandom gives without being interrupted.
  size_t left_ = 0;
};

// Random and not all zero, which the standard forbids.
std::string RandomHex(size_t digits) {
  thread_local RandomBytes random;
  std::string bytes(random.Take(digits / 2));
  bytes.back() = static_cast<char>(bytes.back() | 1);
  return absl::BytesToHexString(bytes);
}

std::atomic<double> sample_ratio{0};

}  // namespace

std::optional<TraceContext> ParseTraceparent(absl::string_view header) {
  if (header.size() < kHeaderSize) return std::nullopt;
  const absl::string_view version = header.substr(0, 2);
  const absl::string_view trace_id = header.substr(3, kTraceIdSize);
  const absl::string_view span_id = header.substr(4 + kTraceIdSize, kSpanIdSize);
  const absl::string_view flags = header.substr(5 + kTraceIdSize + kSpanIdSize, 2);
  const bool dashes = header[2] == '-' && header[3 + kTraceIdSize] == '-' &&
                      header[4 + kTraceIdSize + kSpanIdSize] == '-';
  // Later versions may append more, after another dash; version ff is forbidden.
  const bool ends = header.size() == kHeaderSize || (version != "00" && header[kHeaderSize] == '-');
  if (!dashes || !ends || version == "ff" || !IsLowerHex(version) || !IsLowerHex(trace_id) ||
      !IsLowerHex(span_id) || !IsLowerHex(flags) || IsAllZero(trace_id) || IsAllZero(span_id)) {
    return std::nullopt;
  }
  const auto last_flags = static_cast<unsigned char>(absl::HexStringToBytes(flags)[0]);
  return TraceContext{.trace_id = std::string(trace_id),
                      .span_id = std::string(span_id),
                      .sampled = (last_flags & 1) != 0};
}

std::string FormatTraceparent(const TraceContext& context) {
  return absl::StrCat("00-", context.trace_id, "-", context.span_id, "-",
                      context.sampled ? "01" : "00");
}

void SetSampleRatio(double ratio) { sample_ratio.store(ratio, std::memory_order_relaxed); }

bool IsInSample(absl::string_view trace_id, double ratio) {
  constexpr size_t kRandomDigits = 14;
  constexpr double kRange = static_cast<double>(uint64_t{1} << 56);
  uint64_t random = 0;
  if (trace_id.size() != kTraceIdSize ||
      !absl::SimpleHexAtoi(trace_id.substr(kTraceIdSize - kRandomDigits), &random)) {
    return false;
  }
  // Compared as whole numbers: a double has too few digits for the ids at the edge.
  return random >= static_cast<uint64_t>(kRange * (1 - ratio));
}

TraceContext NewTrace() {
  TraceContext trace = NewTrace(false);
  trace.sampled = IsInSample(trace.trace_id, sample_ratio.load(std::memory_order_relaxed));
  return trace;
}

TraceContext NewTrace(bool sampled) {
  return {
      .trace_id = RandomHex(kTraceIdSize), .span_id = RandomHex(kSpanIdSize), .sampled = sampled};
}

TraceContext NewChild(const TraceContext& parent) {
  return {.trace_id = parent.trace_id,
          .span_id = RandomHex(kSpanIdSize),
          .sampled = parent.sampled,
          .parent_span_id = parent.span_id};
}

TraceContext ContinueTrace(absl::string_view header) {
  const std::optional<TraceContext> parent = ParseTraceparent(header);
  return parent.has_value() ? NewChild(*parent) : NewTrace();
}

}  // namespace cityinfo::telemetry
