#include <cstdio>
#include <memory>

#include "platform/lifecycle/shutdown.h"
#include "platform/log/log.h"
#include "services/gateway/app.h"
#include "services/gateway/config.h"

// The gateway: the one door of the platform.
int main(int argc, char** argv) {
  using namespace cityinfo;  // NOLINT: main is a table of contents

  gateway::GatewayConfig config;
  if (std::optional<int> exit_code = gateway::ReadConfig(argc, argv, &config)) return *exit_code;
  lifecycle::BlockSignals();
  log::Init({.service = "gateway", .level = log::ParseLevel(config.log_level)});

  auto shutdown = lifecycle::Shutdown::Create({});
  auto app = gateway::App::Start(config);
  if (!shutdown.ok() || !app.ok()) {
    const absl::Status& why = app.ok() ? shutdown.status() : app.status();
    log::Error("cannot start", {{"error", why}});
    return 1;
  }
  (*app)->AddShutdownSteps(shutdown->get());
  (*shutdown)->WaitForSignal();
  return (*shutdown)->Run();
}
