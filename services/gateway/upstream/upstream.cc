#include "services/gateway/upstream/upstream.h"

#include <grpcpp/alarm.h>

#include <chrono>
#include <utility>

#include "platform/base/error.h"
#include "platform/base/retry.h"

namespace cityinfo::gateway {

// One call and its retries. Keeps itself alive until the callback has run.
class Upstream::Pending : public std::enable_shared_from_this<Pending> {
 public:
  Pending(Upstream* upstream, absl::string_view method, const CallContext& context,
          std::string request, bool safe, Callback callback)
      : upstream_(upstream),
        method_(method),
        context_(context),
        request_(std::move(request)),
        safe_(safe),
        callback_(std::move(callback)),
        backoff_({.initial = upstream->options_.first_pause,
                  .max = absl::Seconds(1),
                  .multiplier = 2,
                  .jitter = 0.5}) {}

  void Start() {
    if (context_.cancellation->cancelled()) {
      return Finish(base::Cancelled("the client went away"));
    }
    if (++attempts_ > 1) upstream_->metrics_.Retried();
    // A retry needs the request again; the last attempt may take it.
    std::string request = MayTryAgain() ? request_ : std::move(request_);
    const std::weak_ptr<rpc::PendingCall> call = upstream_->client_.CallAsync(
        method_, upstream_->OptionsFor(context_), std::move(request),
        [self = shared_from_this()](absl::StatusOr<std::string> answer) {
          self->OnAnswer(std::move(answer));
        });
    context_.cancellation->OnCancel([call] {
      if (rpc::PendingCallHandle running = call.lock()) running->Cancel();
    });
  }

 private:
  bool MayTryAgain() const { return safe_ && attempts_ < upstream_->options_.attempts; }

  void OnAnswer(absl::StatusOr<std::string> answer) {
    if (!absl::IsUnavailable(answer.status()) || !MayTryAgain()) return Finish(std::move(answer));
    const absl::Duration pause = backoff_.Next();
    const absl::Time again = absl::Now() + pause;
    if (again >= context_.deadline - upstream_->options_.margin ||
        !upstream_->budget_.TakeRetry()) {
      return Finish(std::move(answer));
    }
    // The alarm keeps its callback when it has run it: the callback has to let go of us, who own
    // the alarm.
    alarm_.Set(absl::ToChronoTime(again), [keep = shared_from_this()](bool) mutable {
      const std::shared_ptr<Pending> self = std::exchange(keep, nullptr);
      self->Start();
    });
  }

  void Finish(absl::StatusOr<std::string> answer) {
    upstream_->metrics_.Finished(answer.status().code(), absl::Now() - started_);
    std::exchange(callback_, nullptr)(std::move(answer));
    upstream_->Leave();
  }

  Upstream* const upstream_;
  const std::string method_;
  const CallContext context_;
  std::string request_;
  const bool safe_;
  const absl::Time started_ = absl::Now();
  Callback callback_;
  base::Backoff backoff_;
  int attempts_ = 0;
  grpc::Alarm alarm_;
};

Upstream::Upstream(std::shared_ptr<grpc::Channel> channel, const Options& options,
                   telemetry::Metrics& metrics)
    : options_(options),
      client_(std::move(channel)),
      budget_(options.retry_share, options.retry_reserve),
      metrics_(options.name, metrics) {}

Upstream::~Upstream() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](int* in_flight) { return *in_flight == 0; }, &in_flight_));
}

void Upstream::Enter() {
  absl::MutexLock lock(&mutex_);
  ++in_flight_;
}

void Upstream::Leave() {
  absl::MutexLock lock(&mutex_);
  --in_flight_;
}

rpc::CallOptions Upstream::OptionsFor(const CallContext& context) const {
  return {.deadline = context.deadline - options_.margin,
          .trace = context.trace,
          .principal = context.principal,
          .role = context.role};
}

void Upstream::Stream(absl::string_view method, const CallContext& context,
                      rpc::RawClient::Messages messages, Callback callback) {
  if (context.cancellation->cancelled()) return callback(base::Cancelled("the client went away"));
  Enter();
  metrics_.Started();
  const std::weak_ptr<rpc::PendingCall> call =
      client_.StreamAsync(method, OptionsFor(context), std::move(messages),
                          [this, callback = std::move(callback),
                           started = absl::Now()](absl::StatusOr<std::string> answer) {
                            metrics_.Finished(answer.status().code(), absl::Now() - started);
                            callback(std::move(answer));
                            Leave();
                          });
  context.cancellation->OnCancel([call] {
    if (rpc::PendingCallHandle running = call.lock()) running->Cancel();
  });
}

void Upstream::Call(absl::string_view method, const CallContext& context, std::string request,
                    bool safe, Callback callback) {
  Enter();
  budget_.RecordCall();
  metrics_.Started();
  std::make_shared<Pending>(this, method, context, std::move(request), safe, std::move(callback))
      ->Start();
}

}  // namespace cityinfo::gateway
