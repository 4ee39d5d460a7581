#include "services/articles/search/index_writer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sql/statement.h"
#include "services/articles/search/feed_mark.h"
#include "services/articles/search/indexed_document.h"
#include "services/articles/search/text_folding.h"
#include "services/articles/search/text_packing.h"

namespace cityinfo::articles {
namespace {

// What the tokens of a row are made of.
struct TokenSource {
  std::u16string text;
  std::string labels;
};

// One row of the index that goes, comes or both.
struct RowChange {
  int64_t row = 0;
  bool remove = false;
  std::optional<IndexedDocument> add;
  TokenSource removed;  // What was there.
};

// The newest change of each article, in the order of their sequences, so that a day that is filled
// at once is filled in order.
std::vector<const ArticleChange*> NewestOfEach(const std::vector<ArticleChange>& changes,
                                               int64_t after) {
  absl::flat_hash_map<int64_t, const ArticleChange*> newest;
  for (const ArticleChange& change : changes) {
    if (change.position > after) newest[change.article.sequence] = &change;
  }
  std::vector<const ArticleChange*> list;
  list.reserve(newest.size());
  for (const auto& [sequence, change] : newest) list.push_back(change);
  std::sort(list.begin(), list.end(), [](const ArticleChange* a, const ArticleChange* b) {
    return a->article.sequence < b->article.sequence;
  });
  return list;
}

class IndexWriter {
 public:
  IndexWriter(sql::Connection& connection, IndexState* state)
      : connection_(connection), state_(*state) {}

  absl::StatusOr<bool> Write(const std::vector<const ArticleChange*>& changes) {
    std::vector<RowChange> rows;
    for (const ArticleChange* change : changes) {
      CITY_ASSIGN_OR_RETURN(const bool room, PlanChange(*change, &rows));
      if (!room) return false;
    }
    // In the order of the sequences still, so that `texts` grows at its end.
    for (RowChange& row : rows) {
      if (row.remove) CITY_RETURN_IF_ERROR(Remove(&row));
      if (row.add) CITY_RETURN_IF_ERROR(Add(row.row, *row.add));
    }
    // FTS5 gathers what comes in the order of the rowids, and writes itself out when it does not.
    std::sort(rows.begin(), rows.end(),
              [](const RowChange& a, const RowChange& b) { return a.row < b.row; });
    for (const RowChange& row : rows) {
      if (row.remove) {
        CITY_RETURN_IF_ERROR(
            WriteTokens(/*remove=*/true, row.row, row.removed.text, row.removed.labels));
      }
      if (row.add) {
        CITY_RETURN_IF_ERROR(
            WriteTokens(/*remove=*/false, row.row, row.add->text, row.add->labels));
      }
    }
    return true;
  }

 private:
  // The lowest row given away in a day so far: there are none between it and the day's first.
  struct DayEnd {
    int64_t row = 0;
    int64_t sequence = 0;
  };

  absl::StatusOr<bool> PlanChange(const ArticleChange& change, std::vector<RowChange>* rows);
  absl::StatusOr<std::optional<int64_t>> NewRow(int64_t day, int64_t sequence);
  absl::StatusOr<DayEnd> ReadDayEnd(int64_t day);
  absl::Status Remove(RowChange* change);
  absl::Status Add(int64_t row, const IndexedDocument& document);
  absl::Status WriteTokens(bool remove, int64_t row, std::u16string_view text,
                           absl::string_view labels);
  absl::Status CountLabels(absl::string_view labels, int by);
  absl::StatusOr<int64_t> LabelId(LabelKind kind, absl::string_view label);

