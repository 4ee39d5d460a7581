#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/sql/run_transaction.h"
#include "tests/integration/postgres/postgres_fixture.h"

namespace cityinfo::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using PostgresStatementTest = PostgresTest;

TEST_F(PostgresStatementTest, KeepsEveryType) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  const std::string bytes("\x00\xff'\\x", 5);
  const std::optional<int64_t> nothing;
  ASSERT_OK(writer->Run("INSERT INTO note VALUES (?, ?, ?, ?)", std::numeric_limits<int64_t>::min(),
                        "凯里'市\\", 0.1, sql::Blob{bytes}));
  ASSERT_OK(writer->Run("INSERT INTO note VALUES (?, ?, ?, ?)", std::numeric_limits<int64_t>::max(),
                        "", nullptr, nothing));
  EXPECT_EQ(writer->Changes(), 1);
  sql::Statement rows = *writer->Prepare("SELECT id, text, size, raw FROM note ORDER BY id");
  ASSERT_TRUE(*rows.Step());
  EXPECT_EQ(rows.ColumnInt64(0), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(rows.ColumnText(1), "凯里'市\\");
  EXPECT_EQ(rows.ColumnOptionalDouble(2), 0.1);
  EXPECT_EQ(rows.ColumnBlob(3), bytes);
  ASSERT_TRUE(*rows.Step());
  EXPECT_EQ(rows.ColumnInt64(0), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(rows.ColumnOptionalString(1), "");
  EXPECT_TRUE(rows.ColumnIsNull(2));
  EXPECT_EQ(rows.ColumnOptionalInt64(3), std::nullopt);
  EXPECT_FALSE(*rows.Step());
  EXPECT_FALSE(*rows.Step()) << "the end stays the end";
}

TEST_F(PostgresStatementTest, DoublesSurviveBitByBit) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  for (const double value :
       {0.1 + 0.2, -0.0, std::numeric_limits<double>::denorm_min(),
        std::numeric_limits<double>::max(), std::numeric_limits<double>::infinity()}) {
    ASSERT_OK(writer->Run("DELETE FROM note"));
    ASSERT_OK(writer->Run("INSERT INTO note(id, size) VALUES (1, ?)", value));
    sql::Statement row = *writer->Prepare("SELECT size FROM note");
    ASSERT_TRUE(*row.Step());
    EXPECT_EQ(row.ColumnDouble(0), value);
  }
}

TEST_F(PostgresStatementTest, ATruthIsZeroOrOne) {
  const auto database = Open();
  sql::Lease reader = *database->Read();
  EXPECT_EQ(*reader->QueryInt64("SELECT CAST(? AS BIGINT) = 3", 3), 1);
  EXPECT_EQ(*reader->QueryInt64("SELECT CAST(? AS BIGINT) = 3", 4), 0);
  EXPECT_EQ(*reader->QueryInt64("SELECT sum(CAST(? AS BIGINT))", 41), 41) << "a numeric";
}

TEST_F(PostgresStatementTest, AnEmptyAndALargeBlobComeBack) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  std::string large(3 << 20, '\0');
  for (size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31);
  ASSERT_OK(writer->Run("INSERT INTO note(id, raw) VALUES (1, ?), (2, ?)", sql::Blob{""},
                        sql::Blob{large}));
  sql::Statement rows = *writer->Prepare("SELECT raw FROM note ORDER BY id");
  ASSERT_TRUE(*rows.Step());
  EXPECT_FALSE(rows.ColumnIsNull(0));
  EXPECT_EQ(rows.ColumnBlob(0), "");
  ASSERT_TRUE(*rows.Step());
  EXPECT_TRUE(rows.ColumnBlob(0) == large);
}

