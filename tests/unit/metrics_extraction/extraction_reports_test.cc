// Turns of phrase of communiqués, budget reports and reviews, in which a clause leaves out what an
// earlier one has said.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/metrics_extraction/extracted.h"

namespace cityinfo::metrics {
namespace {

struct Report {
  const char* name;
  const char* published;
  const char* text;
  std::vector<std::string> figures;
};

void PrintTo(const Report& report, std::ostream* out) { *out << report.name; }

class ExtractionReports : public testing::TestWithParam<Report> {};

TEST_P(ExtractionReports, GivesTheFigures) {
  EXPECT_THAT(Summaries(Extract(GetParam().text, GetParam().published)),
              testing::ElementsAreArray(GetParam().figures));
}

const Report kReports[] = {
    {"GainsBehindAShareAreOfTheWhole",
     "2024-01-20",
     "2023年税收收入8.2亿元，占一般公共预算收入的63%，同比增收0.7亿元，增长9.3%。",
     {"tax_revenue LEVEL ACTUAL 2023 820000000 元",
      "\"税收收入占一般公共预算收入\" SHARE ACTUAL 2023 63 %",
      "tax_revenue CHANGE ACTUAL 2023 70000000 元", "tax_revenue YOY_GROWTH ACTUAL 2023 9.3 %"}},
    {"LossesAreNegative",
     "2024-01-20",
     "2023年非税收入3.1亿元，比上年减收0.4亿元。",
     {"non_tax_revenue LEVEL ACTUAL 2023 310000000 元",
      "non_tax_revenue CHANGE ACTUAL 2023 -40000000 元"}},
    {"SharesOfTheSame",
     "2024-01-20",
     "2023年技改投资占全部投资比重为21%，占工业投资比重为66%。",
     {"\"技改投资占全部投资比重\" SHARE ACTUAL 2023 21 %",
      "\"技改投资占工业投资比重\" SHARE ACTUAL 2023 66 %"}},
    {"ThePlanInPassing",
     "2024-01-20",
     "2023年一般公共预算收入9.6亿元，完成预算10亿元的96%，同比下降2%。",
     {"budget_revenue LEVEL ACTUAL 2023 960000000 元",
      "\"一般公共预算收入预算\" LEVEL ACTUAL 2023 1000000000 元",
      "\"一般公共预算收入\" SHARE ACTUAL 2023 96 %", "budget_revenue YOY_GROWTH ACTUAL 2023 -2 %"}},
    {"SameScopeInBrackets",
     "2024-01-20",
     "2023年税收收入（同口径）完成7.7亿元，增长6%。",
     {"tax_revenue LEVEL ACTUAL 2023 770000000 元", "tax_revenue YOY_GROWTH ACTUAL 2023 6 %"}},
    {"TheQuarterBeforeIsABase",
     "2023-04-25",
     "一季度，工业投资增长9.1%，比上年四季度加快0.6个百分点。",
     {"industrial_investment YOY_GROWTH ACTUAL 2023-Q1 9.1 %",
      "industrial_investment CHANGE ACTUAL 2023-Q1 0.6 个百分点"}},
    {"HowItWasWorkedOutNamesNothing",
     "2024-01-20",
     "2023年人均地区生产总值47200元，按年平均汇率计算为6698美元。",
     {"gdp_per_capita LEVEL ACTUAL 2023 47200 元", "gdp_per_capita LEVEL ACTUAL 2023 6698 美元"}},
    {"ListsWithoutRespectively",
     "2024-01-20",
     "2023年城镇、农村常住居民人均可支配收入42310元、16050元，同比分别增长5.1%、8.3%。",
     {"urban_disposable_income LEVEL ACTUAL 2023 42310 元",
      "rural_disposable_income LEVEL ACTUAL 2023 16050 元",
      "urban_disposable_income YOY_GROWTH ACTUAL 2023 5.1 %",
      "rural_disposable_income YOY_GROWTH ACTUAL 2023 8.3 %"}},
    {"EachCountHasItsNoun",
     "2024-01-20",
     "2023年，全市辖96个行政村、73个社区。",
     {"administrative_villages LEVEL ACTUAL 2023 96 个", "\"社区\" LEVEL ACTUAL 2023 73 个"}},
    {"StructuresFromTo",
     "2024-01-20",
     "2023年，三次产业结构由2022年的12:35:53调整为11:36:53。",
     {"value_added_primary SHARE ACTUAL 2022 12 %", "value_added_secondary SHARE ACTUAL 2022 35 %",
      "value_added_tertiary SHARE ACTUAL 2022 53 %", "value_added_primary SHARE ACTUAL 2023 11 %",
      "value_added_secondary SHARE ACTUAL 2023 36 %",
      "value_added_tertiary SHARE ACTUAL 2023 53 %"}},
    {"TheClauseBeforeSaysWhat",
     "2024-01-20",
     "2023年旅游总收入突破60亿元，民宿产业迈过亿元大关，达1.3亿元。",
     {"tourism_revenue LEVEL ACTUAL 2023 6000000000 元 OVER",
      "\"民宿产业\" LEVEL ACTUAL 2023 130000000 元"}},
    {"HeadsThatNeedTheirVerb",
     "2024-01-20",
     "2023年，蓝莓种植面积1.2万余亩，村集体增加收入6万元。",
     {"\"蓝莓种植面积\" LEVEL ACTUAL 2023 8000040 m² OVER",
      "\"村集体增加收入\" LEVEL ACTUAL 2023 60000 元"}},
    {"SuperlativesAreNoNames",
     "2024-01-20",
     "2023年，占比最大的酒制造业实现产值22亿元。",
     {"\"酒制造业产值\" LEVEL ACTUAL 2023 2200000000 元"}},
    {"PriceRisesAreGrowth",
     "2024-01-20",
     "2024年主要预期目标：居民消费价格涨幅3%左右。",
     {"cpi YOY_GROWTH TARGET 2024 3 % ABOUT"}},
    {"IndicesAreNoShares",
     "2024-01-20",
     "2023年衣着类价格指数为101.2%。",
     {"\"衣着类价格指数\" LEVEL ACTUAL 2023 101.2 %"}},
    {"AGoalInPassingIsNoPromise",
     "2024-01-20",
     "2023年，我们围绕率先振兴的目标，真抓实干，地区生产总值增长6%。",
     {"gdp YOY_GROWTH ACTUAL 2023 6 %"}},
    {"AnOldYearHoldsForItsParagraph",
     "2024-01-20",
     "2011年，全镇总人口2.1万人。另有流动人口300人。",
     {"resident_population LEVEL ACTUAL 2011 21000 人",
      "\"另有流动人口\" LEVEL ACTUAL 2011 300 人"}},
    {"SinceAYear",
     "2024-01-20",
     "自2019年实施改造以来，累计发放补助资金1.5亿元。",
     {"\"补助资金\" LEVEL ACTUAL 2019/2023 150000000 元"}},
    {"TheSameTimeOfAnotherYearIsABase",
     "2024-01-20",
     "2023年旅游总收入58亿元，恢复至2019年同期的96.4%。",
     {"tourism_revenue LEVEL ACTUAL 2023 5800000000 元",
      "tourism_revenue SHARE ACTUAL 2023 96.4 %"}},
    {"YearsOfSchooling",
     "2024-01-20",
     "2023年，劳动年龄人口平均受教育年限达到10.6年。",
     {"\"劳动年龄人口平均受教育年限\" LEVEL ACTUAL 2023 10.6 年"}},
    {"TheComingTerm",
     "2021-11-20",
     "到2026年，地区生产总值年均增长8%。",
     {"gdp AVERAGE_GROWTH TARGET 2022/2026 8 %"}},
    {"ThousandsSetOffByASpace",
     "2024-01-20",
     "2023年农村居民人均可支配收入16 050元。",
     {"rural_disposable_income LEVEL ACTUAL 2023 16050 元"}},
};

INSTANTIATE_TEST_SUITE_P(Reports, ExtractionReports, testing::ValuesIn(kReports),
                         [](const auto& info) { return std::string(info.param.name); });

// A place that only ranks the subject does not move it there.
TEST(ExtractionReportsTest, RanksKeepThePlace) {
  const auto figures = Extract("2023年，工业投资增速居全省第3位，民间投资增长6%。");
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[1].place_code, "522601");
}

TEST(ExtractionReportsTest, MoreThanIsNoPartOfTheUnit) {
  const auto figures = Extract("2023年，蔬菜产量达8万余吨。");
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_EQ(figures[0].unit, "万吨");
  EXPECT_EQ(figures[0].value.printed, "8万余吨");
}

// A heading that names a plan does not make a review of it.
TEST(ExtractionReportsTest, GrowthBehindCommasIsOfTheYear) {
  EXPECT_THAT(Summaries(Extract("2015年回顾和“十二五”成就\n2015年工业投资21亿元，增长9%；"
                                "民间投资30亿元，增长8%。\n新增规模以上工业企业12家。",
                                "2016-01-10")),
              testing::Contains("industrial_enterprises_above_designated LEVEL ACTUAL 2015 12 个"));
}

}  // namespace
}  // namespace cityinfo::metrics
