#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace cityinfo::metrics {

// The settings of cityinfo-metrics; `--help` prints them with their meaning.
struct Config {
  std::string listen = "127.0.0.1:50052";
  std::string admin_listen = "127.0.0.1:50062";
  std::string data_dir = "cityinfo-data";
  std::string store;                         // "sqlite:PATH"; empty: metrics.db in data_dir
  std::string articles = "127.0.0.1:50051";  // empty: no harvest
  std::string redis;                         // empty: no Redis
  std::string redis_password;
  std::string port_file;  // empty: none is written
  std::string log_level = "info";
  int io_threads = 1;
  int workers = 4;
  int queue_limit = 256;
  int store_readers = 4;
  int max_watchers = 64;
  int memory_cache_mb = 32;
  absl::Duration redis_timeout = absl::Milliseconds(5);
  absl::Duration redis_ttl = absl::Hours(1);
  absl::Duration heartbeat = absl::Seconds(5);
  absl::Duration drain_delay = absl::ZeroDuration();
  absl::Duration shutdown_timeout = absl::Seconds(5);

  // Where the figures lie, in the form of `store`.
  std::string StoreAddress() const;
};

// Fills `config` from flags and environment. Nothing means go on; otherwise help or an error has
// been printed and the program ends with this exit code.
std::optional<int> ParseConfig(int argc, const char* const* argv, Config* config);

}  // namespace cityinfo::metrics