TEST_F(PostgresStatementTest, NumberedParametersRepeatAndLiteralsStayAlone) {
  const auto database = Open();
  sql::Lease reader = *database->Read();
  sql::Statement row = *reader->Prepare(
      "SELECT CAST(?2 AS TEXT) || '?' || \"what?\" || CAST(?1 AS TEXT) || CAST(?2 AS TEXT) /* ? */ "
      "FROM (SELECT $$?$$::text AS \"what?\") AS x -- ?");
  row.BindAll("a", "b");
  ASSERT_TRUE(*row.Step());
  EXPECT_EQ(row.ColumnText(0), "b??ab");
}

TEST_F(PostgresStatementTest, PreparedStatementsAreCachedAndNest) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  for (int i = 0; i < 600; ++i) {
    ASSERT_OK(writer->Run("INSERT INTO note(id) VALUES (?)", i));
    ASSERT_OK(writer->QueryInt64(absl::StrCat("SELECT ", i)));  // more than the cache holds
  }
  EXPECT_EQ(*writer->QueryInt64("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE "
                                "'INSERT INTO note%'"),
            1);
  EXPECT_LE(*writer->QueryInt64("SELECT count(*) FROM pg_prepared_statements"), 256);
  int64_t pairs = 0;
  const char* const sql = "SELECT id FROM note WHERE id < 10";
  sql::Statement outer = *writer->Prepare(sql);
  ASSERT_OK(outer.ForEach([&](sql::Statement&) {
    sql::Statement inner = *writer->Prepare(sql);
    return inner.ForEach([&](sql::Statement&) { ++pairs; });
  }));
  EXPECT_EQ(pairs, 100);
}

TEST_F(PostgresStatementTest, MoreAreInUseThanTheCacheHolds) {
  auto connection =
      *Connection::Open(*Endpoint::Parse(url_), {.schema = "notes", .max_cached_statements = 1},
                        absl::InfiniteFuture());
  sql::Statement outer = *connection->Prepare("SELECT 1");
  ASSERT_TRUE(*outer.Step());
  EXPECT_EQ(*connection->QueryInt64("SELECT 2"), 2);
  EXPECT_EQ(outer.ColumnInt64(0), 1);
}

TEST_F(PostgresStatementTest, ReturningGivesRowsAndCounts) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  EXPECT_EQ(*writer->QueryInt64("INSERT INTO note(id) VALUES (7) RETURNING id"), 7);
  EXPECT_EQ(writer->Changes(), 1);
  ASSERT_OK(writer->Run("INSERT INTO note(id) VALUES (8), (9)"));
  ASSERT_OK(writer->QueryInt64("SELECT 1"));
  EXPECT_EQ(writer->Changes(), 2) << "reading changes nothing";
  ASSERT_OK(writer->Run("UPDATE note SET size = 1 WHERE id > 100"));
  EXPECT_EQ(writer->Changes(), 0);
}

TEST_F(PostgresStatementTest, TextComparesByteByByteWhateverTheServersLanguage) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  ASSERT_OK(
      writer->Run("INSERT INTO note(id, text) VALUES (1, 'b'), (2, 'B'), (3, 'a'), (4, '中')"));
  std::vector<std::string> order;
  ASSERT_OK(
      writer->Prepare("SELECT text FROM note ORDER BY text")->ForEach([&](sql::Statement& row) {
        order.push_back(row.ColumnString(0));
      }));
  EXPECT_THAT(order, ElementsAre("B", "a", "b", "中"));
  EXPECT_EQ(*writer->QueryInt64("SELECT CASE WHEN 'B' < 'a' THEN 1 ELSE 0 END"), 0)
      << "the server's own order is another one, or this test shows nothing";
}

