#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/error.h"
#include "services/gateway/city/article_page.h"
#include "services/gateway/city/home_page.h"
#include "services/gateway/city/period_order.h"
#include "services/gateway/upstream/retry_budget.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

using ::testing::ElementsAre;
using testing::StatusIs;
namespace mv1 = metrics::v1;

TEST(PeriodOrder, NewerEndsLaterAndLongerWinsATie) {
  const std::vector<absl::string_view> oldest_first = {
      "nonsense",        "2016/2019", "2020-Q3",   "2020-12-31", "2020-12", "2020-Q4",
      "2020-H2",         "2020",      "2016/2020", "2021-08",    "2021-09", "2021-Q3",
      "2021-01/2021-09", "2021",      "2022-01-01"};
  for (size_t i = 1; i < oldest_first.size(); ++i) {
    EXPECT_LT(OrderOf(oldest_first[i - 1]), OrderOf(oldest_first[i])) << oldest_first[i];
  }
}

void AddObservation(const std::string& indicator, mv1::Measure measure, mv1::Kind kind,
                    const std::string& period, mv1::QueryObservationsResponse* response) {
  mv1::Observation* added = response->add_observations();
  added->set_indicator(indicator);
  added->set_indicator_name("名" + indicator);
  added->set_measure(measure);
  added->set_kind(kind);
  added->set_period(period);
}

HomeParts GoodParts() {
  HomeParts parts;
  parts.articles = articles::v1::ListArticlesResponse();
  parts.articles->add_articles()->set_id("a");
  parts.observations = mv1::QueryObservationsResponse();
  parts.progress = mv1::ListProgressResponse();
  parts.progress->add_progress()->set_years_left(4);
  return parts;
}

TEST(HomePage, HeadlinesAreTheNewestActuals) {
  HomeParts parts = GoodParts();
  mv1::QueryObservationsResponse* found = &*parts.observations;
  AddObservation("gdp", mv1::LEVEL, mv1::ACTUAL, "2019", found);
  AddObservation("gdp", mv1::LEVEL, mv1::ACTUAL, "2020", found);
  AddObservation("gdp", mv1::LEVEL, mv1::TARGET, "2025", found);
  AddObservation("gdp", mv1::AVERAGE_GROWTH, mv1::ACTUAL, "2016/2020", found);
  AddObservation("retail_sales", mv1::AVERAGE_GROWTH, mv1::ACTUAL, "2016/2020", found);
  AddObservation("retail_sales", mv1::YOY_GROWTH, mv1::ACTUAL, "2019", found);
  ASSERT_OK_AND_ASSIGN(const v1::HomePage page,
                       ComposeHomePage("522601", {"retail_sales", "income", "gdp"}, parts));
  ASSERT_EQ(page.headlines_size(), 2);
  EXPECT_EQ(page.headlines(0).indicator(), "retail_sales");
  EXPECT_FALSE(page.headlines(0).has_level()) << "a missing value is absent";
  EXPECT_EQ(page.headlines(0).growth().period(), "2019") << "a year's before an average";
  EXPECT_EQ(page.headlines(1).indicator_name(), "名gdp");
  EXPECT_EQ(page.headlines(1).level().period(), "2020");
  EXPECT_EQ(page.headlines(1).growth().period(), "2016/2020");
  EXPECT_EQ(page.articles_size(), 1);
  EXPECT_EQ(page.progress_size(), 1);
}

TEST(HomePage, AFailedSectionIsMarkedAndTheRestServed) {
  HomeParts parts = GoodParts();
  parts.progress = base::Unavailable("GONE", "metrics is away");
  ASSERT_OK_AND_ASSIGN(const v1::HomePage page, ComposeHomePage("522601", {}, parts));
  EXPECT_EQ(page.articles_size(), 1);
  ASSERT_EQ(page.sections_size(), 3);
  EXPECT_EQ(page.sections(0).state(), v1::SectionStatus::OK);
  EXPECT_EQ(page.sections(2).section(), "progress");
  EXPECT_EQ(page.sections(2).state(), v1::SectionStatus::FAILED);
  EXPECT_EQ(page.sections(2).message(), "metrics is away");
}

