#include "services/articles/search/index_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/search/folded_match.h"
#include "services/articles/search/indexed_document.h"
#include "services/articles/search/text_packing.h"

namespace cityinfo::articles {
namespace {

constexpr int64_t kNone = std::numeric_limits<int64_t>::max();

absl::Status Lost(absl::string_view what) {
  return base::WithDetail(base::DataLoss("STORE_CORRUPT", "the search index is damaged"), what);
}

// Runs `statement`, prepared on first use, for one row that must be there.
absl::Status StepTo(sql::Connection& connection, absl::string_view sql, int64_t key,
                    std::optional<sql::Statement>* statement) {
  if (!*statement) {
    CITY_ASSIGN_OR_RETURN(sql::Statement prepared, connection.Prepare(sql));
    statement->emplace(std::move(prepared));
  }
  (*statement)->Reset();
  CITY_ASSIGN_OR_RETURN(const bool found, (*statement)->BindAll(key).Step());
  return found ? absl::OkStatus() : Lost(sql);
}

}  // namespace

absl::StatusOr<IndexReader> IndexReader::Open(sql::Connection& connection, absl::Time now) {
  CITY_ASSIGN_OR_RETURN(IndexState state, ReadState(connection));
  return IndexReader(connection, state, now);
}

IndexReader::IndexReader(sql::Connection& connection, IndexState state, absl::Time now)
    : connection_(connection), state_(state), now_(absl::ToUnixMicros(now)) {}

// A question asks several things of one row, one after the other.
absl::Status IndexReader::GoTo(int64_t row) {
  if (document_row_ == row) return absl::OkStatus();
  document_row_ = -1;
  CITY_RETURN_IF_ERROR(StepTo(
      connection_, "SELECT section, sequence, id FROM documents WHERE row = ?", row, &document_));
  document_row_ = row;
  return absl::OkStatus();
}

absl::StatusOr<std::string> IndexReader::Id(int64_t row) {
  CITY_RETURN_IF_ERROR(GoTo(row));
  return document_->ColumnString(2);
}

absl::StatusOr<int64_t> IndexReader::Section(int64_t row) {
  CITY_RETURN_IF_ERROR(GoTo(row));
  return document_->ColumnInt64(0);
}

absl::StatusOr<int64_t> IndexReader::Sequence(int64_t row) {
  CITY_RETURN_IF_ERROR(GoTo(row));
  return document_->ColumnInt64(1);
}

absl::StatusOr<ListPosition> IndexReader::Position(int64_t row) {
  CITY_ASSIGN_OR_RETURN(const int64_t sequence, Sequence(row));
  return ListPosition{.publish_date = base::DateFromDays(layout().DayOf(row)),
                      .sequence = sequence};
}

absl::StatusOr<std::u16string_view> IndexReader::Text(int64_t row) {
  if (row != text_row_) {
    text_row_ = -1;
    CITY_ASSIGN_OR_RETURN(const int64_t sequence, Sequence(row));
    CITY_RETURN_IF_ERROR(
        StepTo(connection_, "SELECT packed FROM texts WHERE sequence = ?", sequence, &text_));
    text_units_.clear();
    UnpackText(text_->ColumnBlob(0), &text_units_);
    text_row_ = row;
    ++texts_read_;
  }
  return std::u16string_view(text_units_);
}

absl::StatusOr<std::string> IndexReader::Label(int64_t id) {
  CITY_ASSIGN_OR_RETURN(sql::Statement label,
                        connection_.Prepare("SELECT label FROM labels WHERE id = ?"));
  CITY_ASSIGN_OR_RETURN(const bool found, label.BindAll(id).Step());
  if (!found) return Lost("a label");
  return label.ColumnString(0);
}

absl::StatusOr<bool> IndexReader::IsDisordered(int64_t day) {
  if (!disordered_) {
    CITY_ASSIGN_OR_RETURN(sql::Statement prepared,
                          connection_.Prepare("SELECT 1 FROM disordered_days WHERE day = ?"));
    disordered_.emplace(std::move(prepared));
  }
  disordered_->Reset();
  return disordered_->BindAll(day).Step();
}

absl::StatusOr<std::optional<int64_t>> IndexReader::RowOfSequence(int64_t sequence) {
  absl::StatusOr<int64_t> row =
      connection_.QueryInt64("SELECT row FROM documents WHERE sequence = ?", sequence);
  if (row.ok()) return *row;
  if (absl::IsNotFound(row.status())) return std::nullopt;
  return row.status();
}

absl::StatusOr<MatchStream> MatchStream::Open(IndexReader& reader, const MatchPlan& plan, In in,
                                              const RowRange& range) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement tokens,
      reader.connection().Prepare(in == In::kBody
                                      ? "SELECT rowid FROM body_tokens WHERE body_tokens MATCH ?"
                                        " AND rowid BETWEEN ? AND ? ORDER BY rowid"
                                      : "SELECT rowid FROM title_tokens WHERE title_tokens MATCH ?"
                                        " AND rowid BETWEEN ? AND ? ORDER BY rowid"));
  tokens.BindAll(plan.expression, range.first, range.last);
  CITY_ASSIGN_OR_RETURN(sql::Statement timed,
                        reader.connection().Prepare(
                            "SELECT row, visible_from, visible_until FROM timed WHERE row >= ?"
                            " ORDER BY row"));
  return MatchStream(reader, plan, in, std::move(tokens), std::move(timed));
}

