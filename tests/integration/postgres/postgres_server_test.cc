#include "tests/support/postgres_server.h"

#include <future>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

// The test double of nothing: that the server the other tests rely on does what it says.
namespace cityinfo::testing {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;

TEST(PostgresServer, KeepsDataOverStopAndKill) {
  ASSERT_OK_AND_ASSIGN(const auto server, PostgresServer::Start());
  ASSERT_OK_AND_ASSIGN(const std::string url, server->NewDatabase());
  ASSERT_OK(server->Query(url, "CREATE TABLE note AS SELECT 1 AS id"));
  server->Stop();
  EXPECT_THAT(server->Query(url, "SELECT 1"), StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_OK(server->StartAgain());
  EXPECT_THAT(server->Query(url, "SELECT count(*) FROM note"), IsOkAndHolds(Eq("1")));
  server->Kill();
  ASSERT_OK(server->StartAgain());
  EXPECT_THAT(server->Query(url, "SELECT count(*) FROM note"), IsOkAndHolds(Eq("1")));
}

TEST(PostgresServer, AnswersNothingWhileFrozen) {
  ASSERT_OK_AND_ASSIGN(const auto server, PostgresServer::Start());
  server->Freeze();
  auto answer = std::async(std::launch::async,
                           [&] { return server->Query(server->url("postgres"), "SELECT 1"); });
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  server->Thaw();
  EXPECT_THAT(answer.get(), IsOkAndHolds(Eq("1")));
}

TEST(PostgresServer, AStandbyFollowsAndPauses) {
  ASSERT_OK_AND_ASSIGN(const auto primary, PostgresServer::Start());
  ASSERT_OK_AND_ASSIGN(const std::string url, primary->NewDatabase("city"));
  ASSERT_OK_AND_ASSIGN(const auto standby, primary->StartStandby());
  ASSERT_OK(primary->Query(url, "CREATE TABLE note AS SELECT 1 AS id"));
  ASSERT_OK(standby->WaitForReplay(*primary));
  const std::string there = standby->url("city_1");
  EXPECT_THAT(standby->Query(there, "SELECT count(*) FROM note"), IsOkAndHolds(Eq("1")));
  EXPECT_THAT(standby->Query(there, "DELETE FROM note"), ::testing::Not(IsOk()));
  ASSERT_OK(standby->PauseReplay());
  ASSERT_OK(primary->Query(url, "INSERT INTO note VALUES (2)"));
  EXPECT_THAT(standby->Query(there, "SELECT count(*) FROM note"), IsOkAndHolds(Eq("1")));
  ASSERT_OK(standby->ResumeReplay());
  ASSERT_OK(standby->WaitForReplay(*primary));
  EXPECT_THAT(standby->Query(there, "SELECT count(*) FROM note"), IsOkAndHolds(Eq("2")));
}

TEST(PostgresServer, AsksForThePassword) {
  ASSERT_OK_AND_ASSIGN(const auto server,
                       PostgresServer::Start({.tcp = true, .password = "s3cret"}));
  EXPECT_OK(server->Query(server->url("postgres"), "SELECT 1"));
  EXPECT_OK(server->Query(server->tcp_url("postgres"), "SELECT 1"));
  ASSERT_OK_AND_ASSIGN(const auto another, PostgresServer::Start());
  EXPECT_THAT(another->Query(server->url("postgres"), "SELECT 1"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no password supplied")));
}

}  // namespace
}  // namespace cityinfo::testing
