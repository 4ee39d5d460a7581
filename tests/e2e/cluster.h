// The suite as a cluster runs it: two replicas of each service over one PostgreSQL, and a gateway
// that spreads its calls over them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/api_client.h"
#include "tests/support/child_process.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::e2e {

// One process of the cluster. Its ports stay the same over restarts, as addresses in a list must.
class Replica {
 public:
  // `program` is "articles", "metrics" or "gateway". `args` come after those for ports.
  Replica(std::string program, std::string name, std::vector<std::string> args,
          const testing::TempDir& dir);

  // Returns once it serves.
  absl::Status Start();
  testing::ChildProcess& process() { return *process_; }

  const std::string& name() const { return name_; }
  // "127.0.0.1:port"
  std::string address() const;
  std::string admin_url() const;
  bool Ready() const;
  // Sum of a number's series on /metrics whose line contains `part`; 0 when there is none.
  double Number(const std::string& part) const;

 private:
  const std::string program_;
  const std::string name_;
  const std::vector<std::string> args_;
  const testing::TempDir& dir_;
  int port_ = 0;
  int admin_port_ = 0;
  std::unique_ptr<testing::ChildProcess> process_;
};

// Not thread-safe, except that ApiClients made by Client() may live on other threads.
class Cluster {
 public:
  // Starts everything and waits until the gateway is ready.
  static absl::StatusOr<std::unique_ptr<Cluster>> Start();

  testing::PostgresServer& postgres() { return *postgres_; }
  std::vector<std::unique_ptr<Replica>>& articles() { return articles_; }
  std::vector<std::unique_ptr<Replica>>& metrics() { return metrics_; }
  Replica& gateway() { return *gateway_; }
  // "127.0.0.1:1,127.0.0.1:2"
  static std::string TargetOf(const std::vector<std::unique_ptr<Replica>>& replicas);

  cli::ApiClient Client() const;

 private:
  Cluster() = default;

  testing::TempDir dir_;
  std::unique_ptr<testing::PostgresServer> postgres_;
  std::vector<std::unique_ptr<Replica>> articles_;
  std::vector<std::unique_ptr<Replica>> metrics_;
  std::unique_ptr<Replica> gateway_;
};

}  // namespace cityinfo::e2e
