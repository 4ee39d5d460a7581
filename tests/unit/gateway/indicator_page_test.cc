#include "services/gateway/city/indicator_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "services/gateway/city/indicator_questions.h"
#include "services/gateway/city/period_granularity.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

using ::testing::ElementsAre;
using testing::StatusIs;
namespace mv1 = metrics::v1;

mv1::Observation Value(mv1::Measure measure, mv1::Kind kind, const std::string& period,
                       const std::string& place = "522601") {
  mv1::Observation observation;
  observation.set_indicator("gdp");
  observation.set_place(place);
  observation.set_measure(measure);
  observation.set_kind(kind);
  observation.set_period(period);
  return observation;
}

mv1::Citation Sentence(const std::string& article, int64_t start, int year, int day = 1) {
  mv1::Citation citation;
  citation.set_article(article);
  citation.set_start(start);
  citation.set_end(start + 10);
  citation.mutable_publish_date()->set_year(year);
  citation.mutable_publish_date()->set_month(1);
  citation.mutable_publish_date()->set_day(day);
  return citation;
}

IndicatorParts GoodParts() {
  IndicatorParts parts;
  parts.indicator = mv1::Indicator();
  parts.indicator->set_id("gdp");
  parts.place = mv1::Place();
  parts.place->set_code("522601");
  parts.years = std::vector<mv1::Observation>();
  parts.shorter = std::vector<mv1::Observation>();
  parts.progress = mv1::ListProgressResponse();
  parts.findings = mv1::ListPlausibilityFindingsResponse();
  parts.parts = std::vector<mv1::Observation>();
  return parts;
}

// "LEVEL ACTUAL YEARLY: 2019 2020"
std::vector<std::string> Lines(const v1::IndicatorPage& page) {
  std::vector<std::string> lines;
  for (const v1::Series& series : page.series()) {
    std::string line =
        absl::StrCat(mv1::Measure_Name(series.measure()), " ", mv1::Kind_Name(series.kind()), " ",
                     mv1::Granularity_Name(series.granularity()), ":");
    for (const auto& observation : series.observations()) {
      absl::StrAppend(&line, " ", observation.period());
    }
    lines.push_back(line);
  }
  return lines;
}

v1::SectionStatus::State StateOf(const v1::IndicatorPage& page, const std::string& section) {
  for (const v1::SectionStatus& status : page.sections()) {
    if (status.section() == section) return status.state();
  }
  return v1::SectionStatus::STATE_UNSPECIFIED;
}

TEST(PeriodGranularity, OfEveryForm) {
  EXPECT_EQ(GranularityOf("2020"), mv1::YEARLY);
  EXPECT_EQ(GranularityOf("2020-H1"), mv1::HALF_YEARLY);
  EXPECT_EQ(GranularityOf("2020-Q3"), mv1::QUARTERLY);
  EXPECT_EQ(GranularityOf("2020-09"), mv1::MONTHLY);
  EXPECT_EQ(GranularityOf("2020-09-29"), mv1::DAILY);
  EXPECT_EQ(GranularityOf("2020-01/2020-09"), mv1::CUMULATIVE_MONTHS);
  EXPECT_EQ(GranularityOf("2020-02/2020-09"), mv1::MONTH_SPAN);
  EXPECT_EQ(GranularityOf("2020-01/2021-09"), mv1::MONTH_SPAN);
  EXPECT_EQ(GranularityOf("2016/2020"), mv1::YEAR_SPAN);
  EXPECT_EQ(GranularityOf("2016/2020-01"), mv1::GRANULARITY_UNSPECIFIED);
  EXPECT_EQ(GranularityOf(""), mv1::GRANULARITY_UNSPECIFIED);
}

