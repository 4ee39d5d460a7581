// PostgreSQL goes away and comes back.
#include <gmock/gmock.h>

#include "absl/time/clock.h"
#include "tests/integration/metrics_replicas/replica.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::WaitUntil;
using ::testing::AnyOf;
using ::testing::SizeIs;

class OutageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, testing::PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(const std::string url, server_->NewDatabase("metrics"));
    replica_.Open({.store = url});
    other_.Open({.store = url});
    ASSERT_OK(replica_.Load("281.76"));
  }

  // Fails as an outage, and in time.
  void ExpectOutage() {
    const absl::Time start = absl::Now();
    const absl::Status failed =
        replica_.store->QueryObservations({}, start + absl::Seconds(2)).status();
    EXPECT_LT(absl::Now() - start, absl::Seconds(3));
    EXPECT_THAT(failed.code(),
                AnyOf(absl::StatusCode::kUnavailable, absl::StatusCode::kDeadlineExceeded))
        << failed;
  }

  void ExpectRecovery() {
    ASSERT_TRUE(WaitUntil([&] { return replica_.store->QueryObservations({}, Soon()).ok(); },
                          absl::Seconds(30)));
    ASSERT_TRUE(WaitUntil([&] { return replica_.Load("290").ok(); }, absl::Seconds(30)));
    EXPECT_EQ(replica_.Query().front().vintage.value.printed, "290亿元");
    // The others hear of it: their watch has connected again.
    EXPECT_TRUE(WaitUntil([&] { return other_.versions.Latest() == replica_.versions.Latest(); },
                          absl::Seconds(30)));
    EXPECT_THAT(*replica_.store->ReadChanges(0, 100, Soon()), SizeIs(2));
  }

  std::unique_ptr<testing::PostgresServer> server_;
  Replica replica_;
  Replica other_;
};

TEST_F(OutageTest, AServerThatStopsAndReturnsNeedsNoRestartOfOurs) {
  server_->Stop();
  ExpectOutage();
  EXPECT_FALSE(replica_.store->Check().ok());
  ASSERT_OK(server_->StartAgain());
  ExpectRecovery();
}

TEST_F(OutageTest, AServerKilledInTheMiddleLosesNothingAcknowledged) {
  server_->Kill();
  ExpectOutage();
  ASSERT_OK(server_->StartAgain());
  ExpectRecovery();
}

TEST_F(OutageTest, AServerThatHangsIsWaitedForNoLongerThanAsked) {
  server_->Freeze();
  ExpectOutage();
  server_->Thaw();
  ExpectRecovery();
}

}  // namespace
}  // namespace cityinfo::metrics
