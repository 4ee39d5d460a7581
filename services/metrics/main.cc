#include "platform/lifecycle/shutdown.h"
#include "platform/log/log.h"
#include "services/metrics/app.h"
#include "services/metrics/config.h"

int main(int argc, char** argv) {
  using namespace cityinfo;

  metrics::Config config;
  if (std::optional<int> exit_code = metrics::ParseConfig(argc, argv, &config)) return *exit_code;
  log::Init({.service = "metrics", .level = log::ParseLevel(config.log_level)});
  lifecycle::BlockSignals();

  absl::StatusOr<std::unique_ptr<metrics::App>> app = metrics::App::Start(config);
  if (!app.ok()) {
    log::Error("the service cannot start", {{"error", app.status()}});
    return 1;
  }
  return (*app)->RunUntilSignal();
}
