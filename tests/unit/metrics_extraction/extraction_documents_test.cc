// What a value means by the heading, the paragraph or the line breaks around it, and forms that are
// at home in plans, reviews of years and budgets.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/metrics_extraction/extracted.h"

namespace cityinfo::metrics {
namespace {

struct Passage {
  const char* name;
  const char* published;
  const char* text;
  std::vector<std::string> figures;
};

void PrintTo(const Passage& passage, std::ostream* out) { *out << passage.name; }

class ExtractionDocuments : public testing::TestWithParam<Passage> {};

TEST_P(ExtractionDocuments, GivesTheFigures) {
  EXPECT_THAT(Summaries(Extract(GetParam().text, GetParam().published)),
              testing::ElementsAreArray(GetParam().figures));
}

const Passage kPassages[] = {
    {"AHeadingOfPromisesHoldsForItsSection",
     "2024-02-01",
     "二、2024年工作安排\n新建高标准农田3万亩。\n新增公办学位900个。\n"
     "三、2023年工作回顾\n新增公办学位600个。",
     {"high_standard_farmland LEVEL TARGET 2024 20000100 m²",
      "\"公办学位\" LEVEL TARGET 2024 900 个", "\"公办学位\" LEVEL ACTUAL 2023 600 个"}},
    {"LeadsToPromises",
     "2024-02-01",
     "一年来，我们重点做了以下工作：\n改造老旧小区12个。\n为此，重点抓好以下工作：\n改造老旧小区15"
     "个。",
     {"\"老旧小区\" LEVEL ACTUAL 2023 12 个", "\"老旧小区\" LEVEL TARGET 2024 15 个"}},
    {"FactsUnderAHeadingOfPromises",
     "2024-02-01",
     "（三）2024年重点工作\n去年，锂电产业产值已达86亿元，今年突破120亿元。\n"
     "补助标准由每人每年640元提高到670元。",
     {"\"锂电产业产值\" LEVEL ACTUAL 2023 8600000000 元",
      "\"锂电产业产值\" LEVEL TARGET 2024 12000000000 元 OVER",
      "\"补助标准\" LEVEL ACTUAL 2023 640 元", "\"补助标准\" LEVEL TARGET 2024 670 元"}},
    {"AHeadlineOfAGoalIsNoPromise",
     "2024-06-01",
     "全市2024年目标任务推进会召开\n去年工业投资21亿元。\n上半年新增就业3000人。",
     {"industrial_investment LEVEL ACTUAL 2023 2100000000 元",
      "new_urban_jobs LEVEL ACTUAL 2024-H1 3000 人"}},
    {"TheYearOfThePlanHoldsForItsSection",
     "2021-03-01",
     "第二章 "
     "主要目标\n到2025年，城镇化率达到60%。\n森林覆盖率达到67%，用水总量控制在4亿立方米以内。",
     {"urbanization_rate SHARE TARGET 2025 60 %", "forest_coverage SHARE TARGET 2025 67 %",
      "water_use LEVEL TARGET 2025 400000000 m³ AT_MOST"}},
    {"APlanThatHasOnlyBegunIsNoTime",
     "2022-01-10",
     "2021年，我们实现了“十四五”良好开局。预计全年固定资产投资增长9%。",
     {"fixed_asset_investment YOY_GROWTH ACTUAL 2021 9 %"}},
    {"FromTheYearBefore",
     "2023-04-01",
     "2022年，三次产业结构由上年的9.8:43.1:47.1调整为9.5:44.2:46.3。",
     {"value_added_primary SHARE ACTUAL 2021 9.8 %",
      "value_added_secondary SHARE ACTUAL 2021 43.1 %",
      "value_added_tertiary SHARE ACTUAL 2021 47.1 %",
      "value_added_primary SHARE ACTUAL 2022 9.5 %",
      "value_added_secondary SHARE ACTUAL 2022 44.2 %",
      "value_added_tertiary SHARE ACTUAL 2022 46.3 %"}},
    {"EachOfTheIndustries",
     "2024-01-20",
     "2023年，三次产业对经济增长的贡献率分别为9%、41%和50%。",
     {"\"第一产业对经济增长的贡献率\" SHARE ACTUAL 2023 9 %",
      "\"第二产业对经济增长的贡献率\" SHARE ACTUAL 2023 41 %",
      "\"第三产业对经济增长的贡献率\" SHARE ACTUAL 2023 50 %"}},
    {"BudgetItemsOfTheYearBefore",
     "2024-01-20",
     "2023年，加上年结余0.9亿元、调入资金3亿元，收入总计61亿元。",
     {"\"上年结余\" LEVEL ACTUAL 2023 90000000 元", "\"调入资金\" LEVEL ACTUAL 2023 300000000 元",
      "\"收入总计\" LEVEL ACTUAL 2023 6100000000 元"}},
    {"Tenths",
     "2024-01-20",
     "2023年机电产品出口增长近五成，占全部出口的七成以上。公司由三成立为五成员。",
     {"\"机电产品出口\" YOY_GROWTH ACTUAL 2023 50 % ABOUT",
      "\"机电产品出口占全部出口\" SHARE ACTUAL 2023 70 % AT_LEAST"}},
    {"LeftOutOfTheReckoning",
     "2024-01-20",
     "2023年税收收入5亿元，增长2%，剔除一次性因素后增长4%。",
     {"tax_revenue LEVEL ACTUAL 2023 500000000 元", "tax_revenue YOY_GROWTH ACTUAL 2023 2 %",
      "tax_revenue YOY_GROWTH ACTUAL 2023 4 %"}},
    {"WhatPullsIsSpokenOf",
     "2024-01-20",
     "2023年民间投资增长9%，拉动全部投资增长4.1个百分点。",
     {"private_investment YOY_GROWTH ACTUAL 2023 9 %",
      "private_investment CHANGE ACTUAL 2023 4.1 个百分点"}},
    {"RatiosWithoutAUnit",
     "2022-02-01",
     "五年来，城乡居民收入比由2.41缩小到2.24。",
     {"urban_rural_income_ratio LEVEL ACTUAL 2016 2.41",
      "urban_rural_income_ratio LEVEL ACTUAL 2021 2.24"}},
    {"ThresholdsOfOtherNames",
     "2024-01-20",
     "2023年，产值超50亿元的企业3家、超10亿元的企业12家。",
     {"\"企业\" LEVEL ACTUAL 2023 3 个", "\"企业\" LEVEL ACTUAL 2023 12 个"}},
    {"RankedParts",
     "2024-01-20",
     "2023年，新增国家级绿色工厂4家、省级21家。",
     {"\"国家级绿色工厂\" LEVEL ACTUAL 2023 4 个", "\"省级绿色工厂\" LEVEL ACTUAL 2023 21 个"}},
    {"HeadsBehindRespectively",
     "2024-01-20",
     "2023年，对东盟、欧盟分别进出口11亿元、8亿元，分别增长5%和9%。",
     {"\"东盟进出口\" LEVEL ACTUAL 2023 1100000000 元",
      "\"欧盟进出口\" LEVEL ACTUAL 2023 800000000 元", "\"东盟进出口\" YOY_GROWTH ACTUAL 2023 5 %",
      "\"欧盟进出口\" YOY_GROWTH ACTUAL 2023 9 %"}},
    {"HeadsOfTheLastName",
     "2024-01-20",
     "2023年，太阳能电池、新能源汽车产量分别增长63%、27%。",
     {"\"太阳能电池产量\" YOY_GROWTH ACTUAL 2023 63 %",
      "\"新能源汽车产量\" YOY_GROWTH ACTUAL 2023 27 %"}},
    {"ListsOfIndustriesBetweenCommas",
     "2024-01-20",
     "2023年，住宿和餐饮业，信息传输、软件和信息技术服务业增加值分别增长14%、12%。",
     {"\"住宿和餐饮业增加值\" YOY_GROWTH ACTUAL 2023 14 %",
      "\"信息传输、软件和信息技术服务业增加值\" YOY_GROWTH ACTUAL 2023 12 %"}},
    {"NamesInTheClauseBefore",
     "2024-01-20",
     "2023年工业投资增速前两位的是甲县和乙市，分别增长19%、17%。",
     {"\"甲县\" YOY_GROWTH ACTUAL 2023 19 %", "\"乙市\" YOY_GROWTH ACTUAL 2023 17 %"}},
    {"AMonthAsideIsOfItsSentence",
     "2024-11-20",
     "1—10月，工业投资增长5%。10月当月增长8%。民间投资增长2%。\n10月份，民间投资增长1%"
     "。工业投资增长3%。",
     {"industrial_investment YOY_GROWTH ACTUAL 2024-01/2024-10 5 %",
      "industrial_investment YOY_GROWTH ACTUAL 2024-10 8 %",
      "private_investment YOY_GROWTH ACTUAL 2024-01/2024-10 2 %",
      "private_investment YOY_GROWTH ACTUAL 2024-10 1 %",
      "industrial_investment YOY_GROWTH ACTUAL 2024-10 3 %"}},
    {"ChangesSinceTheYearTheTextStartsFrom",
     "2022-09-01",
     "十年来，地区生产总值由2012年的312亿元增加到2021年的893亿元，年均增长9.2%。\n"
     "高速公路里程由76公里增加到318公里。",
     {"gdp LEVEL ACTUAL 2012 31200000000 元", "gdp LEVEL ACTUAL 2021 89300000000 元",
      "gdp AVERAGE_GROWTH ACTUAL 2013/2021 9.2 %", "expressway_length LEVEL ACTUAL 2012 76000 m",
      "expressway_length LEVEL ACTUAL 2021 318000 m"}},
    {"NewsOfTheYear",
     "2023-07-21",
     "7月19日，记者来到开发区。园区有企业34家。",
     {"\"园区有企业\" LEVEL ACTUAL 2023 34 个"}},
    {"PointsByTheLastUnit",
     "2024-01-20",
     "2023年毛入园率达92.6%，巩固率达96.1%，分别提高8.2个和5.5个百分点。",
     {"kindergarten_enrolment SHARE ACTUAL 2023 92.6 %", "\"巩固率\" SHARE ACTUAL 2023 96.1 %",
      "kindergarten_enrolment CHANGE ACTUAL 2023 8.2 个百分点",
      "\"巩固率\" CHANGE ACTUAL 2023 5.5 个百分点"}},
    {"BasisPoints",
     "2024-01-20",
     "2023年平均利率3.65%，下降42个基点。",
     {"\"平均利率\" SHARE ACTUAL 2023 3.65 %", "\"平均利率\" CHANGE ACTUAL 2023 -0.42 个百分点"}},
    {"NumbersBrokenByLines",
     "2024-01-20",
     "2023年全市一般公共预算收入完成391.7亿\n元，同比增\n长7.3%；税收收入8.\n6亿元。",
     {"budget_revenue LEVEL ACTUAL 2023 39170000000 元",
      "budget_revenue YOY_GROWTH ACTUAL 2023 7.3 %", "tax_revenue LEVEL ACTUAL 2023 860000000 元"}},
    {"GroupsAndFractionsSetOffBySpaces",
     "2024-01-20",
     "2023年政府债务余额 12 409.7 亿元，其中一般债务 6 780.2 亿元。",
     {"government_debt LEVEL ACTUAL 2023 1240970000000 元",
      "government_debt_general LEVEL ACTUAL 2023 678020000000 元"}},
    {"SharesOfThePlan",
     "2024-12-30",
     "2024年完成投资14亿元，占年度计划的107%。",
     {"\"投资\" LEVEL ACTUAL 2024 1400000000 元", "\"投资\" SHARE ACTUAL 2024 107 %"}},
    {"TheWholeSeenFromAnotherSide",
     "2024-01-20",
     "2023年工业投资60亿元。其中民营企业40亿元。分级次看，市本级完成9亿元，县（市）级完成51亿元。",
     {"industrial_investment LEVEL ACTUAL 2023 6000000000 元",
      "\"民营企业\" LEVEL ACTUAL 2023 4000000000 元",
      "industrial_investment LEVEL ACTUAL 2023 900000000 元",
      "industrial_investment LEVEL ACTUAL 2023 5100000000 元"}},
    {"SumsOfASentence",
     "2021-01-20",
     "五年累计接待游客1.2亿人次，实现旅游总收入1086亿元；2020年旅游总收入251亿元。",
     {"tourist_arrivals LEVEL ACTUAL 2016/2020 120000000 人次",
      "tourism_revenue LEVEL ACTUAL 2016/2020 108600000000 元",
      "tourism_revenue LEVEL ACTUAL 2020 25100000000 元"}},
    {"MoneyAnEventCallsFor",
     "2024-08-20",
     "2024年，安排救灾资金6000万元。",
     {"\"救灾资金\" LEVEL ACTUAL 2024 60000000 元"}},
    {"RangesWithTo",
     "2024-01-20",
     "2023年粮食单产提高10%到20%，残次率从9%降到7%。",
     {"\"粮食单产\" YOY_GROWTH ACTUAL 2023 10..20 % RANGE", "\"残次率\" SHARE ACTUAL 2022 9 %",
      "\"残次率\" SHARE ACTUAL 2023 7 %"}},
    {"AMoreAmbitiousPromise",
     "2024-02-01",
     "2024年预期目标：固定资产投资增长8%以上，力争9%。",
     {"fixed_asset_investment YOY_GROWTH TARGET 2024 8 % AT_LEAST",
      "fixed_asset_investment YOY_GROWTH TARGET 2024 9 %"}},
};

INSTANTIATE_TEST_SUITE_P(Documents, ExtractionDocuments, testing::ValuesIn(kPassages),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(ExtractionDocumentsTest, StagesOfAccounting) {
  const auto stage_of = [](const char* text) {
    const auto figures = Extract(text);
    return figures.empty() ? RevisionStage::kNone : figures.front().stage;
  };
  EXPECT_EQ(stage_of("初步核算，2023年地区生产总值318亿元。"), RevisionStage::kPreliminary);
  EXPECT_EQ(stage_of("2023年地区生产总值快报数为318亿元。"), RevisionStage::kPreliminary);
  EXPECT_EQ(stage_of("经初步核实，2022年地区生产总值为301亿元。"), RevisionStage::kVerified);
  EXPECT_EQ(stage_of("2022年地区生产总值最终核实数为302亿元。"), RevisionStage::kFinal);
  EXPECT_EQ(stage_of("根据普查修订，2022年地区生产总值为303亿元。"), RevisionStage::kFinal);
  EXPECT_EQ(stage_of("2023年地区生产总值318亿元。"), RevisionStage::kNone);
  EXPECT_EQ(stage_of("2023年地区生产总值318亿元。\n注：本公报数据为初步统计数。"),
            RevisionStage::kPreliminary);
  EXPECT_EQ(stage_of("力争2026年地区生产总值500亿元，据初步统计。"), RevisionStage::kNone);
}

TEST(ExtractionDocumentsTest, TheStageIsOfItsSentence) {
  const auto figures = Extract("初步核算，2023年地区生产总值318亿元，增长5%。工业投资21亿元。");
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_EQ(figures[1].stage, RevisionStage::kPreliminary);
  EXPECT_EQ(figures[2].stage, RevisionStage::kNone);
}

}  // namespace
}  // namespace cityinfo::metrics
