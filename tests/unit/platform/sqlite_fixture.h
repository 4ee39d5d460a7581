#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "platform/sqlite/database.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::sqlite {

inline const std::vector<sql::Migration>& Schema() {
  static const auto* const schema = new std::vector<sql::Migration>{
      {"create notes",
       "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE, size REAL, raw BLOB) STRICT"},
      {"create links",
       "CREATE TABLE link (note INTEGER NOT NULL REFERENCES note(id)) STRICT;"
       "CREATE INDEX link_note ON link(note)"}};
  return *schema;
}

class SqliteTest : public ::testing::Test {
 protected:
  std::string Path() const { return folder_.File("deep/city.db"); }

  absl::StatusOr<std::unique_ptr<Database>> TryOpen(int readers = 2,
                                                    absl::Duration max_wait = absl::Seconds(10)) {
    return Database::Open(
        {.path = Path(), .readers = readers, .max_wait = max_wait, .migrations = Schema()});
  }
  std::unique_ptr<Database> Open(int readers = 2, absl::Duration max_wait = absl::Seconds(10)) {
    absl::StatusOr<std::unique_ptr<Database>> database = TryOpen(readers, max_wait);
    EXPECT_TRUE(database.ok()) << base::ErrorText(database.status());
    return *std::move(database);
  }

  const testing::TempDir folder_;
};

inline int64_t Count(Database& database) {
  return *(*database.Read())->QueryInt64("SELECT count(*) FROM note");
}

}  // namespace cityinfo::sqlite