TEST(IndicatorPage, LinesAreOrderedHeadlineFirstAndTargetsLast) {
  IndicatorParts parts = GoodParts();
  *parts.years = {Value(mv1::LEVEL, mv1::TARGET, "2025"),
                  Value(mv1::YOY_GROWTH, mv1::ACTUAL, "2020"),
                  Value(mv1::SHARE, mv1::ACTUAL, "2020"),
                  Value(mv1::LEVEL, mv1::ACTUAL, "2020"),
                  Value(mv1::AVERAGE_GROWTH, mv1::ACTUAL, "2016/2020"),
                  Value(mv1::LEVEL, mv1::ACTUAL, "2019"),
                  Value(mv1::LEVEL, mv1::FORECAST, "2021")};
  *parts.shorter = {Value(mv1::LEVEL, mv1::ACTUAL, "2021-01/2021-09"),
                    Value(mv1::LEVEL, mv1::ACTUAL, "2021-Q3"),
                    Value(mv1::LEVEL, mv1::ACTUAL, "2021-Q1")};
  ASSERT_OK_AND_ASSIGN(const v1::IndicatorPage page, ComposeIndicatorPage("522601", parts));
  EXPECT_THAT(Lines(page),
              ElementsAre("LEVEL ACTUAL YEARLY: 2019 2020", "YOY_GROWTH ACTUAL YEARLY: 2020",
                          "SHARE ACTUAL YEARLY: 2020", "AVERAGE_GROWTH ACTUAL YEAR_SPAN: 2016/2020",
                          "LEVEL ACTUAL QUARTERLY: 2021-Q1 2021-Q3",
                          "LEVEL ACTUAL CUMULATIVE_MONTHS: 2021-01/2021-09",
                          "LEVEL FORECAST YEARLY: 2021", "LEVEL TARGET YEARLY: 2025"));
}

TEST(IndicatorPage, ALineHasItsNewestValuesOnly) {
  IndicatorParts parts = GoodParts();
  for (int year = 1700; year < 1950; ++year) {
    parts.years->push_back(Value(mv1::LEVEL, mv1::ACTUAL, absl::StrCat(year)));
  }
  ASSERT_OK_AND_ASSIGN(const v1::IndicatorPage page, ComposeIndicatorPage("522601", parts));
  ASSERT_EQ(page.series_size(), 1);
  ASSERT_EQ(page.series(0).observations_size(), 200);
  EXPECT_EQ(page.series(0).observations(0).period(), "1750");
  EXPECT_EQ(page.series(0).observations(199).period(), "1949");
}

TEST(IndicatorPage, SentencesAreTheNewestAndEachOnce) {
  IndicatorParts parts = GoodParts();
  parts.years->push_back(Value(mv1::LEVEL, mv1::ACTUAL, "2019"));
  *parts.years->back().add_citations() = Sentence("articles/a", 0, 2020);
  *parts.years->back().add_citations() = Sentence("articles/b", 5, 2022);
  parts.years->push_back(Value(mv1::YOY_GROWTH, mv1::ACTUAL, "2019"));
  *parts.years->back().add_citations() = Sentence("articles/a", 0, 2020);
  *parts.years->back().add_citations() = Sentence("articles/a", 20, 2020);
  ASSERT_OK_AND_ASSIGN(v1::IndicatorPage page, ComposeIndicatorPage("522601", parts));
  std::vector<std::string> sentences;
  for (const mv1::Citation& citation : page.citations()) {
    sentences.push_back(absl::StrCat(citation.article(), "@", citation.start()));
  }
  EXPECT_THAT(sentences, ElementsAre("articles/b@5", "articles/a@0", "articles/a@20"));
  for (int day = 1; day <= 25; ++day) {
    *parts.years->back().add_citations() = Sentence("articles/c", day * 20, 2023, day);
  }
  ASSERT_OK_AND_ASSIGN(page, ComposeIndicatorPage("522601", parts));
  ASSERT_EQ(page.citations_size(), 20);
  EXPECT_EQ(page.citations(0).publish_date().day(), 25);
}

