// Times, promises and places that one clause hands on to the next, and where a figure stands.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/utf8.h"
#include "tests/unit/metrics_extraction/extracted.h"

namespace cityinfo::metrics {
namespace {

using testing::ElementsAre;

struct Time {
  const char* name;
  const char* text;
  const char* published;
  const char* figure;
};

void PrintTo(const Time& time, std::ostream* out) { *out << time.name; }

class ExtractionPeriods : public testing::TestWithParam<Time> {};

TEST_P(ExtractionPeriods, AreThoseTheTextMeans) {
  EXPECT_THAT(Summaries(Extract(GetParam().text, GetParam().published)),
              ElementsAre(GetParam().figure));
}

const Time kTimes[] = {
    {"Quarter", "一季度，工业投资增长9.1%。", "2023-04-25",
     "industrial_investment YOY_GROWTH ACTUAL 2023-Q1 9.1 %"},
    {"MonthsSinceJanuary", "1—8月，工业投资增长9.1%。", "2023-09-25",
     "industrial_investment YOY_GROWTH ACTUAL 2023-01/2023-08 9.1 %"},
    {"FirstThreeQuarters", "今年前三季度，工业投资增长9.1%。", "2023-10-25",
     "industrial_investment YOY_GROWTH ACTUAL 2023-01/2023-09 9.1 %"},
    {"MonthsOfTheYearBefore", "1—11月，工业投资增长9.1%。", "2023-01-10",
     "industrial_investment YOY_GROWTH ACTUAL 2022-01/2022-11 9.1 %"},
    {"Half", "2023年上半年，工业投资增长9.1%。", "2023-07-25",
     "industrial_investment YOY_GROWTH ACTUAL 2023-H1 9.1 %"},
    {"Month", "10月份，社会消费品零售总额增长7.6%。", "2023-11-20",
     "retail_sales YOY_GROWTH ACTUAL 2023-10 7.6 %"},
    {"LastYear", "去年，工业投资增长9.1%。", "2023-02-10",
     "industrial_investment YOY_GROWTH ACTUAL 2022 9.1 %"},
    {"Assumed", "工业投资增长9.1%。", "2023-02-10",
     "industrial_investment YOY_GROWTH ACTUAL 2022 9.1 %"},
    {"AverageOverThePlan", "“十三五”期间，工业投资年均增长9.1%。", "2021-03-01",
     "industrial_investment AVERAGE_GROWTH ACTUAL 2016/2020 9.1 %"},
    {"SumOverThePlan", "“十三五”期间，建成污水处理厂9座。", "2021-03-01",
     "sewage_works LEVEL ACTUAL 2016/2020 9 座"},
    {"PastFiveYears", "过去五年，城镇新增就业4.6万人。", "2022-01-10",
     "new_urban_jobs LEVEL ACTUAL 2017/2021 46000 人"},
    {"AverageOfTwoYears", "2021年1-9月，工业投资两年平均增长3.5%。", "2021-10-25",
     "industrial_investment AVERAGE_GROWTH ACTUAL 2020/2021 3.5 %"},
    {"RunningYears", "2022年，粮食产量连续8年稳定在12万吨以上。", "2023-01-20",
     "grain_output LEVEL ACTUAL 2015/2022 120000000 kg AT_LEAST"},
    {"TargetYear", "到2025年，城镇化率达到62%。", "2021-12-20",
     "urbanization_rate SHARE TARGET 2025 62 %"},
    {"TargetAverage", "到2025年，地区生产总值年均增长8%左右。", "2021-12-20",
     "gdp AVERAGE_GROWTH TARGET 2021/2025 8 % ABOUT"},
    {"NextFiveYears", "今后五年，地区生产总值年均增长8%。", "2021-12-20",
     "gdp AVERAGE_GROWTH TARGET 2022/2026 8 %"},
    {"PromiseWithoutYear", "力争旅游总收入突破100亿元。", "2023-02-10",
     "tourism_revenue LEVEL TARGET 2023 10000000000 元 OVER"},
    {"EstimateIsActual", "预计全年固定资产投资增长8%。", "2024-01-10",
     "fixed_asset_investment YOY_GROWTH ACTUAL 2023 8 %"},
    {"Forecast", "预计2030年全市常住人口达到90万人。", "2024-01-10",
     "resident_population LEVEL FORECAST 2030 900000 人"},
    {"YearOfTheReport", "2023年政府工作报告\n地区生产总值增长6.2%。", "2023-06-01",
     "gdp YOY_GROWTH ACTUAL 2022 6.2 %"},
};

INSTANTIATE_TEST_SUITE_P(Times, ExtractionPeriods, testing::ValuesIn(kTimes),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(ExtractionContextTest, ANameThatLeadsTheSentenceCompletesShorterOnes) {
  EXPECT_THAT(Summaries(Extract("“十三五”期间，建成污水处理厂9座、提标扩容改造4座，总投资3.2亿元。",
                                "2021-12-20")),
              ElementsAre("sewage_works LEVEL ACTUAL 2016/2020 9 座",
                          "sewage_works_upgraded LEVEL ACTUAL 2016/2020 4 座",
                          "sewage_works_investment LEVEL ACTUAL 2016/2020 320000000 元"));
}

TEST(ExtractionContextTest, ATargetHeadingRulesItsSentenceOnly) {
  EXPECT_THAT(Summaries(Extract("2024年主要预期目标是：工业投资增长7%，民间投资增长6%。"
                                "2023年制造业投资增长5%。")),
              ElementsAre("industrial_investment YOY_GROWTH TARGET 2024 7 %",
                          "private_investment YOY_GROWTH TARGET 2024 6 %",
                          "manufacturing_investment YOY_GROWTH ACTUAL 2023 5 %"));
}

TEST(ExtractionContextTest, ScopeWordsAndNamesGiveThePlace) {
  const auto figures = Extract(
      "2023年全国工业投资增长9%。全省工业投资增长8%。全州工业投资增长7%。全市工业投资增长6%。"
      "雷山县工业投资增长5%。渭南市工业投资增长4%。");
  ASSERT_EQ(figures.size(), 6u);
  std::vector<std::string> places;
  for (const ExtractedFigure& figure : figures) places.push_back(figure.place_code);
  EXPECT_THAT(places, ElementsAre("100000", "52", "5226", "522601", "522634", ""));
  EXPECT_THAT(figures[5].reasons, testing::Contains(Doubt::kUnknownPlace));
}

TEST(ExtractionContextTest, ReadsOnOverBrokenLines) {
  const auto figures = Extract(
      "2023年，面对复杂严峻的外部环境，我市坚持稳中求进，地区生\n"
      "产总值实现平稳增长，按可比价格计算的地区生产总值达到3\n"
      "18.6亿元，经济总量稳居全州首位，与上年相比，同比增长4.7\n"
      "%，民间投资增长2%。");
  EXPECT_THAT(Summaries(figures), ElementsAre("gdp LEVEL ACTUAL 2023 31860000000 元",
                                              "gdp YOY_GROWTH ACTUAL 2023 4.7 %",
                                              "private_investment YOY_GROWTH ACTUAL 2023 2 %"));
  EXPECT_EQ(figures[0].value.printed, "3\n18.6亿元");
  EXPECT_THAT(figures[0].reasons, testing::Contains(Doubt::kBrokenByLine));
}

TEST(ExtractionContextTest, NumbersSideBySideInATableStayApart) {
  const auto figures = Extract("2023年税收收入 1234 5678亿元");
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].value.printed, "5678亿元");
}

TEST(ExtractionContextTest, AHeadingDoesNotRunIntoTheParagraph) {
  EXPECT_THAT(Summaries(Extract(
                  "工业投资持续增长\n2023年，民间投资比上年增长6.4%，增速连续多月保持稳定。")),
              ElementsAre("private_investment YOY_GROWTH ACTUAL 2023 6.4 %"));
}

// The quote and the value stand at their offsets, counted in code points, whatever comes before.
TEST(ExtractionContextTest, OffsetsAreCodePoints) {
  const std::string text = "🌾丰收年。\n2023年全市粮食产量 14.2 万吨，增长1.1%。";
  const auto figures = Extract(text);
  ASSERT_EQ(figures.size(), 2u);
  for (const ExtractedFigure& figure : figures) {
    const TextSpan value = figure.value.span;
    EXPECT_EQ(std::string(base::SubstrCodePoints(text, value.start, value.end)),
              figure.value.printed);
    const TextSpan quote = figure.quote_span;
    EXPECT_EQ(std::string(base::SubstrCodePoints(text, quote.start, quote.end)), figure.quote);
    EXPECT_LE(quote.start, value.start);
    EXPECT_GE(quote.end, value.end);
  }
  EXPECT_EQ(figures[0].value.printed, "14.2 万吨");
  EXPECT_EQ(figures[0].unit, "万吨");
  EXPECT_EQ(figures[0].quote, "2023年全市粮食产量 14.2 万吨，增长1.1%。");
}

TEST(ExtractionContextTest, ARangeKeepsBothPrintedEnds) {
  const auto figures = Extract("2024年预期目标：地区生产总值增长5%—6.5%。");
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].value.printed, "5%—6.5%");
  ASSERT_TRUE(figures[0].upper.has_value());
  EXPECT_EQ(figures[0].upper->printed, "6.5%");
  EXPECT_EQ(figures[0].upper->exact_value, "6.5");
}

TEST(ExtractionContextTest, WritesAbbreviationsOut) {
  const auto figures = Extract("2023年规上工业增加值增长5%，全国人均GDP达到89358元。");
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].indicator_text, "规模以上工业增加值");
  EXPECT_EQ(figures[1].indicator_text, "人均国内生产总值");
}

TEST(ExtractionContextTest, DoubtSaysWhy) {
  const auto figures = Extract("城镇化率达到158%。");
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_THAT(figures[0].reasons, ElementsAre(Doubt::kAssumedPeriod, Doubt::kImplausible));
  EXPECT_GT(figures[0].doubt, 0.5);
  EXPECT_EQ(std::string(ToString(Doubt::kImplausible)), "IMPLAUSIBLE");
}

}  // namespace
}  // namespace cityinfo::metrics
