#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/handoff.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/status_mapping.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::rpc {

// What travels with one call.
struct CallOptions {
  // When we stop waiting. A unary call without one gets now + kDefaultCallTimeout.
  absl::Time deadline = absl::InfiniteFuture();

  // Our own span; the call goes out as its child. Invalid (default): a new trace begins.
  telemetry::TraceContext trace;

  // Who asks; see RequestContext::principal.
  std::string principal;

  // See RequestContext::role.
  std::string role;

  // Queue while the channel is still connecting instead of failing at once (until the deadline).
  bool wait_for_ready = false;

  // For a call made on behalf of another: its trace, its principal and its deadline minus `margin`,
  // so that there is time left to answer when the callee is late.
  static CallOptions From(const RequestContext& context,
                          absl::Duration margin = absl::Milliseconds(20));
};

inline constexpr absl::Duration kDefaultCallTimeout = absl::Seconds(10);

// Puts the options into gRPC's context; returns the span the call goes out as. `bounded` gives a
// call without a deadline the default one.
telemetry::TraceContext ApplyOptions(const CallOptions& options, bool bounded,
                                     grpc::ClientContext& context);

// One blocking call through a generated stub:
//   absl::StatusOr<v1::Article> article =
//       rpc::CallUnary(*stub, &v1::ArticleService::Stub::GetArticle, options, request);
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> CallUnary(
    Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const CallOptions& options, const std::type_identity_t<Request>& request) {
  grpc::ClientContext context;
  ApplyOptions(options, /*bounded=*/true, context);
  Response response;
  HandOver(&context);
  grpc::Status status = (stub.*method)(&context, request, &response);
  TakeOver(&context);
  if (!status.ok()) return FromGrpc(status);
  return response;
}

class RawCalls;

// A call under way. Cancelling one that is over does nothing. Thread-safe. Dropping the handle does
// not cancel; keeping it keeps the call's resources no longer than the call takes. A weak_ptr to it
// lives until the callback has returned.
class PendingCall {
 public:
  explicit PendingCall(std::weak_ptr<grpc::ClientContext> call) : call_(std::move(call)) {}

  void Cancel();

 private:
  const std::weak_ptr<grpc::ClientContext> call_;
};
using PendingCallHandle = std::shared_ptr<PendingCall>;

// Serialised bytes in, serialised bytes out, for any method by its full name
// ("/cityinfo.articles.v1.ArticleService/GetArticle") that answers once. For callers that carry
// messages without looking inside, and for many calls at once. Thread-safe.
class RawClient {
 public:
  explicit RawClient(std::shared_ptr<grpc::Channel> channel);
  // Waits until the calls under way are over, at the latest at their deadlines; cancel them to be
  // quicker. Not on a callback's thread.
  ~RawClient();

  RawClient(RawClient&&) noexcept;
  RawClient& operator=(RawClient&&) = delete;

  using Callback = absl::AnyInvocable<void(absl::StatusOr<std::string>)>;

  // Runs `callback` exactly once, on a thread of gRPC's (it must not block) or, when the call
  // cannot even start, on this one.
  PendingCallHandle CallAsync(absl::string_view method, const CallOptions& options,
                              std::string request, Callback callback);

  // The messages of a client stream, one by one; nullopt: that was all. Asked on any thread, never
  // on two at once; it must not block. Gone before the callback of its stream has run.
  using Messages = absl::AnyInvocable<std::optional<std::string>()>;

  // A client stream. The next message is asked for when the transport has taken the one before, so
  // that at most one is held however many there are, and a service that is slow slows `messages`
  // down. A service may answer before it has read them all.
  PendingCallHandle StreamAsync(absl::string_view method, const CallOptions& options,
                                Messages messages, Callback callback);

  // CallAsync, blocking.
  absl::StatusOr<std::string> Call(absl::string_view method, const CallOptions& options,
                                   std::string request);

 private:
  std::unique_ptr<RawCalls> calls_;  // null only when moved from
};

// One call by name with messages at both ends; `callback` as in RawClient::CallAsync. Fan out to
// several services and gather the answers without a thread for each.
template <typename Response, typename Request>
PendingCallHandle CallUnaryAsync(RawClient& client, absl::string_view method,
                                 const CallOptions& options, const Request& request,
                                 absl::AnyInvocable<void(absl::StatusOr<Response>)> callback) {
  return client.CallAsync(
      method, options, request.SerializeAsString(),
      [callback = std::move(callback)](absl::StatusOr<std::string> bytes) mutable {
        if (!bytes.ok()) return callback(std::move(bytes).status());
        Response response;
        if (!response.ParseFromString(*bytes)) {
          return callback(absl::InternalError("the answer is not the message expected"));
        }
        callback(std::move(response));
      });
}

// The reading end of a server stream.
//
//   auto reader = rpc::StreamReader<v1::WatchResponse>::Open(
//       *stub, &v1::ArticleService::Stub::WatchArticles, {.trace = trace}, request);
//   v1::WatchResponse response;
//   while (reader->Read(&response)) Apply(response);
//   absl::Status why = reader->Finish();
//
// Read and Finish belong to one thread; Cancel may be called from any and makes a blocked Read
// return false. A stream has no deadline unless the options give one.
template <typename Response>
class StreamReader {
 public:
  template <typename Stub, typename Request>
  static std::unique_ptr<StreamReader> Open(
      Stub& stub,
      std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                    const Request&),
      const CallOptions& options, const std::type_identity_t<Request>& request) {
    std::unique_ptr<StreamReader> self(new StreamReader());
    ApplyOptions(options, /*bounded=*/false, self->context_);
    HandOver(self.get());
    self->reader_ = (stub.*method)(&self->context_, request);
    return self;
  }

  // Cancels the stream if it still runs.
  ~StreamReader() {
    if (finished_) return;
    context_.TryCancel();
    (void)Finish();
  }

  // Blocks for the next message; false when there is none any more.
  bool Read(Response* response) {
    const bool read = reader_->Read(response);
    TakeOver(this);
    return read;
  }

  void Cancel() { context_.TryCancel(); }

  // Why the stream ended: OK when the server finished it. Reads what is left first. Once.
  absl::Status Finish() {
    Response dropped;
    while (reader_->Read(&dropped)) {
    }
    finished_ = true;
    return FromGrpc(reader_->Finish());
  }

 private:
  StreamReader() = default;

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
  bool finished_ = false;
};

}  // namespace cityinfo::rpc
