#include "tests/deploy/images/health_probe.h"

#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>

namespace cityinfo::deploy {

int ProbeHealth(const std::string& address, const std::string& service) {
  // One string, and one enum back: the wrappers have the same bytes.
  google::protobuf::StringValue question;
  question.set_value(service);
  const grpc::Slice slice(question.SerializeAsString());
  const grpc::ByteBuffer request(&slice, 1);

  grpc::GenericStub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  grpc::CompletionQueue queue;
  auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return -1;

  grpc::Slice answer;
  google::protobuf::Int32Value serving;
  if (!response.DumpToSingleSlice(&answer).ok() ||
      !serving.ParseFromArray(answer.begin(), static_cast<int>(answer.size())))
    return -1;
  return serving.value();
}

}  // namespace cityinfo::deploy
