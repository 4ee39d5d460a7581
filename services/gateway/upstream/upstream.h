#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/rpc/client.h"
#include "services/gateway/upstream/call_context.h"
#include "services/gateway/upstream/retry_budget.h"
#include "services/gateway/upstream/upstream_metrics.h"

namespace cityinfo::gateway {

// One service behind the gateway, called with messages that are already serialised. Every call has
// the client's deadline minus a margin, carries its trace and role, and ends when the client goes
// away. A call that only reads is tried again when the service cannot be reached, within a budget.
// Thread-safe.
class Upstream {
 public:
  struct Options {
    // What metrics call it: "articles".
    std::string name;
    // Left over for the gateway to answer when the service is late.
    absl::Duration margin = absl::Milliseconds(50);
    // Tries of one call, the first included.
    int attempts = 3;
    absl::Duration first_pause = absl::Milliseconds(50);
    // Share of calls that may be retried, and how many retries can be saved up.
    double retry_share = 0.1;
    double retry_reserve = 20;
  };

  using Callback = std::function<void(absl::StatusOr<std::string>)>;

  // `metrics` must outlive it.
  Upstream(std::shared_ptr<grpc::Channel> channel, const Options& options,
           telemetry::Metrics& metrics);
  // Waits for the calls that are under way; cancel them first, or it takes as long as their
  // deadlines.
  ~Upstream();
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  // Calls a method by its full name ("/cityinfo.articles.v1.ArticleService/GetArticle"); `callback`
  // runs exactly once, on a thread of gRPC's or on this one, and must not block. `safe`: calling
  // twice does no harm.
  void Call(absl::string_view method, const CallContext& context, std::string request, bool safe,
            Callback callback);

  // A client stream, whose messages are asked for as the service takes them (rpc::RawClient::
  // StreamAsync). They come only once, so it is never tried again.
  void Stream(absl::string_view method, const CallContext& context,
              rpc::RawClient::Messages messages, Callback callback);

 private:
  class Pending;

  void Enter();
  void Leave();
  rpc::CallOptions OptionsFor(const CallContext& context) const;

  const Options options_;
  rpc::RawClient client_;
  RetryBudget budget_;
  UpstreamMetrics metrics_;
  absl::Mutex mutex_;
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The same with messages at both ends.
template <typename Response, typename Request>
void CallMessage(Upstream& upstream, absl::string_view method, const CallContext& context,
                 const Request& request, std::function<void(absl::StatusOr<Response>)> callback) {
  upstream.Call(method, context, request.SerializeAsString(), /*safe=*/true,
                [callback = std::move(callback)](absl::StatusOr<std::string> bytes) {
                  if (!bytes.ok()) return callback(std::move(bytes).status());
                  Response response;
                  if (!response.ParseFromString(*bytes)) {
                    return callback(absl::InternalError("a service's answer is not readable"));
                  }
                  callback(std::move(response));
                });
}

}  // namespace cityinfo::gateway
