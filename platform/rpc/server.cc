#include "platform/rpc/server.h"

#include <utility>

#include "platform/base/error.h"
#include "platform/rpc/library_setup.h"
#include "platform/rpc/pool_metrics.h"
#include "platform/rpc/server_engine.h"

namespace cityinfo::rpc {

Server::Server(ServerOptions options, concurrency::WorkerPool& pool, health::Health& health,
               telemetry::Metrics& metrics)
    : engine_(std::make_unique<ServerEngine>(std::move(options), pool, health, metrics)) {
  SetUpLibraries();
  ReportPool(pool, metrics);
}

Server::~Server() = default;

void Server::Add(Method method) { engine_->Add(std::move(method)); }

absl::StatusOr<int> Server::Start() { return engine_->Start(); }

absl::Status Server::Shutdown(absl::Time deadline) { return engine_->Shutdown(deadline); }

absl::Status Server::MalformedRequest(const RequestContext& context) {
  return base::MakeError(
      absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
      "the request's bytes are not the message that " + context.method + " takes");
}

absl::StatusOr<grpc::ByteBuffer> Server::SerializeResponse(
    const RequestContext& context, const google::protobuf::MessageLite& response) {
  grpc::ByteBuffer buffer;
  if (!Serialize(response, &buffer)) {
    return base::Internal("RESPONSE_TOO_LARGE",
                          "the answer of " + context.method + " cannot be serialised");
  }
  return buffer;
}

}  // namespace cityinfo::rpc
