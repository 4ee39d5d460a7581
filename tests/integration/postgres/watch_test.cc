#include <atomic>
#include <string>

#include "absl/time/clock.h"
#include "platform/postgres/listener.h"
#include "platform/sql/run_transaction.h"
#include "tests/integration/postgres/postgres_fixture.h"
#include "tests/support/wait_until.h"

namespace cityinfo::postgres {
namespace {

using testing::WaitUntil;

// Longer than any test: what is seen was heard.
constexpr absl::Duration kNever = absl::Hours(1);

absl::Status NotifyIn(Database& database, const char* channel) {
  return sql::InWrite(database, absl::InfiniteFuture(),
                      [&](sql::Connection& connection) { return connection.Notify(channel); });
}

class PostgresWatchTest : public PostgresFaultTest {
 protected:
  std::unique_ptr<Listener> Listen(absl::Duration look_every) {
    return std::make_unique<Listener>(
        *Endpoint::Parse(url_), Connection::ChannelName("notes", "changes"), [this] { ++looks_; },
        look_every);
  }
  // Waits for a look after the present one.
  bool LooksAgain(int since) {
    return WaitUntil([&] { return looks_ > since; }, absl::Seconds(20));
  }

  std::atomic<int> looks_ = 0;
};

TEST_F(PostgresWatchTest, HearsTheCommitsOfOthers) {
  const auto writer = MustOpen(OptionsFor(url_));
  const auto listener = Listen(kNever);
  ASSERT_TRUE(LooksAgain(0)) << "once at the start, for what was missed";
  for (int i = 0; i < 5; ++i) {
    const int before = looks_;
    ASSERT_OK(NotifyIn(*writer, "changes"));
    EXPECT_TRUE(LooksAgain(before));
  }
}

TEST_F(PostgresWatchTest, HearsNeitherWhatWasRolledBackNorOtherChannels) {
  const auto writer = MustOpen(OptionsFor(url_));
  const auto listener = Listen(kNever);
  ASSERT_TRUE(LooksAgain(0));
  EXPECT_TRUE(absl::IsCancelled(
      sql::InWrite(*writer, absl::InfiniteFuture(), [&](sql::Connection& connection) {
        EXPECT_OK(connection.Notify("changes"));
        return absl::CancelledError();
      })));
  ASSERT_OK(NotifyIn(*writer, "other"));
  ASSERT_OK(NotifyIn(*writer, "changes"));
  ASSERT_TRUE(LooksAgain(1));
  EXPECT_EQ(looks_, 2) << "notifications come in the order of the commits";
  sql::Lease reader = *writer->Read();
  EXPECT_TRUE(absl::IsInternal(reader->Notify("changes"))) << "only a write has news";
}

TEST_F(PostgresWatchTest, SurvivesARestartOfTheServer) {
  const auto writer = MustOpen(OptionsFor(url_));
  const auto listener = Listen(kNever);
  ASSERT_TRUE(LooksAgain(0));
  server_->Stop();
  const int before = looks_;
  ASSERT_OK(server_->StartAgain());
  ASSERT_TRUE(LooksAgain(before)) << "something may have been committed meanwhile";
  // LISTEN stands again once a notification arrives; those before it may be lost.
  const int connected = looks_;
  EXPECT_TRUE(WaitUntil([&] { return NotifyIn(*writer, "changes").ok() && looks_ > connected + 1; },
                        absl::Seconds(20)));
}

TEST_F(PostgresWatchTest, LooksFromTimeToTimeEvenWithoutAServer) {
  const auto database = MustOpen(OptionsFor(url_));
  const auto watch = database->StartWatch("changes", [this] { ++looks_; });
  ASSERT_NE(watch, nullptr);
  ASSERT_TRUE(LooksAgain(1)) << "nobody notified";
  server_->Stop();
  EXPECT_TRUE(LooksAgain(looks_ + 1));
}

TEST_F(PostgresWatchTest, EndsAtOnceWhateverTheServerDoes) {
  auto listening = Listen(kNever);
  ASSERT_TRUE(LooksAgain(0));
  server_->Freeze();
  auto connecting = Listen(kNever);
  const absl::Time begun = absl::Now();
  listening.reset();
  connecting.reset();
  EXPECT_LT(absl::Now() - begun, absl::Seconds(3));
  server_->Thaw();
}

}  // namespace
}  // namespace cityinfo::postgres
