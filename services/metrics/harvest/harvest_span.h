#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "platform/log/log.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::metrics {

// The writing of changes that waited together, as a trace of its own: while it lives, what this
// thread logs carries its id, and when it ends a span is recorded if the trace is sampled.
class HarvestSpan {
 public:
  explicit HarvestSpan(std::size_t changes) : changes_(changes) {}
  ~HarvestSpan();
  HarvestSpan(const HarvestSpan&) = delete;
  HarvestSpan& operator=(const HarvestSpan&) = delete;

  // How it ended; what comes after that (a pause before the next attempt) does not count.
  void Applied(std::size_t changes, std::int64_t position) {
    end_ = absl::Now();
    applied_ = changes;
    position_ = position;
  }
  void Failed(const absl::Status& why) {
    end_ = absl::Now();
    why_ = why;
  }

 private:
  const telemetry::TraceContext trace_ = telemetry::NewTrace();
  const log::TraceScope scope_{trace_.trace_id};
  const absl::Time start_ = absl::Now();
  absl::Time end_ = start_;
  const std::size_t changes_;
  std::size_t applied_ = 0;
  std::int64_t position_ = 0;  // of the last change applied
  absl::Status why_;
};

}  // namespace cityinfo::metrics