  sql::Connection& connection_;
  IndexState& state_;
  absl::flat_hash_map<int64_t, DayEnd> day_ends_;
};

absl::StatusOr<bool> IndexWriter::PlanChange(const ArticleChange& change,
                                             std::vector<RowChange>* rows) {
  const int64_t sequence = change.article.sequence;
  absl::StatusOr<int64_t> present =
      connection_.QueryInt64("SELECT row FROM documents WHERE sequence = ?", sequence);
  if (!present.ok() && !absl::IsNotFound(present.status())) return present.status();
  if (!IsIndexed(change)) {
    if (present.ok()) rows->push_back({.row = *present, .remove = true});
    return true;
  }
  IndexedDocument document = MakeIndexedDocument(change.article);
  if (present.ok() && state_.layout.DayOf(*present) == document.day) {
    rows->push_back({.row = *present, .remove = true, .add = std::move(document)});
    return true;
  }
  if (present.ok()) rows->push_back({.row = *present, .remove = true});
  CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, NewRow(document.day, sequence));
  if (!row) return false;
  rows->push_back({.row = *row, .add = std::move(document)});
  return true;
}

absl::StatusOr<IndexWriter::DayEnd> IndexWriter::ReadDayEnd(int64_t day) {
  const RowRange range = state_.layout.Day(day);
  CITY_ASSIGN_OR_RETURN(sql::Statement lowest,
                        connection_.Prepare("SELECT row, sequence FROM documents"
                                            " WHERE row BETWEEN ? AND ? ORDER BY row LIMIT 1"));
  CITY_ASSIGN_OR_RETURN(const bool found, lowest.BindAll(range.first, range.last).Step());
  if (!found) return DayEnd{.row = range.last + 1, .sequence = 0};
  return DayEnd{.row = lowest.ColumnInt64(0), .sequence = lowest.ColumnInt64(1)};
}

// Nothing when the day is full.
absl::StatusOr<std::optional<int64_t>> IndexWriter::NewRow(int64_t day, int64_t sequence) {
  auto known = day_ends_.find(day);
  if (known == day_ends_.end()) {
    CITY_ASSIGN_OR_RETURN(const DayEnd end, ReadDayEnd(day));
    known = day_ends_.emplace(day, end).first;
  }
  DayEnd& end = known->second;
  if (end.row == state_.layout.Day(day).first) return std::nullopt;
  if (sequence < end.sequence) {
    CITY_RETURN_IF_ERROR(
        connection_.Run("INSERT OR IGNORE INTO disordered_days(day) VALUES(?)", day));
  }
  end = {.row = end.row - 1, .sequence = std::max(sequence, end.sequence)};
  return end.row;
}

absl::Status IndexWriter::Remove(RowChange* change) {
  const int64_t row = change->row;
  int64_t sequence = 0;
  bool published = false;
  {
    CITY_ASSIGN_OR_RETURN(
        sql::Statement stored,
        connection_.Prepare("SELECT t.packed, t.labels, d.published, d.sequence FROM documents d"
                            " JOIN texts t ON t.sequence = d.sequence WHERE d.row = ?"));
    CITY_ASSIGN_OR_RETURN(const bool found, stored.BindAll(row).Step());
    if (!found) return base::DataLoss("STORE_CORRUPT", "the search index lost a text");
    UnpackText(stored.ColumnBlob(0), &change->removed.text);
    change->removed.labels = stored.ColumnString(1);
    published = stored.ColumnBool(2);
    sequence = stored.ColumnInt64(3);
  }
  if (published) CITY_RETURN_IF_ERROR(CountLabels(change->removed.labels, -1));
  CITY_RETURN_IF_ERROR(connection_.Run("DELETE FROM texts WHERE sequence = ?", sequence));
  CITY_RETURN_IF_ERROR(connection_.Run("DELETE FROM documents WHERE row = ?", row));
  CITY_RETURN_IF_ERROR(connection_.Run("DELETE FROM timed WHERE row = ?", row));
  --state_.documents;
  state_.text_units -= static_cast<int64_t>(change->removed.text.size());
  return absl::OkStatus();
}

absl::Status IndexWriter::Add(int64_t row, const IndexedDocument& document) {
  int64_t section = 0;
  if (!document.section.empty()) {
    CITY_ASSIGN_OR_RETURN(section, LabelId(LabelKind::kSection, document.section));
  }
  CITY_RETURN_IF_ERROR(connection_.Run(
      "INSERT INTO documents(row, sequence, section, published, id) VALUES(?, ?, ?, ?, ?)", row,
      document.sequence, section, document.published, document.id));
  CITY_RETURN_IF_ERROR(
      connection_.Run("INSERT INTO texts(sequence, packed, labels) VALUES(?, ?, ?)",
                      document.sequence, sql::Blob{PackText(document.text)}, document.labels));
  if (document.visible_from || document.visible_until) {
    CITY_RETURN_IF_ERROR(
        connection_.Run("INSERT INTO timed(row, visible_from, visible_until) VALUES(?, ?, ?)", row,
                        document.visible_from, document.visible_until));
  }
  if (document.published) CITY_RETURN_IF_ERROR(CountLabels(document.labels, 1));
  ++state_.documents;
  state_.text_units += static_cast<int64_t>(document.text.size());
  return absl::OkStatus();
}

// Tokens are taken out by giving FTS5 the very text that they were made of.
absl::Status IndexWriter::WriteTokens(bool remove, int64_t row, std::u16string_view text,
                                      absl::string_view labels) {
  const absl::string_view body =
      remove ? "INSERT INTO body_tokens(body_tokens, rowid, text) VALUES('delete', ?, ?)"
             : "INSERT INTO body_tokens(rowid, text) VALUES(?, ?)";
  const absl::string_view title =
      remove ? "INSERT INTO title_tokens(title_tokens, rowid, text) VALUES('delete', ?, ?)"
             : "INSERT INTO title_tokens(rowid, text) VALUES(?, ?)";
  CITY_RETURN_IF_ERROR(connection_.Run(body, row, TokenizedText(text, labels)));
  return connection_.Run(title, row, TokenizedText(TitleOf(text), labels));
}

// Sections and tags are counted, the latter to suggest the most frequent ones.
absl::Status IndexWriter::CountLabels(absl::string_view labels, int by) {
  for (const absl::string_view token : absl::StrSplit(labels, '\n', absl::SkipEmpty())) {
    const auto kind = static_cast<LabelKind>(token[1]);
    if (kind != LabelKind::kTag && kind != LabelKind::kSection) continue;
    CITY_ASSIGN_OR_RETURN(const int64_t id, LabelId(kind, token.substr(2)));
    CITY_RETURN_IF_ERROR(
        connection_.Run("UPDATE labels SET articles = articles + ? WHERE id = ?", by, id));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> IndexWriter::LabelId(LabelKind kind, absl::string_view label) {
  const char letter = static_cast<char>(kind);
  const absl::string_view kind_text(&letter, 1);
  constexpr absl::string_view kSelect = "SELECT id FROM labels WHERE kind = ? AND label = ?";
  absl::StatusOr<int64_t> id = connection_.QueryInt64(kSelect, kind_text, label);
  if (id.ok() || !absl::IsNotFound(id.status())) return id;
  std::string folded;
  AppendUtf8(FoldText(label), &folded);
  CITY_RETURN_IF_ERROR(
      connection_.Run("INSERT INTO labels(kind, label, folded, articles) VALUES(?, ?, ?, 0)",
                      kind_text, label, folded));
  return connection_.QueryInt64(kSelect, kind_text, label);
}

}  // namespace

absl::StatusOr<bool> WriteChanges(sql::Connection& connection,
                                  const std::vector<ArticleChange>& changes, int64_t position,
                                  IndexState* state) {
  IndexWriter writer(connection, state);
  CITY_ASSIGN_OR_RETURN(const bool room, writer.Write(NewestOfEach(changes, state->position)));
  if (!room) return false;
  if (position > state->position) {
    const bool known = !changes.empty() && changes.back().position == position;
    state->mark = known ? MarkOf(changes.back()) : "";
    state->position = position;
  }
  CITY_RETURN_IF_ERROR(WriteState(connection, *state));
  return true;
}

}  // namespace cityinfo::articles
