#include "services/articles/app.h"

#include <algorithm>
#include <utility>

#include "platform/base/status_macros.h"
#include "platform/host/store_metrics.h"
#include "platform/host/store_task.h"
#include "platform/log/log.h"
#include "services/articles/pages/page_contents.h"
#include "services/articles/search/indexed_search.h"
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
  upkeep_.reset();
  store_watch_.reset();
  service_.reset();
  index_follower_.reset();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const Config& config) {
  std::unique_ptr<App> app(new App);
  CITY_ASSIGN_OR_RETURN(app->process_, host::Process::Create("articles", config.process));
  CITY_RETURN_IF_ERROR(app->OpenStore(config));
  CITY_RETURN_IF_ERROR(app->OpenSearch(config));
  app->BuildHandlers(config);
  CITY_RETURN_IF_ERROR(app->Serve(config));
  return app;
}

absl::Status App::OpenStore(const Config& config) {
  CITY_ASSIGN_OR_RETURN(std::unique_ptr<SqlArticleStore> store,
                        OpenArticleStore({.database = DatabaseOf(config),
                                          .deleted_retention = config.purge_deleted_after,
                                          .change_retention = config.change_retention}));
  host::ReportStore(store->database(), process_->metrics());
  store_is_shared_ = store->is_shared();
  store_ = std::move(store);
  store_watch_ =
      host::WatchStore(*process_, [this](absl::Time deadline) { return store_->Check(deadline); });
  ReportFeed();
  upkeep_ = std::make_unique<UpkeepThread>(
      [this](absl::Time deadline) { return store_->KeepUp(deadline); }, store_->change_signal(),
      process_->metrics(), UpkeepThread::Options());
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

absl::Status App::OpenSearch(const Config& config) {
  CITY_ASSIGN_OR_RETURN(search_index_, SearchIndex::Open({.path = SearchIndexPath(config),
                                                          .readers = config.service.workers}));
  index_follower_ = std::make_unique<IndexFollower>(*store_, *search_index_, process_->metrics(),
                                                    IndexFollower::Options());
  search_ = std::make_unique<IndexedSearch>(*store_, *search_index_, *index_follower_,
                                            process_->metrics());
  ReportSearch();
  return absl::OkStatus();
}

void App::ReportSearch() {
  telemetry::Metrics& metrics = process_->metrics();
  telemetry::Gauge& position = metrics.GetGauge("cityinfo_articles_search_position",
                                                "Position of the change feed the search has seen.");
  telemetry::Gauge& lag = metrics.GetGauge("cityinfo_articles_search_lag_changes",
                                           "Committed changes the search has not seen yet.");
  telemetry::Gauge& bytes = metrics.GetGauge("cityinfo_articles_search_file_bytes",
                                             "Size of the search index on the disk.");
  metrics.OnRender([this, &position, &lag, &bytes] {
    position.Set(static_cast<double>(search_index_->position()));
    lag.Set(static_cast<double>(index_follower_->changes_behind()));
    bytes.Set(static_cast<double>(search_index_->file_bytes()));
  });
}

void App::BuildHandlers(const Config& config) {
  answers_ = std::make_unique<AnswerCache>(
      store_->change_signal(), process_->metrics(),
      AnswerCache::Options{.max_bytes = static_cast<size_t>(config.memory_cache_mb) << 20,
                           .shared = store_is_shared_});
  handlers_ = std::make_unique<ArticleHandlers>(ArticleHandlers{
      .read = ReadHandlers(*store_),
      .diff = DiffHandler(*store_),
      .search = SearchHandler(*search_, *store_),
      .write = WriteHandlers(*store_),
      .pages = PageHandlers(*store_, SplitPageIntoContents),
      .import = ImportHandler(*store_),
      .watch =
          WatchHandler(*store_, {.heartbeat = config.service.heartbeat, .watchers = &watchers_}),
      .answers = *answers_});
}

absl::Status App::Serve(const Config& config) {
  service_ = std::make_unique<host::RpcService>(*process_, config.service);
  RegisterArticleService(service_->server(), *handlers_);
  process_->AddStop("close the store", kCloseStoreLimit, [this](absl::Time) {
    upkeep_.reset();
    store_watch_.reset();
    process_->CloseAdmin();
    index_follower_.reset();
    search_index_.reset();
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
