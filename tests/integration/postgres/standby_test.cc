#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/postgres/listener.h"
#include "platform/sql/run_transaction.h"
#include "tests/integration/postgres/postgres_fixture.h"
#include "tests/support/wait_until.h"

namespace cityinfo::postgres {
namespace {

using sql::Freshness;
using testing::IsOkAndHolds;
using testing::WaitUntil;

class PostgresStandbyTest : public PostgresFaultTest {
 protected:
  // Replay waits for no reader.
  PostgresStandbyTest()
      : PostgresFaultTest({"max_standby_streaming_delay=0"}), standby_(Follow()) {}

  std::unique_ptr<testing::PostgresServer> Follow() {
    // Before the standby is made, so that it has the schema.
    MustOpen(OptionsFor(url_));
    auto standby = server_->StartStandby();
    EXPECT_OK(standby);
    return *std::move(standby);
  }

  std::unique_ptr<Database> OpenBoth() const {
    Database::Options options = OptionsFor(url_);
    options.standby = *Endpoint::Parse(standby_->url("test_1"));
    return MustOpen(std::move(options));
  }

  absl::StatusOr<int64_t> CountIn(Database& database, Freshness freshness,
                                  absl::Duration patience = absl::Seconds(30)) {
    return sql::InRead(database, absl::Now() + patience, freshness,
                       [&](sql::Connection& connection, bool standby) {
                         from_standby_ = standby;
                         return connection.QueryInt64("SELECT count(*) FROM note");
                       });
  }

  static absl::Status Insert(Database& database, int64_t id) {
    return sql::InWrite(database, absl::InfiniteFuture(), [&](sql::Connection& connection) {
      return connection.Run("INSERT INTO note(id) VALUES (?)", id);
    });
  }

  const std::unique_ptr<testing::PostgresServer> standby_;
  bool from_standby_ = false;
};

TEST_F(PostgresStandbyTest, ServesWhatMayTrailAndNothingElse) {
  const auto database = OpenBoth();
  ASSERT_OK(standby_->PauseReplay());
  ASSERT_OK(Insert(*database, 1));
  EXPECT_THAT(CountIn(*database, Freshness::kMayTrail), IsOkAndHolds(0)) << "it trails";
  EXPECT_TRUE(from_standby_);
  EXPECT_THAT(CountIn(*database, Freshness::kNewest), IsOkAndHolds(1));
  EXPECT_FALSE(from_standby_);
  ASSERT_OK(standby_->ResumeReplay());
  ASSERT_OK(standby_->WaitForReplay(*server_));
  EXPECT_THAT(CountIn(*database, Freshness::kMayTrail), IsOkAndHolds(1));
  EXPECT_TRUE(from_standby_);
}

TEST_F(PostgresStandbyTest, ThePrimaryServesWhileItIsGoneAndItIsUsedAgainAfterwards) {
  const auto database = OpenBoth();
  ASSERT_OK(CountIn(*database, Freshness::kMayTrail));
  ASSERT_TRUE(from_standby_);
  standby_->Kill();
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(CountIn(*database, Freshness::kMayTrail), IsOkAndHolds(0));
    EXPECT_FALSE(from_standby_);
  }
  ASSERT_OK(standby_->StartAgain());
  EXPECT_TRUE(
      WaitUntil([&] { return CountIn(*database, Freshness::kMayTrail).ok() && from_standby_; },
                absl::Seconds(30)));
}

TEST_F(PostgresStandbyTest, OneThatDiesInTheMiddleOfAReadIsReplacedByThePrimary) {
  const auto database = OpenBoth();
  int runs = 0;
  EXPECT_THAT(sql::InRead(*database, absl::Now() + absl::Seconds(30), Freshness::kMayTrail,
                          [&](sql::Connection& connection, bool standby) {
                            EXPECT_EQ(standby, ++runs == 1);
                            if (standby) {
                              EXPECT_OK(connection.QueryInt64("SELECT 1"));
                              standby_->Kill();
                            }
                            return connection.QueryInt64("SELECT count(*) FROM note");
                          }),
              IsOkAndHolds(0));
  EXPECT_EQ(runs, 2);
}

TEST_F(PostgresStandbyTest, AFrozenOneTakesHalfOfTheTimeAtMost) {
  const auto database = OpenBoth();
  ASSERT_OK(CountIn(*database, Freshness::kMayTrail));
  standby_->Freeze();
  EXPECT_THAT(CountIn(*database, Freshness::kMayTrail, absl::Seconds(4)), IsOkAndHolds(0));
  EXPECT_FALSE(from_standby_);
  const absl::Time begun = absl::Now();
  EXPECT_THAT(CountIn(*database, Freshness::kMayTrail), IsOkAndHolds(0));
  EXPECT_FALSE(from_standby_);
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5)) << "the next one does not wait for it so long";
  standby_->Thaw();
}

