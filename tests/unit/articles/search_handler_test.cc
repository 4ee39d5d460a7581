#include "services/articles/rpc/search_handler.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "tests/unit/articles/handler_test.h"
#include "tests/unit/articles/search_over_store.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Titles(const v1::SearchArticlesResponse& response) {
  std::vector<std::string> titles;
  for (const v1::SearchResult& result : response.results()) {
    titles.push_back(result.article().title());
  }
  return titles;
}

std::vector<std::string> Texts(const v1::SuggestArticlesResponse& response) {
  std::vector<std::string> texts;
  for (const v1::Suggestion& suggestion : response.suggestions())
    texts.push_back(suggestion.text());
  return texts;
}

class SearchHandlerTest : public HandlerTest {
 protected:
  void SetUp() override {
    HandlerTest::SetUp();
    ASSERT_OK_AND_ASSIGN(search_, SearchOverStore::Open(*store_, clock_));
    handler_ = std::make_unique<SearchHandler>(search_->search(), *store_);
  }
  static v1::Article Written(const std::string& title, const std::string& text, int day = 20) {
    v1::Article article = SampleProto();
    article.set_title(title);
    article.mutable_blocks(0)->set_text(text);
    article.mutable_publish_date()->set_day(day);
    return article;
  }
  // Its name.
  std::string Publish(const v1::Article& article) {
    v1::CreateArticleRequest request;
    *request.mutable_article() = article;
    request.set_publish(true);
    auto published = write_->CreateArticle(Editor(), request);
    EXPECT_OK(published);
    return published.ok() ? published->name() : "";
  }
  std::string Publish(const std::string& title, const std::string& text, int day = 20) {
    return Publish(Written(title, text, day));
  }
  absl::StatusOr<v1::SearchArticlesResponse> Search(const std::string& query) {
    v1::SearchArticlesRequest request;
    request.set_query(query);
    return Search(request);
  }
  // When the search has seen everything.
  absl::StatusOr<v1::SearchArticlesResponse> Search(const v1::SearchArticlesRequest& request) {
    EXPECT_TRUE(search_->CatchUp());
    return handler_->SearchArticles(Reader(), request);
  }
  absl::StatusOr<v1::SuggestArticlesResponse> Suggest(const std::string& prefix, int size = 0) {
    EXPECT_TRUE(search_->CatchUp());
    v1::SuggestArticlesRequest request;
    request.set_prefix(prefix);
    request.set_page_size(size);
    return handler_->SuggestArticles(Reader(), request);
  }
  absl::StatusOr<v1::ListRelatedArticlesResponse> Related(const std::string& name,
                                                          const rpc::RequestContext& context,
                                                          int size = 0) {
    EXPECT_TRUE(search_->CatchUp());
    v1::ListRelatedArticlesRequest request;
    request.set_name(name);
    request.set_page_size(size);
    return handler_->ListRelatedArticles(context, request);
  }

