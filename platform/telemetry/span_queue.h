#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/span.h"

namespace cityinfo::telemetry {

// Spans on their way from the requests that made them to the thread that sends them. Bounded: what
// finds it full is dropped and counted. Text longer than kMaxAttributeBytes is cut, so the bound on
// spans is one on bytes too. Thread-safe.
class SpanQueue {
 public:
  static constexpr size_t kMaxAttributeBytes = 512;

  // `dropped` must outlive it.
  SpanQueue(size_t limit, Counter& dropped) : limit_(limit), dropped_(dropped) {}

  // Never waits for anything but a short lock.
  void Push(Span span);

  // Waits until `max` spans are there, `patience` has passed or the queue is closed; takes up to
  // `max`, perhaps none.
  std::vector<Span> Take(size_t max, absl::Duration patience);

  // Nothing more comes in; what waits can still be taken.
  void Close();
  bool closed() const;
  size_t size() const;

 private:
  const size_t limit_;
  Counter& dropped_;
  mutable absl::Mutex mutex_;
  std::deque<Span> spans_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace cityinfo::telemetry
