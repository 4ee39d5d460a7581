#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/health/component_watch.h"
#include "platform/host/process.h"
#include "platform/host/rpc_service.h"
#include "platform/redis/client.h"
#include "services/metrics/cache/cached_ready_answers.h"
#include "services/metrics/cache/caching_metric_reader.h"
#include "services/metrics/cache/memory_metric_cache.h"
#include "services/metrics/cache/redis_metric_cache.h"
#include "services/metrics/cache/redis_monitor.h"
#include "services/metrics/config.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/store_metric_reader.h"
#include "services/metrics/harvest/harvester.h"
#include "services/metrics/rpc/metric_service.h"
#include "services/metrics/storage/sql_metric_store.h"

namespace cityinfo::metrics {

// The metrics service, put together: the one place that names the concrete store, caches and
// harvest.
class App {
 public:
  // Opens the store, starts the harvest and serves. Errors are written for operators.
  static absl::StatusOr<std::unique_ptr<App>> Start(const Config& config);
  ~App();

  // Serves until SIGTERM or SIGINT, then ends everything in order; the exit code of the process.
  int RunUntilSignal() { return process_->RunUntilSignal(); }

 private:
  explicit App(const Config& config);
  absl::Status OpenStore();
  absl::Status WrapWithCache();
  void StartHarvest();
  void BuildHandlers();
  absl::Status Serve();

  const Config config_;
  const Catalogue& catalogue_;
  std::unique_ptr<host::Process> process_;

  DataVersions versions_;
  std::unique_ptr<SqlMetricStore> store_;
  std::unique_ptr<health::ComponentWatch> store_watch_;

  std::unique_ptr<StoreMetricReader> store_reader_;
  std::unique_ptr<MemoryMetricCache> memory_cache_;
  std::unique_ptr<redis::Client> redis_;  // null without --redis, as the next two
  std::unique_ptr<RedisMonitor> redis_monitor_;
  std::unique_ptr<RedisMetricCache> redis_cache_;
  std::unique_ptr<CachingMetricReader> reader_;
  std::unique_ptr<CachedReadyAnswers> ready_answers_;

  std::unique_ptr<Harvester> harvester_;  // null without --articles

  std::unique_ptr<CatalogueHandlers> catalogue_handlers_;
  std::unique_ptr<ObservationHandlers> observation_handlers_;
  std::unique_ptr<AssessmentHandlers> assessment_handlers_;
  std::unique_ptr<FigureHandlers> figure_handlers_;
  std::unique_ptr<EventHandlers> event_handlers_;
  std::unique_ptr<ImportHandler> import_handler_;
  std::unique_ptr<WatchHandler> watch_handler_;
  std::unique_ptr<host::RpcService> service_;
};

// Migrates or copies the store, as the settings say, instead of serving.
absl::Status RunStoreTask(const Config& config);

}  // namespace cityinfo::metrics
