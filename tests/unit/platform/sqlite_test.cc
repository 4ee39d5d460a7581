#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "tests/unit/platform/sqlite_fixture.h"

namespace cityinfo::sqlite {
namespace {

using sql::Blob;
using sql::Lease;
using sql::Statement;
using sql::Transaction;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(SqliteTest, KeepsEveryType) {
  std::unique_ptr<Database> database = Open();
  Lease writer = *database->Write();
  const std::string text("凯里\0市", 10);
  const std::optional<int64_t> nothing;
  ASSERT_TRUE(writer
                  ->Run("INSERT INTO note VALUES (?, ?, ?, ?)", std::numeric_limits<int64_t>::min(),
                        text, 0.5, Blob{"\x00\xff"})
                  .ok());
  ASSERT_TRUE(writer->Run("INSERT INTO note VALUES (?, ?, ?, ?)", 2, "", nullptr, nothing).ok());
  EXPECT_EQ(writer->Changes(), 1);
  Statement rows = *writer->Prepare("SELECT id, text, size, raw FROM note ORDER BY id");
  ASSERT_TRUE(*rows.Step());
  EXPECT_EQ(rows.ColumnInt64(0), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(rows.ColumnText(1), text);
  EXPECT_EQ(rows.ColumnOptionalDouble(2), 0.5);
  EXPECT_EQ(rows.ColumnBlob(3), "\x00\xff");
  ASSERT_TRUE(*rows.Step());
  EXPECT_EQ(rows.ColumnOptionalString(1), "");
  EXPECT_TRUE(rows.ColumnIsNull(2));
  EXPECT_EQ(rows.ColumnOptionalInt64(3), std::nullopt);
  EXPECT_FALSE(*rows.Step());
}

TEST_F(SqliteTest, PreparedStatementsAreCachedAndNest) {
  std::unique_ptr<Database> database = Open();
  Lease writer = *database->Write();
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(writer->Run("INSERT INTO note(id) VALUES (?)", i).ok());
    ASSERT_TRUE(writer->QueryInt64(absl::StrCat("SELECT ", i)).ok());  // more than the cache holds
  }
  int64_t pairs = 0;
  const char* const sql = "SELECT id FROM note WHERE id < 10";
  Statement outer = *writer->Prepare(sql);
  ASSERT_TRUE(outer
                  .ForEach([&](Statement&) {
                    Statement inner = *writer->Prepare(sql);
                    return inner.ForEach([&](Statement&) { ++pairs; });
                  })
                  .ok());
  EXPECT_EQ(pairs, 100);
}

TEST_F(SqliteTest, ErrorsSayWhatHappenedWithoutShowingSql) {
  std::unique_ptr<Database> database = Open();
  Lease writer = *database->Write();
  ASSERT_TRUE(writer->Run("INSERT INTO note(id, text) VALUES (1, 'a')").ok());
  const absl::Status unique = writer->Run("INSERT INTO note(id, text) VALUES (2, 'a')");
  EXPECT_TRUE(absl::IsAlreadyExists(unique));
  EXPECT_EQ(base::ErrorReason(unique), "UNIQUE_VIOLATION");
  EXPECT_THAT(std::string(unique.message()), Not(HasSubstr("note")));
  EXPECT_THAT(base::ErrorDetail(unique), HasSubstr("note.text"));
  EXPECT_EQ(base::ErrorReason(writer->Run("INSERT INTO link VALUES (99)")), "CONSTRAINT_VIOLATION");
  EXPECT_EQ(base::ErrorReason(writer->Run("INSERT INTO note(size) VALUES (?)", "not a number")),
            "CONSTRAINT_VIOLATION");
  EXPECT_TRUE(absl::IsInternal(writer->Run("SELECT nonsense")));
  EXPECT_TRUE(absl::IsInternal(writer->Run("DELETE FROM note", 1))) << "a parameter too many";
  EXPECT_EQ(base::ErrorReason((*database->Read())->Run("DELETE FROM note")), "STORE_READ_ONLY");
  EXPECT_FALSE(writer->broken());
}

TEST_F(SqliteTest, ATransactionCountsOnlyOnceCommitted) {
  std::unique_ptr<Database> database = Open();
  {
    Lease writer = *database->Write();
    Transaction transaction = *Transaction::Begin(*writer);
    ASSERT_TRUE(writer->Run("INSERT INTO note(id) VALUES (1)").ok());
  }
  EXPECT_EQ(Count(*database), 0);
  {
    Lease writer = *database->Write();
    Transaction transaction = *Transaction::Begin(*writer);
    ASSERT_TRUE(writer->Run("INSERT INTO note(id) VALUES (1)").ok());
    EXPECT_EQ(Count(*database), 0) << "a reader does not see it yet";
    ASSERT_TRUE(transaction.Commit().ok());
  }
  EXPECT_EQ(Count(*database), 1);
}

TEST_F(SqliteTest, AReadTransactionSeesOneMoment) {
  std::unique_ptr<Database> database = Open();
  Lease reader = *database->Read();
  Transaction snapshot = *Transaction::Begin(*reader, Transaction::Mode::kRead);
  EXPECT_EQ(*reader->QueryInt64("SELECT count(*) FROM note"), 0);
  ASSERT_TRUE((*database->Write())->Run("INSERT INTO note(id) VALUES (1)").ok());
  EXPECT_EQ(*reader->QueryInt64("SELECT count(*) FROM note"), 0);
  ASSERT_TRUE(snapshot.Commit().ok());
  EXPECT_EQ(*reader->QueryInt64("SELECT count(*) FROM note"), 1);
}

TEST_F(SqliteTest, WaitingForAConnectionEnds) {
  std::unique_ptr<Database> database = Open(/*readers=*/1, /*max_wait=*/absl::Milliseconds(20));
  Lease writer = *database->Write();
  Lease reader = *database->Read();
  for (bool write : {true, false}) {
    const auto borrow = [&](absl::Time deadline) {
      return (write ? database->Write(deadline) : database->Read(deadline)).status();
    };
    EXPECT_EQ(base::ErrorReason(borrow(absl::InfiniteFuture())), "STORE_BUSY");
    EXPECT_TRUE(absl::IsDeadlineExceeded(borrow(absl::Now())));
  }
}

TEST_F(SqliteTest, AStatementStopsAtTheDeadline) {
  std::unique_ptr<Database> database = Open();
  const char* const endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  const absl::Status status =
      (*database->Read(absl::Now() + absl::Milliseconds(20)))->QueryInt64(endless).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_EQ(Count(*database), 0) << "the connection is good for the next one";
}

TEST_F(SqliteTest, AFailedWriteInATransactionLeavesNothing) {
  std::unique_ptr<Database> database = Open();
  {
    Lease writer = *database->Write(absl::Now() + absl::Milliseconds(50));
    Transaction transaction = *Transaction::Begin(*writer);
    ASSERT_TRUE(writer->Run("INSERT INTO note(id) VALUES (1)").ok());
    EXPECT_TRUE(absl::IsDeadlineExceeded(
        writer->Run("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n) "
                    "INSERT INTO note(id) SELECT i FROM n")));
  }
  EXPECT_EQ(Count(*database), 0);
}

TEST_F(SqliteTest, MigratesOnceAndKeepsData) {
  ASSERT_TRUE((*Open()->Write())->Run("INSERT INTO note(id) VALUES (1)").ok());
  std::unique_ptr<Database> database = Open();
  EXPECT_EQ(Count(*database), 1);
  EXPECT_EQ(*(*database->Read())->QueryInt64("PRAGMA user_version"), 2);
}

TEST_F(SqliteTest, RefusesASchemaFromTheFuture) {
  Open();
  const absl::Status status =
      Database::Open({.path = Path(), .migrations = {Schema()[0]}}).status();
  EXPECT_EQ(base::ErrorReason(status), "SCHEMA_TOO_NEW");
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("schema version 2, but this release knows only up to 1"));
}

TEST_F(SqliteTest, ChecksTheSchemaWithoutTouchingItWhenToldTo) {
  const auto check = [&](std::vector<sql::Migration> migrations) {
    return Database::Open({.path = Path(),
                           .migrations = std::move(migrations),
                           .migration_policy = sql::MigrationPolicy::kCheck})
        .status();
  };
  const absl::Status missing = check(Schema());
  EXPECT_EQ(base::ErrorReason(missing), "SCHEMA_OUT_OF_DATE");
  EXPECT_THAT(std::string(missing.message()), HasSubstr("schema version 0, this release needs 2"));
  EXPECT_TRUE(check({}).ok()) << "nothing was migrated";
  Open();
  EXPECT_TRUE(check(Schema()).ok());
}

TEST_F(SqliteTest, HasNothingToWatch) {
  EXPECT_EQ(Open()->StartWatch("notes", [] {}), nullptr);
}

TEST_F(SqliteTest, AFailedMigrationChangesNothing) {
  std::vector<sql::Migration> broken = Schema();
  broken.push_back(
      {"break", "CREATE TABLE extra (id INTEGER) STRICT; CREATE TABLE note (id INTEGER) STRICT"});
  const absl::Status status = Database::Open({.path = Path(), .migrations = broken}).status();
  EXPECT_THAT(base::ErrorDetail(status), HasSubstr("migration 3, break"));
  std::unique_ptr<Database> database = Open();
  EXPECT_EQ(
      *(*database->Read())->QueryInt64("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"),
      0);
}

TEST_F(SqliteTest, RefusesAFileThatIsNoDatabase) {
  std::filesystem::create_directories(folder_.path() / "deep");
  std::ofstream(Path()) << std::string(4096, 'x');
  const absl::Status status = TryOpen().status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_EQ(base::ErrorReason(status), "STORE_CORRUPT");
  EXPECT_THAT(std::string(status.message()), HasSubstr(Path()));
}

TEST_F(SqliteTest, RefusesAFolderThatCannotBe) {
  folder_.Write("deep", "a file where the folder should be");
  EXPECT_EQ(base::ErrorReason(TryOpen().status()), "STORE_CANNOT_OPEN");
}

TEST_F(SqliteTest, OneFileBelongsToOneProcess) {
  std::unique_ptr<Database> database = Open();
  const absl::Status second = TryOpen().status();
  EXPECT_EQ(base::ErrorReason(second), "STORE_IN_USE");
  EXPECT_THAT(std::string(second.message()),
              HasSubstr(absl::StrCat("is in use by process ", getpid())));
  database.reset();
  EXPECT_TRUE(TryOpen().ok());
}

// A process killed with -9 after a commit: the commit is there, the open transaction is not, and
// nothing has to be repaired by hand.
TEST_F(SqliteTest, ACommitSurvivesKill) {
  const pid_t child = fork();
  if (child == 0) {
    absl::StatusOr<std::unique_ptr<Database>> database = TryOpen();
    Lease writer = *(*database)->Write();
    for (int i = 0; i < 20; ++i) writer->Run("INSERT INTO note(id) VALUES (?)", i).IgnoreError();
    Transaction open = *Transaction::Begin(*writer);
    writer->Run("INSERT INTO note(id) VALUES (99)").IgnoreError();
    kill(getpid(), SIGKILL);
  }
  int state = 0;
  ASSERT_EQ(waitpid(child, &state, 0), child);
  ASSERT_TRUE(WIFSIGNALED(state));
  EXPECT_EQ(Count(*Open()), 20);
}

TEST_F(SqliteTest, ABrokenConnectionIsReplaced) {
  std::unique_ptr<Database> database = Open(/*readers=*/1);
  {
    Lease writer = *database->Write();
    Transaction transaction = *Transaction::Begin(*writer);
    for (int i = 0; i < 2000; ++i)
      ASSERT_TRUE(
          writer->Run("INSERT INTO note(text) VALUES (?)", absl::StrCat(i, std::string(200, 'x')))
              .ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  ASSERT_TRUE(database->Checkpoint().ok());
  // Damage the table's pages behind its back: the reader that meets them is thrown away, the next
  // one is new.
  const std::string good = testing::ReadFile(Path());
  {
    std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(good.size() - 4096, '\xAA');
  }
  EXPECT_TRUE(absl::IsDataLoss(
      (*database->Read())->QueryInt64("SELECT sum(length(text)) FROM note").status()));
  {
    std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
    file << good;
  }
  EXPECT_EQ(Count(*database), 2000);
}

TEST_F(SqliteTest, ManyReadersBesideOneWriter) {
  std::unique_ptr<Database> database = Open(/*readers=*/2);
  std::atomic<bool> done = false;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      int64_t last = 0;
      while (!done) {
        const int64_t now = Count(*database);
        EXPECT_GE(now, last);
        EXPECT_EQ(now % 2, 0) << "half a transaction was seen";
        last = now;
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    Lease writer = *database->Write();
    Transaction transaction = *Transaction::Begin(*writer);
    ASSERT_TRUE(writer->Run("INSERT INTO note(text) VALUES (?)", absl::StrCat(i, "a")).ok());
    ASSERT_TRUE(writer->Run("INSERT INTO note(text) VALUES (?)", absl::StrCat(i, "b")).ok());
    ASSERT_TRUE(transaction.Commit().ok());
  }
  done = true;
  readers.clear();
  EXPECT_EQ(Count(*database), 100);
}

}  // namespace
}  // namespace cityinfo::sqlite
