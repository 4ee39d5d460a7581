#include "platform/host/main.h"

#include "services/articles/app.h"
#include "services/articles/config.h"

int main(int argc, char** argv) {
  using namespace cityinfo;

  articles::Config config;
  if (std::optional<int> exit_code = articles::ParseConfig(argc, argv, &config)) return *exit_code;
  if (config.store.task_only()) {
    return host::MainOfTask("articles", config.process,
                            [&] { return articles::RunStoreTask(config); });
  }
  return host::Main("articles", config.process, [&] { return articles::App::Start(config); });
}
