#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/articles/articles_process.h"
#include "tests/support/wait_until.h"

// kill -9: what was acknowledged is there, once, and the feed goes on where it was.
namespace cityinfo::articles {
namespace {

// Reads real changes until `count` of them have come.
std::vector<v1::ArticleChange> ReadChanges(Stub& stub, const std::string& token, size_t count) {
  v1::WatchArticlesRequest request;
  request.set_resume_token(token);
  auto reader = rpc::StreamReader<v1::ArticleChange>::Open(
      stub, &Stub::WatchArticles,
      {.deadline = absl::Now() + absl::Seconds(30), .wait_for_ready = true}, request);
  std::vector<v1::ArticleChange> changes;
  v1::ArticleChange change;
  while (changes.size() < count && reader->Read(&change)) {
    if (!change.heartbeat()) changes.push_back(change);
  }
  return changes;
}

TEST(Crash, AWatcherResumesBehindItsToken) {
  ArticlesProcess service;
  ASSERT_OK(service.Start());
  for (int i = 0; i < 4; ++i) ASSERT_OK(service.Call(&Stub::CreateArticle, SampleArticle(i)));
  const std::vector<v1::ArticleChange> before = ReadChanges(service.stub(), "", 2);
  ASSERT_EQ(before.size(), 2);
  service.Kill();
  ASSERT_OK(service.Start());
  ASSERT_OK(service.Call(&Stub::CreateArticle, SampleArticle(4)));
  const std::vector<v1::ArticleChange> after =
      ReadChanges(service.stub(), before.back().resume_token(), 3);
  ASSERT_EQ(after.size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(after[i].resume_token(), absl::StrCat(3 + i));
    EXPECT_EQ(after[i].article().title(), SampleArticle(2 + i).article().title());
  }
}

TEST(Crash, EveryAcknowledgedArticleIsThereOnce) {
  constexpr int kArticles = 150;
  constexpr int kThreads = 3;
  constexpr int kKills = 4;
  ArticlesProcess service;
  ASSERT_OK(service.Start());

  // Clients that repeat a call, with its request_id, until it is answered.
  std::atomic<int> next{0};
  std::atomic<int> done{0};
  std::atomic<bool> give_up{false};
  std::vector<std::string> names(kArticles);
  std::vector<std::jthread> clients;
  const std::string target = absl::StrCat("127.0.0.1:", service.grpc_port());
  for (int t = 0; t < kThreads; ++t) {
    clients.emplace_back([&] {
      const auto stub = v1::ArticleService::NewStub(rpc::MakeChannel(target));
      for (int i = next++; i < kArticles && !give_up; i = next++) {
        for (;;) {
          const auto article =
              rpc::CallUnary(*stub, &Stub::CreateArticle,
                             {.deadline = absl::Now() + absl::Seconds(3), .wait_for_ready = true},
                             SampleArticle(i));
          if (article.ok()) names[i] = article->name();
          if (article.ok() || give_up) break;
        }
        ++done;
      }
    });
  }
  for (int kill = 1; kill <= kKills; ++kill) {
    const int target_done = kill * kArticles / (kKills + 1);
    const bool progressed =
        testing::WaitUntil([&] { return done >= target_done; }, absl::Seconds(30));
    if (!progressed) give_up = true;
    ASSERT_TRUE(progressed) << "no progress; done " << done;
    service.Kill();
    const absl::Status restarted = service.Start();
    if (!restarted.ok()) give_up = true;
    ASSERT_OK(restarted);
  }
  clients.clear();
  ASSERT_EQ(done, kArticles);

  const std::vector<v1::ArticleChange> feed = ReadChanges(service.stub(), "", kArticles);
  ASSERT_EQ(feed.size(), kArticles);
  std::map<std::string, std::string> title_of;
  for (int i = 0; i < kArticles; ++i) {
    EXPECT_EQ(feed[i].resume_token(), absl::StrCat(i + 1));
    EXPECT_TRUE(title_of.emplace(feed[i].article().name(), feed[i].article().title()).second)
        << "an article is in the feed twice";
  }
  for (int i = 0; i < kArticles; ++i) {
    EXPECT_EQ(title_of[names[i]], SampleArticle(i).article().title());
  }
  v1::ListArticlesRequest request;
  request.set_page_size(200);
  ASSERT_OK_AND_ASSIGN(const auto list, service.Call(&Stub::ListArticles, request));
  EXPECT_EQ(list.articles_size(), kArticles);
}

}  // namespace
}  // namespace cityinfo::articles
