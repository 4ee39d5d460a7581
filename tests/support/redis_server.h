#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::testing {

// A real redis-server (or Sentinel) of the test's own on a free port, storing nothing on disk.
// Everything returns when it has taken effect.
class RedisServer {
 public:
  struct Options {
    std::string password;
    std::vector<std::string> extra_args;  // {"--maxmemory", "1mb"}
    int port = 0;                         // 0: the system chooses one and it is kept over restarts
    int replica_of = 0;                   // port of a master with the same password; 0: a master
    std::string config;                   // of a Sentinel: its configuration, which it rewrites
  };

  static absl::StatusOr<std::unique_ptr<RedisServer>> Start(Options options);
  static absl::StatusOr<std::unique_ptr<RedisServer>> Start() { return Start(Options()); }

  // A real Sentinel that watches a server on 127.0.0.1.
  struct SentinelOptions {
    int master_port = 0;
    std::string master_name = "city";
    std::string master_password;
    std::string password;  // the Sentinel's own
    int quorum = 1;
    absl::Duration down_after = absl::Milliseconds(200);
  };
  static absl::StatusOr<std::unique_ptr<RedisServer>> StartSentinel(const SentinelOptions& options);

  const std::string& host() const { return host_; }
  int port() const { return port_; }
  std::string address() const;

  void Stop();             // SIGSTOP: accepts connections (the kernel does), answers nothing
  void Continue();         // SIGCONT
  void Kill();             // kill -9; the port refuses connections
  absl::Status Restart();  // kill if running, then start empty on the same port

  // What Restart asks for and Command sends from now on.
  void SetPassword(const std::string& password) { options_.password = password; }

  // One command over a connection of the test's own ("SET", "key", "value"); the raw reply text.
  absl::StatusOr<std::string> Command(const std::vector<std::string>& args);

 private:
  RedisServer() = default;
  std::vector<std::string> Arguments() const;
  absl::Status Launch();

  Options options_;
  std::string host_ = "127.0.0.1";
  int port_ = 0;
  TempDir dir_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace cityinfo::testing
