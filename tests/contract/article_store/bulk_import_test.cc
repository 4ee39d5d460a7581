#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/contract/article_store/store_contract.h"

// ImportArticles: idempotent by content, item by item, all at once.
namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<ArticleImport> Items(int first, int last, bool publish = false) {
  std::vector<ArticleImport> items;
  for (int i = first; i <= last; ++i) {
    items.push_back({.content = SampleContent(i), .publish = publish});
  }
  return items;
}

TEST_P(ArticleStoreContract, AnImportStoresEachArticle) {
  std::vector<ArticleImport> items = Items(1, 3);
  items[1].publish = true;
  items[2].content.tags.clear();
  items[2].content.blocks.clear();
  ASSERT_OK_AND_ASSIGN(const std::vector<ImportedArticle> imported,
                       store().ImportArticles(items, "yang", Soon()));
  ASSERT_EQ(imported.size(), 3);
  const std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 3);
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_OK(imported[i].status);
    EXPECT_FALSE(imported[i].existing);
    ASSERT_OK_AND_ASSIGN(const Article read,
                         store().Get(imported[i].id, 0, ArticleView::kFull, Soon()));
    EXPECT_EQ(read.content, items[i].content);
    EXPECT_EQ(read.author, "yang");
    EXPECT_EQ(read.summary, "imported");
    EXPECT_EQ(read.sequence, static_cast<int64_t>(i + 1)) << "in their order";
    EXPECT_EQ(read.state, items[i].publish ? ArticleState::kPublished : ArticleState::kDraft);
    EXPECT_EQ(read.create_time, clock_.Now());
    EXPECT_EQ(feed[i].article, read);
    EXPECT_EQ(feed[i].position, static_cast<int64_t>(i + 1));
  }
  EXPECT_EQ(store().change_signal().newest(), 3);
  EXPECT_THAT(Walk({.tag = "交通"}), ElementsAre(imported[1].id));
}

TEST_P(ArticleStoreContract, WhatWasImportedIsNotImportedAgain) {
  ASSERT_OK_AND_ASSIGN(const auto first, store().ImportArticles(Items(1, 3), "yang", Soon()));
  Article changed{.id = first[1].id};
  ASSERT_OK(Retitle(changed, "编辑改过的标题"));
  ASSERT_OK(Change({.id = first[2].id}, Transition::kDelete));
  const size_t changes = Feed().size();
  ASSERT_OK_AND_ASSIGN(const auto second, store().ImportArticles(Items(2, 4), "ran", Soon()));
  ASSERT_EQ(second.size(), 3);
  EXPECT_TRUE(second[0].existing);
  EXPECT_EQ(second[0].id, first[1].id) << "known by what it brought, whatever became of it";
  EXPECT_TRUE(second[1].existing);
  EXPECT_EQ(second[1].id, first[2].id);
  EXPECT_FALSE(second[2].existing);
  EXPECT_EQ(Feed().size(), changes + 1);
  // Publishing is no part of the content.
  ASSERT_OK_AND_ASSIGN(const auto third, store().ImportArticles(Items(1, 1, true), "", Soon()));
  EXPECT_TRUE(third[0].existing);
  ASSERT_OK_AND_ASSIGN(const Article read, Get({.id = first[0].id}));
  EXPECT_EQ(read.state, ArticleState::kDraft);
}

TEST_P(ArticleStoreContract, TheSameContentTwiceInOneImportIsStoredOnce) {
  std::vector<ArticleImport> items = Items(1, 2);
  items.push_back(items[0]);
  items.push_back(items[1]);
  ASSERT_OK_AND_ASSIGN(const auto imported, store().ImportArticles(items, "", Soon()));
  EXPECT_FALSE(imported[0].existing);
  EXPECT_FALSE(imported[1].existing);
  EXPECT_TRUE(imported[2].existing);
  EXPECT_EQ(imported[2].id, imported[0].id);
  EXPECT_TRUE(imported[3].existing);
  EXPECT_EQ(imported[3].id, imported[1].id);
  EXPECT_EQ(Feed().size(), 2);
}

TEST_P(ArticleStoreContract, AnyDifferenceInContentIsAnotherArticle) {
  std::vector<ArticleImport> items(6, Items(1, 1)[0]);
  items[1].content.publish_date.day = 21;
  items[2].content.tags = {"交通", "民生"};
  items[3].content.blocks[1].text += "。";
  items[4].content.blocks[0].kind = BlockKind::kParagraph;
  items[5].content.page = "";
  ASSERT_OK_AND_ASSIGN(const auto imported, store().ImportArticles(items, "", Soon()));
  std::set<std::string> ids;
  for (const ImportedArticle& item : imported) ids.insert(item.id);
  EXPECT_EQ(ids.size(), 6);
}

