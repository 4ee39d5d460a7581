#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace cityinfo::bench {

// The metrics service over the large catalogue, as a process of its own.
class MetricsProcess {
 public:
  // Ends the program when it does not start. `ready_ms()` counts from before it was started.
  MetricsProcess(const std::string& bin_dir, const std::string& folder, const std::string& store,
                 const std::vector<std::string>& more_args = {});
  ~MetricsProcess();
  MetricsProcess(const MetricsProcess&) = delete;
  MetricsProcess& operator=(const MetricsProcess&) = delete;

  int port() const { return port_; }
  pid_t pid() const { return child_->pid(); }
  // From exec to the first answer to a question.
  double ready_ms() const { return ready_ms_; }
  // The value of a series of its metrics page ("name{label=\"x\"}"); 0 when it is not there.
  double Metric(const std::string& series) const;

 private:
  std::unique_ptr<testing::ChildProcess> child_;
  int port_ = 0;
  int admin_port_ = 0;
  double ready_ms_ = 0;
};

}  // namespace cityinfo::bench