MatchStream::MatchStream(IndexReader& reader, const MatchPlan& plan, In in, sql::Statement tokens,
                         sql::Statement timed)
    : reader_(reader),
      plan_(plan),
      in_(in),
      tokens_(std::move(tokens)),
      timed_(std::move(timed)),
      last_text_(kNone) {}

absl::StatusOr<std::optional<int64_t>> MatchStream::Next() {
  // SQLite would begin again from the top.
  if (ended_) return std::nullopt;
  for (;;) {
    // After giving up it stands at a row that was not looked into yet.
    if (!std::exchange(gave_up_, false)) {
      CITY_ASSIGN_OR_RETURN(const bool more, tokens_.Step());
      if (!more) {
        ended_ = true;
        return std::nullopt;
      }
    }
    const int64_t row = tokens_.ColumnInt64(0);
    CITY_ASSIGN_OR_RETURN(const bool visible, IsVisible(row));
    if (!visible) continue;
    if (!plan_.required.empty() || !plan_.refused.empty()) {
      if (reader_.texts_read() >= last_text_) {
        gave_up_ = true;
        return std::nullopt;
      }
      CITY_ASSIGN_OR_RETURN(const bool holds, HoldsWords(row));
      if (!holds) continue;
    }
    return row;
  }
}

// Rows ascend, and so does the walk through `timed`: mostly it has nothing near.
absl::StatusOr<bool> MatchStream::IsVisible(int64_t row) {
  if (timed_row_ < row) {
    timed_.Reset();
    CITY_ASSIGN_OR_RETURN(const bool found, timed_.BindAll(row).Step());
    timed_row_ = found ? timed_.ColumnInt64(0) : kNone;
  }
  if (timed_row_ != row) return true;
  const int64_t now = reader_.now();
  return timed_.ColumnOptionalInt64(1).value_or(now) <= now &&
         now < timed_.ColumnOptionalInt64(2).value_or(kNone);
}

absl::StatusOr<bool> MatchStream::HoldsWords(int64_t row) {
  CITY_ASSIGN_OR_RETURN(const std::u16string_view text, reader_.Text(row));
  const std::u16string_view searched = in_ == In::kBody ? text : TitleOf(text);
  for (const std::u16string& word : plan_.required) {
    if (FindFolded(searched, word) == std::u16string_view::npos) return false;
  }
  for (const std::u16string& word : plan_.refused) {
    if (FindFolded(text, word) != std::u16string_view::npos) return false;
  }
  return true;
}

}  // namespace cityinfo::articles
