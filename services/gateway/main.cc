#include "platform/host/main.h"

#include "services/gateway/app.h"
#include "services/gateway/config.h"

// The gateway: the one door of the platform.
int main(int argc, char** argv) {
  using namespace cityinfo;  // NOLINT: main is a table of contents

  gateway::GatewayConfig config;
  if (std::optional<int> exit_code = gateway::ReadConfig(argc, argv, &config)) return *exit_code;
  return host::Main("gateway", config.process, [&] { return gateway::App::Start(config); });
}
