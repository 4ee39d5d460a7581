#include "services/articles/pages/page_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/articles_pages/printed_page.h"

// Where articles begin and end, and what their heads say.

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using testing::HasDoubt;
using ::testing::IsEmpty;
using testing::SetParagraphs;
using testing::Texts;

const std::vector<std::string>& WaterText() {
  static const std::vector<std::string> kText = {
      "清晨六点，清水江上的薄雾还没有散去，河道巡护员老田已经撑着小船出发了。他要赶在赶场的人到来之"
      "前，把上游"
      "漂下来的枯枝清理干净。",
      "这样的早班他已经坚持了八年。八年里，两岸的沙场搬走了，养殖场关停了，水里的小鱼一年比一年多，"
      "老田的话也"
      "一年比一年多。",
      "去年冬天，村里装上了自动监测仪，每小时报一次数。老田仍旧每天下河，他说仪器看得见水质，看不见"
      "人心。"};
  return kText;
}

const std::vector<std::string>& TeaText() {
  static const std::vector<std::string> kText = {
      "惊蛰刚过，半山腰的茶园冒出新芽，采茶的妇女们背着竹篓上了山。合作社今年多请了三十个人手，工钱"
      "当天结清。",
      "加工房里机器响了一整夜。从摊青到杀青，再到揉捻烘干，每道工序都有人守着，第一批春茶第二天一早"
      "就装车下山。"};
  return kText;
}

class ColumnWidthTest : public ::testing::TestWithParam<int> {};

TEST_P(ColumnWidthTest, TwoArticlesWithBylines) {
  const int width = GetParam();
  const std::string page =
      "2022年3月5日 星期六      综合新闻      B2\n\n清水江上撑船人\n○通讯员 石小梅\n\n" +
      SetParagraphs(WaterText(), width) + "春茶抢鲜上市 茶农喜\n上眉梢\n（记者 杨光）\n\n" +
      SetParagraphs(TeaText(), width);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[0].title, "清水江上撑船人");
  EXPECT_EQ(result.articles[0].byline, "通讯员 石小梅");
  EXPECT_EQ(result.articles[0].byline_role, "通讯员");
  EXPECT_EQ(result.articles[0].section, "综合新闻");
  EXPECT_EQ(Texts(result.articles[0], BlockKind::kParagraph), WaterText());
  EXPECT_EQ(result.articles[1].title, "春茶抢鲜上市 茶农喜上眉梢");
  EXPECT_EQ(result.articles[1].byline, "记者 杨光");
  EXPECT_EQ(Texts(result.articles[1], BlockKind::kParagraph), TeaText());
  EXPECT_EQ(result.furniture.page_number, "B2");
  EXPECT_EQ(result.furniture.date, "2022-03-05");
  EXPECT_EQ(result.furniture.spans.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Widths, ColumnWidthTest, ::testing::Values(15, 18, 21, 24, 27, 32));

TEST(PageSplitter, SubtitleDateAuthorAndContinuation) {
  const std::string page =
      "让清水长流\n\n一 在全市河长制工作会上的讲话\n\n(2022年3月4日)\n\n石小梅\n\n(上接A1版)\n\n" +
      SetParagraphs(WaterText(), 20);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 1U);
  const PageArticle& article = result.articles[0];
  EXPECT_EQ(article.title, "让清水长流");
  EXPECT_EQ(article.subtitle, "在全市河长制工作会上的讲话");
  EXPECT_EQ(article.date, "2022-03-04");
  EXPECT_EQ(article.byline, "石小梅");
  EXPECT_EQ(article.byline_role, "");
  EXPECT_EQ(article.continued_from, "A1版");
}

TEST(PageSplitter, TitleWrappedOverABlankLine) {
  const std::string page =
      "全市重点水利工程建设进\n\n度再提速\n\n——来自施工一线的观察\n本报讯\n\n" +
      SetParagraphs(WaterText(), 26);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].title, "全市重点水利工程建设进度再提速");
  EXPECT_EQ(result.articles[0].subtitle, "来自施工一线的观察");
}

