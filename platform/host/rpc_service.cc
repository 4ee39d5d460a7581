#include "platform/host/rpc_service.h"

#include <utility>

#include "absl/time/clock.h"
#include "platform/base/status_macros.h"

namespace cityinfo::host {
namespace {

constexpr absl::Duration kStoreCheckPeriod = absl::Seconds(2);
constexpr char kStoreComponent[] = "store";

}  // namespace

RpcService::RpcService(Process& process, const RpcServiceOptions& options)
    : process_(process),
      options_(options),
      pool_({.name = process.service(),
             .threads = options.workers,
             .queue_limit = options.queue_limit}),
      server_(std::make_unique<rpc::Server>(
          rpc::ServerOptions{
              .address = options.listen,
              .credentials = process.tls() == nullptr ? nullptr : process.tls()->ForServer(),
              .max_connection_age = options.max_connection_age,
              .io_threads = options.io_threads,
              .max_watchers = options.max_watchers},
          pool_, process.health(), process.metrics())) {}

RpcService::~RpcService() { server_.reset(); }

absl::Status RpcService::Serve() {
  Process::Ports ports;
  CITY_ASSIGN_OR_RETURN(const int port, server_->Start());
  ports.emplace_back("grpc", port);
  if (!options_.health_listen.empty()) {
    health_server_ =
        std::make_unique<rpc::Server>(rpc::ServerOptions{.address = options_.health_listen}, pool_,
                                      process_.health(), process_.metrics());
    CITY_ASSIGN_OR_RETURN(const int health_port, health_server_->Start());
    ports.emplace_back("health", health_port);
  }
  process_.SetEnding(
      {.finish_requests = [this](absl::Time deadline) { return server_->Shutdown(deadline); },
       .stop_workers = [this](absl::Time deadline) { return pool_.Drain(deadline); }});
  return process_.Announce(std::move(ports));
}

std::unique_ptr<health::ComponentWatch> WatchStore(
    Process& process, std::function<absl::Status(absl::Time deadline)> check) {
  process.health().Register(kStoreComponent, /*required=*/true);
  process.health().Set(kStoreComponent, health::State::kOk);
  return std::make_unique<health::ComponentWatch>(
      process.health(), kStoreComponent, kStoreCheckPeriod,
      [check = std::move(check)] { return check(absl::Now() + kStoreCheckPeriod); });
}

}  // namespace cityinfo::host
