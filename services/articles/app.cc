#include "services/articles/app.h"

#include <algorithm>
#include <utility>

#include "platform/base/status_macros.h"
#include "platform/host/store_metrics.h"
#include "platform/host/store_task.h"
#include "platform/log/log.h"
#include "services/articles/pages/page_contents.h"
#include "services/articles/search/substring_search.h"
#include "services/articles/storage/open_article_store.h"

namespace cityinfo::articles {
namespace {

database::Options DatabaseOf(const Config& config) {
  return host::ToDatabaseOptions(config.store, "articles");
}

}  // namespace

App::~App() {
  // Nobody may ask for numbers of what is going.
  if (process_ != nullptr) process_->CloseAdmin();
  store_watch_.reset();
  service_.reset();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const Config& config) {
  std::unique_ptr<App> app(new App);
  CITY_ASSIGN_OR_RETURN(app->process_, host::Process::Create("articles", config.process));
  CITY_RETURN_IF_ERROR(app->OpenStore(config));
  app->BuildHandlers(config);
  CITY_RETURN_IF_ERROR(app->Serve(config));
  return app;
}

absl::Status App::OpenStore(const Config& config) {
  CITY_ASSIGN_OR_RETURN(std::unique_ptr<SqlArticleStore> store,
                        OpenArticleStore({.database = DatabaseOf(config)}));
  host::ReportStore(store->database(), process_->metrics());
  store_ = std::move(store);
  store_watch_ =
      host::WatchStore(*process_, [this](absl::Time deadline) { return store_->Check(deadline); });
  ReportFeed();
  return absl::OkStatus();
}

void App::ReportFeed() {
  telemetry::Metrics& metrics = process_->metrics();
  telemetry::Gauge& position =
      metrics.GetGauge("cityinfo_articles_change_position", "Newest position of the change feed.");
  telemetry::Gauge& watchers =
      metrics.GetGauge("cityinfo_articles_watchers", "Open watches of the change feed.");
  telemetry::Gauge& lag =
      metrics.GetGauge("cityinfo_articles_watcher_lag_changes",
                       "Changes that the slowest watch has not sent yet; 0 without a watch.");
  metrics.OnRender([this, &position, &watchers, &lag] {
    const int64_t newest = store_->change_signal().newest();
    position.Set(static_cast<double>(newest));
    watchers.Set(watchers_.count());
    const int64_t slowest = watchers_.slowest().value_or(newest);
    lag.Set(static_cast<double>(std::max<int64_t>(newest - slowest, 0)));
  });
}

void App::BuildHandlers(const Config& config) {
  search_ = std::make_unique<SubstringSearch>(*store_);
  handlers_ = std::make_unique<ArticleHandlers>(ArticleHandlers{
      .read = ReadHandlers(*store_),
      .search = SearchHandler(*search_),
      .write = WriteHandlers(*store_),
      .pages = PageHandlers(*store_, SplitPageIntoContents),
      .watch =
          WatchHandler(*store_, {.heartbeat = config.service.heartbeat, .watchers = &watchers_})});
}

absl::Status App::Serve(const Config& config) {
  service_ = std::make_unique<host::RpcService>(*process_, config.service);
  RegisterArticleService(service_->server(), *handlers_);
  process_->AddStop("close the store", kCloseStoreLimit, [this](absl::Time) {
    store_watch_.reset();
    process_->CloseAdmin();
    store_.reset();
    return absl::OkStatus();
  });
  return service_->Serve();
}

absl::Status RunStoreTask(const Config& config) {
  return host::RunStoreTask(config.store, DatabaseOf(config), [&] {
    return OpenArticleStore({.database = DatabaseOf(config)}).status();
  });
}

}  // namespace cityinfo::articles
