#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "platform/concurrency/worker_pool.h"
#include "platform/health/admin_server.h"
#include "platform/health/component_watch.h"
#include "platform/health/health.h"
#include "platform/lifecycle/shutdown.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "services/articles/config.h"
#include "services/articles/domain/article_search.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/rpc/article_service.h"

namespace cityinfo::articles {

// The articles service, put together: the one place that names concrete stores and searches.
class App {
 public:
  // Opens the store and serves. lifecycle::BlockSignals must have been called. Errors are written
  // for operators.
  static absl::StatusOr<std::unique_ptr<App>> Start(const Config& config);
  ~App();

  // Serves until SIGTERM or SIGINT, then ends everything in order; the exit code of the process.
  int RunUntilSignal();

 private:
  explicit App(const Config& config);
  absl::Status OpenStore();
  void BuildHandlers();
  absl::Status StartServers();

  const Config config_;
  telemetry::Metrics metrics_;
  health::Health health_;
  std::unique_ptr<lifecycle::Shutdown> shutdown_;
  std::unique_ptr<ArticleStore> store_;
  std::unique_ptr<ArticleSearch> search_;
  std::unique_ptr<ArticleHandlers> handlers_;
  std::unique_ptr<concurrency::WorkerPool> pool_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<health::AdminServer> admin_;
  std::unique_ptr<health::ComponentWatch> store_watch_;
};

}  // namespace cityinfo::articles
