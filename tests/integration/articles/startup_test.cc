#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/rpc/channel.h"
#include "platform/sqlite/connection.h"
#include "tests/integration/articles/admin_page.h"
#include "tests/integration/articles/articles_process.h"

// What an operator meets: flags, files that are not right, a second copy, health.
namespace cityinfo::articles {
namespace {

using ::testing::HasSubstr;

struct Ended {
  int code = -1;
  std::string out;
  std::string err;
};

// Runs the program with these arguments until it ends by itself.
Ended RunToEnd(std::vector<std::string> args) {
  auto process = testing::ChildProcess::Start(
      {.binary = testing::ProgramPath("cityinfo-articles"), .args = std::move(args)});
  if (!process.ok()) return {.err = process.status().ToString()};
  const auto exit = (*process)->Wait(absl::Seconds(20));
  return {.code = exit && exit->signal == 0 ? exit->code : -1,
          .out = (*process)->Stdout(),
          .err = (*process)->Stderr()};
}

std::vector<std::string> ArgsFor(const std::string& data_dir) {
  return {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
          absl::StrCat("--data-dir=", data_dir)};
}

TEST(Startup, SaysThatItIsReady) {
  ArticlesProcess service;
  ASSERT_OK(service.Start());
  EXPECT_THAT(AdminGet(service.admin_port(), "/healthz"), ::testing::StartsWith("200"));
  const std::string ready = AdminGet(service.admin_port(), "/readyz");
  EXPECT_THAT(ready, ::testing::StartsWith("200"));
  EXPECT_THAT(ready, HasSubstr("\"name\":\"store\",\"status\":\"ok\""));
  ASSERT_OK(service.Call(&Stub::CreateArticle, SampleArticle(1)));
  EXPECT_THAT(AdminGet(service.admin_port(), "/metrics"),
              HasSubstr("cityinfo_articles_change_position 1"));
  // grpc.health.v1.HealthCheckResponse{status: SERVING}, on the wire.
  rpc::RawClient client(service.channel());
  EXPECT_THAT(client.Call("/grpc.health.v1.Health/Check", ArticlesProcess::As(""), ""),
              testing::IsOkAndHolds(std::string("\x08\x01")));
}

TEST(Startup, HelpNamesEverySetting) {
  const Ended ended = RunToEnd({"--help"});
  EXPECT_EQ(ended.code, 0);
  for (const char* setting : {"--listen", "--store", "--port-file", "CITYINFO_DATA_DIR"}) {
    EXPECT_THAT(ended.out, HasSubstr(setting));
  }
}

TEST(Startup, ABadSettingNamesItself) {
  for (const auto& [flag, name] :
       {std::pair{"--workers=0", "--workers"}, std::pair{"--listen=nowhere", "--listen"},
        std::pair{"--heartbeat=soon", "--heartbeat"},
        std::pair{"--purge-deleted-after=59m", "--purge-deleted-after"},
        std::pair{"--change-retention=23h", "--change-retention"},
        std::pair{"--no-such-flag=1", "--no-such-flag"}}) {
    const Ended ended = RunToEnd({flag});
    EXPECT_EQ(ended.code, 2) << flag;
    EXPECT_THAT(ended.err, HasSubstr(name));
  }
  const testing::TempDir dir;
  std::vector<std::string> args = ArgsFor(dir.File("data"));
  args.push_back("--store=oracle:somewhere");
  const Ended ended = RunToEnd(args);
  EXPECT_NE(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("--store"));
  EXPECT_THAT(ended.err, HasSubstr("sqlite:PATH"));
}

TEST(Startup, ASecondServiceOnTheSameFileStops) {
  ArticlesProcess service;
  ASSERT_OK(service.Start());
  const Ended ended = RunToEnd(ArgsFor(service.data_dir()));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("STORE_IN_USE"));
  EXPECT_THAT(ended.err, HasSubstr(absl::StrCat("process ", service.process().pid())));
  EXPECT_OK(service.Call(&Stub::ListArticles, {}));
}

TEST(Startup, ATakenPortStops) {
  ArticlesProcess service;
  ASSERT_OK(service.Start());
  const testing::TempDir dir;
  const Ended ended =
      RunToEnd({absl::StrCat("--listen=127.0.0.1:", service.grpc_port()),
                "--admin-listen=127.0.0.1:0", absl::StrCat("--data-dir=", dir.File("data"))});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr(absl::StrCat(service.grpc_port())));
}

TEST(Startup, AFileThatIsNoStoreIsLeftAlone) {
  const testing::TempDir dir;
  std::filesystem::create_directories(dir.File("data"));
  const std::string content(8192, 'x');
  const std::string path = dir.Write("data/articles.db", content);
  const Ended ended = RunToEnd(ArgsFor(dir.File("data")));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("articles.db"));
  EXPECT_EQ(testing::ReadFile(path), content);
}

TEST(Startup, AStoreOfANewerReleaseIsLeftAlone) {
  const testing::TempDir dir;
  std::filesystem::create_directories(dir.File("data"));
  {
    auto connection = sqlite::Connection::Open(dir.File("data/articles.db"));
    ASSERT_OK(connection);
    ASSERT_OK((*connection)->Execute("PRAGMA user_version = 4000"));
  }
  const Ended ended = RunToEnd(ArgsFor(dir.File("data")));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("SCHEMA_TOO_NEW"));
}

}  // namespace
}  // namespace cityinfo::articles
