#include "platform/telemetry/span_queue.h"

#include <algorithm>
#include <utility>

namespace cityinfo::telemetry {
namespace {

// Half a character at the cut becomes U+FFFD when it is written as JSON.
void CutTexts(Span& span) {
  for (Attribute& attribute : span.attributes) {
    auto* text = std::get_if<std::string>(&attribute.value);
    if (text == nullptr || text->size() <= SpanQueue::kMaxAttributeBytes) continue;
    text->resize(SpanQueue::kMaxAttributeBytes);
    text->shrink_to_fit();
  }
}

}  // namespace

void SpanQueue::Push(Span span) {
  CutTexts(span);
  {
    absl::MutexLock lock(&mutex_);
    if (!closed_ && spans_.size() < limit_) return spans_.push_back(std::move(span));
  }
  dropped_.Increment();
}

std::vector<Span> SpanQueue::Take(size_t max, absl::Duration patience) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [this, max]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return spans_.size() >= max || closed_;
  };
  mutex_.AwaitWithTimeout(absl::Condition(&enough), patience);
  const auto end = spans_.begin() + static_cast<std::ptrdiff_t>(std::min(max, spans_.size()));
  std::vector<Span> taken(std::make_move_iterator(spans_.begin()), std::make_move_iterator(end));
  spans_.erase(spans_.begin(), end);
  return taken;
}

void SpanQueue::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

bool SpanQueue::closed() const {
  absl::MutexLock lock(&mutex_);
  return closed_;
}

size_t SpanQueue::size() const {
  absl::MutexLock lock(&mutex_);
  return spans_.size();
}

}  // namespace cityinfo::telemetry
