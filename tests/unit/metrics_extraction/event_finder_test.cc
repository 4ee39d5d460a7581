#include "services/metrics/domain/extraction/event_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<ExtractedEvent> Find(absl::string_view text, absl::string_view published = "2021-12-20",
                                 absl::string_view place = "522601") {
  return FindEvents(text, {.publish_date = *Period::Parse(published),
                           .place_code = std::string(place),
                           .catalogue = &Catalogue::Embedded()});
}

std::string DateText(const base::Date& date) {
  std::string text = absl::StrCat(date.year);
  if (date.month != 0) absl::StrAppend(&text, "-", date.month);
  if (date.day != 0) absl::StrAppend(&text, "-", date.day);
  return text;
}

// "2021-9-29..2021-10-1 what happened", with "plan" behind the date of what is planned.
std::vector<std::string> Lines(const std::vector<ExtractedEvent>& events) {
  std::vector<std::string> lines;
  for (const ExtractedEvent& event : events) {
    lines.push_back(absl::StrCat(DateText(event.date),
                                 event.end_date ? ".." + DateText(*event.end_date) : "",
                                 event.planned ? " plan " : " ", event.summary));
  }
  return lines;
}

std::vector<std::string> Read(absl::string_view text, absl::string_view published = "2021-12-20") {
  return Lines(Find(text, published));
}

TEST(EventFinder, ADayWithItsYear) {
  const std::string text =
      "开局良好。特别是2021年9月29日，海源材料公司一期项目正式点火投产，填补了空白。";
  const std::vector<ExtractedEvent> events = Find(text);
  ASSERT_EQ(events.size(), 1);
  EXPECT_EQ(events[0].date, (base::Date{2021, 9, 29}));
  EXPECT_EQ(events[0].precision, DatePrecision::kDay);
  EXPECT_EQ(events[0].summary, "海源材料公司一期项目正式点火投产");
  EXPECT_EQ(events[0].place_code, "522601");
  EXPECT_FALSE(events[0].planned);
  EXPECT_EQ(base::SubstrCodePoints(text, events[0].date_span.start, events[0].date_span.end),
            "2021年9月29日");
  EXPECT_EQ(base::SubstrCodePoints(text, events[0].quote_span.start, events[0].quote_span.end),
            events[0].quote);
  EXPECT_EQ(events[0].quote, "特别是2021年9月29日，海源材料公司一期项目正式点火投产，填补了空白。");
}

TEST(EventFinder, MonthsAndYears) {
  EXPECT_THAT(Read("2016年10月，炉山污水处理厂动工。"), ElementsAre("2016-10 炉山污水处理厂动工"));
  EXPECT_THAT(Read("2019年，凯里至雷山公路建成通车。"), ElementsAre("2019 凯里至雷山公路建成通车"));
  EXPECT_THAT(Read("去年12月，科技园区通过验收。"), ElementsAre("2020-12 科技园区通过验收"));
  EXPECT_EQ(Find("2019年，凯里至雷山公路建成通车。")[0].precision, DatePrecision::kYear);
  EXPECT_EQ(Find("2016年10月，炉山污水处理厂动工。")[0].precision, DatePrecision::kMonth);
}

TEST(EventFinder, ADayWithoutAYearTakesItFromThePublishDate) {
  EXPECT_THAT(Read("9月30日，产销对接会在凯里举行。"),
              ElementsAre("2021-9-30 产销对接会在凯里举行"));
  EXPECT_THAT(Read("12月30日，产销对接会在凯里举行。", "2022-01-04"),
              ElementsAre("2021-12-30 产销对接会在凯里举行"));
  EXPECT_THAT(Read("灯会将于1月28日开幕。"), ElementsAre("2022-1-28 plan 灯会开幕"));
  // In a text of which only the year is known, nothing is known of a day without one.
  EXPECT_THAT(Read("9月30日，产销对接会在凯里举行。", "2021"), IsEmpty());
}

TEST(EventFinder, AYearNamedBeforeHoldsInItsSentence) {
  EXPECT_THAT(Read("该厂2018年3月5日开工建设，11月2日建成投产。"),
              ElementsAre("2018-3-5 该厂开工建设", "2018-11-2 该厂建成投产"));
  // Whether the paragraph still speaks of 2018 is not certain.
  EXPECT_THAT(Read("2018年3月，该厂开工建设。8月2日，新线投产。"),
              ElementsAre("2018-3 该厂开工建设"));
  // News of the last days is of this year.
  EXPECT_THAT(Read("2018年3月，该厂开工建设。12月18日，新线投产。"),
              ElementsAre("2018-3 该厂开工建设", "2021-12-18 新线投产"));
}

