#include "services/metrics/app.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/host/store_metrics.h"
#include "platform/host/store_task.h"
#include "services/metrics/rpc/observation_encoder.h"

namespace cityinfo::metrics {
namespace {

database::Options DatabaseOf(const Config& config) {
  return host::ToDatabaseOptions(config.store, "metrics");
}

// How long the start waits to see what --redis is; one that does not answer holds it up no longer.
constexpr absl::Duration kRedisLook = absl::Milliseconds(300);

// What makes equal questions at equal data versions give the same bytes: the store, and the names
// that the encoder takes from the catalogue.
std::string DataSet(const SqlMetricStore& store, const Catalogue& catalogue) {
  std::string names;
  for (const Indicator& indicator : catalogue.indicators()) {
    absl::StrAppend(&names, indicator.id, "=", indicator.name_zh, "\n");
  }
  return absl::StrCat(store.identity(), ".", absl::Hex(base::Fingerprint64(names)));
}

// A Redis that is away may come later, but a cluster is a mistake in the settings.
absl::Status RefuseCluster(const redis::Client& redis) {
  redis.WaitUntilDialed(absl::Now() + kRedisLook);
  const absl::Status status = redis.status();
  if (base::ErrorReason(status) != "REDIS_IS_CLUSTER") return absl::OkStatus();
  return base::FailedPrecondition("REDIS_IS_CLUSTER", absl::StrCat("--redis: ", status.message()));
}

}  // namespace

App::App(const Config& config) : config_(config), catalogue_(Catalogue::Embedded()) {}

App::~App() {
  // Nobody may ask for numbers of what is going.
  if (process_ != nullptr) process_->CloseAdmin();
  store_watch_.reset();
  service_.reset();
  harvester_.reset();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const Config& config) {
  std::unique_ptr<App> app(new App(config));
  CITY_ASSIGN_OR_RETURN(app->process_, host::Process::Create("metrics", config.process));
  CITY_RETURN_IF_ERROR(app->OpenStore());
  CITY_RETURN_IF_ERROR(app->WrapWithCache());
  app->StartHarvest();
  app->BuildHandlers();
  CITY_RETURN_IF_ERROR(app->Serve());
  return app;
}

absl::Status App::OpenStore() {
  CITY_ASSIGN_OR_RETURN(store_,
                        OpenMetricStore(DatabaseOf(config_), base::SystemClock(), versions_));
  host::ReportStore(store_->database(), process_->metrics());
  store_watch_ = host::WatchStore(*process_, [this](absl::Time) { return store_->Check(); });
  telemetry::Gauge& position = process_->metrics().GetGauge("cityinfo_metrics_change_position",
                                                            "Newest position of the change feed.");
  process_->metrics().OnRender(
      [this, &position] { position.Set(static_cast<double>(versions_.Latest())); });
  return absl::OkStatus();
}

absl::Status App::WrapWithCache() {
  store_reader_ = std::make_unique<StoreMetricReader>(*store_, MakeObservationEncoder(catalogue_));
  memory_cache_ = std::make_unique<MemoryMetricCache>(MemoryMetricCache::Options{
      .max_bytes = static_cast<std::size_t>(config_.memory_cache_mb) << 20});
  ReportMemoryCache(*memory_cache_, process_->metrics());
  if (!config_.redis.empty()) {
    CITY_ASSIGN_OR_RETURN(const redis::Address address,
                          redis::ParseAddress(config_.redis, "--redis"));
    redis_ = std::make_unique<redis::Client>(
        redis::ClientOptions{.address = address,
                             .password = {.file = config_.redis_password_file},
                             .on_reply = CommandLatencies(process_->metrics())});
    CITY_RETURN_IF_ERROR(RefuseCluster(*redis_));
    redis_monitor_ =
        std::make_unique<RedisMonitor>(*redis_, process_->health(), process_->metrics());
    redis_cache_ = std::make_unique<RedisMetricCache>(
        *redis_, process_->metrics(),
        RedisMetricCache::Options{.get_timeout = config_.redis_timeout, .ttl = config_.redis_ttl});
    ReportBreaker(*redis_cache_, process_->metrics());
  }
  reader_ = std::make_unique<CachingMetricReader>(
      *store_reader_, versions_,
      [this](absl::Time deadline) { return store_->RefreshDataVersions(deadline); }, *memory_cache_,
      redis_cache_.get(), process_->metrics(),
      CachingMetricReader::Options{.data_set = DataSet(*store_, catalogue_)});
  ready_answers_ = std::make_unique<CachedReadyAnswers>(
      versions_, *memory_cache_, process_->metrics(),
      CachedReadyAnswers::Options{.data_set = DataSet(*store_, catalogue_)});
  return absl::OkStatus();
}

void App::StartHarvest() {
  if (config_.articles.empty()) return;
  harvester_ = std::make_unique<Harvester>(process_->Dial(config_.articles), *store_,
                                           ChangeReader(catalogue_), process_->health(),
                                           process_->metrics(), Harvester::Options{});
}

void App::BuildHandlers() {
  catalogue_handlers_ = std::make_unique<CatalogueHandlers>(catalogue_);
  observation_handlers_ =
      std::make_unique<ObservationHandlers>(*store_, *reader_, *ready_answers_, catalogue_);
  assessment_handlers_ = std::make_unique<AssessmentHandlers>(*store_, catalogue_);
  figure_handlers_ = std::make_unique<FigureHandlers>(*store_, catalogue_);
  event_handlers_ = std::make_unique<EventHandlers>(*store_, catalogue_);
  import_handler_ = std::make_unique<ImportHandler>(*store_, catalogue_);
  watch_handler_ =
      std::make_unique<WatchHandler>(*store_, versions_, catalogue_,
                                     WatchHandler::Options{.heartbeat = config_.service.heartbeat});
}

absl::Status App::Serve() {
  service_ = std::make_unique<host::RpcService>(*process_, config_.service);
  RegisterMetricService({.catalogue = *catalogue_handlers_,
                         .observations = *observation_handlers_,
                         .assessments = *assessment_handlers_,
                         .figures = *figure_handlers_,
                         .events = *event_handlers_,
                         .watch = *watch_handler_,
                         .import = *import_handler_},
                        service_->server());
  process_->AddStop("stop the harvest", kStopHarvestLimit, [this](absl::Time) {
    if (harvester_ != nullptr) harvester_->Stop();
    return absl::OkStatus();
  });
  process_->AddStop("close the store", kCloseStoreLimit, [this](absl::Time) {
    store_watch_.reset();
    process_->CloseAdmin();
    return store_->Checkpoint();
  });
  return service_->Serve();
}

absl::Status RunStoreTask(const Config& config) {
  const database::Options database = DatabaseOf(config);
  return host::RunStoreTask(config.store, database, [&] {
    DataVersions versions;
    return OpenMetricStore(database, base::SystemClock(), versions).status();
  });
}

}  // namespace cityinfo::metrics
