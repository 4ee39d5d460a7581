#include "platform/rpc/server_call.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/log/log.h"
#include "platform/rpc/rpc_metrics.h"
#include "platform/rpc/rpc_span.h"
#include "platform/rpc/server_engine.h"
#include "platform/rpc/status_mapping.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::rpc {
namespace {

absl::string_view Metadata(const grpc::ServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto it = metadata.find(key);
  if (it == metadata.end()) return "";
  return {it->second.data(), it->second.size()};
}

absl::Time CallerDeadline(const grpc::ServerContext& context) {
  const auto deadline = context.deadline();
  return deadline == std::chrono::system_clock::time_point::max() ? absl::InfiniteFuture()
                                                                  : absl::FromChrono(deadline);
}

// A handler that lets an exception out is a mistake of ours, but not one to end the process for.
absl::Status FromException(const std::exception& error) {
  return base::WithDetail(base::Internal("HANDLER_FAILED", "internal error"), error.what());
}

}  // namespace

ServerCall::Presence::Presence(ServerEngine& engine) : engine_(engine) { engine_.Enter(); }

ServerCall::Presence::~Presence() { engine_.Leave(in_flight_); }

absl::Status ServerCall::Presence::Admit(const Method* method) {
  in_flight_ = true;
  return engine_.Admit(method);
}

void ServerCall::Accept(ServerEngine& engine, grpc::AsyncGenericService& service,
                        grpc::ServerCompletionQueue& queue) {
  auto call = std::make_shared<ServerCall>(engine, queue);
  call->grpc_.AsyncNotifyWhenDone(call->done_tag_.Arm(call));
  service.RequestCall(&call->grpc_, &call->stream_, &queue, &queue, call->accepted_tag_.Arm(call));
}

ServerCall::ServerCall(ServerEngine& engine, grpc::ServerCompletionQueue& queue)
    : presence_(engine), engine_(engine), queue_(queue) {}

void ServerCall::OnAccepted(bool ok) {
  if (!ok) {
    done_tag_.Disarm();  // a call that never was is never done
    return;
  }
  started_ = absl::Now();
  const ServerEngine::Entry& entry = engine_.Find(grpc_.method());
  method_ = entry.method;
  const absl::Status admitted = presence_.Admit(method_);
  engine_.AcceptNext(queue_);
  metrics_ = entry.metrics.get();
  metrics_->Started();
  FillContext();
  if (!admitted.ok()) return FinishWith(admitted);
  if (method_ == nullptr) return FinishWith(engine_.NotAvailable(grpc_.method()));
  if (method_->client_stream) {
    absl::MutexLock lock(&mutex_);
    reading_ = true;
  }
  stream_.Read(&request_, read_tag_.Arm(shared_from_this()));
  // Does not wait for a message: that is the handler's to do, with a deadline.
  if (method_->client_stream) Dispatch();
}

void ServerCall::FillContext() {
  context_.method = grpc_.method();
  context_.trace = telemetry::ContinueTrace(Metadata(grpc_, kTraceparentMetadata));
  context_.principal = std::string(Metadata(grpc_, kPrincipalMetadata));
  context_.role = std::string(Metadata(grpc_, kRoleMetadata));
  context_.cancel_flag = cancelled_;
  context_.deadline = CallerDeadline(grpc_);
  if (method_ == nullptr || (!method_->unary && !method_->client_stream)) return;
  const ServerOptions& options = engine_.options();
  if (method_->unary && context_.deadline == absl::InfiniteFuture()) {
    context_.deadline = started_ + options.default_deadline;
  }
  context_.deadline = std::min(context_.deadline, started_ + options.max_deadline);
}

void ServerCall::OnRead(bool ok) {
  if (method_->client_stream) {
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    read_ok_ = ok;
    return;
  }
  // The caller left, sent nothing, or sent more than max_request_bytes (gRPC then answers for us).
  if (!ok) return FinishWith(absl::InvalidArgumentError("the call carries no request message"));
  Dispatch();
}

