#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/sql/run_transaction.h"
#include "tests/integration/postgres/postgres_fixture.h"
#include "tests/support/wait_until.h"

namespace cityinfo::postgres {
namespace {

using ::testing::AnyOf;
using testing::StatusIs;
using testing::WaitUntil;

// What "inside the deadline" may cost on a busy machine.
constexpr absl::Duration kSlack = absl::Seconds(3);

auto IsGone() {
  return AnyOf(StatusIs(absl::StatusCode::kUnavailable),
               StatusIs(absl::StatusCode::kDeadlineExceeded));
}

absl::Status Ping(Database& database, absl::Time deadline) {
  return sql::InRead(
      database, deadline, sql::Freshness::kNewest,
      [](sql::Connection& connection, bool) { return connection.QueryInt64("SELECT 1").status(); });
}

absl::Status Insert(Database& database, int64_t id, absl::Time deadline) {
  return sql::InWrite(database, deadline, [&](sql::Connection& connection) {
    return connection.Run("INSERT INTO note(id) VALUES (?)", id);
  });
}

using PostgresLimitsTest = PostgresTest;

TEST_F(PostgresLimitsTest, AStatementStopsAtTheDeadlineAndTheServerStopsToo) {
  const auto database = Open();
  const absl::Time begun = absl::Now();
  EXPECT_THAT((*database->Read(begun + absl::Milliseconds(100)))->Run("SELECT pg_sleep(60)"),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - begun, kSlack);
  EXPECT_EQ(Count(*database), 0) << "the next one gets another connection";
  EXPECT_TRUE(WaitUntil(
      [&] {
        return Ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND "
                   "pid <> pg_backend_pid()") == "0";
      },
      absl::Seconds(20)))
      << "the server goes on with what nobody waits for";
}

TEST_F(PostgresLimitsTest, NothingIsBegunAfterTheDeadline) {
  const auto database = Open();
  sql::Lease lease = *database->Read(absl::Now() + absl::Minutes(1));
  lease->SetDeadline(absl::Now());
  EXPECT_THAT(lease->Run("SELECT 1"), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_FALSE(lease->broken());
}

TEST_F(PostgresLimitsTest, AWriteThatIsStoppedChangesNothing) {
  const auto database = Open();
  EXPECT_THAT(sql::InWrite(*database, absl::Now() + absl::Milliseconds(200),
                           [](sql::Connection& connection) -> absl::Status {
                             absl::Status done = connection.Run("INSERT INTO note(id) VALUES (1)");
                             return done.ok() ? connection.Run("SELECT pg_sleep(60)") : done;
                           }),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_OK(Insert(*database, 1, absl::Now() + absl::Seconds(20)));
}

TEST_F(PostgresLimitsTest, WaitingForAConnectionEnds) {
  Database::Options options = OptionsFor(url_);
  options.connections = 2;
  options.max_wait = absl::Milliseconds(20);
  const auto database = MustOpen(std::move(options));
  sql::Lease writer = *database->Write();
  sql::Lease reader = *database->Read();
  for (const bool write : {true, false}) {
    const auto borrow = [&](absl::Time deadline) {
      return (write ? database->Write(deadline) : database->Read(deadline)).status();
    };
    EXPECT_THAT(borrow(absl::InfiniteFuture()), HasReason("STORE_BUSY"));
    EXPECT_THAT(borrow(absl::Now()), StatusIs(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_EQ(database->Usage()[1].usage.timeouts, 2);
}

TEST_F(PostgresLimitsTest, ManyThreadsShareFewConnections) {
  const auto database = Open();
  std::atomic<int64_t> most = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 20; ++n) {
          if (i % 4 == 0) {
            EXPECT_OK(Insert(*database, i * 100 + n, absl::Now() + absl::Seconds(60)));
            continue;
          }
          const int64_t now = *(*database->Read())
                                   ->QueryInt64(
                                       "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                       "current_database() AND "
                                       "application_name = 'cityinfo'");
          for (int64_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
          }
        }
      });
    }
  }
  EXPECT_EQ(Count(*database), 80);
  EXPECT_GE(most, 2);
  EXPECT_LE(most, 4) << "more connections than the pool may have";
}

TEST_F(PostgresLimitsTest, AConnectionIsRenewedAtTheEndOfItsLife) {
  const auto pid = [](Database& database) {
    return *(*database.Read())->QueryInt64("SELECT pg_backend_pid()");
  };
  const auto lasting = Open();
  EXPECT_EQ(pid(*lasting), pid(*lasting));
  Database::Options options = OptionsFor(url_);
  options.max_lifetime = absl::Milliseconds(50);
  const auto brief = MustOpen(std::move(options));
  const int64_t first = pid(*brief);
  EXPECT_TRUE(WaitUntil([&] { return pid(*brief) != first; }));
}

TEST_F(PostgresLimitsTest, ASessionThatIsEndedIsReplaced) {
  const auto database = Open();
  const char* const end_all =
      "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE "
      "application_name = 'cityinfo' AND datname = current_database()";
  {
    sql::Lease lease = *database->Read();
    ASSERT_OK(lease->QueryInt64("SELECT 1"));
    Ask(end_all);
    const absl::Status status = lease->QueryInt64("SELECT 1").status();
    EXPECT_THAT(status, HasReason("STORE_UNREACHABLE"));
    EXPECT_THAT(base::ErrorDetail(status), ::testing::HasSubstr("57P01"));
    EXPECT_TRUE(lease->broken());
  }
  EXPECT_OK(Ping(*database, absl::InfiniteFuture()));
  Ask(end_all);  // while nobody uses it: nobody notices
  EXPECT_OK(Ping(*database, absl::InfiniteFuture()));
}

TEST_F(PostgresFaultTest, GoneIsUnavailableAndBackNeedsNoRestart) {
  const auto database = MustOpen(OptionsFor(url_));
  ASSERT_OK(Insert(*database, 1, absl::InfiniteFuture()));
  {
    // Several open connections, all of which the restart makes stale.
    const sql::Lease one = *database->Read();
    const sql::Lease two = *database->Read();
    EXPECT_OK(one->QueryInt64("SELECT 1"));
    EXPECT_OK(two->QueryInt64("SELECT 1"));
  }
  server_->Stop();
  for (int i = 0; i < 5; ++i) {
    const absl::Time begun = absl::Now();
    EXPECT_THAT(Ping(*database, begun + absl::Seconds(30)), HasReason("STORE_UNREACHABLE"));
    EXPECT_THAT(Insert(*database, 2, begun + absl::Seconds(30)), HasReason("STORE_UNREACHABLE"));
    EXPECT_LT(absl::Now() - begun, kSlack) << "a refused connection is known at once";
  }
  ASSERT_OK(server_->StartAgain());
  EXPECT_OK(Ping(*database, absl::Now() + absl::Seconds(20)));
  EXPECT_OK(Insert(*database, 2, absl::Now() + absl::Seconds(20)));
  EXPECT_EQ(Count(*database), 2);
}

TEST_F(PostgresFaultTest, ARestartBetweenTwoRequestsIsNotNoticed) {
  const auto database = MustOpen(OptionsFor(url_));
  {
    const sql::Lease one = *database->Read();
    const sql::Lease two = *database->Read();
  }
  ASSERT_OK(Insert(*database, 1, absl::InfiniteFuture()));
  server_->Stop();
  ASSERT_OK(server_->StartAgain());
  EXPECT_OK(Ping(*database, absl::InfiniteFuture()));
  EXPECT_OK(Insert(*database, 2, absl::InfiniteFuture()));
  EXPECT_EQ(Count(*database), 2);
}

TEST_F(PostgresFaultTest, KillLosesWhatWasNotCommittedAndNothingElse) {
  const auto database = MustOpen(OptionsFor(url_));
  ASSERT_OK(Insert(*database, 1, absl::InfiniteFuture()));
  const absl::Status status =
      sql::InWrite(*database, absl::Now() + absl::Seconds(30), [&](sql::Connection& connection) {
        EXPECT_OK(connection.Run("INSERT INTO note(id) VALUES (2)"));
        server_->Kill();
        return connection.Run("INSERT INTO note(id) VALUES (3)");
      });
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  ASSERT_OK(server_->StartAgain());
  EXPECT_EQ(Count(*database), 1);
}

TEST_F(PostgresFaultTest, AFrozenServerHoldsNobodyBeyondTheDeadline) {
  Database::Options options = OptionsFor(url_);
  options.session.connect_timeout = absl::Milliseconds(500);
  const auto database = MustOpen(std::move(options));
  ASSERT_OK(Ping(*database, absl::InfiniteFuture()));
  server_->Freeze();
  for (int i = 0; i < 3; ++i) {  // the first meets an open connection, the others open one
    const absl::Time begun = absl::Now();
    EXPECT_THAT(Ping(*database, begun + absl::Milliseconds(300)), IsGone());
    EXPECT_THAT(Insert(*database, 1, begun + absl::Milliseconds(300)), IsGone());
    EXPECT_LT(absl::Now() - begun, kSlack);
  }
  EXPECT_THAT(Ping(*database, absl::Now() + absl::Minutes(1)), HasReason("STORE_UNREACHABLE"))
      << "connecting has a timeout of its own";
  server_->Thaw();
  EXPECT_OK(Ping(*database, absl::Now() + absl::Seconds(30)));
  EXPECT_OK(Insert(*database, 1, absl::Now() + absl::Seconds(30)));
}

TEST_F(PostgresFaultTest, ACommitWithoutAnAnswerIsCalledUnknown) {
  const auto database = MustOpen(OptionsFor(url_));
  {
    sql::Lease lease = *database->Write(absl::Now() + absl::Seconds(2));
    sql::Transaction transaction = *sql::Transaction::Begin(*lease);
    ASSERT_OK(lease->Run("INSERT INTO note(id) VALUES (1)"));
    server_->Freeze();
    EXPECT_THAT(transaction.Commit(), HasReason("COMMIT_UNKNOWN"));
    EXPECT_TRUE(lease->broken());
  }
  server_->Thaw();
  // It had been sent, so this time it was made.
  EXPECT_TRUE(WaitUntil([&] { return Count(*database) == 1; }));
}

}  // namespace
}  // namespace cityinfo::postgres
