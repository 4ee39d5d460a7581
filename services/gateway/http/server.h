#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/http/limits.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// The public port: HTTP/1.1 with bounds on everything a client may take.
//
//   auto server = HttpServer::Start({.address = "127.0.0.1:8080"}, handler, renderer);
//   …
//   server->BeginDrain();                              // answers now say Connection: close
//   server->Shutdown(absl::Now() + absl::Seconds(5));  // stop accepting, finish, close
//
// Thread-safe. The handler must be able to run until Shutdown has returned; answers that come later
// are dropped.
class HttpServer {
 public:
  struct Options {
    // host:port; port 0 takes any.
    std::string address = "127.0.0.1:0";
    int threads = 2;
    HttpLimits limits;
  };

  // Called on an I/O thread for each request; must not block it.
  using Handler = std::function<void(std::shared_ptr<Exchange>)>;
  // Gives a rejection the form every error has; thread-safe.
  using Renderer = std::function<HttpResponse(const Rejection&)>;

  // INVALID_ARGUMENT for an address that is none, UNAVAILABLE (ADDRESS_IN_USE …) when it cannot
  // listen.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const Options& options, Handler handler,
                                                           Renderer renderer);
  // Shuts down at once if nobody did.
  virtual ~HttpServer() = default;

  virtual int port() const = 0;
  virtual int open_connections() const = 0;

  virtual void BeginDrain() = 0;
  // Stops accepting, closes idle connections, waits until the others have their answers, closes
  // what is left at `deadline`. DEADLINE_EXCEEDED when something was.
  virtual absl::Status Shutdown(absl::Time deadline) = 0;
};

}  // namespace cityinfo::gateway
