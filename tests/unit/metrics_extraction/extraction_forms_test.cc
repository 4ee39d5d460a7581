// The forms of the language of Chinese city statistics, a sentence or two for each.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/metrics_extraction/extracted.h"

namespace cityinfo::metrics {
namespace {

struct Form {
  const char* name;
  const char* text;
  std::vector<std::string> figures;
};

void PrintTo(const Form& form, std::ostream* out) { *out << form.name; }

class ExtractionForms : public testing::TestWithParam<Form> {};

TEST_P(ExtractionForms, GivesTheFiguresOfTheSentence) {
  EXPECT_THAT(Summaries(Extract(GetParam().text)), testing::ElementsAreArray(GetParam().figures));
}

const Form kForms[] = {
    {"LevelAndInheritedGrowth",
     "2023年，全市地区生产总值完成318.6亿元，按可比价格计算，同比增长4.7%。",
     {"gdp LEVEL ACTUAL 2023 31860000000 元", "gdp YOY_GROWTH ACTUAL 2023 4.7 %"}},
    {"FallIsNegative",
     "2023年第二产业增加值68.2亿元，下降1.2%。",
     {"value_added_secondary LEVEL ACTUAL 2023 6820000000 元",
      "value_added_secondary YOY_GROWTH ACTUAL 2023 -1.2 %"}},
    {"RespectivelyWithSharedEnd",
     "2023年城镇和农村居民人均可支配收入分别增长4.1%、7.6%。",
     {"urban_disposable_income YOY_GROWTH ACTUAL 2023 4.1 %",
      "rural_disposable_income YOY_GROWTH ACTUAL 2023 7.6 %"}},
    {"RespectivelyInTwoClauses",
     "2023年，城乡居民人均可支配收入分别达到42310元、16050元，同比增长5.1%和8.3%。",
     {"urban_disposable_income LEVEL ACTUAL 2023 42310 元",
      "rural_disposable_income LEVEL ACTUAL 2023 16050 元",
      "urban_disposable_income YOY_GROWTH ACTUAL 2023 5.1 %",
      "rural_disposable_income YOY_GROWTH ACTUAL 2023 8.3 %"}},
    {"RespectivelyWithSharedBeginning",
     "2023年一般公共预算收入、支出分别完成12.3亿元、46.7亿元。",
     {"budget_revenue LEVEL ACTUAL 2023 1230000000 元",
      "budget_expenditure LEVEL ACTUAL 2023 4670000000 元"}},
    {"RespectivelyWithSharedBeginningAndEnd",
     "2023年第一、二、三产业增加值分别为20亿元、60亿元和200亿元。",
     {"value_added_primary LEVEL ACTUAL 2023 2000000000 元",
      "value_added_secondary LEVEL ACTUAL 2023 6000000000 元",
      "value_added_tertiary LEVEL ACTUAL 2023 20000000000 元"}},
    {"RespectivelyWithTheUnitOnTheLastValue",
     "2023年城镇和农村居民人均可支配收入分别增长5.2、8.1%。",
     {"urban_disposable_income YOY_GROWTH ACTUAL 2023 5.2 %",
      "rural_disposable_income YOY_GROWTH ACTUAL 2023 8.1 %"}},
    {"Contraction",
     "2023年末金融机构存、贷款余额分别为512.3亿元和478.9亿元。",
     {"deposits LEVEL ACTUAL 2023 51230000000 元", "loans LEVEL ACTUAL 2023 47890000000 元"}},
    {"FromTo",
     "农村居民人均可支配收入由2018年的10216元增加到2023年的15640元。",
     {"rural_disposable_income LEVEL ACTUAL 2018 10216 元",
      "rural_disposable_income LEVEL ACTUAL 2023 15640 元"}},
    {"Range",
     "2024年主要预期目标是：社会消费品零售总额增长5%—6%。",
     {"retail_sales YOY_GROWTH TARGET 2024 5..6 % RANGE"}},
    {"RangeWithOneUnit",
     "2024年预期目标：固定资产投资增长6-8%。",
     {"fixed_asset_investment YOY_GROWTH TARGET 2024 6..8 % RANGE"}},
    {"BoundsBehindTheValue",
     "2024年主要预期目标是：地区生产总值增长5%左右；规模以上工业增加值增长6%以上；"
     "城镇登记失业率控制在4%以内。",
     {"gdp YOY_GROWTH TARGET 2024 5 % ABOUT",
      "industrial_value_added_above_designated YOY_GROWTH TARGET 2024 6 % AT_LEAST",
      "unemployment_rate_registered SHARE TARGET 2024 4 % AT_MOST"}},
    {"BoundsBeforeTheValue",
     "2023年，接待游客超过860万人次，旅游总收入约92亿元，森林覆盖率不低于66%。",
     {"tourist_arrivals LEVEL ACTUAL 2023 8600000 人次 OVER",
      "tourism_revenue LEVEL ACTUAL 2023 9200000000 元 ABOUT",
      "forest_coverage SHARE ACTUAL 2023 66 % AT_LEAST"}},
    {"BoundInsideTheNumber",
     "2023年，惠及群众20余万人。",
     {"\"群众\" LEVEL ACTUAL 2023 200000 人 OVER"}},
    {"PercentagePoints",
     "2023年城镇化率为58.2%，比上年提高0.9个百分点。",
     {"urbanization_rate SHARE ACTUAL 2023 58.2 %",
      "urbanization_rate CHANGE ACTUAL 2023 0.9 个百分点"}},
    {"ComparedWithAnotherPlace",
     "2023年规模以上工业增加值增长5.2%，增速比全国高0.4个百分点。",
     {"industrial_value_added_above_designated YOY_GROWTH ACTUAL 2023 5.2 %",
      "industrial_value_added_above_designated CHANGE ACTUAL 2023 0.4 个百分点"}},
    {"Rank",
     "2023年空气质量优良天数比例达98.6%，居全省第3位。",
     {"good_air_ratio SHARE ACTUAL 2023 98.6 %", "good_air_ratio RANK ACTUAL 2023 3 位"}},
    {"Multiple",
     "2023年地区生产总值是2015年的1.6倍，进出口总额增长2.3倍。",
     {"gdp MULTIPLE ACTUAL 2023 1.6 倍", "trade_total MULTIPLE ACTUAL 2023 2.3 倍"}},
    {"Share",
     "2023年税收收入8.02亿元，占一般公共预算收入的64.9%。",
     {"tax_revenue LEVEL ACTUAL 2023 802000000 元",
      "\"税收收入占一般公共预算收入\" SHARE ACTUAL 2023 64.9 %"}},
    {"ShareOfTheBudget",
     "2023年一般公共预算收入完成12.35亿元，为预算的102.9%，增长7.1%。",
     {"budget_revenue LEVEL ACTUAL 2023 1235000000 元",
      "\"一般公共预算收入\" SHARE ACTUAL 2023 102.9 %",
      "budget_revenue YOY_GROWTH ACTUAL 2023 7.1 %"}},
    {"CompositionOfThreeIndustries",
     "2023年三次产业结构比为6.7:21.4:71.9。",
     {"value_added_primary SHARE ACTUAL 2023 6.7 %",
      "value_added_secondary SHARE ACTUAL 2023 21.4 %",
      "value_added_tertiary SHARE ACTUAL 2023 71.9 %"}},
    {"NetIncrease",
     "2023年，财政总收入达到26.4亿元、净增1.8亿元。",
     {"fiscal_revenue_total LEVEL ACTUAL 2023 2640000000 元",
      "fiscal_revenue_total CHANGE ACTUAL 2023 180000000 元"}},
    {"ThresholdInTheName",
     "2023年，新开工总投资超10亿元的重大项目23个，500万元以上固定资产投资96.1亿元。",
     {"\"重大项目\" LEVEL ACTUAL 2023 23 个",
      "fixed_asset_investment LEVEL ACTUAL 2023 9610000000 元"}},
    {"ThingsBehindTheNumber",
     "2023年，打造了18个乡村旅游示范点，辖11个镇、9个街道。",
     {"\"乡村旅游示范点\" LEVEL ACTUAL 2023 18 个", "\"镇\" LEVEL ACTUAL 2023 11 个",
      "\"街道\" LEVEL ACTUAL 2023 9 个"}},
    {"ValueBeforeThePromise",
     "2023年城镇新增就业1.02万人，超额完成了9500人的预期目标。",
     {"new_urban_jobs LEVEL ACTUAL 2023 10200 人", "new_urban_jobs LEVEL TARGET 2023 9500 人"}},
    {"GrowthBehindTheValue",
     "2023年社会消费品零售总额实现了6.5%的增长。",
     {"retail_sales YOY_GROWTH ACTUAL 2023 6.5 %"}},
    {"ChineseNumerals",
     "2023年，高标准农田面积达到二十三万亩，绿化覆盖率达百分之四十一点五。",
     {"high_standard_farmland LEVEL ACTUAL 2023 153334100 m²",
      "greening_coverage SHARE ACTUAL 2023 41.5 %"}},
    {"FullWidthCharacters",
     "２０２３年，全市生产总值达３１８．６亿元，增长４．７％。",
     {"gdp LEVEL ACTUAL 2023 31860000000 元", "gdp YOY_GROWTH ACTUAL 2023 4.7 %"}},
    {"GroupsOfThousands",
     "2023年农村居民人均可支配收入16,050元。",
     {"rural_disposable_income LEVEL ACTUAL 2023 16050 元"}},
    {"UnitLeftOut",
     "2023年末常住人口43万，居民消费价格指数为100.2。",
     {"resident_population LEVEL ACTUAL 2023 430000 人", "cpi LEVEL ACTUAL 2023 100.2"}},
    {"CompoundUnits",
     "2023年PM2.5平均浓度为22微克/立方米，全社会用电量31.5亿千瓦时。",
     {"pm25 LEVEL ACTUAL 2023 22 微克/立方米",
      "electricity_consumption LEVEL ACTUAL 2023 3150000000 kWh"}},
    {"NoFigures",
     "第十届人大三次会议8日上午9时30分在A4会议厅召开，5G专班12345热线、“3+"
     "2”模式与4A级景区获得好评。",
     {}},
    {"MembersOfAList",
     "2023年，我市被列为全国26个试点城市，城镇化率达58%。",
     {"urbanization_rate SHARE ACTUAL 2023 58 %"}},
};

INSTANTIATE_TEST_SUITE_P(Forms, ExtractionForms, testing::ValuesIn(kForms),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace cityinfo::metrics
