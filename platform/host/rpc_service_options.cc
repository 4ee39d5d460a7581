#include "platform/host/rpc_service_options.h"

#include "absl/strings/str_cat.h"

namespace cityinfo::host {

void Declare(const std::string& env_prefix, RpcServiceOptions* service, config::Options* options) {
  const auto env = [&](absl::string_view name) { return absl::StrCat(env_prefix, name); };
  options->HostPort("listen", env("LISTEN"), &service->listen,
                    "Address of the gRPC service, for the private network only; port 0 takes any");
  options->HostPort("health-listen", env("HEALTH_LISTEN"), &service->health_listen,
                    "Address of a plain-text gRPC port for probes, which speak no TLS: "
                    "grpc.health.v1 only; service \"\" is readiness, \"liveness\" that the process "
                    "answers at all; empty: none");
  options->Int("io-threads", env("IO_THREADS"), &service->io_threads, {1, 64},
               "Threads that move bytes");
  options->Int("workers", env("WORKERS"), &service->workers, {1, 256},
               "Threads that work on calls");
  options->Int("queue-limit", env("QUEUE_LIMIT"), &service->queue_limit, {1, 100'000},
               "Calls that may wait for a worker");
  options->Int("max-watchers", env("MAX_WATCHERS"), &service->max_watchers, {1, 1024},
               "Streams of the change feed at one time");
  options->Duration("heartbeat", env("HEARTBEAT"), &service->heartbeat,
                    {absl::Milliseconds(50), absl::Minutes(1)},
                    "A watcher hears at least this often that its stream is alive");
  options->Duration("max-connection-age", "CITYINFO_MAX_CONNECTION_AGE",
                    &service->max_connection_age, {absl::Milliseconds(100), absl::Hours(24)},
                    "Age at which a client's connection is closed, its calls let finish, so that "
                    "the client looks for new replicas");
}

}  // namespace cityinfo::host
