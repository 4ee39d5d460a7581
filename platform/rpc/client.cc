#include "platform/rpc/client.h"

#include <grpcpp/generic/generic_stub.h>

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "platform/rpc/byte_buffer.h"
#include "platform/rpc/handoff.h"
#include "platform/rpc/rpc_span.h"

namespace cityinfo::rpc {

// The stub that raw calls go through, and their count.
class RawCalls {
 public:
  explicit RawCalls(std::shared_ptr<grpc::Channel> channel) : stub_(std::move(channel)) {}
  ~RawCalls() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &RawCalls::NoneUnderWay));
  }

  grpc::GenericStub& stub() { return stub_; }
  void Enter() {
    absl::MutexLock lock(&mutex_);
    ++under_way_;
  }
  void Leave() {
    absl::MutexLock lock(&mutex_);
    --under_way_;
  }

 private:
  bool NoneUnderWay() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return under_way_ == 0; }

  grpc::GenericStub stub_;
  absl::Mutex mutex_;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
};

namespace {

// Counts a call. Its first member, so that it goes last, when the context has let go of the
// channel: a channel that dies on a thread of gRPC's own would wait for that very thread.
class Presence {
 public:
  explicit Presence(RawCalls& calls) : calls_(calls) { calls_.Enter(); }
  ~Presence() { calls_.Leave(); }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

 private:
  RawCalls& calls_;
};

// What a unary call and a client stream have in common.
class RawCall : public std::enable_shared_from_this<RawCall> {
 public:
  RawCall(RawCalls& calls, absl::string_view method, const CallOptions& options,
          RawClient::Callback callback)
      : presence_(calls),
        method_(method),
        callback_(std::move(callback)),
        trace_(ApplyOptions(options, /*bounded=*/true, context_)) {}
  virtual ~RawCall() = default;

 protected:
  PendingCallHandle MakeHandle() {
    handle_ = std::make_shared<PendingCall>(
        std::shared_ptr<grpc::ClientContext>(shared_from_this(), &context_));
    return handle_;
  }

  void Finish(const grpc::Status& status) {
    RecordRpcSpan(telemetry::SpanKind::kClient, trace_, method_, started_, absl::Now(),
                  static_cast<absl::StatusCode>(status.error_code()));
    RawClient::Callback callback = std::move(callback_);
    if (!status.ok()) return callback(FromGrpc(status));
    callback(ToString(response_));
  }

  Presence presence_;
  const std::string method_;
  const absl::Time started_ = absl::Now();
  RawClient::Callback callback_;
  grpc::ClientContext context_;
  const telemetry::TraceContext trace_;
  grpc::ByteBuffer response_;
  PendingCallHandle handle_;  // for weak_ptrs to it
};

// One unary call under way. It keeps itself alive until gRPC has called back.
class UnaryCall final : public RawCall {
 public:
  using RawCall::RawCall;

  PendingCallHandle Start(grpc::GenericStub& stub, std::string request) {
    request_ = ToByteBuffer(std::move(request));
    PendingCallHandle handle = MakeHandle();
    HandOver(this);
    stub.UnaryCall(&context_, method_, grpc::StubOptions(), &request_, &response_,
                   [this, self = shared_from_this()](const grpc::Status& status) {
                     TakeOver(this);
                     Finish(status);
                   });
    return handle;
  }

 private:
  grpc::ByteBuffer request_;
};

// One client stream under way, which gRPC's generic stub knows as a stream in both directions that
// is read once. It keeps itself alive until it is done.
class ClientStream final : public RawCall,
                           private grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  ClientStream(RawCalls& calls, absl::string_view method, const CallOptions& options,
               RawClient::Messages messages, RawClient::Callback callback)
      : RawCall(calls, method, options, std::move(callback)), messages_(std::move(messages)) {}

  PendingCallHandle Start(grpc::GenericStub& stub) {
    self_ = shared_from_this();
    PendingCallHandle handle = MakeHandle();
    stub.PrepareBidiStreamingCall(&context_, method_, grpc::StubOptions(), this);
    StartRead(&response_);
    SendNext();
    HandOver(this);
    StartCall();
    return handle;
  }

 private:
  void SendNext() {
    std::optional<std::string> next = messages_();
    if (!next.has_value()) return StartWritesDone();
    message_ = ToByteBuffer(*std::move(next));
    HandOver(this);
    StartWrite(&message_);
  }

  void OnWriteDone(bool ok) override {
    TakeOver(this);
    if (ok) SendNext();
  }
  void OnReadDone(bool ok) override { answered_ = ok; }
  void OnDone(const grpc::Status& status) override {
    TakeOver(this);
    const std::shared_ptr<RawCall> self = std::move(self_);
    messages_ = nullptr;
    if (status.ok() && !answered_) {
      return Finish({grpc::StatusCode::INTERNAL, "the stream ended without an answer"});
    }
    Finish(status);
  }

  RawClient::Messages messages_;
  grpc::ByteBuffer message_;
  bool answered_ = false;
  std::shared_ptr<RawCall> self_;
};

}  // namespace

void PendingCall::Cancel() {
  if (const std::shared_ptr<grpc::ClientContext> call = call_.lock()) call->TryCancel();
}

CallOptions CallOptions::From(const RequestContext& context, absl::Duration margin) {
  return CallOptions{.deadline = context.deadline - margin,
                     .trace = context.trace,
                     .principal = context.principal,
                     .role = context.role};
}

telemetry::TraceContext ApplyOptions(const CallOptions& options, bool bounded,
                                     grpc::ClientContext& context) {
  absl::Time deadline = options.deadline;
  if (bounded && deadline == absl::InfiniteFuture()) deadline = absl::Now() + kDefaultCallTimeout;
  if (deadline != absl::InfiniteFuture()) context.set_deadline(absl::ToChronoTime(deadline));
  context.set_wait_for_ready(options.wait_for_ready);
  telemetry::TraceContext trace =
      options.trace.trace_id.empty() ? telemetry::NewTrace() : telemetry::NewChild(options.trace);
  context.AddMetadata(kTraceparentMetadata, telemetry::FormatTraceparent(trace));
  if (!options.principal.empty()) context.AddMetadata(kPrincipalMetadata, options.principal);
  if (!options.role.empty()) context.AddMetadata(kRoleMetadata, options.role);
  return trace;
}

RawClient::RawClient(std::shared_ptr<grpc::Channel> channel)
    : calls_(std::make_unique<RawCalls>(std::move(channel))) {}

RawClient::RawClient(RawClient&&) noexcept = default;
RawClient::~RawClient() = default;

PendingCallHandle RawClient::CallAsync(absl::string_view method, const CallOptions& options,
                                       std::string request, Callback callback) {
  return std::make_shared<UnaryCall>(*calls_, method, options, std::move(callback))
      ->Start(calls_->stub(), std::move(request));
}

PendingCallHandle RawClient::StreamAsync(absl::string_view method, const CallOptions& options,
                                         Messages messages, Callback callback) {
  return std::make_shared<ClientStream>(*calls_, method, options, std::move(messages),
                                        std::move(callback))
      ->Start(calls_->stub());
}

absl::StatusOr<std::string> RawClient::Call(absl::string_view method, const CallOptions& options,
                                            std::string request) {
  // The call ends by its deadline at the latest, so this wait is bounded.
  std::optional<absl::StatusOr<std::string>> result;
  absl::Notification done;
  CallAsync(method, options, std::move(request), [&](absl::StatusOr<std::string> answer) {
    result = std::move(answer);
    done.Notify();
  });
  done.WaitForNotification();
  return *std::move(result);
}

}  // namespace cityinfo::rpc
