#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::testing {

// A real redis-server of the test's own on a free port, storing nothing on disk. Everything returns
// when it has taken effect.
class RedisServer {
 public:
  struct Options {
    std::string password;
    std::vector<std::string> extra_args;  // {"--maxmemory", "1mb"}
    int port = 0;                         // 0: the system chooses one and it is kept over restarts
  };

  static absl::StatusOr<std::unique_ptr<RedisServer>> Start(Options options);
  static absl::StatusOr<std::unique_ptr<RedisServer>> Start() { return Start(Options()); }

  const std::string& host() const { return host_; }
  int port() const { return port_; }
  std::string address() const;

  void Stop();             // SIGSTOP: accepts connections (the kernel does), answers nothing
  void Continue();         // SIGCONT
  void Kill();             // kill -9; the port refuses connections
  absl::Status Restart();  // kill if running, then start empty on the same port

  // One command over a connection of the test's own ("SET", "key", "value"); the raw reply text.
  absl::StatusOr<std::string> Command(const std::vector<std::string>& args);

 private:
  RedisServer() = default;
  absl::Status Launch();

  Options options_;
  std::string host_ = "127.0.0.1";
  int port_ = 0;
  TempDir dir_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace cityinfo::testing
