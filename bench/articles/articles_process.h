#pragma once

#include <memory>
#include <string>

#include "tests/support/child_process.h"

namespace cityinfo::bench {

// A cityinfo-articles of our own over SQLite in `folder`, on a port of the system's choice. Stopped
// in order when it goes.
class ArticlesProcess {
 public:
  // Returns when it has said which port it has.
  ArticlesProcess(const std::string& bin_dir, const std::string& folder);
  ~ArticlesProcess();

  int port() const { return port_; }
  pid_t pid() const { return child_->pid(); }

  // The search's own file.
  static std::string IndexPath(const std::string& folder);
  static std::string StorePath(const std::string& folder);

 private:
  std::unique_ptr<testing::ChildProcess> child_;
  int port_ = 0;
};

}  // namespace cityinfo::bench
