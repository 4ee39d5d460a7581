#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// One request and the way to answer it. Shared by whoever works on the answer; all of it is
// thread-safe. When the last holder lets go without having answered, the client gets a 500, so that
// a forgotten path can never leave a client waiting.
class Exchange {
 public:
  // nullopt: nobody answered.
  using Respond = std::function<void(std::optional<HttpResponse>)>;

  Exchange(HttpRequest request, Respond respond);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  const HttpRequest& request() const { return request_; }

  // The first answer counts, later ones are dropped.
  void Answer(HttpResponse response);

  // Runs `callback` once if the client goes away before it is answered; at once if it already has.
  void OnGone(std::function<void()> callback);

  // For the connection: the client is gone.
  void MarkGone();

 private:
  Respond TakeRespond();

  const HttpRequest request_;
  absl::Mutex mutex_;
  Respond respond_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_gone_ ABSL_GUARDED_BY(mutex_);
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace cityinfo::gateway
