#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "platform/health/component_watch.h"
#include "platform/host/process.h"
#include "platform/host/rpc_service.h"
#include "services/articles/config.h"
#include "services/articles/domain/article_search.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/rpc/article_service.h"
#include "services/articles/search/index_follower.h"
#include "services/articles/search/search_index.h"
#include "services/articles/upkeep_thread.h"

namespace cityinfo::articles {

// The articles service, put together: the one place that names concrete stores and searches.
class App {
 public:
  // Opens the store and serves. Errors are written for operators.
  static absl::StatusOr<std::unique_ptr<App>> Start(const Config& config);
  ~App();

  // Serves until SIGTERM or SIGINT, then ends everything in order; the exit code of the process.
  int RunUntilSignal() { return process_->RunUntilSignal(); }

 private:
  App() = default;
  absl::Status OpenStore(const Config& config);
  // The change feed and those who read it, for operators.
  void ReportFeed();
  absl::Status OpenSearch(const Config& config);
  // How far the search has got, for operators.
  void ReportSearch();
  void BuildHandlers(const Config& config);
  absl::Status Serve(const Config& config);

  std::unique_ptr<host::Process> process_;
  WatcherPositions watchers_;
  std::unique_ptr<ArticleStore> store_;
  bool store_is_shared_ = false;
  std::unique_ptr<health::ComponentWatch> store_watch_;
  std::unique_ptr<UpkeepThread> upkeep_;
  std::unique_ptr<SearchIndex> search_index_;
  std::unique_ptr<IndexFollower> index_follower_;
  std::unique_ptr<ArticleSearch> search_;
  std::unique_ptr<AnswerCache> answers_;
  std::unique_ptr<ArticleHandlers> handlers_;
  std::unique_ptr<host::RpcService> service_;
};

// Migrates or copies the store, as the settings say, instead of serving.
absl::Status RunStoreTask(const Config& config);

}  // namespace cityinfo::articles
