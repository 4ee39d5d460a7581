#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_fixture.h"
#include "tests/support/wait_until.h"

namespace cityinfo::postgres {
namespace {

using ::testing::HasSubstr;

class PostgresMigrationTest : public PostgresTest {
 protected:
  absl::Status TryOpen(std::vector<sql::Migration> migrations,
                       sql::MigrationPolicy policy = sql::MigrationPolicy::kAuto) const {
    Database::Options options = OptionsFor(url_);
    options.migrations = std::move(migrations);
    options.migration_policy = policy;
    return Database::Open(std::move(options)).status();
  }

  static std::vector<sql::Migration> With(std::initializer_list<sql::Migration> more) {
    std::vector<sql::Migration> steps = NoteSchema();
    steps.insert(steps.end(), more.begin(), more.end());
    return steps;
  }
};

TEST_F(PostgresMigrationTest, EightAtOnceTakeEachStepExactlyOnce) {
  constexpr int kProcesses = 8;
  // Steps that show it when they are taken twice.
  std::vector<sql::Migration> steps = With({{"first row", "INSERT INTO note(id) VALUES (1)"},
                                            {"double it", "UPDATE note SET id = id * 2"},
                                            {"rename", "ALTER TABLE link RENAME TO edge"}});
  std::latch start(kProcesses);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kProcesses; ++i) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const absl::Status opened = TryOpen(steps);
        EXPECT_TRUE(opened.ok()) << base::ErrorText(opened);
      });
    }
  }
  EXPECT_EQ(Ask("SELECT string_agg(version || ' ' || name, ', ' ORDER BY version) FROM "
                "notes.schema_migrations"),
            "1 create notes, 2 create links, 3 first row, 4 double it, 5 rename");
  EXPECT_EQ(Ask("SELECT id FROM notes.note"), "2");
}

TEST_F(PostgresMigrationTest, KeepsDataAndTakesOnlyWhatIsNew) {
  ASSERT_OK((*Open()->Write())->Run("INSERT INTO note(id) VALUES (1)"));
  EXPECT_OK(TryOpen(With({{"add", "ALTER TABLE note ADD COLUMN more TEXT", true}})));
  EXPECT_EQ(Ask("SELECT count(more) || ' ' || count(*) FROM notes.note"), "0 1");
}

TEST_F(PostgresMigrationTest, RefusesASchemaFromTheFuture) {
  Open();
  const absl::Status status = TryOpen({NoteSchema()[0]});
  EXPECT_THAT(status, HasReason("SCHEMA_TOO_NEW"));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("schema version 2, but this release knows only up to 1"));
}

TEST_F(PostgresMigrationTest, GoesOnBesideNewerStepsThatAreCompatible) {
  ASSERT_OK(TryOpen(With({{"add", "ALTER TABLE note ADD COLUMN more TEXT", true}})));
  EXPECT_OK(TryOpen(NoteSchema()));
  EXPECT_OK(TryOpen(NoteSchema(), sql::MigrationPolicy::kCheck));
  ASSERT_OK(TryOpen(With({{"add", "ALTER TABLE note ADD COLUMN more TEXT", true},
                          {"drop", "ALTER TABLE note DROP COLUMN size", false},
                          {"add again", "ALTER TABLE note ADD COLUMN size BIGINT", true}})));
  EXPECT_THAT(TryOpen(NoteSchema()), HasReason("SCHEMA_TOO_NEW")) << "one of them is not";
}

