#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "tests/contract/article_store/store_contract.h"

namespace cityinfo::articles {
namespace {

using ::testing::IsEmpty;

PageImport SamplePage(int articles = 3) {
  PageImport page{.text = "清水江畔\n\n  一页\t原文，照样保存\r\n",
                  .publication = "样例晚报",
                  .publish_date = {.year = 2021, .month = 12, .day = 20},
                  .label = "A2",
                  .place = "522601",
                  .author = "yang"};
  for (int i = 1; i <= articles; ++i) page.articles.push_back(SampleContent(i));
  return page;
}

TEST_P(ArticleStoreContract, APageIsStoredWithItsArticlesInOrder) {
  ASSERT_OK_AND_ASSIGN(const ImportedPage imported, store().ImportPage(SamplePage(), Soon()));
  EXPECT_FALSE(imported.already_imported);
  ASSERT_EQ(imported.articles.size(), 3);
  for (int i = 0; i < 3; ++i) {
    const Article& article = imported.articles[i];
    EXPECT_EQ(article.content, SampleContent(i + 1));
    EXPECT_EQ(article.source_page, imported.page_id);
    EXPECT_EQ(article.state, ArticleState::kDraft);
    EXPECT_EQ(article.author, "yang");
    ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
    EXPECT_EQ(read, article);
  }
  EXPECT_EQ(Feed().size(), 3);
}

TEST_P(ArticleStoreContract, ThePagesTextIsKeptVerbatim) {
  ASSERT_OK_AND_ASSIGN(const ImportedPage imported, store().ImportPage(SamplePage(), Soon()));
  ASSERT_OK_AND_ASSIGN(const std::string text, store().GetPageText(imported.page_id, Soon()));
  EXPECT_EQ(text, SamplePage().text);
}

TEST_P(ArticleStoreContract, EveryByteOfAPagesTextComesBack) {
  PageImport page = SamplePage();
  // All of ASCII but NUL, odd code points, what databases give a meaning to, and much of it.
  page.text = "\xEF\xBB\xBF";
  for (char c = 1; c > 0; ++c) page.text.push_back(c);
  page.text += "\u0085\u2028\uFFFF\uFFFD\U0010FFFF 清\u0301 \\x41 \\000 $1 ?1 ' \" -- \r\n\r\n  ";
  for (int i = 0; i < 12; ++i) page.text += page.text.substr(0, 100'000);
  ASSERT_OK_AND_ASSIGN(const ImportedPage imported, store().ImportPage(page, Soon()));
  ASSERT_OK_AND_ASSIGN(const std::string text, store().GetPageText(imported.page_id, Soon()));
  EXPECT_TRUE(text == page.text);
}

TEST_P(ArticleStoreContract, APageThatCannotBeTextIsRefused) {
  const auto import = [&](auto spoil) {
    PageImport page = SamplePage();
    spoil(page);
    return store().ImportPage(page, Soon());
  };
  EXPECT_THAT(import([](auto& p) { p.text.push_back('\0'); }), BlamesField("text"));
  EXPECT_THAT(import([](auto& p) { p.text += "\xC3"; }), BlamesField("text"));
  EXPECT_THAT(import([](auto& p) { p.label = std::string("A\0", 2); }), BlamesField("page"));
  EXPECT_THAT(import([](auto& p) { p.publication = "\xFF"; }), BlamesField("publication"));
  EXPECT_THAT(import([](auto& p) { p.author = "\n"; }), BlamesField("author"));
  EXPECT_THAT(Feed(), IsEmpty());
}

TEST_P(ArticleStoreContract, APageImportedByManyAtOnceIsOnePage) {
  std::vector<ImportedPage> answers(8);
  {
    std::vector<std::jthread> threads;
    for (ImportedPage& answer : answers) {
      threads.emplace_back([&] {
        absl::StatusOr<ImportedPage> imported = store().ImportPage(SamplePage(), Soon());
        EXPECT_OK(imported);
        if (imported.ok()) answer = *std::move(imported);
      });
    }
  }
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(),
                          [](const ImportedPage& page) { return page.already_imported; }),
            7);
  for (const ImportedPage& answer : answers) {
    EXPECT_EQ(answer.page_id, answers[0].page_id);
    EXPECT_EQ(answer.articles, answers[0].articles);
  }
  EXPECT_EQ(Feed().size(), 3);
}

TEST_P(ArticleStoreContract, AnImportMayPublish) {
  PageImport page = SamplePage();
  page.publish = true;
  ASSERT_OK_AND_ASSIGN(const ImportedPage imported, store().ImportPage(page, Soon()));
  for (const Article& article : imported.articles) {
    EXPECT_EQ(article.state, ArticleState::kPublished);
    EXPECT_EQ(article.first_publish_time, clock_.Now());
  }
}

TEST_P(ArticleStoreContract, TheSamePageIsImportedOnce) {
  ASSERT_OK_AND_ASSIGN(const ImportedPage first, store().ImportPage(SamplePage(), Soon()));
  ASSERT_OK(Change(first.articles[1], Transition::kPublish));
  const size_t feed = Feed().size();
  ASSERT_OK_AND_ASSIGN(const ImportedPage second, store().ImportPage(SamplePage(), Soon()));
  EXPECT_TRUE(second.already_imported);
  EXPECT_EQ(second.page_id, first.page_id);
  ASSERT_EQ(second.articles.size(), 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(second.articles[i].id, first.articles[i].id);
  EXPECT_EQ(second.articles[1].state, ArticleState::kPublished) << "as it is now";
  EXPECT_EQ(Feed().size(), feed);
}

TEST_P(ArticleStoreContract, AnyDifferenceMakesAnotherPage) {
  ASSERT_OK(store().ImportPage(SamplePage(), Soon()));
  std::vector<PageImport> others(4, SamplePage());
  others[0].text += " ";
  others[1].label = "A3";
  others[2].publication = "山城日报";
  others[3].publish_date.day = 21;
  for (const PageImport& other : others) {
    ASSERT_OK_AND_ASSIGN(const ImportedPage imported, store().ImportPage(other, Soon()));
    EXPECT_FALSE(imported.already_imported);
  }
  EXPECT_EQ(Feed().size(), 15);
}

TEST_P(ArticleStoreContract, APageIsStoredWhollyOrNotAtAll) {
  PageImport page = SamplePage();
  page.articles[2].title.clear();
  EXPECT_THAT(store().ImportPage(page, Soon()),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Feed(), IsEmpty());
  EXPECT_THAT(Walk({.state = ArticleState::kDraft}), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const ImportedPage imported, store().ImportPage(SamplePage(), Soon()));
  EXPECT_FALSE(imported.already_imported);
}

}  // namespace
}  // namespace cityinfo::articles
