// See bare_server.h. Prints its port and serves until it is ended.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include <cstdio>
#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace {

// One call after another on the same queue; begins anew as a fresh object for each.
class Call {
 public:
  Call(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), stream_(&context_) {
    service_.RequestCall(&context_, &stream_, &queue_, &queue_, this);
  }

  // The step that was waited for is done.
  void Go(bool ok) {
    if (!ok || step_ == Step::kDone) {
      delete this;
      return;
    }
    switch (step_) {
      case Step::kAccept:
        new Call(service_, queue_);
        step_ = Step::kRead;
        stream_.Read(&request_, this);
        return;
      case Step::kRead:
        step_ = Step::kDone;
        stream_.WriteAndFinish(Answer(), {}, grpc::Status::OK, this);
        return;
      case Step::kDone:
        return;
    }
  }

 private:
  enum class Step { kAccept, kRead, kDone };

  const grpc::ByteBuffer& Answer() {
    static std::map<std::string, grpc::ByteBuffer> answers;
    const auto [found, is_new] = answers.try_emplace(context_.method());
    if (is_new) {
      absl::string_view size = context_.method();
      int bytes = 0;
      (void)(absl::ConsumePrefix(&size, "/bench.Bare/Answer/") && absl::SimpleAtoi(size, &bytes));
      const grpc::Slice slice(std::string(static_cast<size_t>(bytes), 'x'));
      found->second = grpc::ByteBuffer(&slice, 1);
    }
    return found->second;
  }

  grpc::AsyncGenericService& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer request_;
  Step step_ = Step::kAccept;
};

}  // namespace

int main() {
  grpc::AsyncGenericService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::printf("%d\n", port);
  std::fflush(stdout);
  new Call(service, *queue);
  void* tag = nullptr;
  for (bool ok = false; queue->Next(&tag, &ok);) static_cast<Call*>(tag)->Go(ok);
  return 0;
}
