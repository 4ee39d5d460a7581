#pragma once

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/support/byte_buffer.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/rpc/handoff.h"
#include "platform/rpc/method.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_reader.h"
#include "platform/rpc/server_writer.h"

namespace cityinfo::rpc {

class RpcMetrics;
class ServerEngine;

// One call, from the moment the server is willing to take it until its status is on the wire. The
// same class carries unary, raw and streaming calls of every method:
//
//   accepted -> request read -> handler (inline, on the pool, or on a stream's thread) -> finished
//
// A method with an answer ready goes without its handler.
//
// A client stream's handler is there from the beginning and reads the messages itself.
//
// with "done" (the transport is through with the call, perhaps because the caller left) coming at
// any moment after "accepted". gRPC reports each step by returning a Tag from its completion queue;
// a Tag under way holds a reference to its call, and so does the handler's task, so the call lives
// exactly as long as somebody may still come back to it.
class ServerCall final : public std::enable_shared_from_this<ServerCall>,
                         private StreamSink,
                         private StreamSource {
 public:
  class Tag {
   public:
    using Step = void (ServerCall::*)(bool ok);
    explicit Tag(Step step) : step_(step) {}

    // Takes the reference that the operation about to start needs.
    void* Arm(std::shared_ptr<ServerCall> call) {
      call_ = std::move(call);
      HandOver(this);
      return this;
    }
    // The operation ended; `ok` as the completion queue gives it.
    void Run(bool ok) {
      TakeOver(this);
      const std::shared_ptr<ServerCall> call = std::move(call_);
      (call.get()->*step_)(ok);
    }
    void Disarm() { call_.reset(); }

   private:
    const Step step_;
    std::shared_ptr<ServerCall> call_;
  };

  // Waits for the next call on `queue`.
  static void Accept(ServerEngine& engine, grpc::AsyncGenericService& service,
                     grpc::ServerCompletionQueue& queue);

  ServerCall(ServerEngine& engine, grpc::ServerCompletionQueue& queue);

  // The server stops: the stream's handler is told to end.
  void EndStream();
  // For a stream without a handler: sends `newest`; of several that wait for the one before to be
  // taken, only the newest is kept. Any thread.
  void Offer(grpc::ByteBuffer newest);
  // Gives up on the caller, which frees a handler that is blocked in Write or Read.
  void Abort() { grpc_.TryCancel(); }

 private:
  void OnAccepted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnDone(bool ok);

  void FillContext();
  void Dispatch();
  // False when the method has no answer ready.
  bool AnswerAtOnce();
  void RunUnary();
  void RunStream();
  void RunClientStream();
  void FinishWithResponse(absl::StatusOr<grpc::ByteBuffer> response);
  void FinishWith(const absl::Status& status);
  void Report(const absl::Status& status) const;
  void MarkEnded() ABSL_LOCKS_EXCLUDED(mutex_);
  // Goes on with a stream without a handler: the next message, or the end.
  void SendOffer() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What a stream ends as, if not as its handler says.
  absl::Status WhyEnded() const;

  // StreamSink
  bool Write(grpc::ByteBuffer message) override;
  bool ended() const override { return ended_.load(std::memory_order_acquire); }
  void OnEnd(std::function<void()> callback) override;

  // StreamSource
  bool Read(grpc::ByteBuffer* message) override;
  absl::Status status() const override { return read_status_; }
  // No message came any more: whether that is because the caller has sent all.
  absl::Status WhyNoMore();

  // Counts the call in the engine, from the moment it waits to be accepted. Declared first, so it
  // goes last: a call counts until nobody can come back to it and all that gRPC gave it is
  // released.
  class Presence {
   public:
    explicit Presence(ServerEngine& engine);
    ~Presence();
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;
    // The call has arrived; the error says why it must not be worked on.
    absl::Status Admit(const Method* method);

   private:
    ServerEngine& engine_;
    bool in_flight_ = false;
  };

  Presence presence_;
  ServerEngine& engine_;
  grpc::ServerCompletionQueue& queue_;
  grpc::GenericServerContext grpc_;
  grpc::GenericServerAsyncReaderWriter stream_{&grpc_};
  grpc::ByteBuffer request_;
  RequestContext context_;
  const std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
  const Method* method_ = nullptr;
  RpcMetrics* metrics_ = nullptr;
  absl::Time started_;
  absl::StatusCode code_ = absl::StatusCode::kOk;

  Tag accepted_tag_{&ServerCall::OnAccepted};
  Tag read_tag_{&ServerCall::OnRead};
  Tag written_tag_{&ServerCall::OnWritten};
  Tag finished_tag_{&ServerCall::OnFinished};
  Tag done_tag_{&ServerCall::OnDone};

  // Streams only.
  std::atomic<bool> ended_{false};
  std::atomic<bool> stopping_{false};
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool write_ok_ ABSL_GUARDED_BY(mutex_) = true;
  std::function<void()> on_end_ ABSL_GUARDED_BY(mutex_);
  bool offering_ ABSL_GUARDED_BY(mutex_) = false;  // Offer has been called
  std::optional<grpc::ByteBuffer> offered_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;

  // Client streams only. While reading_, request_ is gRPC's; then it is the next message, if
  // read_ok_.
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_ok_ ABSL_GUARDED_BY(mutex_) = false;
  // The handler's thread alone.
  bool read_all_ = false;
  absl::Status read_status_;
};

}  // namespace cityinfo::rpc
