#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/sql/connection.h"

namespace cityinfo::metrics {

// Any number of rows by their numbers or names, as one parameter: the statement stays the same and
// one round trip fetches them all. Here the dialects part: SQLite has JSON, PostgreSQL arrays.

// The value to bind.
inline std::string IdList(sql::Dialect dialect, std::span<const std::int64_t> ids) {
  const bool json = dialect == sql::Dialect::kSqlite;
  return absl::StrCat(json ? "[" : "{", absl::StrJoin(ids, ","), json ? "]" : "}");
}

// A table of one column, `id`, over the value bound to ?1; give it an alias.
inline const char* IdTable(sql::Dialect dialect) {
  return dialect == sql::Dialect::kSqlite
             ? "(SELECT value AS id FROM json_each(?1))"
             : "(SELECT given.id FROM unnest(CAST(?1 AS BIGINT[])) AS given (id))";
}

// The same for rows by names of ours: letters, digits and dashes, which need no quoting.
inline std::string NameList(sql::Dialect dialect, std::span<const std::string> names) {
  if (names.empty()) return dialect == sql::Dialect::kSqlite ? "[]" : "{}";
  return dialect == sql::Dialect::kSqlite
             ? absl::StrCat("[\"", absl::StrJoin(names, "\",\""), "\"]")
             : absl::StrCat("{", absl::StrJoin(names, ","), "}");
}

// A table of one column, `name`, over the value bound to ?1; give it an alias.
inline const char* NameTable(sql::Dialect dialect) {
  return dialect == sql::Dialect::kSqlite
             ? "(SELECT value AS name FROM json_each(?1))"
             : "(SELECT given.name FROM unnest(CAST(?1 AS TEXT[])) AS given (name))";
}

}  // namespace cityinfo::metrics