  std::unique_ptr<SearchOverStore> search_;
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
  ASSERT_OK_AND_ASSIGN(const auto newest, Search(request));
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
      ASSERT_OK_AND_ASSIGN(const auto response, Search(request));
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
    const absl::StatusOr<v1::SearchArticlesResponse> response = Search(query);
    // What only excludes has no word to find, nor has a lone quotation mark.
    if (absl::StartsWith(query, "-") || absl::string_view(query) == "\"") {
      EXPECT_THAT(response, FailsWith(StatusCode::kInvalidArgument, "QUERY_EMPTY")) << query;
    } else {
      EXPECT_OK(response) << query;
    }
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

TEST_F(SearchHandlerTest, SaysWhereTheExcerptWasCutFrom) {
  v1::Article article = Written("消息", "开头一段。");
  std::string text;
  for (int i = 0; i < 300; ++i) text += "字";
  article.add_blocks()->set_text(text + "步道贯通" + text);
  Publish(article);
  ASSERT_OK_AND_ASSIGN(const auto response, Search("步道"));
  ASSERT_EQ(response.results_size(), 1);
  const v1::SearchResult& result = response.results(0);
  EXPECT_EQ(result.excerpt_block(), 1);
  ASSERT_EQ(result.excerpt_spans_size(), 1);
  EXPECT_EQ(result.excerpt_begin() + result.excerpt_spans(0).begin(), 300);
}

TEST_F(SearchHandlerTest, WhatOnlyTheTitleHoldsHasNoExcerpt) {
  Publish("步道贯通", "正文。");
  ASSERT_OK_AND_ASSIGN(const auto response, Search("步道"));
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_EQ(response.results(0).excerpt(), "");
  EXPECT_EQ(response.results(0).excerpt_block(), -1);
}

TEST_F(SearchHandlerTest, EachFilterNarrows) {
  Publish("步道一", "正文");
  v1::Article other = Written("步道二", "正文", 21);
  other.set_section("要闻");
  other.set_publication("别的晚报");
  other.set_page("B2");
  other.set_place("5226");
  other.clear_tags();
  other.add_tags("旅游");
  Publish(other);
  using Request = v1::SearchArticlesRequest;
  const std::vector<std::function<void(Request&)>> filters = {
      [](Request& r) { r.set_section("要闻"); },
      [](Request& r) { r.set_tag("旅游"); },
      [](Request& r) { r.set_publication("别的晚报"); },
      [](Request& r) { r.set_page("B2"); },
      [](Request& r) { r.set_place("522600"); },
      [](Request& r) {
        r.mutable_publish_date_from()->set_year(2021);
        r.mutable_publish_date_from()->set_month(12);
        r.mutable_publish_date_from()->set_day(21);
      }};
  for (size_t i = 0; i < filters.size(); ++i) {
    Request request;
    request.set_query("步道");
    filters[i](request);
    ASSERT_OK_AND_ASSIGN(const auto response, Search(request));
    EXPECT_THAT(Titles(response), ElementsAre("步道二")) << i;
  }
}

TEST_F(SearchHandlerTest, CountsAndFacets) {
  for (int i = 0; i < 3; ++i) Publish("步道", "正文");
  v1::Article other = Written("步道", "正文");
  other.set_section("要闻");
  other.mutable_publish_date()->set_year(2020);
  Publish(other);
  ASSERT_OK_AND_ASSIGN(const auto response, Search("步道"));
  EXPECT_EQ(response.total_size(), 4);
  EXPECT_FALSE(response.total_size_is_lower_bound());
  ASSERT_EQ(response.section_facets_size(), 2);
  EXPECT_EQ(response.section_facets(0).label(), "综合新闻");
  EXPECT_EQ(response.section_facets(0).count(), 3);
  ASSERT_EQ(response.year_facets_size(), 2);
  EXPECT_EQ(response.year_facets(0).year(), 2021);
  EXPECT_EQ(response.year_facets(1).count(), 1);
}

TEST_F(SearchHandlerTest, WhatIsNoLongerPublicIsNotShown) {
  const std::string gone = Publish("步道一", "正文");
  Publish("步道二", "正文");
  v1::UnpublishArticleRequest unpublish;
  unpublish.set_name(gone);
  ASSERT_OK(write_->UnpublishArticle(Editor(), unpublish));
  // Whether or not the search has seen it.
  v1::SearchArticlesRequest request;
  request.set_query("步道");
  ASSERT_TRUE(search_->CatchUp());
  ASSERT_OK_AND_ASSIGN(const auto response, handler_->SearchArticles(Reader(), request));
  EXPECT_THAT(Titles(response), ElementsAre("步道二"));
}

TEST_F(SearchHandlerTest, AnAnswerIsTheArticleOfNowEvenIfTheIndexIsBehind) {
  const std::string taken_back = Publish("步道一", "正文");
  const std::string rewritten = Publish("步道二", "正文");
  Publish("步道三", "正文");
  ASSERT_TRUE(search_->CatchUp());
  search_->follower().Stop();
  v1::UnpublishArticleRequest unpublish;
  unpublish.set_name(taken_back);
  ASSERT_OK(write_->UnpublishArticle(Editor(), unpublish));
  v1::UpdateArticleRequest update;
  update.mutable_article()->set_name(rewritten);
  update.mutable_article()->set_title("别的题目");
  ASSERT_OK(write_->UpdateArticle(Editor(), update));
  v1::SearchArticlesRequest request;
  request.set_query("步道");
  ASSERT_OK_AND_ASSIGN(const auto response, handler_->SearchArticles(Reader(), request));
  EXPECT_THAT(Titles(response), ElementsAre("步道三"));
  EXPECT_EQ(response.changes_behind(), 2);
}

TEST_F(SearchHandlerTest, APageIsFilledWhenHitsHaveGone) {
  std::vector<std::string> names;
  for (int i = 0; i < 9; ++i) names.push_back(Publish("步道", "正文", 1 + i));
  ASSERT_TRUE(search_->CatchUp());
  search_->follower().Stop();
  for (int i = 5; i < 9; ++i) {
    v1::UnpublishArticleRequest unpublish;
    unpublish.set_name(names[i]);
    ASSERT_OK(write_->UnpublishArticle(Editor(), unpublish));
  }
  v1::SearchArticlesRequest request;
  request.set_query("步道");
  request.set_order(v1::SearchArticlesRequest::NEWEST);
  request.set_page_size(3);
  ASSERT_OK_AND_ASSIGN(const auto first, handler_->SearchArticles(Reader(), request));
  ASSERT_EQ(first.results_size(), 3);
  EXPECT_EQ(first.results(0).article().name(), names[4]);
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second, handler_->SearchArticles(Reader(), request));
  ASSERT_EQ(second.results_size(), 2);
  EXPECT_EQ(second.results(1).article().name(), names[0]);
}