TEST(PageSplitter, TitleEndingWithANumber) {
  const std::string page =
      "今年全市新增高标准农田\n3.5万亩\n本报讯\n\n" + SetParagraphs(WaterText(), 26);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].title, "今年全市新增高标准农田3.5万亩");
}

TEST(PageSplitter, LatinWordsInATitleKeepTheirSpace) {
  const std::string page = "山里的 Open Day 来了\n本报讯\n\n" + SetParagraphs(WaterText(), 26);
  ASSERT_EQ(SplitPageText(page).articles.size(), 1U);
  EXPECT_EQ(SplitPageText(page).articles[0].title, "山里的 Open Day 来了");
}

TEST(PageSplitter, FirstTitleWithoutByline) {
  const std::string page = "清水江上撑船人\n\n" + SetParagraphs(WaterText(), 22);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].title, "清水江上撑船人");
  EXPECT_EQ(result.articles[0].byline, "");
  EXPECT_TRUE(HasDoubt(result.articles[0].doubts, QualityReason::kUncertainTitle));
}

TEST(PageSplitter, SecondTitleWithoutBylineInLargerType) {
  const std::string page = "一江清水向东流去\n两岸都是护河人\n本报讯\n\n" +
                           SetParagraphs(WaterText(), 24) + "春茶抢鲜上市茶农\n喜上眉梢\n\n" +
                           SetParagraphs(TeaText(), 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[1].title, "春茶抢鲜上市茶农喜上眉梢");
}

TEST(PageSplitter, DatelineInsideTheFirstParagraph) {
  std::vector<std::string> tea = TeaText();
  tea[0] = "本报讯（记者 杨光）" + tea[0];
  const std::string page = "清水江上撑船人\n本报讯\n\n" + SetParagraphs(WaterText(), 24) +
                           "春茶抢鲜上市\n\n" + SetParagraphs(tea, 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[1].title, "春茶抢鲜上市");
  EXPECT_EQ(result.articles[1].byline, "记者 杨光");
  EXPECT_EQ(Texts(result.articles[1], BlockKind::kParagraph), tea);
}

TEST(PageSplitter, SignatureAtTheEnd) {
  std::vector<std::string> tea = TeaText();
  tea[1] += "（记者 杨光）";
  const SplitResult result = SplitPageText("春茶抢鲜上市\n\n" + SetParagraphs(tea, 24));
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].byline, "记者 杨光");
}

TEST(PageSplitter, BriefNewsSignedBelow) {
  const std::string page =
      "春茶抢鲜上市\n\n本报讯（记者 石小梅 通讯员 杨光）惊蛰刚过，半山腰的茶园冒出了新芽。\n\n"
      "河道监测站建成投用\n\n3月1日，清水江上游的监测站正式启用，每小时报一次数据。（田野 "
      "龙水生）\n\n"
      "村歌大家唱活动启动\n\n3月2日起，全市面向各村寨征集村歌，月底截止。（潘大江）\n";
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 3U);
  EXPECT_EQ(result.articles[0].byline, "记者 石小梅 通讯员 杨光");
  EXPECT_EQ(Texts(result.articles[0], BlockKind::kParagraph)[0],
            "本报讯（记者 石小梅 通讯员 杨光）惊蛰刚过，半山腰的茶园冒出了新芽。");
  EXPECT_EQ(result.articles[1].title, "河道监测站建成投用");
  EXPECT_EQ(result.articles[1].byline, "田野 龙水生");
  EXPECT_EQ(result.articles[2].title, "村歌大家唱活动启动");
}

