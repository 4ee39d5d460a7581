#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/articles/articles_process.h"
#include "tests/support/postgres_server.h"

// Two replicas of the service, as processes, over one PostgreSQL.
namespace cityinfo::articles {
namespace {

using absl::StatusCode;

class ArticlesReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, testing::PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(url_, server_->NewDatabase("articles"));
    ASSERT_OK(Start(one_));
    ASSERT_OK(Start(other_));
  }
  absl::Status Start(ArticlesProcess& service) { return service.Start({"--store=" + url_}); }

  std::unique_ptr<testing::PostgresServer> server_;
  std::string url_;
  ArticlesProcess one_;
  ArticlesProcess other_;
};

std::unique_ptr<rpc::StreamReader<v1::ArticleChange>> Watch(ArticlesProcess& service) {
  return rpc::StreamReader<v1::ArticleChange>::Open(
      service.stub(), &Stub::WatchArticles, {.deadline = absl::Now() + absl::Seconds(60)}, {});
}

TEST_F(ArticlesReplicas, WhatOneDoesTheOtherShowsAndStreams) {
  const auto watcher = Watch(other_);
  v1::ArticleChange change;
  ASSERT_TRUE(watcher->Read(&change));
  EXPECT_TRUE(change.heartbeat()) << "an empty feed";
  ASSERT_OK_AND_ASSIGN(const auto page, one_.Call(&Stub::ImportPage, SamplePage()));
  std::vector<v1::ArticleChange> changes;
  while (changes.size() < 2 && watcher->Read(&change)) {
    if (!change.heartbeat()) changes.push_back(change);
  }
  ASSERT_EQ(changes.size(), 2);
  EXPECT_EQ(changes[1].article().SerializeAsString(), page.articles(1).SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto again, other_.Call(&Stub::ImportPage, SamplePage()));
  EXPECT_TRUE(again.already_imported());
  EXPECT_EQ(again.page(), page.page());
}

TEST_F(ArticlesReplicas, OneIsKilledAndNothingIsLostOrDoubled) {
  constexpr int kArticles = 120;
  const auto watcher = Watch(other_);
  std::atomic<int> next{0};
  std::atomic<int> done{0};
  {
    // Each client has both replicas, as a channel with two addresses has, and repeats a call, with
    // its request_id, until one of them answers.
    std::vector<std::jthread> clients;
    for (int c = 0; c < 4; ++c) {
      clients.emplace_back([&] {
        std::vector<std::unique_ptr<Stub>> stubs;
        for (int port : {one_.grpc_port(), other_.grpc_port()}) {
          stubs.push_back(
              v1::ArticleService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", port))));
        }
        for (int i = next++; i < kArticles; i = next++) {
          for (int attempt = i; attempt < i + 50; ++attempt) {
            const auto made =
                rpc::CallUnary(*stubs[attempt % 2], &Stub::CreateArticle,
                               {.deadline = absl::Now() + absl::Seconds(5)}, SampleArticle(i));
            if (made.ok()) break;
          }
          ++done;
          if (i == kArticles / 3) one_.Kill();
        }
      });
    }
  }
  ASSERT_EQ(done, kArticles);
  std::set<std::string> titles;
  v1::ArticleChange change;
  int64_t position = 0;
  while (position < kArticles && watcher->Read(&change)) {
    if (change.heartbeat()) continue;
    EXPECT_EQ(change.resume_token(), absl::StrCat(++position));
    EXPECT_TRUE(titles.insert(change.article().title()).second) << "twice";
  }
  EXPECT_EQ(titles.size(), kArticles);
}

TEST_F(ArticlesReplicas, PostgresGoesAndComesBack) {
  ASSERT_OK(one_.Call(&Stub::CreateArticle, SampleArticle(1)));
  server_->Stop();
  EXPECT_THAT(one_.Call(&Stub::ListArticles, {}), testing::StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(one_.Call(&Stub::CreateArticle, SampleArticle(2)),
              testing::StatusIs(StatusCode::kUnavailable));
  ASSERT_OK(server_->StartAgain());
  EXPECT_OK(one_.Call(&Stub::CreateArticle, SampleArticle(2)));
  ASSERT_OK_AND_ASSIGN(const auto list, other_.Call(&Stub::ListArticles, {}));
  EXPECT_EQ(list.articles_size(), 2);
}

}  // namespace
}  // namespace cityinfo::articles