TEST(EventFinder, DaysRelativeToThePublishDate) {
  EXPECT_THAT(Read("昨日，市政府召开防火会议。", "2022-01-01"),
              ElementsAre("2021-12-31 市政府召开防火会议"));
  EXPECT_THAT(Read("今天（12月20日）上午，人民医院新院区启用。"),
              ElementsAre("2021-12-20 人民医院新院区启用"));
  EXPECT_THAT(Read("明日，展销会在民族文化宫开幕。"),
              ElementsAre("2021-12-21 plan 展销会在民族文化宫开幕"));
  EXPECT_THAT(Read("州委29日在凯里召开全会。", "2021-12-02"),
              ElementsAre("2021-11-29 州委在凯里召开全会"));
  EXPECT_THAT(Read("昨日，市政府召开防火会议。", "2022-01"), IsEmpty());
}

TEST(EventFinder, TheOtherDayIsOfTheMonthOnlyWhenThatIsCertain) {
  EXPECT_THAT(Read("日前，市教育局印发培训管理细则。"),
              ElementsAre("2021-12 市教育局印发培训管理细则"));
  EXPECT_THAT(Read("日前，市教育局印发培训管理细则。", "2021-12-03"), IsEmpty());
}

TEST(EventFinder, Ranges) {
  EXPECT_THAT(Read("芦笙节将于2022年1月3日至5日在三棵树镇举行。"),
              ElementsAre("2022-1-3..2022-1-5 plan 芦笙节在三棵树镇举行"));
  EXPECT_THAT(Read("9月28日至10月4日，苗绣展在市博物馆展出。"),
              ElementsAre("2021-9-28..2021-10-4 苗绣展在市博物馆展出"));
  EXPECT_THAT(Read("6月1—3日，青少年篮球赛在镇远县举行。"),
              ElementsAre("2021-6-1..2021-6-3 青少年篮球赛在镇远县举行"));
  EXPECT_THAT(Read("12月30日至1月2日，冬游季在雷山县启动。", "2022-01-04"),
              ElementsAre("2021-12-30..2022-1-2 冬游季在雷山县启动"));
}

TEST(EventFinder, PlansAreMarked) {
  EXPECT_THAT(Read("项目计划2023年6月竣工。"), ElementsAre("2023-6 plan 项目竣工"));
  EXPECT_THAT(Read("新规自2022年1月1日起施行。"), ElementsAre("2022-1-1 plan 新规施行"));
  // Said as a plan, though the day is over; another 将 is none.
  EXPECT_THAT(Read("大桥拟于2021年10月1日通车。"), ElementsAre("2021-10-1 plan 大桥通车"));
  EXPECT_THAT(Read("2021年9月1日，公司将首批机组移交电厂。"),
              ElementsAre("2021-9-1 公司将首批机组移交电厂"));
}

TEST(EventFinder, PlacesOfTheCatalogue) {
  EXPECT_EQ(Find("12月18日，黄平县发生一起火灾。")[0].place_code, "522622");
  EXPECT_EQ(Find("12月18日，凯里市代表队在贵州省雷山县夺得冠军。")[0].place_code, "522634");
  EXPECT_EQ(Find("12月18日，运动会开幕。")[0].place_code, "522601");
  // The name of who is at home here, not a place of its own.
  EXPECT_EQ(Find("12月18日，贵州海源公司二期项目开工。")[0].place_code, "522601");
  // Elsewhere, where no code is known.
  EXPECT_EQ(Find("12月18日，招商推介会在南宁市举行。")[0].place_code, "");
}

TEST(EventFinder, StatisticsAreNoEvents) {
  EXPECT_THAT(Read("2020年，全市生产总值281.76亿元，增长4.5%。"), IsEmpty());
  EXPECT_THAT(Read("2020年，新建成农村公路120公里，累计投入2亿元。"), IsEmpty());
  EXPECT_THAT(Read("2021年1至11月，全市开工项目12个。"), IsEmpty());
  EXPECT_THAT(Read("与2019年相比，通车里程增加120公里。"), IsEmpty());
  EXPECT_THAT(Read("截至2021年11月底，全市建成停车场120个。"), IsEmpty());
  EXPECT_THAT(Read("到2025年，建成高标准农田20万亩。"), IsEmpty());
  // What a thing cost says which thing it is.
  EXPECT_THAT(Read("2019年，总投资12亿元的污水处理厂建成投产。"),
              ElementsAre("2019 总投资12亿元的污水处理厂建成投产"));
}

