#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/contract/article_store/store_contract.h"

namespace cityinfo::articles {
namespace {

using ::testing::IsEmpty;

TEST_P(ArticleStoreContract, EveryChangeIsInTheFeedAsItWas) {
  const Article draft = Create(SampleContent());
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK(Retitle(draft, "第二版"));
  clock_.Advance(absl::Minutes(1));
  const absl::Time published_at = clock_.Now();
  ASSERT_OK(Change(draft, Transition::kPublish));
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK(Change(draft, Transition::kUnpublish));
  const std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 4);
  for (size_t i = 0; i < feed.size(); ++i) {
    EXPECT_EQ(feed[i].position, i + 1);
    EXPECT_EQ(feed[i].article.id, draft.id);
    EXPECT_EQ(feed[i].article.version, i + 1);
  }
  EXPECT_EQ(feed[0].article.content.title, draft.content.title);
  EXPECT_EQ(feed[0].article.state, ArticleState::kDraft);
  EXPECT_EQ(feed[0].article.content.blocks, draft.content.blocks);
  EXPECT_FALSE(feed[1].article.first_publish_time.has_value());
  EXPECT_EQ(feed[1].article.revision, 2);
  EXPECT_EQ(feed[2].article.state, ArticleState::kPublished);
  EXPECT_EQ(feed[2].article.content.title, "第二版");
  EXPECT_EQ(feed[2].article.first_publish_time, published_at);
  EXPECT_EQ(feed[2].commit_time, published_at);
  EXPECT_EQ(feed[3].article.state, ArticleState::kUnpublished);
}

TEST_P(ArticleStoreContract, TheFeedIsReadInPieces) {
  for (int i = 1; i <= 5; ++i) Create(SampleContent(i));
  ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> two,
                       store().ReadChanges(2, {.changes = 2}, Soon()));
  ASSERT_EQ(two.size(), 2);
  EXPECT_EQ(two[0].position, 3);
  EXPECT_EQ(two[1].position, 4);
  ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> one,
                       store().ReadChanges(0, {.changes = 100, .text_bytes = 1}, Soon()));
  EXPECT_EQ(one.size(), 1) << "at least one, however large";
  ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> none, store().ReadChanges(5, {}, Soon()));
  EXPECT_THAT(none, IsEmpty());
}

TEST_P(ArticleStoreContract, APieceOfTheFeedIsBoundedInBytes) {
  ArticleContent content = SampleContent();
  content.blocks.clear();
  for (int i = 0; i < 10; ++i) content.blocks.push_back({.text = std::string(10'000, 'x')});
  for (int i = 0; i < 6; ++i) Create(content);
  ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> some,
                       store().ReadChanges(1, {.changes = 100, .text_bytes = 250'000}, Soon()));
  ASSERT_EQ(some.size(), 3) << "as many as fill it, the last one whole";
  EXPECT_EQ(some[0].position, 2);
  EXPECT_EQ(some[2].position, 4);
  EXPECT_EQ(some[2].article.content.blocks, content.blocks);
}

TEST_P(ArticleStoreContract, APositionTheFeedNeverReachedIsAnError) {
  Create(SampleContent());
  EXPECT_THAT(store().ReadChanges(2, {}, Soon()), HasReason("RESUME_TOKEN_AHEAD"));
  EXPECT_THAT(store().ReadChanges(2, {}, Soon()), BlamesField("resume_token"));
  EXPECT_THAT(store().ReadChanges(-1, {}, Soon()), HasReason("RESUME_TOKEN_AHEAD"));
}

TEST_P(ArticleStoreContract, AFollowerSeesEveryCommitOnceInOrder) {
  constexpr int kWriters = 4;
  constexpr int kEach = 25;
  std::atomic<bool> failed{false};
  std::vector<std::jthread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kEach; ++i) {
        const auto article = store().Create({.content = SampleContent(w * 1000 + i)}, Soon());
        if (!article.ok() || !Change(*article, Transition::kPublish).ok()) failed = true;
      }
    });
  }
  // Whatever the follower has read, what comes next is the very next position: a late commit can
  // never slip in behind it.
  constexpr int64_t kAll = kWriters * kEach * 2;
  int64_t position = 0;
  while (position < kAll) {
    ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> changes,
                         store().ReadChanges(position, {.changes = 7}, Soon()));
    for (const ArticleChange& change : changes) ASSERT_EQ(change.position, ++position);
    if (!changes.empty()) continue;
    ASSERT_FALSE(failed);
    ASSERT_TRUE(store().change_signal().WaitBeyond(position, Soon(), [] { return false; }));
  }
  writers.clear();
  EXPECT_FALSE(failed);
  EXPECT_EQ(Feed().size(), kAll);
}

TEST_P(ArticleStoreContract, AnnouncesWhatIsCommittedAndNothingElse) {
  EXPECT_EQ(store().change_signal().newest(), 0);
  const Article article = Create(SampleContent());
  EXPECT_EQ(store().change_signal().newest(), 1);
  EXPECT_FALSE(Retitle(article, "").ok());
  EXPECT_EQ(store().change_signal().newest(), 1);
  ASSERT_OK(Change(article, Transition::kPublish));
  EXPECT_EQ(store().change_signal().newest(), 2);
}

TEST_P(ArticleStoreContract, PositionsGoOnAfterReopening) {
  Create(SampleContent(1));
  Create(SampleContent(2));
  Reopen();
  Create(SampleContent(3));
  const std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 3);
  EXPECT_EQ(feed[2].position, 3);
  EXPECT_EQ(feed[2].article.content.title, SampleContent(3).title);
}

}  // namespace
}  // namespace cityinfo::articles