TEST(PageSplitter, AnAuthorsNameAloneBelowATitle) {
  const std::string page = "清水江上撑船人\n本报讯\n\n" + SetParagraphs(WaterText(), 24) +
                           "春茶抢鲜上市\n\n石小梅\n\n" + SetParagraphs(TeaText(), 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[1].title, "春茶抢鲜上市");
  EXPECT_EQ(result.articles[1].byline, "石小梅");
  EXPECT_EQ(Texts(result.articles[1], BlockKind::kParagraph), TeaText());
}

TEST(PageSplitter, AnAuthorsNameAboveOtherLinesOfTheHead) {
  const SplitResult result =
      SplitPageText("春茶抢鲜上市\n石小梅\n(上接A1版)\n\n" + SetParagraphs(TeaText(), 24));
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].title, "春茶抢鲜上市");
  EXPECT_EQ(result.articles[0].byline, "石小梅");
  EXPECT_EQ(result.articles[0].continued_from, "A1版");
}

TEST(PageSplitter, AWordThatLooksLikeANameEndsTheTitle) {
  std::vector<std::string> tea = TeaText();
  tea[0] += "这个项目今年已经是第三年。";
  const std::string page = "清水江上撑船人\n本报讯\n\n" + SetParagraphs(WaterText(), 24) +
                           "镇里又添三个茶产业\n项目\n本报讯\n\n" + SetParagraphs(tea, 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[1].title, "镇里又添三个茶产业项目");
  EXPECT_EQ(result.articles[1].byline, "本报讯");
}

TEST(PageSplitter, TextFollowsTheDatelineDirectlyBelowTheTitle) {
  std::vector<std::string> tea = TeaText();
  tea[0] = "本报讯（记者 杨光）" + tea[0];
  const std::string page = "清水江上撑船人\n本报讯\n\n" + SetParagraphs(WaterText(), 24) +
                           "春茶抢鲜上市 茶农喜\n\n上眉梢\n" + SetParagraphs(tea, 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[1].title, "春茶抢鲜上市 茶农喜上眉梢");
  EXPECT_EQ(result.articles[1].byline, "记者 杨光");
  EXPECT_EQ(Texts(result.articles[1], BlockKind::kParagraph), tea);
}

TEST(PageSplitter, TitleLinesApartWhichBelongTogether) {
  for (const std::string title :
       {"今年全镇春茶产量预计将达\n\n120吨", "我市启动河道巡护员、\n\n护林员培训",
        "一季度全镇茶叶产销两旺\n\n采茶工紧缺"}) {
    SCOPED_TRACE(title);
    const std::string page = "清水江上撑船人\n本报讯\n\n" + SetParagraphs(WaterText(), 15) + title +
                             "\n\n（记者 杨光）\n\n" + SetParagraphs(TeaText(), 15);
    const SplitResult result = SplitPageText(page);
    ASSERT_EQ(result.articles.size(), 2U);
    std::string whole = title;
    whole.erase(whole.find('\n'), 2);
    EXPECT_EQ(result.articles[1].title, whole);
  }
}

TEST(PageSplitter, ATitleBelowACaptionOverTextSignedByAnother) {
  std::vector<std::string> tea = TeaText();
  tea[1] += "（杨光）";
  const std::string page = "清水江上撑船人\n○通讯员 石小梅\n\n" + SetParagraphs(WaterText(), 24) +
                           "江畔人家\n\n清水江畔春茶抢鲜上市\n\n" + SetParagraphs(tea, 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[1].title, "清水江畔春茶抢鲜上市");
  EXPECT_EQ(result.articles[1].byline, "杨光");
  EXPECT_EQ(Texts(result.articles[0], BlockKind::kCaption).size(), 1U);
}

TEST(PageSplitter, ASloganOverSignedTextIsAHeading) {
  std::vector<std::string> tea = TeaText();
  tea[1] += "（杨光）";
  const std::string page = "清水江上撑船人\n\n" + SetParagraphs(WaterText(), 24) +
                           "强化日常巡护\n\n" + SetParagraphs(tea, 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].byline, "杨光");
  EXPECT_THAT(Texts(result.articles[0], BlockKind::kHeading), ElementsAre("强化日常巡护"));
}

