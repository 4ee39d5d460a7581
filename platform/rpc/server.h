#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/rpc/byte_buffer.h"
#include "platform/rpc/method.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_reader.h"
#include "platform/rpc/server_writer.h"

namespace cityinfo::concurrency {
class WorkerPool;
}
namespace cityinfo::health {
class Health;
}
namespace cityinfo::telemetry {
class Metrics;
}

namespace cityinfo::rpc {

class ServerEngine;

struct ServerOptions {
  // host:port to listen on; port 0 lets the system choose, Start() says which.
  std::string address = "127.0.0.1:0";

  // Null: plain text.
  std::shared_ptr<grpc::ServerCredentials> credentials;

  // A connection of this age (give or take a tenth) is told to go; its calls get the grace to
  // finish. The client connects again and sees replicas that are new.
  absl::Duration max_connection_age = absl::InfiniteDuration();
  absl::Duration max_connection_age_grace = absl::Seconds(30);

  // Threads that move bytes (one completion queue each). Handlers do not run on them unless asked.
  int io_threads = 1;

  // A larger request, or message of a client stream, is answered RESOURCE_EXHAUSTED before a
  // handler sees it.
  int max_request_bytes = 8 << 20;
  int max_response_bytes = 64 << 20;

  // Calls being read, worked on or written at one time; beyond them: RESOURCE_EXHAUSTED.
  int max_concurrent_calls = 4096;

  // Streams at one time over all streaming methods, each on a thread of its own; beyond them:
  // RESOURCE_EXHAUSTED.
  int max_watchers = 64;

  // Client streams at one time over all methods, each on a thread of its own; beyond them:
  // RESOURCE_EXHAUSTED. Counted apart, so that uploads take no place from those who watch.
  int max_client_streams = 16;

  // For unary calls whose caller sets no deadline, and the longest any unary caller is given. The
  // second also bounds a client stream, from its start to its answer.
  absl::Duration default_deadline = absl::Seconds(30);
  absl::Duration max_deadline = absl::Minutes(5);
};

// A gRPC server whose methods are plain functions, registered by full method name:
//
//   rpc::Server server({.address = "127.0.0.1:50051"}, pool, health, metrics);
//   server.Unary<v1::GetArticleRequest, v1::Article>(
//       "/cityinfo.articles.v1.ArticleService/GetArticle",
//       [&](const rpc::RequestContext& context, const v1::GetArticleRequest& request) {
//         return service.GetArticle(context, request);       // absl::StatusOr<v1::Article>
//       });
//   absl::StatusOr<int> port = server.Start();
//   ...
//   server.Shutdown(absl::Now() + absl::Seconds(5));
//
// Everything else is the server's business: deadlines, cancellation, the bounded pool, the status
// on the wire, metrics (rpc_requests_total, rpc_duration_seconds, rpc_in_flight), one log line per
// failed call with its trace id. What is not registered answers UNIMPLEMENTED.
// grpc.health.v1.Health is answered from `health`: SERVING while Ready() and not shutting down;
// Check asked for the name of one of its components ("redis") says SERVING while that one is OK,
// and for "liveness" always. Watch is for clients that spread their calls: it says SERVING while
// required components are up, also while draining, until Shutdown: the replicas that are to take
// over may not be up yet.
//
// Register and Start from one thread; Shutdown from any thread, once is enough. The destructor
// shuts down at once if nobody did. The pool, health and metrics must outlive the server; the pool
// must still be running while Shutdown waits for calls in flight (drain the pool after the server).
class Server {
 public:
  Server(ServerOptions options, concurrency::WorkerPool& pool, health::Health& health,
         telemetry::Metrics& metrics);
  ~Server();

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // `Handler`: absl::StatusOr<Response>(const RequestContext&, const Request&).
  template <typename Request, typename Response, typename Handler>
  void Unary(absl::string_view method, Handler handler, MethodOptions options = {}) {
    Add(Method{.name = std::string(method),
               .request_type = Request::descriptor(),
               .response_type = Response::descriptor(),
               .options = std::move(options),
               .unary = [handler = std::move(handler)](
                            const RequestContext& context,
                            const grpc::ByteBuffer& bytes) -> absl::StatusOr<grpc::ByteBuffer> {
                 Request request;
                 if (!Parse(bytes, &request)) return MalformedRequest(context);
                 absl::StatusOr<Response> response = handler(context, std::as_const(request));
                 if (!response.ok()) return std::move(response).status();
                 return SerializeResponse(context, *response);
               }});
  }

