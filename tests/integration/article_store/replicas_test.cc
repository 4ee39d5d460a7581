#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/article_store/postgres_city.h"

// Several replicas of the service over one PostgreSQL: stores with pools of their own, as in
// processes of their own.
namespace cityinfo::articles {
namespace {

constexpr int kReplicas = 4;

class Replicas : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::PostgresServer* server = SharedServer();
    ASSERT_NE(server, nullptr);
    ASSERT_OK_AND_ASSIGN(url_, server->NewDatabase("replicas"));
    // All at once, as a rollout does: one migrates, the others wait for it.
    std::vector<std::jthread> threads;
    for (auto& store : stores_) threads.emplace_back([&] { store = OpenReplica(url_); });
    threads.clear();
    for (const auto& store : stores_) ASSERT_NE(store, nullptr);
  }

  std::string url_;
  std::array<std::unique_ptr<ArticleStore>, kReplicas> stores_;
};

// What a watcher has seen, one line a change.
using Seen = std::vector<std::string>;

// Follows the feed of `store` to position `last`, as WatchHandler does.
Seen Follow(ArticleStore& store, int64_t last) {
  Seen seen;
  int64_t position = 0;
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  while (position < last && absl::Now() < give_up) {
    const auto changes = store.ReadChanges(position, {.changes = 5}, Soon());
    if (!changes.ok()) {
      ADD_FAILURE() << base::ErrorText(changes.status());
      break;
    }
    for (const ArticleChange& change : *changes) {
      EXPECT_EQ(change.position, position + 1) << "a gap, or a commit that slipped in behind";
      position = change.position;
      seen.push_back(absl::StrCat(position, " ", change.article.id, " ", change.article.version));
    }
    if (changes->empty()) {
      store.change_signal().WaitBeyond(position, give_up, [] { return false; });
    }
  }
  return seen;
}

TEST_F(Replicas, WatchersEverywhereSeeEveryCommitInOneOrder) {
  constexpr int kWriters = 16;
  constexpr int kEach = 12;
  constexpr int64_t kAll = kWriters * kEach * 2;
  std::array<Seen, kReplicas> seen;
  std::atomic<int> failed{0};
  {
    std::vector<std::jthread> threads;
    for (int r = 0; r < kReplicas; ++r) {
      threads.emplace_back([&, r] { seen[r] = Follow(*stores_[r], kAll); });
    }
    for (int w = 0; w < kWriters; ++w) {
      threads.emplace_back([&, w] {
        ArticleStore& store = *stores_[w % kReplicas];
        for (int i = 0; i < kEach; ++i) {
          const auto article = store.Create({.content = SampleContent(w * 1000 + i)}, Soon());
          if (!article.ok() || !store.ChangeState({.id = article->id}, Soon()).ok()) ++failed;
        }
      });
    }
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(seen[0].size(), kAll);
  for (int r = 1; r < kReplicas; ++r) EXPECT_EQ(seen[r], seen[0]) << "replica " << r;
}

TEST_F(Replicas, ACommitWakesWatchersOfOtherReplicasAtOnce) {
  // One after the other, each through another replica. Looking once a second, as the net below the
  // notifications does, would take forty seconds.
  constexpr int kRounds = 40;
  const absl::Time start = absl::Now();
  for (int i = 1; i <= kRounds; ++i) {
    Publish(*stores_[i % kReplicas], i);
    for (const auto& store : stores_) {
      ASSERT_TRUE(store->change_signal().WaitBeyond(i - 1, Soon(), [] { return false; }));
    }
  }
  EXPECT_LT(absl::Now() - start, absl::Seconds(15));
}

TEST_F(Replicas, APageImportedThroughAllAtOnceIsOnePage) {
  std::vector<ImportedPage> answers(8);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < answers.size(); ++i) {
      threads.emplace_back([&, i] {
        auto imported = stores_[i % kReplicas]->ImportPage(SamplePage(1, 5), Soon());
        EXPECT_OK(imported);
        if (imported.ok()) answers[i] = *std::move(imported);
      });
    }
  }
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(),
                          [](const ImportedPage& page) { return page.already_imported; }),
            7);
  ASSERT_EQ(answers[0].articles.size(), 5);
  for (const ImportedPage& answer : answers) {
    EXPECT_EQ(answer.page_id, answers[0].page_id);
    EXPECT_EQ(answer.articles, answers[0].articles);
  }
  EXPECT_EQ(Follow(*stores_[0], 5).size(), 5);
}

TEST_F(Replicas, ARequestSentThroughAllAtOnceMakesOneArticle) {
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < ids.size(); ++i) {
      threads.emplace_back([&, i] {
        const auto article = stores_[i % kReplicas]->Create(
            {.content = SampleContent(), .request_id = "same"}, Soon());
        EXPECT_OK(article);
        if (article.ok()) ids[i] = article->id;
      });
    }
  }
  EXPECT_NE(ids[0], "");
  EXPECT_THAT(ids, ::testing::Each(ids[0]));
  EXPECT_THAT(stores_[1]->Create({.content = SampleContent(2), .request_id = "same"}, Soon()),
              HasReason("REQUEST_ID_REUSED"));
  ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> feed,
                       stores_[2]->ReadChanges(0, {}, Soon()));
  EXPECT_EQ(feed.size(), 1);
}

TEST_F(Replicas, WhatOneAcknowledgedTheOthersRead) {
  for (int i = 1; i <= 20; ++i) {
    const Article article = Publish(*stores_[i % kReplicas], i);
    ArticleStore& other = *stores_[(i + 1) % kReplicas];
    ASSERT_OK_AND_ASSIGN(const Article read, other.Get(article.id, 0, ArticleView::kFull, Soon()));
    EXPECT_EQ(read, article);
    ASSERT_OK_AND_ASSIGN(const ArticlePage page,
                         other.List({}, {.limit = 1}, ArticleView::kFull, Soon()));
    ASSERT_EQ(page.articles.size(), 1);
    EXPECT_EQ(page.articles[0], article);
  }
}

}  // namespace
}  // namespace cityinfo::articles
