#include "tests/integration/metrics/metrics_process.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"

namespace cityinfo::metrics {

absl::StatusOr<std::unique_ptr<MetricsProcess>> MetricsProcess::Start(
    const std::string& data_dir, std::vector<std::string> extra_args) {
  std::unique_ptr<MetricsProcess> self(new MetricsProcess());
  const std::string port_file = self->dir_.File("ports.json");
  std::vector<std::string> args = {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
                                   absl::StrCat("--data-dir=", data_dir),
                                   absl::StrCat("--port-file=", port_file), "--articles="};
  args.insert(args.end(), extra_args.begin(), extra_args.end());
  auto process = cityinfo::testing::ChildProcess::Start(
      {.binary = cityinfo::testing::ProgramPath("cityinfo-metrics"), .args = std::move(args)});
  if (!process.ok()) return process.status();
  self->process_ = *std::move(process);
  for (const auto& [name, port] :
       {std::pair{"grpc", &self->grpc_port_}, std::pair{"admin", &self->admin_port_}}) {
    CITY_ASSIGN_OR_RETURN(*port, cityinfo::testing::WaitForPort(port_file, name, *self->process_));
  }
  self->stub_ =
      v1::MetricService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", self->grpc_port_)));
  return self;
}

}  // namespace cityinfo::metrics
