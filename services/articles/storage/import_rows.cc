#include "services/articles/storage/import_rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/status_macros.h"

namespace cityinfo::articles {
namespace {

// One length serves all, so that one statement is kept prepared; a shorter list is filled up with
// its last entry.
constexpr size_t kAtOnce = 64;

}  // namespace

absl::StatusOr<absl::flat_hash_map<std::string, std::string>> FindImported(
    sql::Connection& connection, const std::vector<std::string>& fingerprints) {
  absl::flat_hash_map<std::string, std::string> found;
  const std::vector<absl::string_view> places(kAtOnce, "?");
  const std::string sql =
      absl::StrCat("SELECT import_fingerprint, id FROM articles WHERE import_fingerprint IN (",
                   absl::StrJoin(places, ", "), ")");
  for (size_t done = 0; done < fingerprints.size(); done += kAtOnce) {
    CITY_ASSIGN_OR_RETURN(sql::Statement statement, connection.Prepare(sql));
    for (size_t i = 0; i < kAtOnce; ++i) {
      statement.Bind(static_cast<int>(i + 1),
                     fingerprints[std::min(done + i, fingerprints.size() - 1)]);
    }
    CITY_RETURN_IF_ERROR(statement.ForEach(
        [&](sql::Statement& row) { found.emplace(row.ColumnString(0), row.ColumnString(1)); }));
  }
  return found;
}

}  // namespace cityinfo::articles
