#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <memory>

#include "absl/status/statusor.h"
#include "platform/rpc/client.h"
#include "platform/rpc/handoff.h"
#include "platform/rpc/status_mapping.h"

namespace cityinfo::rpc {

// The writing end of a client stream: many messages, one answer.
//
//   auto writer = rpc::StreamWriter<v1::ImportRequest, v1::ImportResponse>::Open(
//       *stub, &v1::ArticleService::Stub::ImportArticles, {.deadline = deadline});
//   for (const v1::ImportRequest& request : requests) {
//     if (!writer->Write(request)) break;   // the service has given up: Finish says why
//   }
//   absl::StatusOr<v1::ImportResponse> response = writer->Finish();
//
// Write and Finish belong to one thread; Cancel may be called from any and makes a blocked Write
// return false. As with a unary call, a stream without a deadline gets now + kDefaultCallTimeout.
template <typename Request, typename Response>
class StreamWriter {
 public:
  template <typename Stub>
  static std::unique_ptr<StreamWriter> Open(
      Stub& stub,
      std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Response*),
      const CallOptions& options) {
    std::unique_ptr<StreamWriter> self(new StreamWriter());
    ApplyOptions(options, /*bounded=*/true, self->context_);
    HandOver(self.get());
    self->writer_ = (stub.*method)(&self->context_, &self->response_);
    return self;
  }

  // Cancels the stream if it still runs.
  ~StreamWriter() {
    if (finished_) return;
    context_.TryCancel();
    (void)writer_->Finish();
  }
  StreamWriter(const StreamWriter&) = delete;
  StreamWriter& operator=(const StreamWriter&) = delete;

  // Blocks until the transport has taken the message, which is when the service keeps up; false
  // when the stream is over.
  bool Write(const Request& request) {
    HandOver(this);
    return writer_->Write(request);
  }

  void Cancel() { context_.TryCancel(); }

  // That was all: waits for the answer. Once.
  absl::StatusOr<Response> Finish() {
    finished_ = true;
    writer_->WritesDone();
    const grpc::Status status = writer_->Finish();
    TakeOver(this);
    if (!status.ok()) return FromGrpc(status);
    return std::move(response_);
  }

 private:
  StreamWriter() = default;

  grpc::ClientContext context_;
  Response response_;
  std::unique_ptr<grpc::ClientWriter<Request>> writer_;
  bool finished_ = false;
};

}  // namespace cityinfo::rpc