void ServerCall::Dispatch() {
  auto self = shared_from_this();
  if (method_->watches_health) return engine_.WatchHealth(self, request_);
  if (method_->stream) {
    if (!engine_.StartWatcher(self, [self] { self->RunStream(); })) {
      FinishWith(base::ResourceExhausted("TOO_MANY_WATCHERS",
                                         "too many streams are open; try again later"));
    }
    return;
  }
  if (method_->client_stream) {
    if (!engine_.StartClientStream(self, [self] { self->RunClientStream(); })) {
      FinishWith(base::ResourceExhausted("TOO_MANY_CLIENT_STREAMS",
                                         "too many streams are open; try again later"));
    }
    return;
  }
  if (method_->options.ready_answer && AnswerAtOnce()) return;
  if (method_->options.run_inline) return RunUnary();
  absl::Status submitted = engine_.Submit(
      [self](absl::Status fate) {
        if (!fate.ok()) return self->FinishWith(fate);
        self->RunUnary();
      },
      context_.deadline, cancelled_);
  if (!submitted.ok()) FinishWith(submitted);
}

bool ServerCall::AnswerAtOnce() {
  const log::TraceScope scope(context_.trace.trace_id);
  try {
    std::optional<SharedBytes> answer = method_->options.ready_answer(context_, request_);
    if (!answer.has_value()) return false;
    FinishWithResponse(ToByteBuffer(*std::move(answer)));
  } catch (const std::exception& error) {
    FinishWith(FromException(error));
  }
  return true;
}

void ServerCall::RunUnary() {
  const log::TraceScope scope(context_.trace.trace_id);
  try {
    FinishWithResponse(method_->unary(context_, request_));
  } catch (const std::exception& error) {
    FinishWith(FromException(error));
  }
}

void ServerCall::FinishWithResponse(absl::StatusOr<grpc::ByteBuffer> response) {
  if (!response.ok()) return FinishWith(response.status());
  if (response->Length() > static_cast<size_t>(engine_.options().max_response_bytes)) {
    return FinishWith(base::ResourceExhausted(
        "RESPONSE_TOO_LARGE",
        absl::StrCat("the answer has ", response->Length(), " bytes; ask for less at once")));
  }
  stream_.WriteAndFinish(*response, grpc::WriteOptions(), grpc::Status::OK,
                         finished_tag_.Arm(shared_from_this()));
}

void ServerCall::RunStream() {
  const log::TraceScope scope(context_.trace.trace_id);
  absl::Status status;
  try {
    status = method_->stream(context_, request_, *this);
  } catch (const std::exception& error) {
    status = FromException(error);
  }
  OnEnd(nullptr);
  engine_.StreamEnded(*this);
  FinishWith(ended() ? WhyEnded() : status);
}

void ServerCall::RunClientStream() {
  const log::TraceScope scope(context_.trace.trace_id);
  absl::StatusOr<grpc::ByteBuffer> response;
  try {
    response = method_->client_stream(context_, *this);
  } catch (const std::exception& error) {
    response = FromException(error);
  }
  engine_.StreamEnded(*this);
  // A handler that gave up because it was told to end says so in its own words.
  if (!response.ok() && ended()) response = WhyEnded();
  FinishWithResponse(std::move(response));
}

absl::Status ServerCall::WhyEnded() const {
  if (stopping_) {
    return base::Unavailable("SERVER_STOPPING", "the service is stopping; connect again");
  }
  if (absl::Now() >= context_.deadline) return base::DeadlineExceeded("the stream took too long");
  return base::Cancelled("the caller left the stream");
}

void ServerCall::FinishWith(const absl::Status& status) {
  code_ = status.code();
  if (!status.ok() || log::Enabled(log::Level::kDebug)) Report(status);
  stream_.Finish(ToGrpc(status), finished_tag_.Arm(shared_from_this()));
}

void ServerCall::Report(const absl::Status& status) const {
  const log::TraceScope scope(context_.trace.trace_id);
  const bool ours = status.code() == absl::StatusCode::kInternal ||
                    status.code() == absl::StatusCode::kUnknown ||
                    status.code() == absl::StatusCode::kDataLoss;
  const std::string text = base::ErrorText(status);
  const int64_t took_us = absl::ToInt64Microseconds(absl::Now() - started_);
  if (status.ok()) {
    log::Debug("call", {{"method", context_.method}, {"took_us", took_us}});
  } else if (ours) {
    log::Error("call failed", {{"method", context_.method}, {"error", text}, {"took_us", took_us}});
  } else {
    log::Info("call failed", {{"method", context_.method}, {"error", text}, {"took_us", took_us}});
  }
}

