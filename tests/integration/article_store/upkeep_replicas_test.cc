#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/base/clock.h"
#include "services/articles/storage/open_article_store.h"
#include "tests/integration/article_store/postgres_city.h"

// Three replicas over one PostgreSQL that all keep up, import and answer replays at once.
namespace cityinfo::articles {
namespace {

constexpr int kReplicas = 3;
constexpr absl::Duration kHour = absl::Hours(1);

class UpkeepReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::PostgresServer* server = SharedServer();
    ASSERT_NE(server, nullptr);
    ASSERT_OK_AND_ASSIGN(const std::string url, server->NewDatabase("upkeep"));
    for (auto& store : stores_) {
      ASSERT_OK_AND_ASSIGN(store, OpenArticleStore({.database = {.store = url, .connections = 6},
                                                    .clock = &clock_}));
    }
  }

  // Runs `body(replica)` on all replicas at once, `times` threads on each.
  void OnAll(int times, const std::function<void(ArticleStore&)>& body) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < times * kReplicas; ++i) {
      threads.emplace_back([&, i] { body(*stores_[i % kReplicas]); });
    }
  }

  std::vector<ArticleChange> Feed(ArticleStore& store) {
    const auto feed = store.ReadChanges(0, {.changes = 100'000, .text_bytes = 1 << 30}, Soon());
    EXPECT_OK(feed);
    return feed.ok() ? *feed : std::vector<ArticleChange>{};
  }

  base::FakeClock clock_;
  std::array<std::unique_ptr<SqlArticleStore>, kReplicas> stores_;
};

// A change, in one line.
std::string LineOf(const ArticleChange& change) {
  return absl::StrCat(change.position, " ", change.article.id, " ", change.article.version, " ",
                      ArticleStateName(change.article.state), change.purged ? " purged" : "");
}

TEST_F(UpkeepReplicas, EachMomentIsWrittenDownOnce) {
  constexpr int kArticles = 90;
  for (int i = 0; i < kArticles; ++i) {
    ASSERT_OK_AND_ASSIGN(const Article draft,
                         stores_[i % kReplicas]->Create({.content = SampleContent(i)}, Soon()));
    ASSERT_OK(stores_[i % kReplicas]->ChangeState({.id = draft.id,
                                                   .publish_time = clock_.Now() + kHour,
                                                   .unpublish_time = clock_.Now() + 2 * kHour},
                                                  Soon()));
  }
  for (int step = 0; step < 2; ++step) {
    clock_.Advance(kHour);
    std::atomic<int> settled{0};
    OnAll(2, [&](ArticleStore& store) {
      for (bool more = true; more;) {
        const auto done = store.KeepUp(Soon());
        ASSERT_OK(done);
        settled += done->settled;
        more = done->more;
      }
    });
    EXPECT_EQ(settled, kArticles);
  }
  const std::vector<ArticleChange> feed = Feed(*stores_[0]);
  ASSERT_EQ(feed.size(), 4 * kArticles);
  std::map<std::string, int64_t> versions;
  for (size_t i = 0; i < feed.size(); ++i) {
    EXPECT_EQ(feed[i].position, i + 1);
    EXPECT_EQ(feed[i].article.version, ++versions[feed[i].article.id]) << LineOf(feed[i]);
  }
  EXPECT_EQ(versions.size(), kArticles);
}

TEST_F(UpkeepReplicas, AMomentRacedByWritesAndUpkeepIsOneChange) {
  constexpr int kArticles = 20;
  std::vector<Article> articles;
  for (int i = 0; i < kArticles; ++i) {
    ASSERT_OK_AND_ASSIGN(Article draft, stores_[0]->Create({.content = SampleContent(i)}, Soon()));
    ASSERT_OK_AND_ASSIGN(
        draft,
        stores_[0]->ChangeState({.id = draft.id, .publish_time = clock_.Now() + kHour}, Soon()));
    articles.push_back(std::move(draft));
  }
  clock_.Advance(2 * kHour);
  // Some keep up, some edit with the etag of what they have just read.
  std::atomic<int> thread{0};
  std::atomic<int> updates{0};
  OnAll(2, [&](ArticleStore& store) {
    const int mine = thread++;
    if (mine % 2 == 0) {
      ASSERT_OK(store.KeepUp(Soon()));
      return;
    }
    for (const Article& article : articles) {
      ASSERT_OK_AND_ASSIGN(const Article read,
                           store.Get(article.id, 0, ArticleView::kBasic, Soon()));
      EXPECT_EQ(read.state, ArticleState::kPublished);
      const auto updated = store.Update(
          {.id = article.id, .etag = Etag(read), .patch = {.subtitle = absl::StrCat("副题", mine)}},
          Soon());
      if (updated.ok()) {
        ++updates;
      } else {
        EXPECT_EQ(base::ErrorReason(updated.status()), "ETAG_MISMATCH");
      }
    }
  });
  EXPECT_GE(updates, kArticles) << "writing a moment down makes nobody's etag wrong";
  std::map<std::string, std::vector<ArticleChange>> by_article;
  for (const ArticleChange& change : Feed(*stores_[1])) {
    by_article[change.article.id].push_back(change);
  }
  for (const auto& [id, changes] : by_article) {
    int published = 0;
    for (size_t i = 0; i < changes.size(); ++i) {
      EXPECT_EQ(changes[i].article.version, i + 1);
      published += i > 0 && changes[i - 1].article.state == ArticleState::kScheduled &&
                   changes[i].article.state == ArticleState::kPublished;
    }
    EXPECT_EQ(published, 1);
    EXPECT_EQ(changes[2].article.state, ArticleState::kPublished);
    EXPECT_EQ(changes[2].article.revision, 1) << "the moment comes before the edit";
  }
}

TEST_F(UpkeepReplicas, WhatIsDueIsPurgedOnce) {
  constexpr int kArticles = 50;
  for (int i = 0; i < kArticles; ++i) {
    const Article article = Publish(*stores_[i % kReplicas], i);
    ASSERT_OK(
        stores_[0]->ChangeState({.id = article.id, .transition = Transition::kDelete}, Soon()));
  }
  clock_.Advance(absl::Hours(24 * 30));
  std::atomic<int> purged{0};
  OnAll(1, [&](ArticleStore& store) {
    for (bool more = true; more;) {
      const auto done = store.KeepUp(Soon());
      ASSERT_OK(done);
      purged += done->purged;
      more = done->more;
    }
  });
  EXPECT_EQ(purged, kArticles);
  const std::vector<ArticleChange> feed = Feed(*stores_[2]);
  EXPECT_EQ(feed.size(), kArticles);
  for (const ArticleChange& change : feed) EXPECT_TRUE(change.purged);
}

TEST_F(UpkeepReplicas, TheSameImportThroughAllIsStoredOnce) {
  constexpr int kItems = 120;
  std::vector<ArticleImport> items;
  for (int i = 0; i < kItems; ++i) items.push_back({.content = SampleContent(i), .publish = true});
  std::atomic<int> created{0};
  std::array<std::set<std::string>, kReplicas * 2> ids;
  std::atomic<int> thread{0};
  OnAll(2, [&](ArticleStore& store) {
    const int mine = thread++;
    // Each in another order and in groups of its own.
    std::vector<ArticleImport> order = items;
    std::rotate(order.begin(), order.begin() + mine * 17, order.end());
    const size_t group = 20 + static_cast<size_t>(mine) * 10;
    for (size_t from = 0; from < order.size(); from += group) {
      const std::vector<ArticleImport> some(
          order.begin() + static_cast<long>(from),
          order.begin() + static_cast<long>(std::min(from + group, order.size())));
      const auto imported = store.ImportArticles(some, "", Soon());
      ASSERT_OK(imported);
      for (const ImportedArticle& item : *imported) {
        EXPECT_OK(item.status);
        created += item.existing ? 0 : 1;
        ids[mine].insert(item.id);
      }
    }
  });
  EXPECT_EQ(created, kItems);
  EXPECT_EQ(ids[0].size(), kItems);
  EXPECT_THAT(ids, ::testing::Each(ids[0]));
  EXPECT_EQ(Feed(*stores_[1]).size(), kItems);
}

TEST_F(UpkeepReplicas, ARequestSentThroughAllIsOneChange) {
  const Article article = Publish(*stores_[0], 1);
  std::array<std::vector<Article>, 4> answers;
  absl::Mutex mutex;
  OnAll(2, [&](ArticleStore& store) {
    const auto note = [&](size_t request, const absl::StatusOr<Article>& answer) {
      ASSERT_OK(answer);
      absl::MutexLock lock(&mutex);
      answers[request].push_back(*answer);
    };
    note(0,
         store.Update({.id = article.id, .patch = {.title = "第二版"}, .request_id = "a"}, Soon()));
    note(1,
         store.ChangeState(
             {.id = article.id, .transition = Transition::kUnpublish, .request_id = "b"}, Soon()));
    note(2, store.Rollback({.id = article.id, .revision = 1, .request_id = "c"}, Soon()));
    note(3,
         store.ChangeState(
             {.id = article.id, .publish_time = clock_.Now() + kHour, .request_id = "d"}, Soon()));
  });
  for (const auto& same : answers) {
    ASSERT_EQ(same.size(), 2 * kReplicas);
    EXPECT_THAT(same, ::testing::Each(same[0]));
  }
  EXPECT_EQ(Feed(*stores_[2]).size(), 5);
}

// Follows one replica's feed while everything changes, and expects positions to grow: no commit
// slips in behind a reader.
TEST_F(UpkeepReplicas, TheFeedIsOfOneOrderEverywhere) {
  constexpr int kRounds = 15;
  std::atomic<bool> done{false};
  std::array<std::vector<std::string>, kReplicas> seen;
  std::array<std::jthread, kReplicas> followers;
  for (int r = 0; r < kReplicas; ++r) {
    followers[r] = std::jthread([&, r] {
      int64_t position = 0;
      for (bool last = false;;) {
        const auto changes = stores_[r]->ReadChanges(position, {.changes = 9}, Soon());
        ASSERT_OK(changes);
        for (const ArticleChange& change : *changes) {
          ASSERT_GT(change.position, position);
          position = change.position;
          seen[r].push_back(LineOf(change));
        }
        if (!changes->empty()) continue;
        if (last) return;
        last = done;
        stores_[r]->change_signal().WaitBeyond(position, absl::Now() + absl::Milliseconds(100),
                                               [&] { return done.load(); });
      }
    });
  }
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<int> thread{0};
    OnAll(2, [&](ArticleStore& store) {
      const int number = round * 100 + thread++;
      ASSERT_OK(store.ImportArticles(
          {{.content = SampleContent(number)}, {.content = SampleContent(number + 50)}}, "",
          Soon()));
      const auto draft = store.Create({.content = SampleContent(number)}, Soon());
      ASSERT_OK(draft);
      ASSERT_OK(store.ChangeState({.id = draft->id,
                                   .publish_time = clock_.Now() + absl::Minutes(2),
                                   .unpublish_time = clock_.Now() + absl::Minutes(5)},
                                  Soon()));
      ASSERT_OK(store.KeepUp(Soon()));
    });
    // Time stands still within a round, so that no moment passes before it is asked for.
    clock_.Advance(absl::Minutes(1));
  }
  clock_.Advance(kHour);
  OnAll(1, [&](ArticleStore& store) { ASSERT_OK(store.KeepUp(Soon())); });
  OnAll(1, [&](ArticleStore& store) { ASSERT_OK(store.KeepUp(Soon())); });
  done = true;
  for (auto& follower : followers) follower.join();
  // Of each round: two imported, one made, scheduled, published and taken back.
  EXPECT_EQ(seen[0].size(), kReplicas * 2 * kRounds * 6);
  for (int r = 1; r < kReplicas; ++r) EXPECT_EQ(seen[r], seen[0]) << "replica " << r;
}

}  // namespace
}  // namespace cityinfo::articles