TEST(IndicatorPage, PartsHaveOneMeasureAndTheirNewestYear) {
  IndicatorParts parts = GoodParts();
  *parts.parts = {Value(mv1::YOY_GROWTH, mv1::ACTUAL, "2021", "522622"),
                  Value(mv1::LEVEL, mv1::ACTUAL, "2019", "522634"),
                  Value(mv1::LEVEL, mv1::ACTUAL, "2020", "522634"),
                  Value(mv1::LEVEL, mv1::ACTUAL, "2018", "522625")};
  ASSERT_OK_AND_ASSIGN(v1::IndicatorPage page, ComposeIndicatorPage("5226", parts));
  ASSERT_EQ(page.parts_size(), 2);
  EXPECT_EQ(page.parts(0).place(), "522625");
  EXPECT_EQ(page.parts(1).place(), "522634");
  EXPECT_EQ(page.parts(1).period(), "2020");
  // What is known as growth only is shown as growth.
  *parts.parts = {Value(mv1::YOY_GROWTH, mv1::ACTUAL, "2021", "522622")};
  ASSERT_OK_AND_ASSIGN(page, ComposeIndicatorPage("5226", parts));
  EXPECT_EQ(page.parts_size(), 1);
}

TEST(IndicatorPage, AFailedSectionIsMarkedAndTheRestServed) {
  IndicatorParts parts = GoodParts();
  *parts.years = {Value(mv1::LEVEL, mv1::ACTUAL, "2020")};
  parts.shorter = absl::DeadlineExceededError("too slow");
  parts.findings = base::Unimplemented("it is not available yet");
  parts.place = base::Unavailable("GONE", "away");
  ASSERT_OK_AND_ASSIGN(const v1::IndicatorPage page, ComposeIndicatorPage("522601", parts));
  EXPECT_EQ(page.series_size(), 1) << "as far as it goes";
  EXPECT_EQ(page.place().code(), "522601");
  for (const char* failed : {"series", "citations", "findings", "place"}) {
    EXPECT_EQ(StateOf(page, failed), v1::SectionStatus::FAILED) << failed;
  }
  for (const char* good : {"progress", "parts"}) {
    EXPECT_EQ(StateOf(page, good), v1::SectionStatus::OK) << good;
  }
}

TEST(IndicatorPage, NeedsItsIndicatorAndAPlaceThatExists) {
  IndicatorParts parts = GoodParts();
  parts.indicator = base::NotFound("indicator", "gdpp", "INDICATOR_NOT_FOUND");
  EXPECT_THAT(ComposeIndicatorPage("522601", parts), StatusIs(absl::StatusCode::kNotFound));
  parts = GoodParts();
  parts.place = base::NotFound("place", "99", "PLACE_NOT_FOUND");
  EXPECT_THAT(ComposeIndicatorPage("99", parts), StatusIs(absl::StatusCode::kNotFound));
  parts = GoodParts();
  parts.years = base::InvalidArgument("as_of", "lies in the future", "FUTURE");
  EXPECT_THAT(ComposeIndicatorPage("522601", parts), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(IndicatorQuestions, AskForTargetsTooAndAsOfAMoment) {
  v1::GetIndicatorPageRequest request;
  request.set_name("indicators/gdp");
  request.mutable_as_of()->set_seconds(77);
  const mv1::QueryObservationsRequest years = YearsQuestion(request, "522601");
  EXPECT_THAT(years.indicators(), ElementsAre("gdp"));
  EXPECT_THAT(years.places(), ElementsAre("522601"));
  EXPECT_THAT(years.kinds(), ElementsAre(mv1::ACTUAL, mv1::FORECAST, mv1::TARGET));
  EXPECT_EQ(years.as_of().seconds(), 77);
  const mv1::QueryObservationsRequest parts = PartsQuestion(request, "5226");
  EXPECT_THAT(parts.places_within(), ElementsAre("5226"));
  EXPECT_EQ(parts.places_size(), 0);
  EXPECT_THAT(parts.kinds(), ElementsAre(mv1::ACTUAL));
  EXPECT_EQ(parts.last_n(), 1);
}

}  // namespace
}  // namespace cityinfo::gateway
