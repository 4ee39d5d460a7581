#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/change_feed.h"
#include "services/metrics/storage/statement_table.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {

// One change of the store, made at one record time inside a transaction that the caller holds and
// commits: statements first (any number of calls), then Finish. Belongs to one thread.
class LedgerWrite {
 public:
  // Changes are appended to `feed`, which must outlive it.
  LedgerWrite(sql::Connection& connection, ChangeAppender& feed, absl::Time now)
      : connection_(connection), feed_(feed), now_(now) {}

  // Brings the statements of one article to what the change says, as data officers have it.
  absl::Status StateArticle(const ArticleChange& change, AppliedChange& applied);

  // Brings the standing statement of a figure to what a data officer says of it.
  absl::Status StateReviewed(const StoredStatement& standing, const FigureReview& review);

  // Somebody else has changed the statements that back an observation.
  void Touch(std::int64_t observation_id, absl::string_view indicator) {
    touched_[observation_id] = std::string(indicator);
  }

  // Brings the vintages of every observation touched up to date and appends to the change feed.
  absl::Status Finish();

  // Observations changed; known after Finish.
  int observations_changed() const { return observations_changed_; }

 private:
  // Replaces `standing` (null: nothing) by `next`; false when both state the same.
  absl::StatusOr<bool> Replace(const StoredStatement* standing, StoredStatement next);
  absl::Status Retract(const StoredStatement& standing);
  // The row of the observation that the figure backs, 0 for none.
  absl::StatusOr<std::int64_t> ObservationOf(const Figure& figure);
  // Why a vintage of an observation ends, whose statements now are `backing`.
  SupersededReason WhySuperseded(std::int64_t observation_id, const VintageTable::Standing& vintage,
                                 const std::vector<BackingStatement>& backing,
                                 const std::vector<ChosenVintage>& chosen) const;

  sql::Connection& connection_;
  ChangeAppender& feed_;
  const absl::Time now_;
  // The indicators of the observations touched; ordered, so that the feed is.
  std::map<std::int64_t, std::string> touched_;
  // Statements whose sentence is gone; observations of which an article states something anew.
  absl::flat_hash_set<std::int64_t> retracted_;
  absl::flat_hash_set<std::int64_t> restated_;
  bool by_review_ = false;
  int observations_changed_ = 0;
};

}  // namespace cityinfo::metrics
