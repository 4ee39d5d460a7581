#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_reader.h"
#include "platform/rpc/server_writer.h"

namespace cityinfo::rpc {

// How one unary method is run.
struct MethodOptions {
  // Run on the I/O thread instead of the pool. Only for handlers that never block (an in-process
  // cache, a constant): the I/O thread moves every other call's bytes.
  bool run_inline = false;
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
