#include "services/articles/app.h"

#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
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

// "127.0.0.1:50061" in its two parts; config has checked the form.
health::AdminServer::Options AdminOptions(absl::string_view address) {
  health::AdminServer::Options options;
  const size_t colon = address.rfind(':');
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  options.address = std::string(host);
  (void)absl::SimpleAtoi(address.substr(colon + 1), &options.port);
  return options;
}

}  // namespace

App::App(const Config& config) : config_(config) {}

App::~App() {
  StopWatchingStore();
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
  store_watch_ = std::jthread([this] { WatchStore(); });
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
  CITY_ASSIGN_OR_RETURN(
      admin_, health::AdminServer::Start(AdminOptions(config_.admin_listen), health_, metrics_));
  CITY_RETURN_IF_ERROR(WritePortFile(port));
  log::Info(
      "serving",
      {{"grpc_port", port}, {"admin_port", admin_->port()}, {"store", config_.StoreAddress()}});
  return absl::OkStatus();
}

absl::Status App::WritePortFile(int grpc_port) const {
  if (config_.port_file.empty()) return absl::OkStatus();
  // Renamed into place, so that whoever waits for it never reads half of it.
  const std::string unfinished = absl::StrCat(config_.port_file, ".part");
  std::ofstream file(unfinished, std::ios::trunc);
  file << absl::StrCat("{\"grpc\":", grpc_port, ",\"admin\":", admin_->port(), "}\n");
  file.close();
  if (!file || std::rename(unfinished.c_str(), config_.port_file.c_str()) != 0) {
    return base::FailedPrecondition("PORT_FILE",
                                    absl::StrCat("--port-file: cannot write ", config_.port_file));
  }
  return absl::OkStatus();
}

void App::WatchStore() {
  while (!stop_watching_.WaitForNotificationWithTimeout(kStoreCheckPeriod)) {
    const absl::Status status = store_->Check(absl::Now() + kStoreCheckPeriod);
    // A store that is only busy still serves those it gets to.
    const bool up =
        status.ok() || absl::IsResourceExhausted(status) || absl::IsDeadlineExceeded(status);
    health_.Set(kStoreComponent,
                status.ok() ? health::State::kOk
                : up        ? health::State::kDegraded
                            : health::State::kDown,
                status.message());
  }
}

void App::StopWatchingStore() {
  if (store_watch_.joinable()) {
    stop_watching_.Notify();
    store_watch_.join();
  }
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
    StopWatchingStore();
    admin_.reset();
    store_.reset();
    return absl::OkStatus();
  });
  shutdown_->WaitForSignal();
  return shutdown_->Run();
}

}  // namespace cityinfo::articles
