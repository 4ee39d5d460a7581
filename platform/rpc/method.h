#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/rpc/byte_buffer.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_reader.h"
#include "platform/rpc/server_writer.h"

namespace cityinfo::rpc {

// The answer to a request that needs no work, as the serialised response; nullopt when there is
// none and the call is to go on to its handler. Runs on the I/O thread before anything is parsed or
// queued, so it must never block: the look into an in-process cache. MessageBytes gives the request
// as it came; what else the answer depends on is in the context (`role` above all).
using ReadyAnswer =
    std::function<std::optional<SharedBytes>(const RequestContext&, const grpc::ByteBuffer&)>;

// How one unary method is run.
struct MethodOptions {
  // Run on the I/O thread instead of the pool. Only for handlers that never block (an in-process
  // cache, a constant): the I/O thread moves every other call's bytes.
  bool run_inline = false;

  // Asked first; null when there is none. Such a call is counted, measured, logged and traced like
  // any other. A response over max_response_bytes is refused here too.
  ReadyAnswer ready_answer;
};

// One registered method, its types erased to bytes; what Server's templates make and its engine
// runs. Exactly one of `unary`, `stream`, `client_stream` and `watches_health` is
// set.
struct Method {
  std::string name;  // "/package.Service/Method"
  // Checked against the linked protos at start; null for a method of the server's own.
  const google::protobuf::Descriptor* request_type = nullptr;
  const google::protobuf::Descriptor* response_type = nullptr;
  MethodOptions options;
  std::function<absl::StatusOr<grpc::ByteBuffer>(const RequestContext&, const grpc::ByteBuffer&)>
      unary;
  std::function<absl::Status(const RequestContext&, const grpc::ByteBuffer&, StreamSink&)> stream;
  std::function<absl::StatusOr<grpc::ByteBuffer>(const RequestContext&, StreamSource&)>
      client_stream;
  bool watches_health = false;  // a stream without a handler: the engine offers it messages
};

}  // namespace cityinfo::rpc
