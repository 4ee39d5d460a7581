// Passwords, right, wrong and rotated, with a real redis-server that wants one.

#include "platform/redis/password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/log/log.h"
#include "platform/redis/client.h"
#include "tests/support/redis_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_redis/loopback.h"

namespace cityinfo::redis {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::IsOkAndHolds;
using ::testing::Not;
using testing::RedisServer;
using testing::StatusIs;
using testing::TempDir;
using testing::WaitUntil;

absl::Time Soon() { return absl::Now() + absl::Seconds(5); }

std::string Reason(const Client& client) { return base::ErrorReason(client.status()); }

// Counts what the server says about itself in `INFO stats`, as "rejected_connections".
int Connections(RedisServer& server) {
  const auto info = server.Command({"INFO", "stats"});
  if (!info.ok()) return -1;
  for (absl::string_view line : absl::StrSplit(*info, "\r\n")) {
    if (absl::StartsWith(line, "total_connections_received:")) {
      return std::stoi(std::string(line.substr(line.find(':') + 1)));
    }
  }
  return -1;
}

TEST(PasswordFileTest, HoldsThePasswordAlone) {
  const TempDir dir;
  EXPECT_THAT(ReadPassword({.text = "t"}), IsOkAndHolds("t"));
  EXPECT_THAT(ReadPassword({.file = dir.Write("plain", "s3cret")}), IsOkAndHolds("s3cret"));
  EXPECT_THAT(ReadPassword({.file = dir.Write("line", "s3cret\n")}), IsOkAndHolds("s3cret"));
  EXPECT_THAT(ReadPassword({.file = dir.Write("spaces", " a b \n")}), IsOkAndHolds(" a b "));
}

TEST(PasswordFileTest, WhatIsWrongWithItIsSaid) {
  const TempDir dir;
  const auto read = [](const std::string& file) { return ReadPassword({.file = file}); };
  EXPECT_THAT(read(dir.File("absent")), StatusIs(absl::StatusCode::kFailedPrecondition,
                                                 AllOf(HasSubstr("absent"), HasSubstr("No such"))));
  EXPECT_THAT(read(dir.path().string()), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(read(dir.Write("empty", "\n")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is empty")));
  EXPECT_THAT(read(dir.Write("large", std::string(5000, 'x'))),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("4096")));
}

TEST(PasswordTest, AWrongOneIsSaidOnceAndNotTriedInAHurry) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start({.password = "s3cret"}));
  std::ostringstream lines;
  log::Init({.service = "test", .out = &lines});
  {
    Client client({.address = At(server->port()),
                   .password = {.text = "wr0ng"},
                   .reconnect_initial = absl::Milliseconds(1),
                   .reconnect_max = absl::Milliseconds(20),
                   .refused_max = absl::Milliseconds(40)});
    // Several tries later it has still been said once.
    const int before = Connections(*server);
    ASSERT_TRUE(WaitUntil([&] { return Connections(*server) > before + 50; }));
    EXPECT_EQ(Reason(client), "REDIS_PASSWORD_REFUSED");
    EXPECT_EQ(client.state(), State::kDegraded);
    const absl::Time begin = absl::Now();
    EXPECT_THAT(client.Get("k", Soon()), StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_LT(absl::Now() - begin, absl::Milliseconds(200));
  }
  log::Init({});
  const std::vector<std::string> said = absl::StrSplit(lines.str(), '\n', absl::SkipEmpty());
  ASSERT_EQ(said.size(), 1u) << lines.str();
  EXPECT_THAT(said[0], AllOf(HasSubstr("refuses the password"),
                             HasSubstr(absl::StrCat("127.0.0.1:", server->port())),
                             Not(HasSubstr("wr0ng"))));
}

TEST(PasswordTest, NoneWhereOneIsWantedIsSaid) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start({.password = "s3cret"}));
  Client client({.address = At(server->port())});
  EXPECT_TRUE(WaitUntil([&] { return Reason(client) == "REDIS_PASSWORD_REFUSED"; }));
  EXPECT_THAT(std::string(client.status().message()), HasSubstr("none is configured"));
}

TEST(PasswordTest, OneWhereNoneIsWantedIsNotMinded) {
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start());
  Client client({.address = At(server->port()), .password = {.text = "s3cret"}});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_OK(client.Ping(Soon()));
}

TEST(PasswordTest, ARotatedOneIsReadAtTheNextConnect) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start({.password = "old"}));
  const std::string file = dir.Write("password", "old\n");
  Client client({.address = At(server->port()),
                 .password = {.file = file},
                 .reconnect_max = absl::Milliseconds(100),
                 .refused_max = absl::Milliseconds(200)});
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));

  // The server first: what is connected stays so.
  ASSERT_OK(server->Command({"CONFIG", "SET", "requirepass", "new"}));
  EXPECT_OK(client.Ping(Soon()));

  // A new connection finds the old password refused, then the file changes.
  server->SetPassword("new");
  ASSERT_OK(server->Restart());
  ASSERT_TRUE(WaitUntil([&] { return Reason(client) == "REDIS_PASSWORD_REFUSED"; }));
  dir.Write("password", "new\n");
  ASSERT_TRUE(client.WaitUntilConnected(Soon()));
  EXPECT_OK(client.Ping(Soon()));
}

TEST(PasswordTest, AFileThatIsNotThereIsWaitedFor) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto server, RedisServer::Start({.password = "s3cret"}));
  Client client({.address = At(server->port()), .password = {.file = dir.File("password")}});
  EXPECT_TRUE(WaitUntil([&] { return Reason(client) == "REDIS_PASSWORD_UNREADABLE"; }));
  dir.Write("password", "s3cret");
  EXPECT_TRUE(client.WaitUntilConnected(Soon()));
}

}  // namespace
}  // namespace cityinfo::redis
