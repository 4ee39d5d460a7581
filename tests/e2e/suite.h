// The whole suite as users run it: real processes, real sockets, SQLite files in a folder of the
// test's own.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/api_client.h"
#include "tests/support/child_process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::e2e {

using cli::Json;
using cli::Query;

// Not thread-safe, except that ApiClients made by Client() may live on other threads.
class Suite {
 public:
  struct Options {
    bool redis = true;
    std::vector<std::string> gateway_args;
  };

  // Starts everything and waits until the gateway is ready.
  static absl::StatusOr<std::unique_ptr<Suite>> Start(Options options);
  static absl::StatusOr<std::unique_ptr<Suite>> Start() { return Start(Options()); }

  const std::string& url() const { return url_; }
  const std::string& key() const { return key_; }
  testing::RedisServer& redis() { return *redis_; }
  const testing::TempDir& dir() const { return dir_; }

  cli::ApiClient Client(bool with_key = true) const;
  absl::StatusOr<Json> Get(const std::string& path, const Query& query = {}) const;

  // kill -9, then the same service again over the same data on the same port. `service` is
  // "articles", "metrics" or "gateway".
  void Kill(const std::string& service);
  absl::Status Launch(const std::string& service);

  // Imports a page's text and publishes it.
  absl::StatusOr<Json> ImportPage(const std::string& text, const std::string& date = "2021-12-20");

  // Runs cityctl to its end.
  struct CommandResult {
    int exit_code = -1;
    std::string out;
    std::string err;
  };
  CommandResult Cityctl(std::vector<std::string> args, bool with_key = true) const;

 private:
  Suite() = default;
  std::vector<std::string> ArgsOf(const std::string& service) const;

  testing::TempDir dir_;
  Options options_;
  std::string key_;
  std::string url_;
  std::unique_ptr<testing::RedisServer> redis_;
  std::map<std::string, int> ports_;
  std::map<std::string, std::unique_ptr<testing::ChildProcess>> processes_;
};

}  // namespace cityinfo::e2e