TEST(PageSplitter, ASignatureTheColumnBroke) {
  const SplitResult result = SplitPageText(
      "春茶抢鲜上市\n\n惊蛰刚过，半山腰的茶园冒出新芽，采茶\n的妇女们背着竹篓上了山。（田野 "
      "龙\n水生）\n\n"
      "河道监测站建成投用\n\n3月1日，清水江上游的监测站正式启用，\n每小时报一次数据，村民都说放心。"
      "（潘\n大江）\n");
  ASSERT_EQ(result.articles.size(), 2U);
  EXPECT_EQ(result.articles[0].byline, "田野 龙水生");
  EXPECT_THAT(result.articles[0].doubts.size(), 1U);  // The title without a byline of its own.
  EXPECT_TRUE(HasDoubt(result.articles[0].doubts, QualityReason::kUncertainTitle));
  EXPECT_EQ(result.articles[1].byline, "潘大江");
}

TEST(PageSplitter, HeadingMarksOfTheEngineAreNotPrinted) {
  const SplitResult result =
      SplitPageText("# 春茶抢鲜上市\n本报讯\n\n" + SetParagraphs(TeaText(), 24));
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].title, "春茶抢鲜上市");
}

TEST(PageSplitter, ReporterInARunningSentenceIsNoByline) {
  std::vector<std::string> water = WaterText();
  water[1] =
      "记者在现场看到，新的监测仪已经运行了一个冬天，数据每小时更新一次，没有一次超标，附近的村民都"
      "说放心多了。";
  const SplitResult result =
      SplitPageText("清水江上撑船人\n○通讯员 石小梅\n\n" + SetParagraphs(water, 18));
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(Texts(result.articles[0], BlockKind::kParagraph), water);
}

TEST(PageSplitter, DashInsideASentenceBeginsNoArticle) {
  const std::string page =
      "清水江上撑船人\n本报讯\n\n两岸的人都知道他们的船长\n——老田，一个守了河八年的人，每天天不亮\n"
      "就撑着小船出门，把上游漂下来的枯枝捞起来\n堆在岸边，等到赶场的日子再拉走。\n";
  const SplitResult result = SplitPageText(page);
  EXPECT_EQ(result.articles.size(), 1U);
}

TEST(PageSplitter, TextAboveTheFirstTitleIsReported) {
  const std::string page =
      "把上游漂下来的枯枝清理干净，这样的早班他已经坚持了八年，从没有缺过一天。\n\n春茶抢鲜上市\n本"
      "报讯\n\n" +
      SetParagraphs(TeaText(), 24);
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(result.articles[0].title, "春茶抢鲜上市");
  EXPECT_TRUE(HasDoubt(result.doubts, QualityReason::kUncertainTitle));
}

TEST(PageSplitter, ImprintAtTheFootBelongsToNoArticle) {
  const std::string page =
      "春茶抢鲜上市\n本报讯\n\n" + SetParagraphs(TeaText(), 24) + "责任编辑：石小梅 版式：杨光\n";
  const SplitResult result = SplitPageText(page);
  ASSERT_EQ(result.articles.size(), 1U);
  EXPECT_EQ(Texts(result.articles[0], BlockKind::kParagraph), TeaText());
}

TEST(PageSplitter, APageWithoutArticlesHasNone) {
  EXPECT_THAT(SplitPageText("").articles, IsEmpty());
  EXPECT_THAT(SplitPageText("\n\n  \n").articles, IsEmpty());
  EXPECT_THAT(SplitPageText("2022年3月5日 星期六   广告   B8\n").articles, IsEmpty());
  EXPECT_THAT(SplitPageText("旺铺招租\n\n电话 0855-0000000\n").articles, IsEmpty());
}

}  // namespace
}  // namespace cityinfo::articles
