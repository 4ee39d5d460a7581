// Numbers of everyday talk, which are nobody's official figures, and their neighbours, which are.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/metrics_extraction/extracted.h"

namespace cityinfo::metrics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OrdinaryNumbers : public testing::TestWithParam<const char*> {};

TEST_P(OrdinaryNumbers, AreNoFigures) {
  EXPECT_THAT(Summaries(Extract(GetParam())), IsEmpty()) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Prose, OrdinaryNumbers,
    testing::Values("67岁的杨奶奶说，她在寨子里住了40多年。",
                    "斗牛节为期4天，每天上午9点30分开始。", "工人们连续26天吃住在工地上。",
                    "距离交房倒计时50天。", "新修的步道离家2公里，走路要30多分钟。",
                    "合作社距县城18公里，大巴时速60公里，要坐1个多小时。",
                    "土鸡每只卖85元，她花了150元买了两只。", "门票20元一张。", "一亩地也没有荒着。",
                    "事故造成2人受伤。", "表决以31票赞成获得通过。", "4位专家现场点评。",
                    "一家5口人住进了新房。", "这是今年到场的第一位客商，第3名选手随后登场。"));

TEST(OrdinaryNumberTest, ANameMakesAFigureOfTheSameUnits) {
  EXPECT_THAT(
      Summaries(Extract("2023年，全市无霜期282天，办理时限压缩到3天，人均预期寿命77.9岁。")),
      ElementsAre("frost_free_days LEVEL ACTUAL 2023 282 天", "\"办理时限\" LEVEL ACTUAL 2023 3 天",
                  "life_expectancy LEVEL ACTUAL 2023 77.9 岁"));
}

TEST(OrdinaryNumberTest, StepsAreNotCountedButWhatClimbsThemIs) {
  EXPECT_THAT(Summaries(Extract("2023年，全市地区生产总值连跨3个百亿级台阶、突破400亿元。")),
              ElementsAre("gdp LEVEL ACTUAL 2023 40000000000 元 OVER"));
}

TEST(OrdinaryNumberTest, AnIncomeThatDefinesAGroupIsNoFigure) {
  EXPECT_THAT(Summaries(Extract("2023年，年收入10—30万元群体占比达到26.5%。")),
              ElementsAre("\"群体占比\" SHARE ACTUAL 2023 26.5 %"));
}

}  // namespace
}  // namespace cityinfo::metrics
