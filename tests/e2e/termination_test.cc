// SIGTERM at any moment: what was begun is finished, what was acknowledged stays, the exit code is
// 0.
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "cityinfo/articles/v1/article_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/rpc/client.h"
#include "tests/e2e/cluster.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using testing::ChildProcess;
using testing::WaitUntil;
namespace v1 = articles::v1;

constexpr absl::Duration kSoon = absl::Seconds(20);

v1::ImportPageRequest SamplePage() {
  v1::ImportPageRequest request;
  request.set_text(testing::ReadFile(testing::SourcePath("data/sample/kaili-2021-12-20-a1.txt")));
  request.set_publication("测试报");
  request.mutable_publish_date()->set_year(2021);
  request.mutable_publish_date()->set_month(12);
  request.mutable_publish_date()->set_day(20);
  request.set_page("A1");
  request.set_place("522601");
  return request;
}

absl::StatusOr<v1::ImportPageResponse> Import(const std::string& address) {
  const auto stub = v1::ArticleService::NewStub(rpc::MakeChannel(address));
  return rpc::CallUnary(*stub, &v1::ArticleService::Stub::ImportPage,
                        {.deadline = absl::Now() + kSoon, .role = "editor", .wait_for_ready = true},
                        SamplePage());
}

class Termination : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(postgres_, testing::PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(url_, postgres_->NewDatabase("city"));
  }
  static void ExpectEnded(ChildProcess& process) {
    const auto exit = process.Wait(kSoon);
    ASSERT_TRUE(exit.has_value()) << process.Stderr();
    EXPECT_EQ(exit->signal, 0);
    EXPECT_EQ(exit->code, 0) << process.Stderr();
  }

  testing::TempDir dir_;
  std::unique_ptr<testing::PostgresServer> postgres_;
  std::string url_;
};

// A database that does not answer is the longest start there is.
TEST_F(Termination, WhileStarting) {
  postgres_->Freeze();
  for (const char* program : {"articles", "metrics"}) {
    auto process =
        ChildProcess::Start({.binary = testing::ProgramPath(absl::StrCat("cityinfo-", program)),
                             .args = {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
                                      absl::StrCat("--store=", url_)}});
    ASSERT_OK(process);
    ASSERT_TRUE((*process)->WaitForLine("\"starting\"")) << (*process)->Stderr();
    EXPECT_TRUE((*process)->Running());
    const absl::Time begin = absl::Now();
    (*process)->Terminate();
    ExpectEnded(**process);
    EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  }
  postgres_->Thaw();
  // What the start had begun is no trouble for the next one.
  Replica replica("articles", "articles", {absl::StrCat("--store=", url_)}, dir_);
  ASSERT_OK(replica.Start());
  EXPECT_OK(Import(replica.address()));
}

// The import waits for the database when the signal comes; it is finished and answered.
TEST_F(Termination, InTheMiddleOfAPageImport) {
  Replica replica("articles", "articles",
                  {absl::StrCat("--store=", url_), "--shutdown-timeout=15s"}, dir_);
  ASSERT_OK(replica.Start());
  const std::string address = replica.address();
  const auto warm = v1::ArticleService::NewStub(rpc::MakeChannel(address));
  ASSERT_OK(rpc::CallUnary(*warm, &v1::ArticleService::Stub::ListArticles, {.wait_for_ready = true},
                           v1::ListArticlesRequest()));
  postgres_->Freeze();
  absl::StatusOr<v1::ImportPageResponse> imported = absl::UnknownError("not yet");
  std::jthread importer([&] { imported = Import(address); });
  ASSERT_TRUE(WaitUntil([&] {
    return replica.Number(
               "cityinfo_rpc_in_flight{method=\"/cityinfo.articles.v1.ArticleService/"
               "ImportPage\"}") == 1;
  }));
  replica.process().Terminate();
  ASSERT_TRUE(replica.process().WaitForLine("\"stopping\"", kSoon));
  EXPECT_FALSE(replica.Ready()) << "not ready is the first thing it says";
  postgres_->Thaw();
  importer.join();
  ASSERT_OK(imported);
  ExpectEnded(replica.process());

  ASSERT_OK(replica.Start());
  const auto again = Import(replica.address());
  ASSERT_OK(again) << "the same page again is the same page";
  ASSERT_EQ(again->articles_size(), imported->articles_size());
  for (int i = 0; i < again->articles_size(); ++i) {
    EXPECT_EQ(again->articles(i).name(), imported->articles(i).name());
  }
}