TEST_P(ArticleStoreContract, ABadItemFailsAlone) {
  std::vector<ArticleImport> items = Items(1, 5);
  items[0].content.title.clear();
  items[2].content.blocks[0].text = "\xFF";
  items[4].content.tags.assign(10'000, "t");
  ASSERT_OK_AND_ASSIGN(const auto imported, store().ImportArticles(items, "yang", Soon()));
  EXPECT_THAT(imported[0].status, BlamesField("article.title"));
  EXPECT_EQ(imported[0].id, "");
  EXPECT_OK(imported[1].status);
  EXPECT_THAT(imported[2].status, BlamesField("article.blocks[0].text"));
  EXPECT_OK(imported[3].status);
  EXPECT_THAT(imported[4].status, BlamesField("article.tags"));
  EXPECT_EQ(Feed().size(), 2);
  // All bad is no error of the call either.
  ASSERT_OK_AND_ASSIGN(const auto bad, store().ImportArticles({items[0]}, "yang", Soon()));
  EXPECT_FALSE(bad[0].status.ok());
}

TEST_P(ArticleStoreContract, AnImportMayOnlyLook) {
  ASSERT_OK_AND_ASSIGN(const auto stored, store().ImportArticles(Items(1, 1), "", Soon()));
  std::vector<ArticleImport> items = Items(1, 3);
  items.push_back(items[1]);
  items.push_back(items[2]);
  items[2].content.place = "nowhere";
  for (ArticleImport& item : items) item.validate_only = true;
  const auto look = [&] { return store().ImportArticles(items, "", Soon()); };
  ASSERT_OK_AND_ASSIGN(const auto seen, look());
  EXPECT_TRUE(seen[0].existing);
  EXPECT_EQ(seen[0].id, stored[0].id);
  EXPECT_FALSE(seen[1].existing) << "it would be stored";
  EXPECT_EQ(seen[1].id, "");
  EXPECT_THAT(seen[2].status, BlamesField("article.place"));
  EXPECT_TRUE(seen[3].existing) << "the one before it would be there by then";
  EXPECT_FALSE(seen[4].existing);
  EXPECT_EQ(Feed().size(), 1);
  // Beside others it changes nothing for them.
  items[3].validate_only = false;
  ASSERT_OK_AND_ASSIGN(const auto mixed, look());
  EXPECT_FALSE(mixed[1].existing);
  EXPECT_FALSE(mixed[3].existing);
  EXPECT_NE(mixed[3].id, "");
  EXPECT_EQ(Feed().size(), 2);
}

TEST_P(ArticleStoreContract, AnImportHasBounds) {
  ASSERT_OK_AND_ASSIGN(const auto none, store().ImportArticles({}, "", Soon()));
  EXPECT_THAT(none, IsEmpty());
  EXPECT_THAT(store().ImportArticles(Items(1, static_cast<int>(kMaxImportBatch) + 1), "", Soon()),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(store().ImportArticles(Items(1, 1), "two\nlines", Soon()), BlamesField("author"));
  EXPECT_THAT(store().ImportArticles(Items(1, 1), "", absl::Now() - absl::Seconds(1)),
              testing::StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(Feed(), IsEmpty());
  // Every number up to the bound is stored whole, in its order.
  for (int count : {1, 5, 67, static_cast<int>(kMaxImportBatch)}) {
    const int from = count * 1000;
    ASSERT_OK_AND_ASSIGN(const auto imported,
                         store().ImportArticles(Items(from, from + count - 1), "", Soon()));
    std::vector<std::string> ids;
    for (const ImportedArticle& item : imported) ids.push_back(item.id);
    ASSERT_OK_AND_ASSIGN(const auto read, store().BatchGet(ids, ArticleView::kFull, Soon()));
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(read[i].content, SampleContent(from + i));
      ASSERT_EQ(read[i].sequence, read[0].sequence + i);
    }
  }
}

TEST_P(ArticleStoreContract, TheSameImportByManyAtOnceIsOneImport) {
  std::vector<std::vector<ImportedArticle>> answers(6);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < answers.size(); ++i) {
      threads.emplace_back([&, i] {
        std::vector<ArticleImport> items = Items(1, 30);
        if (i % 2 == 1) std::reverse(items.begin(), items.end());
        auto imported = store().ImportArticles(items, "", Soon());
        EXPECT_OK(imported);
        if (imported.ok()) answers[i] = *std::move(imported);
        if (i % 2 == 1) std::reverse(answers[i].begin(), answers[i].end());
      });
    }
  }
  int created = 0;
  for (const auto& answer : answers) {
    ASSERT_EQ(answer.size(), 30);
    for (size_t i = 0; i < answer.size(); ++i) {
      EXPECT_EQ(answer[i].id, answers[0][i].id);
      created += answer[i].existing ? 0 : 1;
    }
  }
  EXPECT_EQ(created, 30);
  EXPECT_EQ(Feed().size(), 30);
}

}  // namespace
}  // namespace cityinfo::articles