TEST(EventFinder, DatesThatNameThingsAreNoEvents) {
  EXPECT_THAT(Read("2020年度先进集体名单已公布。"), IsEmpty());
  EXPECT_THAT(Read("根据2019年8月1日印发的管理办法，摊位实行登记。"), IsEmpty());
  EXPECT_THAT(Read("黔府发〔2021〕12号文件同时废止。"), IsEmpty());
  EXPECT_THAT(Read("《凯里市志（1990年1月—2010年）》出版。"), IsEmpty());
  EXPECT_THAT(Read("王某（1950年3月5日出生）当选会长。"), IsEmpty());
  EXPECT_THAT(Read("今年是中心成立50周年。"), IsEmpty());
  EXPECT_THAT(Read("昨日举行的会议很热烈。"), IsEmpty());
  EXPECT_THAT(Read("2022年3月底前，新的公交线路将开通。"), IsEmpty());
  EXPECT_THAT(Read("2021年12月20日　星期一　第3版　责编：王某"), IsEmpty());
  EXPECT_THAT(Read("他说：“2019年5月1日，大桥通车。”"), IsEmpty());
}

TEST(EventFinder, WordsAboutAreNoEvents) {
  EXPECT_THAT(Read("记者12月18日从市统计局获悉，前11个月新建学校开工。"), IsEmpty());
  EXPECT_THAT(Read("市长19日表示，大桥已建成通车。"), IsEmpty());
  EXPECT_THAT(Read("12月19日，市统计局发布数据显示，用电量上升。"), IsEmpty());
}

TEST(EventFinder, VerbsThatOnlyNameOrDenyAreNoEvents) {
  EXPECT_THAT(Read("12月19日，启动仪式后的人群散去。"), IsEmpty());
  EXPECT_THAT(Read("12月19日，二期工程未开工。"), IsEmpty());
  EXPECT_THAT(Read("12月19日，正在举行的比赛很精彩。"), IsEmpty());
}

TEST(EventFinder, WhoOrWhatStandsBeforeTheDate) {
  EXPECT_THAT(Read("凯里至都匀公路全长50公里，2019年建成通车。"),
              ElementsAre("2019 凯里至都匀公路全长50公里，建成通车"));
  EXPECT_THAT(Read("高新区管委会于2020年7月17日上午正式挂牌成立。"),
              ElementsAre("2020-7-17 高新区管委会正式挂牌成立"));
}

TEST(EventFinder, ALineBrokenInTheDateOrTheSentenceIsNoObstacle) {
  const std::string text =
      "凯里市在高质量发展的道路上稳步前进,2021年8\n月26日,凯里新城建设指挥部揭牌成立。";
  const std::vector<ExtractedEvent> events = Find(text);
  ASSERT_EQ(events.size(), 1);
  EXPECT_EQ(events[0].summary, "凯里新城建设指挥部揭牌成立");
  EXPECT_EQ(base::SubstrCodePoints(text, events[0].date_span.start, events[0].date_span.end),
            "2021年8\n月26日");
}

TEST(EventFinder, ImpossibleDatesAreNone) {
  EXPECT_THAT(Read("2021年2月30日，大桥建成通车。"), IsEmpty());
  EXPECT_THAT(Read("2021年13月1日，大桥建成通车。"), IsEmpty());
  EXPECT_THAT(Read("40日，大桥建成通车。"), IsEmpty());
}

TEST(EventFinder, AnythingGoesInAndSomethingSoundComesOut) {
  for (const std::string& text :
       {std::string(), std::string("\xff\xfe年月日"), std::string("\0年1月1日", 10),
        std::string("1日"), std::string("今天"), std::string("2021年1月1日，")}) {
    for (const ExtractedEvent& event : Find(text)) {
      EXPECT_LE(event.quote_span.end, base::CountCodePoints(text));
    }
  }
}

TEST(EventFinder, ASentenceWithoutEndHasQuotesOfBoundedLength) {
  std::string text;
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&text, "2021年9月", i % 28 + 1, "日桥梁通车");
  const std::vector<ExtractedEvent> events = Find(text);
  EXPECT_FALSE(events.empty());
  for (const ExtractedEvent& event : events) {
    EXPECT_LE(event.quote_span.end - event.quote_span.start, 420);
    EXPECT_LE(event.summary.size(), 600);
  }
}

}  // namespace
}  // namespace cityinfo::metrics
