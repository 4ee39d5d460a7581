#include "tests/integration/metrics/metrics_process.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {

absl::StatusOr<std::unique_ptr<MetricsProcess>> MetricsProcess::Start(
    const std::string& data_dir, std::vector<std::string> extra_args) {
  std::unique_ptr<MetricsProcess> self(new MetricsProcess());
  const std::string port_file = self->dir_.File("ports.json");
  std::vector<std::string> args = {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
                                   absl::StrCat("--data-dir=", data_dir),
                                   absl::StrCat("--port-file=", port_file), "--articles="};
  args.insert(args.end(), extra_args.begin(), extra_args.end());
  auto process = testing::ChildProcess::Start(
      {.binary = testing::ProgramPath("cityinfo-metrics"), .args = std::move(args)});
  if (!process.ok()) return process.status();
  self->process_ = *std::move(process);
  const auto ports_known = [&] {
    return std::sscanf(testing::ReadFile(port_file).c_str(), "{\"grpc\":%d,\"admin\":%d}",
                       &self->grpc_port_, &self->admin_port_) == 2;
  };
  testing::WaitUntil([&] { return ports_known() || !self->process_->Running(); },
                     absl::Seconds(20));
  if (!ports_known()) {
    return base::Unavailable("NOT_STARTED", absl::StrCat("no ports:\n", self->process_->Stderr()));
  }
  self->stub_ =
      v1::MetricService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", self->grpc_port_)));
  return self;
}

}  // namespace cityinfo::metrics
