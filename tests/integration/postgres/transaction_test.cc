#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/status_macros.h"
#include "platform/sql/run_transaction.h"
#include "tests/integration/postgres/postgres_fixture.h"
#include "tests/support/wait_until.h"

namespace cityinfo::postgres {
namespace {

using sql::Transaction;

using PostgresTransactionTest = PostgresTest;

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

TEST_F(PostgresTransactionTest, CountsOnlyOnceCommitted) {
  const auto database = Open();
  {
    sql::Lease writer = *database->Write();
    Transaction transaction = *Transaction::Begin(*writer);
    ASSERT_OK(writer->Run("INSERT INTO note(id) VALUES (1)"));
  }
  EXPECT_EQ(Count(*database), 0);
  {
    sql::Lease writer = *database->Write();
    Transaction transaction = *Transaction::Begin(*writer);
    ASSERT_OK(writer->Run("INSERT INTO note(id) VALUES (1)"));
    EXPECT_EQ(Count(*database), 0) << "a reader does not see it yet";
    ASSERT_OK(transaction.Commit());
  }
  EXPECT_EQ(Count(*database), 1);
}

TEST_F(PostgresTransactionTest, AReadSeesOneMoment) {
  const auto database = Open();
  sql::Lease reader = *database->Read();
  Transaction moment = *Transaction::Begin(*reader, Transaction::Mode::kRead);
  EXPECT_EQ(*reader->QueryInt64("SELECT count(*) FROM note"), 0);
  ASSERT_OK((*database->Write())->Run("INSERT INTO note(id) VALUES (1)"));
  EXPECT_EQ(*reader->QueryInt64("SELECT count(*) FROM note"), 0);
  EXPECT_THAT(reader->Run("DELETE FROM note"), HasReason("STORE_READ_ONLY"));
}

TEST_F(PostgresTransactionTest, AReadThatEndsWithoutAStatementLeavesNothingOpen) {
  const auto database = Open();
  for (int i = 0; i < 3; ++i) {
    sql::Lease reader = *database->Read();
    { Transaction moment = *Transaction::Begin(*reader, Transaction::Mode::kRead); }
    EXPECT_FALSE(reader->InTransaction());
  }
  ASSERT_TRUE(testing::WaitUntil([&] {
    return Ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cityinfo' AND "
               "state LIKE 'idle in transaction%'") == "0";
  }));
  EXPECT_EQ(Count(*database), 0);
}

TEST_F(PostgresTransactionTest, AFailedTransactionCannotBeCommitted) {
  const auto database = Open();
  const absl::Status status = sql::InWrite(*database, Soon(), [](sql::Connection& connection) {
    EXPECT_OK(connection.Run("INSERT INTO note(id) VALUES (1)"));
    EXPECT_THAT(connection.Run("INSERT INTO note(id) VALUES (1)"), HasReason("UNIQUE_VIOLATION"));
    return absl::OkStatus();  // the mistake: it does not say that it failed
  });
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_EQ(Count(*database), 0);
  EXPECT_OK(sql::InWrite(*database, Soon(), [](sql::Connection& connection) {
    return connection.Run("INSERT INTO note(id) VALUES (1)");
  }));
}

// Commit order is Begin order: every writer takes the next number under the lock, holds its
// transaction open a while and commits. Somebody who reads all the time never sees a number appear
// below one that it has seen. A sequence without the lock breaks this at once.
TEST_F(PostgresTransactionTest, CommitsComeInTheOrderOfBegin) {
  constexpr int kDatabases = 4;
  constexpr int kThreads = 4;
  constexpr int kEach = 10;
  std::vector<std::unique_ptr<Database>> databases;
  for (int i = 0; i < kDatabases; ++i) databases.push_back(Open());
  ASSERT_EQ(Ask("CREATE SEQUENCE notes.number"), "");
  std::atomic<bool> done = false;
  std::jthread watcher([&] {
    int64_t highest = 0;
    int64_t seen = 0;
    for (bool last = false; !last;) {
      last = done;  // before the read: what it then does not see is missing
      sql::Lease reader = *databases[0]->Read();
      sql::Statement fresh = *reader->Prepare("SELECT id FROM note WHERE id > ? ORDER BY id");
      ASSERT_OK(fresh.Bind(1, highest).ForEach([&](sql::Statement& row) {
        highest = row.ColumnInt64(0);
        ++seen;
      }));
    }
    EXPECT_EQ(seen, kDatabases * kThreads * kEach) << "a number came late";
  });
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < kDatabases * kThreads; ++i) {
      writers.emplace_back([&, i] {
        for (int n = 0; n < kEach; ++n) {
          EXPECT_OK(sql::InWrite(*databases[static_cast<size_t>(i % kDatabases)],
                                 absl::InfiniteFuture(),
                                 [](sql::Connection& connection) -> absl::Status {
                                   auto id = connection.QueryInt64("SELECT nextval('number')");
                                   if (!id.ok()) return id.status();
                                   return connection.Run("INSERT INTO note(id) VALUES (?)", *id);
                                 }));
        }
      });
    }
  }
  done = true;
  watcher.join();
  EXPECT_EQ(Count(*databases[0]), kDatabases * kThreads * kEach);
}

