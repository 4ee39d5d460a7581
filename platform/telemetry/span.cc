#include "platform/telemetry/span.h"

#include <atomic>
#include <utility>

#include "absl/base/const_init.h"
#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "platform/telemetry/span_queue.h"

namespace cityinfo::telemetry {
namespace {

ABSL_CONST_INIT absl::Mutex mutex(absl::kConstInit);
SpanQueue* the_queue ABSL_GUARDED_BY(mutex) = nullptr;
// The same, for those who only want to know whether there is one.
std::atomic<bool> recording{false};

}  // namespace

bool IsRecorded(const TraceContext& context) {
  return context.sampled && recording.load(std::memory_order_relaxed);
}

void Record(Span span) {
  if (!IsRecorded(span.context)) return;
  absl::ReaderMutexLock lock(&mutex);
  if (the_queue != nullptr) the_queue->Push(std::move(span));
}

void SetSpanQueue(SpanQueue* queue) {
  absl::MutexLock lock(&mutex);
  the_queue = queue;
  recording.store(queue != nullptr, std::memory_order_relaxed);
}

}  // namespace cityinfo::telemetry