// The primary throws away rows that a read on the standby still needs. The standby breaks the read
// off (40001), and it is done again on the primary.
TEST_F(PostgresStandbyTest, AReadThatReplayBreaksOffIsDoneOnThePrimary) {
  const auto database = OpenBoth();
  for (int64_t id = 1; id <= 3; ++id) ASSERT_OK(Insert(*database, id));
  ASSERT_OK(standby_->WaitForReplay(*server_));
  int runs = 0;
  const auto answer =
      sql::InRead(*database, absl::Now() + absl::Seconds(40), Freshness::kMayTrail,
                  [&](sql::Connection& connection, bool standby) -> absl::StatusOr<int64_t> {
                    EXPECT_EQ(standby, ++runs == 1);
                    auto before = connection.QueryInt64("SELECT count(*) FROM note");
                    if (!standby || !before.ok()) return before;
                    EXPECT_EQ(*before, 3);
                    // The moment is taken; now its rows go.
                    EXPECT_OK(server_->Query(url_, "DELETE FROM notes.note WHERE id < 3"));
                    EXPECT_OK(server_->Query(url_, "VACUUM notes.note"));
                    EXPECT_OK(standby_->WaitForReplay(*server_));
                    auto after = connection.QueryInt64("SELECT count(*) FROM note");
                    EXPECT_TRUE(sql::IsConflict(after.status())) << base::ErrorText(after.status());
                    return after;
                  });
  EXPECT_THAT(answer, IsOkAndHolds(1));
  EXPECT_EQ(runs, 2);
}

TEST_F(PostgresStandbyTest, AtStartItMayBeAwayButNotWrong) {
  Database::Options options = OptionsFor(url_);
  options.standby = *Endpoint::Parse(standby_->url("nowhere"));
  const absl::Status wrong = Database::Open(options).status();
  EXPECT_THAT(wrong, HasReason("STORE_NOT_FOUND"));
  EXPECT_THAT(std::string(wrong.message()), ::testing::HasSubstr("nowhere"));
  options.standby = *Endpoint::Parse(standby_->url("test_1"));
  standby_->Stop();
  EXPECT_OK(Database::Open(options).status());
}

TEST_F(PostgresStandbyTest, OneIsNoStoreOfItsOwn) {
  const absl::Status refused = Database::Open(OptionsFor(standby_->url("test_1"))).status();
  EXPECT_THAT(refused, HasReason("STORE_READ_ONLY"));
  EXPECT_THAT(std::string(refused.message()), ::testing::HasSubstr("hot standby"));
}

// Both servers in one address, the primary of which dies. Until the other one is promoted it shows
// the past, and who asks for the newest gets nothing rather than that.
TEST_F(PostgresStandbyTest, IsNotTakenForThePrimaryBeforeItIsPromoted) {
  const auto folder = [](const std::string& url) {
    const size_t begin = url.find("?host=") + 6;
    return url.substr(begin, url.find('&') - begin);
  };
  const auto database = MustOpen(OptionsFor(
      absl::StrCat("postgresql://postgres@/test_1?host=", folder(standby_->url("test_1")), ",",
                   folder(url_), "&port=5432")));
  ASSERT_OK(Insert(*database, 1));
  ASSERT_OK(standby_->WaitForReplay(*server_));
  server_->Kill();
  EXPECT_TRUE(absl::IsUnavailable(CountIn(*database, Freshness::kNewest).status()));
  EXPECT_TRUE(absl::IsUnavailable(Insert(*database, 2)));
  ASSERT_OK(standby_->Query(standby_->url("test_1"), "SELECT pg_promote()"));
  EXPECT_THAT(CountIn(*database, Freshness::kNewest), IsOkAndHolds(1));
  EXPECT_OK(Insert(*database, 2));
}

// A hot standby refuses LISTEN; the watch must not take that for an ear.
TEST_F(PostgresStandbyTest, AWatchThatMetItHearsOnceItIsPromoted) {
  const std::string url = standby_->url("test_1");
  std::atomic<int> looks = 0;
  const Listener listener(
      *Endpoint::Parse(url), Connection::ChannelName("notes", "changes"), [&] { ++looks; },
      /*look_every=*/absl::Hours(1));
  ASSERT_TRUE(WaitUntil([&] { return looks > 0; }));
  ASSERT_OK(standby_->Query(url, "SELECT pg_promote()"));
  EXPECT_TRUE(WaitUntil(
      [&] {
        return standby_->Query(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN %'")
                   .value_or("") == "1";
      },
      absl::Seconds(30)));
  const int before = looks;
  EXPECT_TRUE(WaitUntil(
      [&] {
        EXPECT_OK(standby_->Query(url, "NOTIFY \"notes.changes\""));
        return looks > before + 1;  // one may have been the look at the start
      },
      absl::Seconds(30)));
}

TEST_F(PostgresStandbyTest, WhatAilsOnlyItIsThePrimarysToAnswer) {
  const auto database = OpenBoth();
  for (const absl::Status& ailment :
       {base::ResourceExhausted("STORE_OUT_OF_MEMORY", ""), base::DataLoss("STORE_CORRUPT", ""),
        base::Unavailable("STORE_IO_ERROR", "")}) {
    EXPECT_THAT(sql::InRead(*database, absl::Now() + absl::Seconds(30), Freshness::kMayTrail,
                            [&](sql::Connection&, bool standby) -> absl::StatusOr<bool> {
                              if (standby) return ailment;
                              return standby;
                            }),
                IsOkAndHolds(false))
        << ailment;
  }
}

}  // namespace
}  // namespace cityinfo::postgres