TEST_F(PostgresTransactionTest, TwoSchemasOfOneDatabaseDoNotWaitForEachOther) {
  const auto notes = Open();
  Database::Options options = OptionsFor(url_);
  options.schema = "other";
  const auto other = MustOpen(std::move(options));
  sql::Lease writer = *notes->Write();
  Transaction transaction = *Transaction::Begin(*writer);
  sql::Lease second = *other->Write(Soon());
  EXPECT_OK(Transaction::Begin(*second));
}

TEST_F(PostgresTransactionTest, WaitingForTheWriteLockEndsAtTheDeadline) {
  const auto first = Open();
  const auto second = Open();
  {
    sql::Lease holder = *first->Write();
    Transaction transaction = *Transaction::Begin(*holder);
    sql::Lease waiter = *second->Write(absl::Now() + absl::Milliseconds(100));
    EXPECT_THAT(Transaction::Begin(*waiter),
                testing::StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_OK(sql::InWrite(*second, Soon(), [](sql::Connection& connection) {
    return connection.Run("INSERT INTO note(id) VALUES (1)");
  })) << "the one who gave up does not get the lock later and keep it";
}

TEST_F(PostgresTransactionTest, AProcessThatStandsStillLosesTheLock) {
  Database::Options options = OptionsFor(url_);
  options.session.idle_in_transaction_timeout = absl::Milliseconds(100);
  const auto sleeper = MustOpen(std::move(options));
  const auto other = Open();
  sql::Lease lease = *sleeper->Write();
  Transaction transaction = *Transaction::Begin(*lease);
  ASSERT_OK(lease->Run("INSERT INTO note(id) VALUES (1)"));
  EXPECT_OK(sql::InWrite(*other, Soon(), [](sql::Connection& connection) {
    return connection.Run("INSERT INTO note(id) VALUES (2)");
  }));
  const absl::Status late = transaction.Commit();
  EXPECT_TRUE(absl::IsUnavailable(late)) << late;
  EXPECT_EQ(Count(*other), 1);
}

// Two transactions that lock each other's rows in turn, outside of the write lock.
TEST_F(PostgresTransactionTest, ADeadlockIsAConflictAndIsRetried) {
  const auto database = Open();
  ASSERT_OK((*database->Write())->Run("INSERT INTO note(id, size) VALUES (1, 0), (2, 0)"));
  SessionOptions session = {.schema = "notes"};
  std::latch both_hold_one(2);
  std::atomic<int> conflicts = 0;
  const auto add_in_order = [&](int64_t first, int64_t second) {
    auto connection = *Connection::Open(*Endpoint::Parse(url_), session, Soon());
    for (bool again = false;; again = true) {
      ASSERT_OK(connection->Execute("BEGIN"));
      absl::Status status = connection->Run("UPDATE note SET size = size + 1 WHERE id = ?", first);
      if (!again) both_hold_one.arrive_and_wait();
      if (status.ok()) {
        status = connection->Run("UPDATE note SET size = size + 1 WHERE id = ?", second);
      }
      if (status.ok()) {
        ASSERT_OK(connection->Execute("COMMIT"));
        return;
      }
      ASSERT_TRUE(sql::IsConflict(status)) << base::ErrorText(status);
      ++conflicts;
      ASSERT_OK(connection->Execute("ROLLBACK"));
    }
  };
  {
    std::jthread one([&] { add_in_order(1, 2); });
    std::jthread other([&] { add_in_order(2, 1); });
  }
  EXPECT_GE(conflicts, 1) << "nothing deadlocked";
  EXPECT_EQ(*(*database->Read())->QueryInt64("SELECT sum(size) FROM note"), 4);
}

// A serializable transaction whose read another one has overtaken. It is taken up again until it
// succeeds, and given up after a bounded number of attempts.
TEST_F(PostgresTransactionTest, ASerializationFailureIsRetriedAndBounded) {
  const auto database = Open();
  ASSERT_OK((*database->Write())->Run("INSERT INTO note(id, size) VALUES (1, 0)"));
  int disturbances = 0;
  int runs = 0;
  const auto increment = [&](sql::Connection& connection) -> absl::Status {
    ++runs;
    // Takes the snapshot now.
    CITY_RETURN_IF_ERROR(connection.Execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"));
    auto old = connection.QueryInt64("SELECT size FROM note WHERE id = 1");
    CITY_RETURN_IF_ERROR(old.status());
    if (disturbances > 0) {
      --disturbances;
      Ask("UPDATE notes.note SET size = size + 100 WHERE id = 1");
    }
    return connection.Run("UPDATE note SET size = ? WHERE id = 1", *old + 1);
  };
  // SET TRANSACTION must come first in a transaction, so the write lock, which is a query, is
  // not taken here; InRead's and InWrite's retries are the same.
  const auto attempt = [&](absl::Time deadline) {
    base::Backoff backoff = sql::internal::ConflictBackoff();
    auto connection = *Connection::Open(*Endpoint::Parse(url_), {.schema = "notes"}, Soon());
    for (;;) {
      EXPECT_OK(connection->Execute("BEGIN"));
      const absl::Status status = increment(*connection);
      EXPECT_OK(connection->Execute(status.ok() ? "COMMIT" : "ROLLBACK"));
      if (status.ok() || !sql::internal::PauseBeforeRetry(status, deadline, backoff)) {
        return status;
      }
    }
  };
  disturbances = 2;
  EXPECT_OK(attempt(Soon()));
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(*(*database->Read())->QueryInt64("SELECT size FROM note"), 201);
  runs = 0;
  disturbances = 1000;
  EXPECT_TRUE(sql::IsConflict(attempt(Soon())));
  EXPECT_EQ(runs, 6) << "once, and five times again";
}

TEST_F(PostgresTransactionTest, InWriteRunsAConflictAgainAndInReadToo) {
  const auto database = Open();
  int runs = 0;
  const auto conflict_twice = [&](sql::Connection& connection) -> absl::Status {
    if (++runs == 3) return absl::OkStatus();
    // PostgreSQL raises it here on demand; what follows is what follows a real one.
    return connection.Execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
  };
  EXPECT_OK(sql::InWrite(*database, Soon(), conflict_twice));
  EXPECT_EQ(runs, 3);
  runs = 0;
  EXPECT_OK(
      sql::InRead(*database, Soon(), sql::Freshness::kNewest,
                  [&](sql::Connection& connection, bool) { return conflict_twice(connection); }));
  EXPECT_EQ(runs, 3);
}

}  // namespace
}  // namespace cityinfo::postgres
