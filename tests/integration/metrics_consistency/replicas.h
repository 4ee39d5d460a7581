#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/integration/metrics/metrics_process.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {

// Three replicas of the real service, as processes, over one PostgreSQL of the test's own.
class Replicas {
 public:
  static constexpr int kCount = 3;

  absl::Status Start(const std::vector<std::string>& args);

  MetricsProcess& operator[](int replica) { return *processes_[replica]; }

  // The value of a series of a replica's metrics page; 0 when it is not there.
  double Metric(int replica, const std::string& series) const;
  // The same, of all replicas together.
  double Sum(const std::string& series) const;

 private:
  testing::TempDir dir_;
  std::unique_ptr<testing::PostgresServer> postgres_;
  std::unique_ptr<MetricsProcess> processes_[kCount];
};

}  // namespace cityinfo::metrics
