#include "services/articles/rpc/search_handler.h"

#include <set>

#include "services/articles/search/substring_search.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;

class SearchHandlerTest : public HandlerTest {
 protected:
  void SetUp() override {
    HandlerTest::SetUp();
    search_ = std::make_unique<SubstringSearch>(*store_);
    handler_ = std::make_unique<SearchHandler>(*search_);
  }
  // Publishes an article of this title and text.
  std::string Publish(const std::string& title, const std::string& text, int day = 20) {
    v1::CreateArticleRequest request;
    *request.mutable_article() = SampleProto();
    request.mutable_article()->set_title(title);
    request.mutable_article()->mutable_blocks(0)->set_text(text);
    request.mutable_article()->mutable_publish_date()->set_day(day);
    request.set_publish(true);
    auto article = write_->CreateArticle(Editor(), request);
    EXPECT_OK(article);
    return article.ok() ? article->name() : "";
  }
  absl::StatusOr<v1::SearchArticlesResponse> Search(const std::string& query) {
    v1::SearchArticlesRequest request;
    request.set_query(query);
    return handler_->SearchArticles(Reader(), request);
  }
  std::unique_ptr<SubstringSearch> search_;
  std::unique_ptr<SearchHandler> handler_;
};

TEST_F(SearchHandlerTest, FindsWordsAndSaysWhere) {
  Publish("清水江步道贯通", "全长12.6公里的步道昨天贯通。");
  Publish("别的消息", "与此无关。");
  ASSERT_OK_AND_ASSIGN(const auto response, Search("步道 公里"));
  ASSERT_EQ(response.results_size(), 1);
  const v1::SearchResult& result = response.results(0);
  EXPECT_EQ(result.article().title(), "清水江步道贯通");
  EXPECT_EQ(result.article().blocks_size(), 0);
  ASSERT_EQ(result.title_spans_size(), 1);
  EXPECT_EQ(result.title_spans(0).begin(), 3);
  EXPECT_EQ(result.title_spans(0).end(), 5);
  EXPECT_EQ(result.excerpt(), "全长12.6公里的步道昨天贯通。");
  ASSERT_EQ(result.excerpt_spans_size(), 2);
  EXPECT_EQ(result.excerpt_spans(0).begin(), 6);
}

TEST_F(SearchHandlerTest, PutsTitlesFirstUnlessNewestIsAskedFor) {
  const std::string in_title = Publish("步道贯通", "正文", 1);
  const std::string in_text = Publish("消息", "步道在正文里", 20);
  ASSERT_OK_AND_ASSIGN(const auto relevant, Search("步道"));
  ASSERT_EQ(relevant.results_size(), 2);
  EXPECT_EQ(relevant.results(0).article().name(), in_title);
  v1::SearchArticlesRequest request;
  request.set_query("步道");
  request.set_order(v1::SearchArticlesRequest::NEWEST);
  ASSERT_OK_AND_ASSIGN(const auto newest, handler_->SearchArticles(Reader(), request));
  ASSERT_EQ(newest.results_size(), 2);
  EXPECT_EQ(newest.results(0).article().name(), in_text);
}

TEST_F(SearchHandlerTest, PagesNeitherSkipNorRepeat) {
  for (int i = 0; i < 11; ++i) Publish(i % 3 == 0 ? "步道消息" : "消息", "步道", 1 + i);
  for (const auto order :
       {v1::SearchArticlesRequest::RELEVANCE, v1::SearchArticlesRequest::NEWEST}) {
    std::set<std::string> seen;
    v1::SearchArticlesRequest request;
    request.set_query("步道");
    request.set_order(order);
    request.set_page_size(4);
    int pages = 0;
    do {
      ASSERT_OK_AND_ASSIGN(const auto response, handler_->SearchArticles(Reader(), request));
      for (const auto& result : response.results()) {
        EXPECT_TRUE(seen.insert(result.article().name()).second);
      }
      request.set_page_token(response.next_page_token());
      ++pages;
    } while (!request.page_token().empty() && pages < 10);
    EXPECT_EQ(seen.size(), 11);
    EXPECT_EQ(pages, 3);
  }
}

TEST_F(SearchHandlerTest, OnlyPublishedArticlesAreFound) {
  Create();
  ASSERT_OK_AND_ASSIGN(const auto response, Search("步道"));
  EXPECT_EQ(response.results_size(), 0);
}

TEST_F(SearchHandlerTest, NoOddQueryIsAnError) {
  Publish("步道", "100%_'\"\\*");
  for (const char* query : {"%", "_", "'", "\"", "\\", "*", "(((", "AND OR NOT", "a:b", "-步道",
                            "😀", "'; DROP TABLE articles; --", "\"unclosed"}) {
    EXPECT_OK(Search(query)) << query;
  }
  ASSERT_OK_AND_ASSIGN(const auto percent, Search("0%_"));
  EXPECT_EQ(percent.results_size(), 1);
}

TEST_F(SearchHandlerTest, AQueryNeedsAWordAndHasABound) {
  EXPECT_THAT(Search(""), FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY"));
  EXPECT_THAT(Search(" \u3000"), BlamesField("query"));
  std::string query;
  for (int i = 0; i < 201; ++i) query += "字";
  EXPECT_THAT(Search(query), FailsWith(StatusCode::kInvalidArgument, "QUERY_TOO_LONG"));
  EXPECT_THAT(Search(std::string("步道\0桥", 10)), BlamesField("query"));
}

}  // namespace
}  // namespace cityinfo::articles
