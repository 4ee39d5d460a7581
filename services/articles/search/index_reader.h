#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "platform/sql/statement.h"
#include "services/articles/domain/article_filter.h"
#include "services/articles/search/index_schema.h"
#include "services/articles/search/match_plan.h"
#include "services/articles/search/row_layout.h"

// Reading the index within one transaction, by one thread. What a question meets row by row.
namespace cityinfo::articles {

class IndexReader {
 public:
  static absl::StatusOr<IndexReader> Open(sql::Connection& connection, absl::Time now);

  const IndexState& state() const { return state_; }
  const RowLayout& layout() const { return state_.layout; }
  sql::Connection& connection() { return connection_; }
  int64_t now() const { return now_; }

  // Of an article in the index. A section is the id of a label; 0: none.
  absl::StatusOr<std::string> Id(int64_t row);
  absl::StatusOr<int64_t> Section(int64_t row);
  absl::StatusOr<int64_t> Sequence(int64_t row);
  // The folded text; good until the next call.
  absl::StatusOr<std::u16string_view> Text(int64_t row);
  // How many texts were read so far.
  int64_t texts_read() const { return texts_read_; }
  absl::StatusOr<std::string> Label(int64_t id);
  // Whether rows of this day stand in another order than their sequences.
  absl::StatusOr<bool> IsDisordered(int64_t day);
  // The row of the article with this sequence, if it is there.
  absl::StatusOr<std::optional<int64_t>> RowOfSequence(int64_t sequence);
  absl::StatusOr<ListPosition> Position(int64_t row);

 private:
  IndexReader(sql::Connection& connection, IndexState state, absl::Time now);
  absl::Status GoTo(int64_t row);

  sql::Connection& connection_;
  IndexState state_;
  int64_t now_;
  // Prepared when first asked for.
  std::optional<sql::Statement> document_;
  std::optional<sql::Statement> text_;
  std::optional<sql::Statement> disordered_;
  int64_t document_row_ = -1;  // Where document_ stands.
  int64_t text_row_ = -1;
  std::u16string text_units_;
  int64_t texts_read_ = 0;
};

// The rows of a range that a plan matches and that readers may see now, in ascending order.
class MatchStream {
 public:
  enum class In { kBody, kTitle };

  // `plan` and `reader` must outlive the stream.
  static absl::StatusOr<MatchStream> Open(IndexReader& reader, const MatchPlan& plan, In in,
                                          const RowRange& range);

  // Moves to the next match; nothing at the end, and when texts had to be read beyond the limit.
  absl::StatusOr<std::optional<int64_t>> Next();

  // From now on at most so many more texts are looked into. After giving up, raising the limit
  // continues at the row that was not looked into.
  void LimitTexts(int64_t more) { last_text_ = reader_.texts_read() + more; }
  // The last Next gave up because of the limit.
  bool gave_up() const { return gave_up_; }

 private:
  MatchStream(IndexReader& reader, const MatchPlan& plan, In in, sql::Statement tokens,
              sql::Statement timed);
  absl::StatusOr<bool> IsVisible(int64_t row);
  absl::StatusOr<bool> HoldsWords(int64_t row);

  IndexReader& reader_;
  const MatchPlan& plan_;
  In in_;
  sql::Statement tokens_;
  // Stands at the first row of `timed` at or behind the last row asked about.
  sql::Statement timed_;
  int64_t timed_row_ = -1;
  int64_t last_text_;
  bool gave_up_ = false;
  bool ended_ = false;
};

}  // namespace cityinfo::articles