// A stream that would last for ever ends in a way that makes its reader go elsewhere.
TEST_F(Termination, AWatcherResumesElsewhere) {
  const std::string store = absl::StrCat("--store=", url_);
  std::vector<std::unique_ptr<Replica>> replicas;
  for (const char* name : {"articles-0", "articles-1"}) {
    replicas.push_back(
        std::make_unique<Replica>("articles", name, std::vector<std::string>{store}, dir_));
    ASSERT_OK(replicas.back()->Start());
  }
  const auto stub = v1::ArticleService::NewStub(rpc::MakeChannel(replicas[0]->address()));
  const auto watch = [](v1::ArticleService::Stub& from, const std::string& token) {
    v1::WatchArticlesRequest request;
    request.set_resume_token(token);
    return rpc::StreamReader<v1::ArticleChange>::Open(
        from, &v1::ArticleService::Stub::WatchArticles, {.wait_for_ready = true}, request);
  };
  ASSERT_OK(Import(replicas[1]->address()));
  auto stream = watch(*stub, "");
  v1::ArticleChange change;
  ASSERT_TRUE(stream->Read(&change));
  const std::string token = change.resume_token();
  replicas[0]->process().Terminate();
  std::string last = token;
  while (stream->Read(&change)) last = change.resume_token();
  EXPECT_THAT(stream->Finish(), testing::StatusIs(absl::StatusCode::kUnavailable));
  ExpectEnded(replicas[0]->process());
  const auto other = v1::ArticleService::NewStub(rpc::MakeChannel(replicas[1]->address()));
  auto resumed = watch(*other, token);
  ASSERT_TRUE(resumed->Read(&change));
  EXPECT_NE(change.resume_token(), token) << "it goes on behind what was read";
}

TEST_F(Termination, TakesItsStepsInOrderWithinTheLimitItAnnounces) {
  const std::vector<std::string> args = {
      absl::StrCat("--store=", url_), "--articles=", "--drain-delay=1s", "--shutdown-timeout=3s"};
  Replica replica("metrics", "metrics", args, dir_);
  ASSERT_OK(replica.Start());
  replica.process().Terminate();
  ExpectEnded(replica.process());
  std::vector<std::string> steps;
  std::string limit;
  for (const absl::string_view line :
       absl::StrSplit(replica.process().Stderr(), '\n', absl::SkipEmpty())) {
    const cli::Json entry = cli::Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (entry.contains("step")) steps.push_back(entry["step"]);
    if (entry.value("message", "") == "stopping") limit = entry["limit"];
  }
  EXPECT_THAT(steps,
              ::testing::ElementsAre("say not ready", "finish requests", "stop workers",
                                     "stop the harvest", "close the store", "send the last spans"));

  std::vector<std::string> check = args;
  check.push_back("--check-config");
  auto process = ChildProcess::Start(
      {.binary = testing::ProgramPath("cityinfo-metrics"), .args = std::move(check)});
  ASSERT_OK(process);
  ASSERT_TRUE((*process)->Wait(kSoon).has_value());
  const cli::Json settings = cli::Json::parse((*process)->Stdout());
  // 1 + 1 for not being ready, 3 + 1 for requests, 1 for workers, 10 for the harvest, 5 for the
  // store, 2 for spans, 1 to exit.
  EXPECT_EQ(settings["shutdown_limit_seconds"], 25);
  EXPECT_EQ(limit, "25s") << "the process holds itself to it";
  EXPECT_EQ(settings["drain-delay"], "1s");
}

// A second signal does not wait.
TEST_F(Termination, ASecondSignalEndsAtOnce) {
  Replica replica("articles", "articles", {absl::StrCat("--store=", url_), "--drain-delay=1m"},
                  dir_);
  ASSERT_OK(replica.Start());
  replica.process().Terminate();
  ASSERT_TRUE(replica.process().WaitForLine("\"stopping\"", kSoon));
  EXPECT_TRUE(replica.process().Running());
  replica.process().Terminate();
  const auto exit = replica.process().Wait(kSoon);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 128 + SIGTERM);
}

}  // namespace
}  // namespace cityinfo::e2e
