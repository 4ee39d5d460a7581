#include "services/metrics/app.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/host_port.h"
#include "platform/base/status_macros.h"
#include "platform/lifecycle/port_file.h"
#include "platform/log/log.h"
#include "platform/rpc/channel.h"
#include "services/metrics/rpc/observation_encoder.h"

namespace cityinfo::metrics {
namespace {

constexpr absl::Duration kStoreCheckPeriod = absl::Seconds(2);
constexpr char kStoreComponent[] = "store";

absl::StatusOr<std::unique_ptr<SqliteMetricStore>> OpenStoreAt(const Config& config,
                                                               DataVersions& versions) {
  const std::string address = config.StoreAddress();
  absl::string_view path = address;
  if (!absl::ConsumePrefix(&path, "sqlite:") || path.empty()) {
    return base::InvalidArgument("--store",
                                 absl::StrCat("\"", address, "\" must have the form sqlite:PATH"),
                                 "INVALID_STORE");
  }
  return SqliteMetricStore::Open({.path = std::string(path), .readers = config.store_readers},
                                 base::SystemClock(), versions);
}

// What makes equal questions at equal data versions give the same bytes: the store, and the names
// that the encoder takes from the catalogue.
std::string DataSet(const SqliteMetricStore& store, const Catalogue& catalogue) {
  std::string names;
  for (const Indicator& indicator : catalogue.indicators()) {
    absl::StrAppend(&names, indicator.id, "=", indicator.name_zh, "\n");
  }
  return absl::StrCat(store.identity(), ".", absl::Hex(base::Fingerprint64(names)));
}

}  // namespace

App::App(const Config& config) : config_(config), catalogue_(Catalogue::Embedded()) {}

App::~App() {
  store_watch_.reset();
  server_.reset();
  harvester_.reset();
  admin_.reset();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const Config& config) {
  std::unique_ptr<App> app(new App(config));
  CITY_ASSIGN_OR_RETURN(app->shutdown_, lifecycle::Shutdown::Create({}));
  CITY_RETURN_IF_ERROR(app->OpenStore());
  CITY_RETURN_IF_ERROR(app->WrapWithCache());
  app->StartHarvest();
  app->BuildHandlers();
  CITY_RETURN_IF_ERROR(app->StartServers());
  return app;
}

absl::Status App::OpenStore() {
  health_.Register(kStoreComponent, /*required=*/true);
  CITY_ASSIGN_OR_RETURN(store_, OpenStoreAt(config_, versions_));
  health_.Set(kStoreComponent, health::State::kOk);
  store_watch_ = std::make_unique<health::ComponentWatch>(
      health_, kStoreComponent, kStoreCheckPeriod, [this] { return store_->Check(); });
  telemetry::Gauge& position =
      metrics_.GetGauge("cityinfo_metrics_change_position", "Newest position of the change feed.");
  metrics_.OnRender([this, &position] { position.Set(static_cast<double>(versions_.Latest())); });
  return absl::OkStatus();
}

absl::Status App::WrapWithCache() {
  store_reader_ = std::make_unique<StoreMetricReader>(*store_, MakeObservationEncoder(catalogue_));
  memory_cache_ = std::make_unique<MemoryMetricCache>(MemoryMetricCache::Options{
      .max_bytes = static_cast<std::size_t>(config_.memory_cache_mb) << 20});
  if (!config_.redis.empty()) {
    CITY_ASSIGN_OR_RETURN(const base::HostPort address,
                          base::ParseHostPort(config_.redis, "--redis"));
    redis_ = std::make_unique<redis::Client>(redis::ClientOptions{
        .host = address.host, .port = address.port, .password = config_.redis_password});
    redis_monitor_ = std::make_unique<RedisMonitor>(*redis_, health_, metrics_);
    redis_cache_ = std::make_unique<RedisMetricCache>(
        *redis_, metrics_,
        RedisMetricCache::Options{.get_timeout = config_.redis_timeout, .ttl = config_.redis_ttl});
  }
  reader_ = std::make_unique<CachingMetricReader>(
      *store_reader_, versions_,
      [this](absl::Time deadline) { return store_->RefreshDataVersions(deadline); }, *memory_cache_,
      redis_cache_.get(), metrics_,
      CachingMetricReader::Options{.data_set = DataSet(*store_, catalogue_)});
  return absl::OkStatus();
}

void App::StartHarvest() {
  if (config_.articles.empty()) return;
  harvester_ = std::make_unique<Harvester>(rpc::MakeChannel(config_.articles), *store_,
                                           ChangeReader(catalogue_), health_, metrics_,
                                           Harvester::Options{});
}

void App::BuildHandlers() {
  catalogue_handlers_ = std::make_unique<CatalogueHandlers>(catalogue_);
  observation_handlers_ =
      std::make_unique<ObservationHandlers>(*store_, *reader_, catalogue_, base::SystemClock());
  figure_handlers_ = std::make_unique<FigureHandlers>(*store_, catalogue_);
  watch_handler_ = std::make_unique<WatchHandler>(
      *store_, versions_, catalogue_, WatchHandler::Options{.heartbeat = config_.heartbeat});
}

absl::Status App::StartServers() {
  pool_ = std::make_unique<concurrency::WorkerPool>(concurrency::WorkerPool::Options{
      .name = "metrics", .threads = config_.workers, .queue_limit = config_.queue_limit});
  server_ = std::make_unique<rpc::Server>(rpc::ServerOptions{.address = config_.listen,
                                                             .io_threads = config_.io_threads,
                                                             .max_watchers = config_.max_watchers},
                                          *pool_, health_, metrics_);
  RegisterMetricService({.catalogue = *catalogue_handlers_,
                         .observations = *observation_handlers_,
                         .figures = *figure_handlers_,
                         .watch = *watch_handler_},
                        *server_);
  CITY_ASSIGN_OR_RETURN(const int port, server_->Start());
  CITY_ASSIGN_OR_RETURN(const base::HostPort admin,
                        base::ParseHostPort(config_.admin_listen, "--admin-listen"));
  CITY_ASSIGN_OR_RETURN(
      admin_,
      health::AdminServer::Start({.address = admin.host, .port = admin.port}, health_, metrics_));
  CITY_RETURN_IF_ERROR(
      lifecycle::WritePortFile(config_.port_file, {{"grpc", port}, {"admin", admin_->port()}}));
  log::Info(
      "serving",
      {{"grpc_port", port}, {"admin_port", admin_->port()}, {"store", config_.StoreAddress()}});
  return absl::OkStatus();
}

int App::RunUntilSignal() {
  shutdown_->AddStep("say not ready", config_.drain_delay + absl::Seconds(1), [this](absl::Time) {
    health_.StartDraining();
    absl::SleepFor(config_.drain_delay);
    return absl::OkStatus();
  });
  shutdown_->AddStep("stop the server", config_.shutdown_timeout,
                     [this](absl::Time deadline) { return server_->Shutdown(deadline); });
  shutdown_->AddStep("drain the workers", config_.shutdown_timeout,
                     [this](absl::Time deadline) { return pool_->Drain(deadline); });
  shutdown_->AddStep("stop the harvest", absl::Seconds(10), [this](absl::Time) {
    if (harvester_ != nullptr) harvester_->Stop();
    return absl::OkStatus();
  });
  shutdown_->AddStep("close the store", absl::Seconds(5), [this](absl::Time) {
    store_watch_.reset();
    admin_.reset();
    return store_->Checkpoint();
  });
  shutdown_->WaitForSignal();
  return shutdown_->Run();
}

}  // namespace cityinfo::metrics
