#pragma once

#include <vector>

#include "platform/base/clock.h"
#include "platform/telemetry/metrics.h"
#include "services/articles/domain/article_search.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/search/index_follower.h"
#include "services/articles/search/search_index.h"

namespace cityinfo::articles {

// ArticleSearch over the search index of this process. What is found is read from the store before
// it is shown: an article that has been taken back, changed so that it no longer answers, or
// removed since the index has seen it is left out, and what is shown is the article as it is now.
class IndexedSearch final : public ArticleSearch {
 public:
  // All must outlive it.
  IndexedSearch(ArticleStore& store, SearchIndex& index, const IndexFollower& follower,
                telemetry::Metrics& metrics, const base::Clock& clock = base::SystemClock());

  absl::StatusOr<SearchPage> Search(const SearchQuery& query, absl::Time deadline) override;
  absl::StatusOr<std::vector<Suggestion>> Suggest(absl::string_view prefix, int limit,
                                                  absl::Time deadline) override;
  absl::StatusOr<std::vector<Article>> Related(const Article& article, int limit,
                                               absl::Time deadline) override;

 private:
  // Those of `ids` that are public now, in their order.
  absl::StatusOr<std::vector<Article>> ReadPublic(const std::vector<std::string>& ids,
                                                  ArticleView view, absl::Time deadline);
  // The found articles that still answer the query, as hits.
  absl::StatusOr<std::vector<SearchHit>> MakeHits(const FoundPage& found,
                                                  const ArticleFilter& filter, absl::Time deadline);

  ArticleStore& store_;
  SearchIndex& index_;
  const IndexFollower& follower_;
  const base::Clock& clock_;
  telemetry::Histogram& newest_duration_;
  telemetry::Histogram& relevance_duration_;
  telemetry::Histogram& suggest_duration_;
  telemetry::Histogram& related_duration_;
};

}  // namespace cityinfo::articles
