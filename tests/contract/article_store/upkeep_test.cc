#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "services/articles/domain/article_lifecycle.h"
#include "tests/contract/article_store/store_contract.h"

// KeepUp: what is removed for good, and what the feed lets go. Stores are opened with the
// retentions that are the default: 30 days for deleted articles, 90 days for replaced changes.
namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kDeletedRetention = absl::Hours(24 * 30);
constexpr absl::Duration kChangeRetention = absl::Hours(24 * 90);

TEST_P(ArticleStoreContract, ADeletedArticleSaysWhenItGoes) {
  const Article article = Published();
  EXPECT_FALSE(article.purge_time.has_value());
  ASSERT_OK_AND_ASSIGN(const Article deleted, Change(article, Transition::kDelete));
  EXPECT_EQ(deleted.delete_time, clock_.Now());
  EXPECT_EQ(deleted.purge_time, clock_.Now() + kDeletedRetention);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
  EXPECT_EQ(read, deleted);
  EXPECT_EQ(Feed().back().article, deleted);
  ASSERT_OK_AND_ASSIGN(const Article back, Change(article, Transition::kUndelete));
  EXPECT_FALSE(back.delete_time.has_value());
  EXPECT_FALSE(back.purge_time.has_value());
}

TEST_P(ArticleStoreContract, ADeletedArticleIsPurgedWhenItsTimeIsOver) {
  const Article kept = Published(1);
  ASSERT_OK_AND_ASSIGN(
      const Article gone,
      store().Create({.content = SampleContent(2), .publish = true, .request_id = "r"}, Soon()));
  ASSERT_OK(Retitle(gone, "第二版"));
  ASSERT_OK(Change(gone, Transition::kDelete));
  clock_.Advance(kDeletedRetention - absl::Microseconds(1));
  EXPECT_EQ(KeepUp().purged, 0);
  EXPECT_OK(Get(gone));
  clock_.Advance(absl::Microseconds(1));
  const Upkeep upkeep = KeepUp();
  EXPECT_EQ(upkeep.purged, 1);
  EXPECT_EQ(KeepUp().purged, 0);

  EXPECT_THAT(Get(gone), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Get(gone, 1), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(store().ListRevisions(gone.id, 0, 10, Soon()), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(store().BatchGet({kept.id, gone.id}, ArticleView::kBasic, Soon()),
              HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Retitle(gone, "x"), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Change(gone, Transition::kUndelete), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Walk({.state = ArticleState::kDeleted}), IsEmpty());
  EXPECT_THAT(Walk({.tag = "交通"}), ElementsAre(kept.id));

  const std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 2);
  EXPECT_EQ(feed[0].article.id, kept.id);
  EXPECT_FALSE(feed[0].purged);
  EXPECT_TRUE(feed[1].purged);
  EXPECT_EQ(feed[1].position, 5) << "a position is never given twice";
  EXPECT_EQ(feed[1].article.id, gone.id);
  EXPECT_EQ(feed[1].article.sequence, gone.sequence);
  EXPECT_EQ(feed[1].article.state, ArticleState::kDeleted);
  EXPECT_EQ(feed[1].article.content, ArticleContent());
  EXPECT_EQ(feed[1].commit_time, clock_.Now());
  EXPECT_EQ(store().change_signal().newest(), 5);
  EXPECT_EQ(Published(3).sequence, gone.sequence + 1) << "nor is a sequence";
}

TEST_P(ArticleStoreContract, TheNewestChangeMayBeOfThePurgedArticle) {
  const Article gone = Published(1);
  ASSERT_OK(Change(gone, Transition::kDelete));
  clock_.Advance(kDeletedRetention);
  EXPECT_EQ(KeepUp().purged, 1);
  ASSERT_OK_AND_ASSIGN(const auto rest, store().ReadChanges(2, {}, Soon()));
  ASSERT_EQ(rest.size(), 1);
  EXPECT_EQ(rest[0].position, 3);
  EXPECT_TRUE(rest[0].purged);
  Reopen();
  EXPECT_EQ(store().change_signal().newest(), 3);
  Published(2);
  EXPECT_EQ(Feed().back().position, 4);
}

TEST_P(ArticleStoreContract, AReplayOfWhatIsPurgedIsNotFoundAndStoresNothing) {
  Create(SampleContent(7));
  const Article made = Create(SampleContent(8));
  ASSERT_OK(Change(made, Transition::kDelete));
  clock_.Advance(kDeletedRetention - absl::Hours(1));
  const StateChange again = {
      .id = made.id, .transition = Transition::kDelete, .request_id = "delete"};
  ASSERT_OK(store().ChangeState(again, Soon()));
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(KeepUp().purged, 1);
  EXPECT_THAT(store().ChangeState(again, Soon()), HasReason("ARTICLE_NOT_FOUND"));
  EXPECT_EQ(Feed().size(), 2);
}

TEST_P(ArticleStoreContract, APageGoesWithItsLastArticle) {
  PageImport page = {.text = "一页原文",
                     .publication = "样例晚报",
                     .publish_date = {.year = 2021, .month = 12, .day = 20},
                     .place = "522601",
                     .articles = {SampleContent(1), SampleContent(2)}};
  ASSERT_OK_AND_ASSIGN(const ImportedPage first, store().ImportPage(page, Soon()));
  ASSERT_OK(Change(first.articles[0], Transition::kDelete));
  clock_.Advance(kDay);
  ASSERT_OK(Change(first.articles[1], Transition::kDelete));
  clock_.Advance(kDeletedRetention - kDay);
  EXPECT_EQ(KeepUp().purged, 1);
  EXPECT_THAT(store().GetPageText(first.page_id, Soon()), testing::IsOkAndHolds(page.text));
  ASSERT_OK_AND_ASSIGN(const ImportedPage known, store().ImportPage(page, Soon()));
  EXPECT_TRUE(known.already_imported);
  ASSERT_EQ(known.articles.size(), 1);
  EXPECT_EQ(known.articles[0].id, first.articles[1].id);
  clock_.Advance(kDay);
  EXPECT_EQ(KeepUp().purged, 1);
  EXPECT_THAT(store().GetPageText(first.page_id, Soon()), HasReason("PAGE_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const ImportedPage anew, store().ImportPage(page, Soon()));
  EXPECT_FALSE(anew.already_imported);
  EXPECT_NE(anew.page_id, first.page_id);
}

TEST_P(ArticleStoreContract, WhatIsPurgedCanBeImportedAgain) {
  const std::vector<ArticleImport> items = {{.content = SampleContent()}};
  ASSERT_OK_AND_ASSIGN(const auto first, store().ImportArticles(items, "", Soon()));
  ASSERT_OK(Change({.id = first[0].id}, Transition::kDelete));
  clock_.Advance(kDeletedRetention);
  EXPECT_EQ(KeepUp().purged, 1);
  ASSERT_OK_AND_ASSIGN(const auto second, store().ImportArticles(items, "", Soon()));
  EXPECT_FALSE(second[0].existing);
  EXPECT_NE(second[0].id, first[0].id);
}

TEST_P(ArticleStoreContract, ManyArticlesArePurgedInBoundedSteps) {
  std::vector<ArticleImport> items;
  for (int i = 0; i < 40; ++i) items.push_back({.content = SampleContent(i), .publish = true});
  ASSERT_OK_AND_ASSIGN(const auto imported, store().ImportArticles(items, "", Soon()));
  for (const ImportedArticle& item : imported) {
    ASSERT_OK(Change({.id = item.id}, Transition::kDelete));
  }
  clock_.Advance(kDeletedRetention);
  ASSERT_OK_AND_ASSIGN(const Upkeep first, store().KeepUp(Soon()));
  EXPECT_TRUE(first.more);
  EXPECT_LT(first.purged, 40);
  EXPECT_EQ(first.purged + KeepUp().purged, 40);
  EXPECT_EQ(Feed().size(), 40);
}

TEST_P(ArticleStoreContract, OldChangesGoOnceTheyWereReplacedLongAgo) {
  const Article quiet = Published(1);
  const Article busy = Published(2);
  ASSERT_OK(Retitle(busy, "第二版"));  // position 3
  clock_.Advance(10 * kDay);
  ASSERT_OK(Retitle(busy, "第三版"));  // 4
  clock_.Advance(kChangeRetention - 10 * kDay);
  EXPECT_EQ(KeepUp().trimmed, 0) << "90 days are kept whole";
  clock_.Advance(absl::Microseconds(1));
  EXPECT_EQ(KeepUp().trimmed, 1);
  std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 3);
  EXPECT_EQ(feed[0].position, 1);
  EXPECT_EQ(feed[0].article.id, quiet.id) << "the newest of each article stays for ever";
  EXPECT_EQ(feed[1].position, 3) << "replaced less than 90 days ago";
  clock_.Advance(10 * kDay);
  EXPECT_EQ(KeepUp().trimmed, 1);
  EXPECT_EQ(KeepUp().trimmed, 0);
  feed = Feed();
  ASSERT_EQ(feed.size(), 2);
  EXPECT_EQ(feed[1].position, 4);
  EXPECT_EQ(feed[1].article.content.title, "第三版");
  // Only the feed forgets.
  EXPECT_OK(Get(busy, 1));
  ASSERT_OK(Retitle(busy, "第四版"));
  EXPECT_EQ(Feed().back().position, 5);
}

TEST_P(ArticleStoreContract, ATokenOfAChangeThatIsGoneIsTooOld) {
  Published(1);                        // 1
  const Article busy = Published(2);   // 2
  ASSERT_OK(Retitle(busy, "第二版"));  // 3
  ASSERT_OK(Retitle(busy, "第三版"));  // 4
  clock_.Advance(2 * kChangeRetention);
  EXPECT_EQ(KeepUp().trimmed, 2);
  EXPECT_THAT(store().ReadChanges(2, {}, Soon()), testing::StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(store().ReadChanges(2, {}, Soon()), HasReason("RESUME_TOKEN_TOO_OLD"));
  EXPECT_THAT(store().ReadChanges(2, {}, Soon()), BlamesField("resume_token"));
  // After the last that went nothing is missing.
  ASSERT_OK_AND_ASSIGN(const auto rest, store().ReadChanges(3, {}, Soon()));
  ASSERT_EQ(rest.size(), 1);
  EXPECT_EQ(rest[0].position, 4);
  // Beyond the end is still something else.
  EXPECT_THAT(store().ReadChanges(5, {}, Soon()), HasReason("RESUME_TOKEN_AHEAD"));
}

TEST_P(ArticleStoreContract, AWalkFromTheBeginningIsNotDisturbedByWhatHasGone) {
  std::map<std::string, int64_t> versions;
  std::mt19937 random(4);
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 6; ++i) versions[Published(round * 10 + i).id] = 0;
    for (int i = 0; i < 8; ++i) {
      auto one = std::next(versions.begin(), static_cast<long>(random() % versions.size()));
      ASSERT_OK(Retitle({.id = one->first}, absl::StrCat("第", round, "轮", i)));
    }
    clock_.Advance(kChangeRetention);
  }
  EXPECT_GT(KeepUp().trimmed, 5);
  // Change by change, so that each is a place to go on from.
  int64_t position = 0;
  std::map<std::string, int64_t> seen;
  for (;;) {
    ASSERT_OK_AND_ASSIGN(const auto changes, store().ReadChanges(position, {.changes = 1}, Soon()));
    if (changes.empty()) break;
    ASSERT_GT(changes[0].position, position);
    position = changes[0].position;
    seen[changes[0].article.id] = changes[0].article.version;
  }
  EXPECT_EQ(seen.size(), versions.size());
  for (const auto& [id, version] : seen) {
    ASSERT_OK_AND_ASSIGN(const Article now, Get({.id = id}));
    EXPECT_EQ(version, now.version) << "the newest change of every article is there";
  }
}

TEST_P(ArticleStoreContract, WhatRequestIdsAnswerWithStays) {
  const Article article = Published();  // 1, 90 days before it is replaced
  clock_.Advance(2 * kChangeRetention);
  const StateChange publish = {.id = article.id, .request_id = "again"};
  ASSERT_OK_AND_ASSIGN(const Article first, store().ChangeState(publish, Soon()));
  ASSERT_OK(Change(article, Transition::kUnpublish));
  clock_.Advance(absl::Hours(20));
  EXPECT_EQ(KeepUp().trimmed, 0);
  ASSERT_OK_AND_ASSIGN(const Article again, store().ChangeState(publish, Soon()));
  EXPECT_EQ(again, first);
}

TEST_P(ArticleStoreContract, ALongFeedIsTrimmedInBoundedSteps) {
  for (int batch = 0; batch < 5; ++batch) {
    std::vector<ArticleImport> items;
    for (int i = 0; i < 250; ++i) items.push_back({.content = SampleContent(batch * 250 + i)});
    ASSERT_OK(store().ImportArticles(items, "", Soon()));
  }
  const std::string id = Feed().front().article.id;
  for (int i = 0; i < 20; ++i) ASSERT_OK(Retitle({.id = id}, absl::StrCat("第", i, "版")));
  clock_.Advance(2 * kChangeRetention);
  ASSERT_OK_AND_ASSIGN(const Upkeep first, store().KeepUp(Soon()));
  EXPECT_TRUE(first.more);
  EXPECT_EQ(first.trimmed + KeepUp().trimmed, 20);
  EXPECT_EQ(Feed().size(), 1250);
  ASSERT_OK_AND_ASSIGN(const Upkeep last, store().KeepUp(Soon()));
  EXPECT_FALSE(last.more);
}

TEST_P(ArticleStoreContract, KeepingUpAnEmptyStoreDoesNothing) {
  const Upkeep upkeep = KeepUp();
  EXPECT_EQ(upkeep.settled + upkeep.purged + upkeep.trimmed, 0);
  EXPECT_EQ(upkeep.next_due, absl::InfiniteFuture());
  EXPECT_THAT(Feed(), IsEmpty());
  EXPECT_EQ(store().change_signal().newest(), 0);
}

}  // namespace
}  // namespace cityinfo::articles