TEST_F(PostgresMigrationTest, ChecksWithoutTouching) {
  const absl::Status empty = TryOpen(NoteSchema(), sql::MigrationPolicy::kCheck);
  EXPECT_THAT(empty, HasReason("SCHEMA_OUT_OF_DATE"));
  EXPECT_THAT(std::string(empty.message()), HasSubstr("--migrate=only"));
  EXPECT_EQ(Ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'notes'"), "0");
  Open();
  EXPECT_OK(TryOpen(NoteSchema(), sql::MigrationPolicy::kCheck));
}

TEST_F(PostgresMigrationTest, RefusesWhatBelongsToSomethingElse) {
  Open();
  EXPECT_THAT(TryOpen({{"create people", "CREATE TABLE person (id BIGINT)"}, NoteSchema()[1]}),
              HasReason("SCHEMA_MISMATCH"));
}

TEST_F(PostgresMigrationTest, RefusesAHistoryWithHoles) {
  Open();
  Ask("UPDATE notes.schema_migrations SET version = 0 WHERE version = 1");
  EXPECT_THAT(TryOpen(NoteSchema()), HasReason("SCHEMA_MISMATCH"));
  Ask("DELETE FROM notes.schema_migrations WHERE version = 0");
  EXPECT_THAT(TryOpen(NoteSchema()), HasReason("SCHEMA_MISMATCH"));
}

// An older and a newer release start together, and the newer one has the lock first.
TEST_F(PostgresMigrationTest, WhatANewerReleaseDoesWhileWeWaitIsSeen) {
  auto newer =
      *Connection::Open(*Endpoint::Parse(url_), {.schema = "notes"}, absl::InfiniteFuture());
  ASSERT_OK(newer->Begin(sql::TransactionMode::kWrite));
  std::jthread older([&] { EXPECT_THAT(TryOpen(NoteSchema()), HasReason("SCHEMA_TOO_NEW")); });
  ASSERT_TRUE(testing::WaitUntil([&] {
    return Ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND "
               "database = (SELECT oid FROM pg_database WHERE datname = current_database())") ==
           "1";
  }));
  ASSERT_OK(newer->Execute(
      "CREATE SCHEMA notes; CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, name TEXT "
      "NOT NULL, compatible BOOLEAN NOT NULL); INSERT INTO schema_migrations VALUES "
      "(1, 'create notes', false), (2, 'create links', false), (3, 'drop notes', false)"));
  ASSERT_OK(newer->Commit());
}

TEST_F(PostgresMigrationTest, WaitsWhileAnotherTakesLongerThanALockMayTake) {
  auto other =
      *Connection::Open(*Endpoint::Parse(url_), {.schema = "notes"}, absl::InfiniteFuture());
  ASSERT_OK(other->Begin(sql::TransactionMode::kWrite));
  std::jthread patient([&] {
    Database::Options options = OptionsFor(url_);
    options.session.lock_timeout = absl::Milliseconds(100);
    EXPECT_OK(Database::Open(std::move(options)));
  });
  std::set<std::string> waiting;
  EXPECT_TRUE(testing::WaitUntil([&] {
    waiting.insert(
        Ask("SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory' AND "
            "NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = "
            "current_database())"));
    waiting.erase("");
    return waiting.size() > 2;
  })) << "it tries again";
  ASSERT_OK(other->Rollback());
  other.reset();
}

TEST_F(PostgresMigrationTest, OneThatStandsStillLosesTheLock) {
  auto connection =
      *Connection::Open(*Endpoint::Parse(url_),
                        {.schema = "notes", .idle_in_transaction_timeout = absl::Milliseconds(100)},
                        absl::InfiniteFuture());
  ASSERT_OK(connection->Begin(sql::TransactionMode::kWrite));
  ASSERT_OK(connection->AllowSlowStatements());
  EXPECT_OK(TryOpen(NoteSchema()));
}

TEST_F(PostgresMigrationTest, AFailedStepChangesNothing) {
  const absl::Status status =
      TryOpen(With({{"break", "CREATE TABLE extra (id BIGINT); CREATE TABLE note (id BIGINT)"}}));
  EXPECT_THAT(std::string(status.message()), HasSubstr("migration 3, break"));
  EXPECT_EQ(Ask("SELECT count(*) FROM notes.schema_migrations"), "2");
  EXPECT_EQ(Ask("SELECT count(*) FROM pg_class WHERE relname = 'extra'"), "0");
}

TEST_F(PostgresMigrationTest, AStepMayTakeLongerThanAStatementOtherwiseMay) {
  Database::Options options = OptionsFor(url_);
  options.session.statement_timeout = absl::Milliseconds(50);
  options.migrations = {{"slow", "SELECT pg_sleep(0.2)"}};
  EXPECT_OK(Database::Open(options));
  options.migrations = {};
  options.schema = "other";
  EXPECT_TRUE(absl::IsDeadlineExceeded((*MustOpen(options)->Read())->Run("SELECT pg_sleep(0.2)")));
}

TEST_F(PostgresMigrationTest, SaysThatADatabaseMayOnlyBeRead) {
  Open();
  const std::string name = Ask("SELECT current_database()");
  ASSERT_EQ(Ask(absl::StrCat("ALTER DATABASE ", name, " SET default_transaction_read_only = on")),
            "");
  const absl::Status status = TryOpen(NoteSchema());
  EXPECT_THAT(status, HasReason("STORE_READ_ONLY"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("may only be read"));
}

}  // namespace
}  // namespace cityinfo::postgres
