#pragma once

#include <string>

#include "platform/host/process_options.h"
#include "platform/lifecycle/shutdown.h"
#include "platform/log/log.h"

namespace cityinfo::host {

// The rest of main once the settings are read. `Start` returns StatusOr<std::unique_ptr<App>>; an
// App has RunUntilSignal. Returns the exit code.
template <typename Start>
int Main(const std::string& service, const ProcessOptions& options, Start start) {
  log::Init({.service = service, .level = log::ParseLevel(options.log_level)});
  lifecycle::BlockSignals();
  auto app = start();
  if (app.ok()) return (*app)->RunUntilSignal();
  log::Error("the service cannot start", {{"error", app.status()}});
  return 1;
}

// The same for a task that ends by itself; `Task` returns a Status. A signal ends it as it ends
// any program.
template <typename Task>
int MainOfTask(const std::string& service, const ProcessOptions& options, Task task) {
  log::Init({.service = service, .level = log::ParseLevel(options.log_level)});
  const absl::Status status = task();
  if (status.ok()) return 0;
  log::Error("the task failed", {{"error", status}});
  return 1;
}

}  // namespace cityinfo::host
