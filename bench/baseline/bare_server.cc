#include "bench/baseline/bare_server.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "bench/baseline/must.h"
#include "tests/support/wait_until.h"

namespace cityinfo::bench {

BareServer::BareServer(const std::string& bin_dir)
    : child_(Must(testing::ChildProcess::Start(
          {.binary = absl::StrCat(bin_dir, "/cityinfo-bench-bare-server")}))) {
  const bool up = testing::WaitUntil(
      [&] {
        const std::string line = child_->Stdout();
        return line.ends_with('\n') && absl::SimpleAtoi(absl::StripSuffix(line, "\n"), &port_);
      },
      absl::Seconds(20));
  if (!up) Must(absl::UnavailableError("cityinfo-bench-bare-server does not start"));
}

}  // namespace cityinfo::bench
