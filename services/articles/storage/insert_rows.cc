#include "services/articles/storage/insert_rows.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status_macros.h"

namespace cityinfo::articles {
namespace {

constexpr size_t kMostRows = 64;

// The largest power of four that is not above `left`.
size_t PieceOf(size_t left) {
  size_t piece = 1;
  while (piece * 4 <= left && piece * 4 <= kMostRows) piece *= 4;
  return piece;
}

}  // namespace

absl::Status InsertRows(sql::Connection& connection, const RowsInsert& insert, size_t count,
                        const std::function<void(RowValues& values, size_t row)>& bind,
                        const std::function<void(const sql::Statement& row)>& returned) {
  for (size_t done = 0; done < count;) {
    const size_t piece = PieceOf(count - done);
    const std::vector<absl::string_view> rows(piece, insert.values);
    CITY_ASSIGN_OR_RETURN(
        sql::Statement statement,
        connection.Prepare(absl::StrCat("INSERT INTO ", insert.into, " VALUES ",
                                        absl::StrJoin(rows, ", "), " ", insert.returning)));
    RowValues values(statement);
    for (size_t i = 0; i < piece; ++i) bind(values, done + i);
    CITY_RETURN_IF_ERROR(statement.ForEach([&](sql::Statement& row) {
      if (returned) returned(row);
    }));
    done += piece;
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::articles
