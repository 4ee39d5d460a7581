#include "services/articles/app.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/base/host_port.h"
#include "platform/base/status_macros.h"
#include "platform/lifecycle/port_file.h"
#include "platform/log/log.h"
#include "services/articles/pages/page_contents.h"
#include "services/articles/search/substring_search.h"
#include "services/articles/storage/sqlite_article_store.h"

namespace cityinfo::articles {
namespace {

constexpr absl::Duration kStoreCheckPeriod = absl::Seconds(2);
constexpr char kStoreComponent[] = "store";

absl::StatusOr<std::unique_ptr<ArticleStore>> OpenStoreAt(const Config& config) {
  const std::string address = config.StoreAddress();
  absl::string_view path = address;
  if (!absl::ConsumePrefix(&path, "sqlite:") || path.empty()) {
    return base::InvalidArgument("--store",
                                 absl::StrCat("\"", address, "\" must have the form sqlite:PATH"),
                                 "INVALID_STORE");
  }
  return SqliteArticleStore::Open({.path = std::string(path), .readers = config.store_readers});
}

}  // namespace

App::App(const Config& config) : config_(config) {}

App::~App() {
  store_watch_.reset();
  server_.reset();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const Config& config) {
  std::unique_ptr<App> app(new App(config));
  CITY_ASSIGN_OR_RETURN(app->shutdown_, lifecycle::Shutdown::Create({}));
  CITY_RETURN_IF_ERROR(app->OpenStore());
  app->BuildHandlers();
  CITY_RETURN_IF_ERROR(app->StartServers());
  return app;
}

absl::Status App::OpenStore() {
  health_.Register(kStoreComponent, /*required=*/true);
  CITY_ASSIGN_OR_RETURN(store_, OpenStoreAt(config_));
  health_.Set(kStoreComponent, health::State::kOk);
  store_watch_ = std::make_unique<health::ComponentWatch>(
      health_, kStoreComponent, kStoreCheckPeriod,
      [this] { return store_->Check(absl::Now() + kStoreCheckPeriod); });
  telemetry::Gauge& position =
      metrics_.GetGauge("cityinfo_articles_change_position", "Newest position of the change feed.");
  metrics_.OnRender(
      [this, &position] { position.Set(static_cast<double>(store_->change_signal().newest())); });
  return absl::OkStatus();
}

void App::BuildHandlers() {
  search_ = std::make_unique<SubstringSearch>(*store_);
  handlers_ = std::make_unique<ArticleHandlers>(
      ArticleHandlers{.read = ReadHandlers(*store_),
                      .search = SearchHandler(*search_),
                      .write = WriteHandlers(*store_),
                      .pages = PageHandlers(*store_, SplitPageIntoContents),
                      .watch = WatchHandler(*store_, {.heartbeat = config_.heartbeat})});
}

absl::Status App::StartServers() {
  pool_ = std::make_unique<concurrency::WorkerPool>(concurrency::WorkerPool::Options{
      .name = "articles", .threads = config_.workers, .queue_limit = config_.queue_limit});
  server_ = std::make_unique<rpc::Server>(rpc::ServerOptions{.address = config_.listen,
                                                             .io_threads = config_.io_threads,
                                                             .max_watchers = config_.max_watchers},
                                          *pool_, health_, metrics_);
  RegisterArticleService(*server_, *handlers_);
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
  shutdown_->AddStep("close the store", absl::Seconds(5), [this](absl::Time) {
    store_watch_.reset();
    admin_.reset();
    store_.reset();
    return absl::OkStatus();
  });
  shutdown_->WaitForSignal();
  return shutdown_->Run();
}

}  // namespace cityinfo::articles