TEST_F(PostgresStatementTest, TheSessionIsOursWhateverTheServersSettings) {
  const auto database = Open();
  sql::Lease reader = *database->Read();
  const auto setting = [&](const char* name) {
    sql::Statement row = *reader->Prepare("SELECT current_setting(?)");
    EXPECT_TRUE(*row.Bind(1, name).Step());
    return row.ColumnString(0);
  };
  EXPECT_EQ(setting("TimeZone"), "UTC");
  EXPECT_EQ(setting("client_encoding"), "UTF8");
  EXPECT_EQ(setting("search_path"), "notes");
  EXPECT_EQ(setting("application_name"), "cityinfo");
  EXPECT_EQ(setting("statement_timeout"), "30s");
}

TEST_F(PostgresStatementTest, ErrorsSayWhatHappenedWithoutShowingSql) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  ASSERT_OK(writer->Run("INSERT INTO note(id, text) VALUES (1, 'a')"));
  const absl::Status unique = writer->Run("INSERT INTO note(id, text) VALUES (2, 'a')");
  EXPECT_THAT(unique, HasReason("UNIQUE_VIOLATION"));
  EXPECT_TRUE(absl::IsAlreadyExists(unique));
  EXPECT_THAT(std::string(unique.message()), Not(HasSubstr("note")));
  EXPECT_THAT(base::ErrorDetail(unique), HasSubstr("note_text_key"));
  EXPECT_THAT(writer->Run("INSERT INTO link VALUES (99)"), HasReason("CONSTRAINT_VIOLATION"));
  EXPECT_THAT(writer->Run("INSERT INTO note(id, size) VALUES (5, ?)", "not a number"),
              HasReason("CONSTRAINT_VIOLATION"));
  EXPECT_TRUE(absl::IsInternal(writer->Run("SELECT nonsense")));
  EXPECT_TRUE(absl::IsInternal(writer->Run("DELETE FROM note", 1))) << "a parameter too many";
  EXPECT_THAT(writer->Run("INSERT INTO note(id, text) VALUES (6, ?)", std::string("a\0b", 3)),
              HasReason("VALUE_NOT_STORABLE"));
  EXPECT_THAT(writer->Run("INSERT INTO note(id, text) VALUES (6, ?)", "\xff"),
              HasReason("VALUE_NOT_STORABLE"));
  EXPECT_FALSE(writer->broken());
  EXPECT_EQ(*writer->QueryInt64("SELECT count(*) FROM note"), 1);
}

TEST_F(PostgresStatementTest, AStatementThatFailedToPrepareDoesNotStick) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  const char* const sql = "SELECT count(*) FROM later";
  EXPECT_TRUE(absl::IsInternal(writer->QueryInt64(sql).status()));
  ASSERT_OK(writer->Execute("CREATE TABLE later (id BIGINT)"));
  EXPECT_THAT(writer->QueryInt64(sql), testing::IsOkAndHolds(0));
}

TEST_F(PostgresStatementTest, AScriptStopsAtItsFirstError) {
  const auto database = Open();
  sql::Lease writer = *database->Write();
  EXPECT_THAT(writer->Execute("INSERT INTO note(id) VALUES (1); INSERT INTO note(id) VALUES (1)"),
              HasReason("UNIQUE_VIOLATION"));
  EXPECT_EQ(*writer->QueryInt64("SELECT count(*) FROM note"), 0);
}

TEST_F(PostgresStatementTest, AStatementThatNoLongerFitsTheSchemaIsPreparedAnew) {
  const auto database = Open();
  const auto read = [&] {
    return sql::InRead(*database, absl::Now() + absl::Seconds(10), sql::Freshness::kNewest,
                       [](sql::Connection& connection, bool) {
                         return connection.QueryInt64("SELECT max(id) FROM note");
                       });
  };
  ASSERT_OK((*database->Write())->Run("INSERT INTO note(id) VALUES (3)"));
  EXPECT_THAT(read(), testing::IsOkAndHolds(3));
  Ask("ALTER TABLE notes.note ALTER COLUMN id TYPE NUMERIC USING id + 1");
  EXPECT_THAT(read(), testing::IsOkAndHolds(4));
}

}  // namespace
}  // namespace cityinfo::postgres
