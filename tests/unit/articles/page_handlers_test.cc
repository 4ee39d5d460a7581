#include "services/articles/rpc/page_handlers.h"

#include "absl/strings/str_split.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;
using ::testing::HasSubstr;

// A splitter simple enough to foresee: each line is the title of an article.
std::vector<ArticleContent> SplitLines(absl::string_view text) {
  std::vector<ArticleContent> articles;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (line[0] == '#') continue;
    articles.push_back({.title = std::string(line), .page = "B9", .blocks = {{.text = "正文"}}});
  }
  return articles;
}

class PageHandlersTest : public HandlerTest {
 protected:
  void SetUp() override {
    HandlerTest::SetUp();
    pages_ = std::make_unique<PageHandlers>(*store_, SplitLines);
  }
  static v1::ImportPageRequest SampleRequest() {
    v1::ImportPageRequest request;
    request.set_text("第一篇\n第二篇\n");
    request.set_publication("样例晚报");
    request.mutable_publish_date()->set_year(2021);
    request.mutable_publish_date()->set_month(12);
    request.mutable_publish_date()->set_day(20);
    request.set_page("B2");
    request.set_place("522601");
    return request;
  }
  std::unique_ptr<PageHandlers> pages_;
};

TEST_F(PageHandlersTest, APageBecomesArticles) {
  ASSERT_OK_AND_ASSIGN(const auto response, pages_->ImportPage(Editor(), SampleRequest()));
  ASSERT_EQ(response.articles_size(), 2);
  const v1::Article& article = response.articles(1);
  EXPECT_EQ(article.title(), "第二篇");
  EXPECT_EQ(article.publication(), "样例晚报");
  EXPECT_EQ(article.publish_date().day(), 20);
  EXPECT_EQ(article.page(), "B2");
  EXPECT_EQ(article.place(), "522601");
  EXPECT_EQ(article.state(), v1::DRAFT);
  EXPECT_EQ(article.source_page(), response.page());
  EXPECT_FALSE(response.already_imported());
  ASSERT_OK_AND_ASSIGN(const auto again, pages_->ImportPage(Editor(), SampleRequest()));
  EXPECT_TRUE(again.already_imported());
  EXPECT_EQ(again.articles(1).name(), article.name());
}

TEST_F(PageHandlersTest, WithoutALabelThePrintedOneCounts) {
  v1::ImportPageRequest request = SampleRequest();
  request.clear_page();
  ASSERT_OK_AND_ASSIGN(const auto response, pages_->ImportPage(Editor(), request));
  EXPECT_EQ(response.articles(0).page(), "B9");
}

TEST_F(PageHandlersTest, ValidateOnlyStoresNothing) {
  v1::ImportPageRequest request = SampleRequest();
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const auto response, pages_->ImportPage(Editor(), request));
  EXPECT_EQ(response.page(), "");
  ASSERT_EQ(response.articles_size(), 2);
  EXPECT_EQ(response.articles(0).name(), "");
  EXPECT_EQ(response.articles(0).publication(), "样例晚报");
  EXPECT_EQ(store_->change_signal().newest(), 0);
}

TEST_F(PageHandlersTest, ReadersMaySplitButNotImport) {
  EXPECT_THAT(pages_->ImportPage(Reader(), SampleRequest()),
              FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
  v1::SplitPageRequest split;
  split.set_text("一篇");
  ASSERT_OK_AND_ASSIGN(const auto response, pages_->SplitPage(Reader(), split));
  ASSERT_EQ(response.articles_size(), 1);
  EXPECT_FALSE(response.articles(0).has_publish_date());
}

TEST_F(PageHandlersTest, BadRequestsNameTheField) {
  const auto import = [&](auto spoil) {
    v1::ImportPageRequest request = SampleRequest();
    spoil(request);
    return pages_->ImportPage(Editor(), request);
  };
  EXPECT_THAT(import([](auto& r) { r.set_text(""); }),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_EMPTY"));
  EXPECT_THAT(import([](auto& r) { r.set_text(std::string(5'000'000, 'x')); }),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_TOO_LARGE"));
  EXPECT_THAT(import([](auto& r) { r.set_text("\xB5\xDA\xD2\xBB"); }),
              FailsWith(StatusCode::kInvalidArgument, "NOT_UTF8"));
  EXPECT_THAT(import([](auto& r) { r.set_text("# nothing\n"); }),
              FailsWith(StatusCode::kInvalidArgument, "NO_ARTICLE_FOUND"));
  EXPECT_THAT(import([](auto& r) { r.set_text("# nothing\n"); }), BlamesField("text"));
  EXPECT_THAT(import([](auto& r) { r.clear_publication(); }), BlamesField("publication"));
  EXPECT_THAT(import([](auto& r) { r.clear_publish_date(); }), BlamesField("publish_date"));
  EXPECT_THAT(import([](auto& r) { r.mutable_publish_date()->set_month(13); }),
              BlamesField("publish_date"));
  EXPECT_THAT(import([](auto& r) { r.set_place("000000"); }), BlamesField("place"));
  EXPECT_THAT(import([](auto& r) { r.set_page(std::string(30, 'B')); }), BlamesField("page"));
  EXPECT_EQ(store_->change_signal().newest(), 0);
}

TEST_F(PageHandlersTest, AnArticleThatCannotBeStoredIsNamedByItsNumber) {
  v1::ImportPageRequest request = SampleRequest();
  request.set_text("好的一篇\n" + std::string(600, 'x'));
  const auto result = pages_->ImportPage(Editor(), request);
  EXPECT_THAT(result, FailsWith(StatusCode::kInvalidArgument, "ARTICLE_NOT_STORABLE"));
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("article 2"));
}

}  // namespace
}  // namespace cityinfo::articles
