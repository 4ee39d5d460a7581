#pragma once

#include <string>

#include "absl/time/time.h"
#include "platform/config/options.h"

namespace cityinfo::host {

// What can be set about every gRPC service of the platform, on top of ProcessOptions.
struct RpcServiceOptions {
  std::string listen;
  std::string health_listen;  // empty: none
  int io_threads = 1;
  int workers = 4;
  int queue_limit = 256;
  int max_watchers = 64;
  absl::Duration heartbeat = absl::Seconds(5);
  absl::Duration max_connection_age = absl::Minutes(5);
};

// As for ProcessOptions.
void Declare(const std::string& env_prefix, RpcServiceOptions* service, config::Options* options);

}  // namespace cityinfo::host
