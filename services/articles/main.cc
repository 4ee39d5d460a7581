#include "platform/lifecycle/shutdown.h"
#include "platform/log/log.h"
#include "services/articles/app.h"
#include "services/articles/config.h"

int main(int argc, char** argv) {
  using namespace cityinfo;

  articles::Config config;
  if (std::optional<int> exit_code = articles::ParseConfig(argc, argv, &config)) return *exit_code;
  log::Init({.service = "articles", .level = log::ParseLevel(config.log_level)});
  lifecycle::BlockSignals();

  absl::StatusOr<std::unique_ptr<articles::App>> app = articles::App::Start(config);
  if (!app.ok()) {
    log::Error("the service cannot start", {{"error", app.status()}});
    return 1;
  }
  return (*app)->RunUntilSignal();
}
