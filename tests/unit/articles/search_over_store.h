#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "platform/base/clock.h"
#include "platform/base/status_macros.h"
#include "platform/telemetry/metrics.h"
#include "services/articles/search/index_follower.h"
#include "services/articles/search/indexed_search.h"
#include "services/articles/search/search_index.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

namespace cityinfo::articles {

// A search over a store as the service has it: an index in a folder of its own, and a follower that
// brings what is committed into it. The store must outlive it.
class SearchOverStore {
 public:
  static absl::StatusOr<std::unique_ptr<SearchOverStore>> Open(
      ArticleStore& store, const base::Clock& clock = base::SystemClock()) {
    std::unique_ptr<SearchOverStore> opened(new SearchOverStore);
    CITY_ASSIGN_OR_RETURN(opened->index_,
                          SearchIndex::Open({.path = opened->dir_.File("search.db")}));
    opened->follower_ =
        std::make_unique<IndexFollower>(store, *opened->index_, opened->metrics_,
                                        IndexFollower::Options{.gather = absl::ZeroDuration()});
    opened->search_ = std::make_unique<IndexedSearch>(store, *opened->index_, *opened->follower_,
                                                      opened->metrics_, clock);
    return opened;
  }

  ArticleSearch& search() { return *search_; }
  SearchIndex& index() { return *index_; }
  IndexFollower& follower() { return *follower_; }
  // Waits until the index has everything that was committed.
  bool CatchUp() {
    return testing::WaitUntil([this] { return follower_->changes_behind() == 0; });
  }

 private:
  SearchOverStore() = default;

  testing::TempDir dir_;
  telemetry::Metrics metrics_;
  std::unique_ptr<SearchIndex> index_;
  std::unique_ptr<IndexFollower> follower_;
  std::unique_ptr<IndexedSearch> search_;
};

}  // namespace cityinfo::articles
