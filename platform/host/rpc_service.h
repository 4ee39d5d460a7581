#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/concurrency/worker_pool.h"
#include "platform/health/component_watch.h"
#include "platform/host/process.h"
#include "platform/host/rpc_service_options.h"
#include "platform/rpc/server.h"

namespace cityinfo::host {

// What every gRPC service of the platform has on top of a Process: the workers, the server and, for
// probes, a port of its own that knows nothing but health. Belongs to the main thread.
class RpcService {
 public:
  // `process` must outlive it.
  RpcService(Process& process, const RpcServiceOptions& options);

  // Register methods here, then call Serve; what the handlers use must live until the server has
  // been stopped: by the process's end, or by Stop.
  rpc::Server& server() { return *server_; }
  absl::Status Serve();

  // Ends the calls under way at once, for a start that fails half way.
  ~RpcService();

 private:
  Process& process_;
  const RpcServiceOptions options_;
  concurrency::WorkerPool pool_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Server> health_server_;  // null without --health-listen
};

// Watches the store of a service, which its readiness hangs on. `check` gets a deadline.
std::unique_ptr<health::ComponentWatch> WatchStore(
    Process& process, std::function<absl::Status(absl::Time deadline)> check);

}  // namespace cityinfo::host
