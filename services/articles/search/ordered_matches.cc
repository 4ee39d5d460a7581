#include "services/articles/search/ordered_matches.h"

#include <algorithm>
#include <utility>

#include "platform/base/status_macros.h"

namespace cityinfo::articles {

absl::StatusOr<OrderedMatches> OrderedMatches::Open(IndexReader& reader, const MatchPlan& plan,
                                                    MatchStream::In in, RowRange range,
                                                    const std::optional<ListPosition>& after) {
  std::optional<int64_t> after_day;
  if (after) {
    const int64_t day = base::DaysSinceEpoch(after->publish_date);
    const RowRange rows = reader.layout().Day(day);
    range.first = std::max(range.first, rows.first);
    CITY_ASSIGN_OR_RETURN(const bool disordered, reader.IsDisordered(day));
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, reader.RowOfSequence(after->sequence));
    if (!disordered && row && *row >= rows.first && *row <= rows.last) {
      range.first = std::max(range.first, *row + 1);
    } else {
      after_day = day;
    }
  }
  CITY_ASSIGN_OR_RETURN(MatchStream stream, MatchStream::Open(reader, plan, in, range));
  OrderedMatches matches(reader, std::move(stream));
  matches.after_day_ = after_day;
  if (after) matches.after_sequence_ = after->sequence;
  return matches;
}

absl::StatusOr<std::optional<int64_t>> OrderedMatches::Next() {
  if (sorted_.empty()) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, NextInRowOrder());
    if (!row) return row;
    const int64_t day = reader_.layout().DayOf(*row);
    if (day == ordered_day_) return row;
    CITY_ASSIGN_OR_RETURN(const bool disordered, reader_.IsDisordered(day));
    if (!disordered) {
      ordered_day_ = day;
      return row;
    }
    CITY_RETURN_IF_ERROR(SortDay(*row, day));
    if (sorted_.empty()) return std::nullopt;
  }
  const int64_t row = sorted_.back();
  sorted_.pop_back();
  return row;
}

absl::StatusOr<std::optional<int64_t>> OrderedMatches::NextInRowOrder() {
  if (read_ahead_) return std::exchange(read_ahead_, std::nullopt);
  for (;;) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, stream_.Next());
    if (!row || !after_day_ || reader_.layout().DayOf(*row) != *after_day_) return row;
    CITY_ASSIGN_OR_RETURN(const int64_t sequence, reader_.Sequence(*row));
    if (sequence < after_sequence_) return row;
  }
}

absl::Status OrderedMatches::SortDay(int64_t first_row, int64_t day) {
  std::vector<std::pair<int64_t, int64_t>> by_sequence;
  std::optional<int64_t> row = first_row;
  while (row && reader_.layout().DayOf(*row) == day) {
    CITY_ASSIGN_OR_RETURN(const int64_t sequence, reader_.Sequence(*row));
    by_sequence.emplace_back(sequence, *row);
    CITY_ASSIGN_OR_RETURN(row, NextInRowOrder());
  }
  if (stream_.gave_up()) {
    // What was not seen of this day may stand before what was.
    return absl::OkStatus();
  }
  read_ahead_ = row;
  std::sort(by_sequence.begin(), by_sequence.end());
  for (const auto& [sequence, of] : by_sequence) sorted_.push_back(of);
  return absl::OkStatus();
}

}  // namespace cityinfo::articles
