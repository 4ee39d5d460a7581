#pragma once

#include <memory>
#include <string>

#include "tests/support/child_process.h"

namespace cityinfo::bench {

// The least a gRPC server can do, as a process of its own: one completion queue, one thread, no
// messages parsed or built. A call of "/bench.Bare/Answer/N" is answered with N bytes.
class BareServer {
 public:
  explicit BareServer(const std::string& bin_dir);

  int port() const { return port_; }
  pid_t pid() const { return child_->pid(); }

 private:
  std::unique_ptr<testing::ChildProcess> child_;
  int port_ = 0;
};

}  // namespace cityinfo::bench