TEST_F(SearchHandlerTest, ATokenIsForItsOwnQuestion) {
  for (int i = 0; i < 3; ++i) Publish("步道", "正文", 1 + i);
  v1::SearchArticlesRequest request;
  request.set_query("步道");
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto first, Search(request));
  request.set_page_token(first.next_page_token());
  request.set_page("B2");
  EXPECT_THAT(Search(request), BlamesField("page_token"));
}

TEST_F(SearchHandlerTest, SuggestsWhatBeginsWithThePrefixFirst) {
  v1::Article tagged = Written("城市消息", "正文");
  tagged.clear_tags();
  tagged.add_tags("旅游");
  tagged.add_tags("旅游公路");
  Publish(tagged);
  const std::string holds = Publish("夜间旅游升温", "正文", 21);
  const std::string begins = Publish("旅游收入创新高", "正文", 20);
  Publish("旅游收入创新高", "又一篇", 19);
  ASSERT_OK_AND_ASSIGN(const auto response, Suggest("旅游", 20));
  const std::vector<std::string> texts = Texts(response);
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), texts.size());
  bool past_beginning = false;
  for (const v1::Suggestion& suggestion : response.suggestions()) {
    ASSERT_EQ(suggestion.spans_size(), 1) << suggestion.text();
    if (suggestion.spans(0).begin() > 0) past_beginning = true;
    EXPECT_EQ(suggestion.spans(0).begin() > 0, past_beginning) << suggestion.text();
    EXPECT_EQ(suggestion.spans(0).end() - suggestion.spans(0).begin(), 2);
    std::string article;
    if (suggestion.text() == "旅游收入创新高") article = begins;
    if (suggestion.text() == "夜间旅游升温") article = holds;
    EXPECT_EQ(suggestion.article(), article) << suggestion.text();
  }
  for (const char* expected : {"旅游", "旅游公路", "旅游收入创新高", "夜间旅游升温"}) {
    EXPECT_THAT(texts, ::testing::Contains(expected));
  }
}

