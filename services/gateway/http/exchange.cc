#include "services/gateway/http/exchange.h"

#include <utility>

namespace cityinfo::gateway {

Exchange::Exchange(HttpRequest request, Respond respond)
    : request_(std::move(request)), respond_(std::move(respond)) {}

Exchange::~Exchange() {
  if (Respond respond = TakeRespond()) respond(std::nullopt);
}

void Exchange::Answer(HttpResponse response) {
  if (Respond respond = TakeRespond()) respond(std::move(response));
}

Exchange::Respond Exchange::TakeRespond() {
  // Both are released outside the lock: what they hold may hold this exchange.
  std::function<void()> dropped;
  absl::MutexLock lock(&mutex_);
  dropped.swap(on_gone_);
  return std::exchange(respond_, nullptr);
}

void Exchange::OnGone(std::function<void()> callback) {
  {
    absl::MutexLock lock(&mutex_);
    if (respond_ == nullptr) return;
    if (!gone_) {
      on_gone_ = std::move(callback);
      return;
    }
  }
  callback();
}

void Exchange::MarkGone() {
  std::function<void()> callback;
  {
    absl::MutexLock lock(&mutex_);
    gone_ = true;
    callback.swap(on_gone_);
  }
  if (callback) callback();
}

}  // namespace cityinfo::gateway
