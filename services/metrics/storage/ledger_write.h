#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/change_feed.h"
#include "services/metrics/storage/statement_table.h"

namespace cityinfo::metrics {

// One change of the store, made at one record time inside a transaction that the caller holds and
// commits: statements first (any number of calls), then Finish. Belongs to one thread.
class LedgerWrite {
 public:
  // Changes are appended to `feed`, which must outlive it.
  LedgerWrite(sql::Connection& connection, ChangeAppender& feed, absl::Time now)
      : connection_(connection), feed_(feed), now_(now) {}

  // Brings the statements of one article to `figures`, which may be empty.
  absl::Status StateArticle(const std::string& article, const std::vector<Figure>& figures,
                            AppliedChange& applied);

  // States one loaded value; returns the row of its observation.
  absl::StatusOr<std::int64_t> StateLoaded(const std::string& source, const LoadedValue& value,
                                           int ordinal);

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

  sql::Connection& connection_;
  ChangeAppender& feed_;
  const absl::Time now_;
  // The indicators of the observations touched; ordered, so that the feed is.
  std::map<std::int64_t, std::string> touched_;
  int observations_changed_ = 0;
};

}  // namespace cityinfo::metrics