TEST_F(SearchHandlerTest, SuggestsIndicatorsByAnyOfTheirNames) {
  ASSERT_OK_AND_ASSIGN(const auto short_name, Suggest("社零"));
  EXPECT_THAT(Texts(short_name), ::testing::Contains("社零总额"));
  EXPECT_EQ(short_name.suggestions(0).kind(), v1::Suggestion::INDICATOR);
  EXPECT_THAT(Texts(short_name), ::testing::Not(::testing::Contains("社零"))) << "the same one";
  ASSERT_OK_AND_ASSIGN(const auto other_case, Suggest("ｇｄｐ"));
  EXPECT_THAT(Texts(other_case), ::testing::Contains("GDP"));
  ASSERT_OK_AND_ASSIGN(const auto traditional, Suggest("地區生產"));
  EXPECT_EQ(traditional.suggestions(0).text(), "地区生产总值");
  ASSERT_OK_AND_ASSIGN(const auto spaced, Suggest(" 社零\u3000"));
  EXPECT_EQ(Texts(spaced), Texts(short_name));
  ASSERT_OK_AND_ASSIGN(const auto few, Suggest("生产", 3));
  EXPECT_EQ(few.suggestions_size(), 3);
}

TEST_F(SearchHandlerTest, APrefixNeedsACharacterAndHasABound) {
  EXPECT_THAT(Suggest(""), FailsWith(StatusCode::kInvalidArgument, "PREFIX_EMPTY"));
  std::string prefix;
  for (int i = 0; i < 101; ++i) prefix += "字";
  EXPECT_THAT(Suggest(prefix), FailsWith(StatusCode::kInvalidArgument, "PREFIX_TOO_LONG"));
  EXPECT_THAT(Suggest("步道", -1), BlamesField("page_size"));
  for (const char* odd : {" ", "\"", "%", "*", "' OR 1", "\xFF", "😀", "\u200B"}) {
    EXPECT_OK(Suggest(odd)) << odd;
  }
}

TEST_F(SearchHandlerTest, DraftsAreNotSuggested) {
  Create();
  ASSERT_OK_AND_ASSIGN(const auto titles, Suggest("第1座桥"));
  EXPECT_THAT(Texts(titles), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto tags, Suggest("交通"));
  EXPECT_THAT(Texts(tags), ::testing::Not(::testing::Contains("交通")));
}

TEST_F(SearchHandlerTest, RelatedArticlesSpeakOfTheSame) {
  const std::string name = Publish("清水江步道全线贯通", "步道沿清水江修建，居民散步更方便。");
  Publish("清水江步道新增照明", "清水江边的步道装上了路灯。", 3);
  Publish("步道旁开出早餐店", "早餐店开在步道入口。", 4);
  v1::Article far = Written("粮库改造完工", "老粮库变成书房。", 5);
  far.clear_tags();
  Publish(far);
  ASSERT_OK_AND_ASSIGN(const auto response, Related(name, Reader()));
  std::vector<std::string> titles;
  for (const v1::Article& article : response.articles()) {
    titles.push_back(article.title());
    EXPECT_EQ(article.blocks_size(), 0) << "BASIC";
  }
  EXPECT_THAT(titles, ElementsAre("清水江步道新增照明", "步道旁开出早餐店"));
  ASSERT_OK_AND_ASSIGN(const auto one, Related(name, Reader(), 1));
  EXPECT_EQ(one.articles_size(), 1);
}

TEST_F(SearchHandlerTest, RelatedToWhatOneMayNotSeeIsNotFound) {
  const v1::Article draft = Create();
  EXPECT_THAT(Related(draft.name(), Reader()),
              FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_OK(Related(draft.name(), Editor()));
  EXPECT_THAT(Related("articles/none", Reader()),
              FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Related("pages/1", Reader()), BlamesField("name"));
  EXPECT_THAT(Related(draft.name(), Editor(), -1), BlamesField("page_size"));
}

}  // namespace
}  // namespace cityinfo::articles
