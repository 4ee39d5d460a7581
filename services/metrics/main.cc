#include "platform/host/main.h"

#include "services/metrics/app.h"
#include "services/metrics/config.h"

int main(int argc, char** argv) {
  using namespace cityinfo;

  metrics::Config config;
  if (std::optional<int> exit_code = metrics::ParseConfig(argc, argv, &config)) return *exit_code;
  if (config.store.task_only()) {
    return host::MainOfTask("metrics", config.process,
                            [&] { return metrics::RunStoreTask(config); });
  }
  return host::Main("metrics", config.process, [&] { return metrics::App::Start(config); });
}
