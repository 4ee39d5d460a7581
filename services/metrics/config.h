#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "platform/host/process_options.h"
#include "platform/host/rpc_service_options.h"
#include "platform/host/store_options.h"

namespace cityinfo::metrics {

// What the end of the process adds to the steps that every service has.
inline constexpr absl::Duration kStopHarvestLimit = absl::Seconds(10);
inline constexpr absl::Duration kCloseStoreLimit = absl::Seconds(5);

// The settings of cityinfo-metrics; `--help` prints them with their meaning.
struct Config {
  host::ProcessOptions process = {.admin_listen = "127.0.0.1:50062",
                                  .own_stop_limit = kStopHarvestLimit + kCloseStoreLimit};
  host::RpcServiceOptions service = {.listen = "127.0.0.1:50052"};
  host::StoreOptions store;
  std::string articles = "127.0.0.1:50051";  // a gRPC target; empty: no harvest
  std::string redis;                         // empty: no Redis
  std::string redis_password_file;           // empty: no password
  int memory_cache_mb = 32;
  absl::Duration redis_timeout = absl::Milliseconds(5);
  absl::Duration redis_ttl = absl::Hours(1);
};

// Fills `config` from flags and environment. Nothing means go on; otherwise help or an error has
// been printed and the program ends with this exit code.
std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config);

}  // namespace cityinfo::metrics