void ServerCall::OnFinished(bool) {
  const absl::Time now = absl::Now();
  const bool streaming = method_ != nullptr && method_->unary == nullptr;
  if (streaming) engine_.StreamEnded(*this);
  metrics_->Finished(code_, now - started_, streaming);
  // A watch lives for days and says nothing about any one request.
  if (method_ != nullptr && (method_->unary || method_->client_stream)) {
    RecordRpcSpan(telemetry::SpanKind::kServer, context_.trace, context_.method, started_, now,
                  code_);
  }
}

void ServerCall::OnDone(bool) {
  if (!grpc_.IsCancelled()) return;
  cancelled_->store(true, std::memory_order_release);
  MarkEnded();
}

void ServerCall::EndStream() {
  stopping_ = true;
  cancelled_->store(true, std::memory_order_release);
  MarkEnded();
}

void ServerCall::MarkEnded() {
  ended_.store(true, std::memory_order_release);
  absl::MutexLock lock(&mutex_);
  if (offering_) SendOffer();
  if (on_end_ == nullptr) return;
  // Under the lock, so that OnEnd(nullptr) waits until it has run.
  on_end_();
  on_end_ = nullptr;
}

bool ServerCall::Read(grpc::ByteBuffer* message) {
  {
    absl::MutexLock lock(&mutex_);
    if (read_all_ || !read_status_.ok()) return false;
    const auto arrived = [this]()
                             ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !reading_ || ended(); };
    if (!mutex_.AwaitWithDeadline(absl::Condition(&arrived), context_.deadline) || ended()) {
      read_status_ = WhyEnded();
      return false;
    }
    reading_ = read_ok_;
    if (read_ok_) message->Swap(&request_);
    read_all_ = !read_ok_;
  }
  if (read_all_) {
    read_status_ = WhyNoMore();
    return false;
  }
  // The next one comes in while the handler works on this one.
  request_.Clear();
  stream_.Read(&request_, read_tag_.Arm(shared_from_this()));
  return true;
}

absl::Status ServerCall::WhyNoMore() {
  // To a reader, the end of a stream and a call that broke look the same. What is sent tells them
  // apart: on a broken call it fails.
  {
    absl::MutexLock lock(&mutex_);
    writing_ = true;
  }
  stream_.SendInitialMetadata(written_tag_.Arm(shared_from_this()));
  absl::MutexLock lock(&mutex_);
  const auto sent = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !writing_; };
  mutex_.Await(absl::Condition(&sent));
  return write_ok_ ? absl::OkStatus() : WhyEnded();
}

bool ServerCall::Write(grpc::ByteBuffer message) {
  {
    absl::MutexLock lock(&mutex_);
    if (ended() || !write_ok_) return false;
    writing_ = true;
  }
  stream_.Write(message, written_tag_.Arm(shared_from_this()));
  absl::MutexLock lock(&mutex_);
  // Bounded by the caller: it reads, or leaves, or its connection's keepalive fails.
  const auto written = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !writing_; };
  mutex_.Await(absl::Condition(&written));
  return write_ok_ && !ended();
}

void ServerCall::OnWritten(bool ok) {
  absl::MutexLock lock(&mutex_);
  writing_ = false;
  write_ok_ = ok;
  if (offering_) SendOffer();
}

void ServerCall::Offer(grpc::ByteBuffer newest) {
  absl::MutexLock lock(&mutex_);
  offering_ = true;
  offered_ = std::move(newest);
  SendOffer();
}

void ServerCall::SendOffer() {
  if (writing_ || finished_) return;
  if (ended() || !write_ok_) {
    finished_ = true;
    const absl::Status why = WhyEnded();
    code_ = why.code();
    stream_.Finish(ToGrpc(why), finished_tag_.Arm(shared_from_this()));
  } else if (offered_.has_value()) {
    writing_ = true;
    stream_.Write(*offered_, written_tag_.Arm(shared_from_this()));
    offered_.reset();
  }
}

void ServerCall::OnEnd(std::function<void()> callback) {
  absl::MutexLock lock(&mutex_);
  on_end_ = std::move(callback);
  if (on_end_ == nullptr || !ended()) return;
  on_end_();
  on_end_ = nullptr;
}

}  // namespace cityinfo::rpc