  // `Handler`: absl::StatusOr<SharedBytes>(const RequestContext&, const Request&). The bytes are
  // the serialised Response and are sent on without being parsed or copied. A handler that keeps
  // such bytes answers the next caller without leaving the I/O thread, by options.ready_answer:
  //
  //   server.UnaryRaw<v1::QueryRequest, v1::QueryResponse>(kQuery, handler,
  //       {.ready_answer = [&](const rpc::RequestContext& context, const grpc::ByteBuffer& request)
  //            -> std::optional<rpc::SharedBytes> {
  //          return cache.Find(context.role, rpc::MessageBytes(request).view());
  //        }});
  template <typename Request, typename Response, typename Handler>
  void UnaryRaw(absl::string_view method, Handler handler, MethodOptions options = {}) {
    Add(Method{.name = std::string(method),
               .request_type = Request::descriptor(),
               .response_type = Response::descriptor(),
               .options = std::move(options),
               .unary = [handler = std::move(handler)](
                            const RequestContext& context,
                            const grpc::ByteBuffer& bytes) -> absl::StatusOr<grpc::ByteBuffer> {
                 Request request;
                 if (!Parse(bytes, &request)) return MalformedRequest(context);
                 absl::StatusOr<SharedBytes> response = handler(context, std::as_const(request));
                 if (!response.ok()) return std::move(response).status();
                 return ToByteBuffer(*std::move(response));
               }});
  }

  // `Handler`: absl::Status(const RequestContext&, const Request&, ServerWriter<Response>&). Runs
  // on a thread of its own until it returns; it must return soon after writer.ended() turns true.
  // Has no deadline unless the caller sets one.
  template <typename Request, typename Response, typename Handler>
  void ServerStream(absl::string_view method, Handler handler) {
    Add(Method{.name = std::string(method),
               .request_type = Request::descriptor(),
               .response_type = Response::descriptor(),
               .stream = [handler = std::move(handler)](const RequestContext& context,
                                                        const grpc::ByteBuffer& bytes,
                                                        StreamSink& sink) -> absl::Status {
                 Request request;
                 if (!Parse(bytes, &request)) return MalformedRequest(context);
                 ServerWriter<Response> writer(sink);
                 return handler(context, std::as_const(request), writer);
               }});
  }

  // `Handler`: absl::StatusOr<Response>(const RequestContext&, ServerReader<Request>&). Runs on a
  // thread of its own until it returns; its deadline is the caller's, at most max_deadline.
  template <typename Request, typename Response, typename Handler>
  void ClientStream(absl::string_view method, Handler handler) {
    Add(Method{.name = std::string(method),
               .request_type = Request::descriptor(),
               .response_type = Response::descriptor(),
               .client_stream = [handler = std::move(handler)](
                                    const RequestContext& context,
                                    StreamSource& source) -> absl::StatusOr<grpc::ByteBuffer> {
                 ServerReader<Request> reader(source);
                 absl::StatusOr<Response> response = handler(context, reader);
                 if (!reader.status().ok()) return reader.status();
                 if (!response.ok()) return std::move(response).status();
                 return SerializeResponse(context, *response);
               }});
  }

  // Listens and serves; returns the port. FAILED_PRECONDITION when a method was registered twice,
  // is not in the protos linked into the program, or has other types there; UNAVAILABLE when the
  // address is taken or not ours.
  absl::StatusOr<int> Start();

  // In this order: health says NOT_SERVING; while clients that watch it take their calls elsewhere,
  // which takes a moment, calls are still taken; then new calls are refused and streams are told to
  // end (UNAVAILABLE: come again); calls in flight finish, or are cancelled at `deadline`;
  // connections are told to go; threads are joined. Blocks until done. DEADLINE_EXCEEDED when calls
  // had to be cancelled.
  absl::Status Shutdown(absl::Time deadline);

 private:
  void Add(Method method);
  static absl::Status MalformedRequest(const RequestContext& context);
  static absl::StatusOr<grpc::ByteBuffer> SerializeResponse(
      const RequestContext& context, const google::protobuf::MessageLite& response);

  std::unique_ptr<ServerEngine> engine_;
};

}  // namespace cityinfo::rpc