TEST(HomePage, FailsWhenNothingIsLeftOrThePlaceIsUnknown) {
  HomeParts parts;
  EXPECT_THAT(ComposeHomePage("522601", {}, parts), StatusIs(absl::StatusCode::kUnavailable));
  parts = GoodParts();
  parts.progress = base::InvalidArgument("places[0]", "is not known", "UNKNOWN_PLACE");
  const auto page = ComposeHomePage("99", {}, parts);
  ASSERT_THAT(page, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::FieldViolations(page.status())[0].field, "place");
}

mv1::Figure FigureAt(int block, int64_t start, int64_t end, const std::string& quote, int64_t from,
                     int64_t to) {
  mv1::Figure figure;
  mv1::Citation* citation = figure.mutable_citation();
  citation->set_block(block);
  citation->set_start(start);
  citation->set_end(end);
  citation->set_quote(quote);
  citation->set_value_start(from);
  citation->set_value_end(to);
  return figure;
}

TEST(ArticlePage, HighlightsWhatStandsThere) {
  ArticleParts parts;
  parts.article = articles::v1::Article();
  parts.article->add_blocks()->set_text("标题");
  parts.article->add_blocks()->set_text("产值281亿元，增长8.2%、10%。");
  const std::string quote = "产值281亿元，增长8.2%、10%。";
  parts.figures = mv1::ListFiguresResponse();
  *parts.figures->add_figures() = FigureAt(1, 0, 19, quote, 10, 18);
  *parts.figures->add_figures() = FigureAt(1, 0, 19, quote, 2, 7);
  *parts.figures->add_figures() = FigureAt(1, 0, 19, quote, 15, 18);
  *parts.figures->add_figures() = FigureAt(1, 0, 19, "另一句话", 2, 7);
  *parts.figures->add_figures() = FigureAt(7, 0, 19, quote, 2, 7);
  *parts.figures->add_figures() = FigureAt(1, 0, 200, quote, 2, 7);
  ASSERT_OK_AND_ASSIGN(const v1::ArticlePage page, ComposeArticlePage(parts));
  ASSERT_EQ(page.figures_size(), 3) << "figures of another text are left out";
  ASSERT_EQ(page.highlights_size(), 2) << "overlapping spans become one";
  EXPECT_EQ(page.highlights(0).start(), 2);
  EXPECT_EQ(page.highlights(0).end(), 7);
  EXPECT_THAT(page.highlights(0).figures(), ElementsAre(0));
  EXPECT_EQ(page.highlights(1).start(), 10);
  EXPECT_EQ(page.highlights(1).end(), 18);
  EXPECT_THAT(page.highlights(1).figures(), ElementsAre(1, 2));
}

TEST(ArticlePage, NeedsItsArticleOnly) {
  ArticleParts parts;
  parts.figures = mv1::ListFiguresResponse();
  parts.article = base::NotFound("article", "articles/x", "ARTICLE_NOT_FOUND");
  EXPECT_THAT(ComposeArticlePage(parts), StatusIs(absl::StatusCode::kNotFound));
  parts.article = articles::v1::Article();
  parts.figures = base::Unavailable("GONE", "away");
  ASSERT_OK_AND_ASSIGN(const v1::ArticlePage page, ComposeArticlePage(parts));
  EXPECT_EQ(page.sections(1).state(), v1::SectionStatus::FAILED);
}

TEST(RetryBudget, IsAShareOfTheCalls) {
  RetryBudget budget(/*share=*/0.5, /*reserve=*/2);
  EXPECT_TRUE(budget.TakeRetry());
  EXPECT_TRUE(budget.TakeRetry());
  EXPECT_FALSE(budget.TakeRetry());
  budget.RecordCall();
  EXPECT_FALSE(budget.TakeRetry());
  budget.RecordCall();
  EXPECT_TRUE(budget.TakeRetry());
}

}  // namespace
}  // namespace cityinfo::gateway
