#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/articles/domain/article_filter.h"
#include "services/articles/search/index_reader.h"

namespace cityinfo::articles {

// Matches in the order of lists: publish_date, then sequence, both descending, which is the same in
// every replica. Mostly that is the order of the rows; days in which it is not are sorted one by
// one.
class OrderedMatches {
 public:
  // Begins behind `after`, whether that article is still there or not.
  static absl::StatusOr<OrderedMatches> Open(IndexReader& reader, const MatchPlan& plan,
                                             MatchStream::In in, RowRange range,
                                             const std::optional<ListPosition>& after);

  // The row of the next match, as MatchStream::Next. What it gives before it gives up is the
  // beginning of the order, without a gap.
  absl::StatusOr<std::optional<int64_t>> Next();

  void LimitTexts(int64_t more) { stream_.LimitTexts(more); }
  bool gave_up() const { return stream_.gave_up(); }

 private:
  OrderedMatches(IndexReader& reader, MatchStream stream)
      : reader_(reader), stream_(std::move(stream)) {}
  absl::StatusOr<std::optional<int64_t>> NextInRowOrder();
  absl::Status SortDay(int64_t first_row, int64_t day);

  IndexReader& reader_;
  MatchStream stream_;
  // Of the day that `after` is in, sequences below count.
  std::optional<int64_t> after_day_;
  int64_t after_sequence_ = 0;
  std::optional<int64_t> ordered_day_;
  std::vector<int64_t> sorted_;        // A day's matches, the next one at the end.
  std::optional<int64_t> read_ahead_;  // The first match behind that day.
};

}  // namespace cityinfo::articles
