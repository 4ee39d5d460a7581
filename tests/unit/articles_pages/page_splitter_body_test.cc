#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/articles/pages/page_splitter.h"
#include "services/articles/pages/page_text.h"
#include "tests/unit/articles_pages/printed_page.h"

// How the lines of one article become headings, captions and paragraphs.

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::SetInColumn;
using testing::SetParagraphs;
using ::testing::SizeIs;
using testing::Texts;

constexpr char kHead[] = "清水江上撑船人\n○通讯员 石小梅\n\n";

const std::string kFirst =
    "清晨六点，清水江上的薄雾还没有散去，河道巡护员老田已经撑着小船出发了。他要赶在赶场的人到来之前"
    "，把上游漂下"
    "来的枯枝清理干净。";
const std::string kSecond =
    "这样的早班他已经坚持了八年。八年里，两岸的沙场搬走了，养殖场关停了，水里的小鱼一年比一年多，老"
    "田的话也一年"
    "比一年多。";
const std::string kThird =
    "去年冬天，村里装上了自动监测仪，每小时报一次数。老田仍旧每天下河，他说仪器看得见水质，看不见人"
    "心。";

PageArticle SplitOne(const std::string& body) {
  const SplitResult result = SplitPageText(kHead + body);
  EXPECT_THAT(result.articles, SizeIs(1));
  return result.articles.empty() ? PageArticle{} : result.articles.front();
}

TEST(PageBody, HeadingsStandBetweenParagraphs) {
  const PageArticle article =
      SplitOne(SetInColumn(kFirst, 22) + "\n守护一江清水 造福两岸百姓\n\n" +
               SetInColumn(kSecond, 22) + "\n强化日常巡护\n" + SetInColumn(kThird, 22));
  EXPECT_THAT(Texts(article, BlockKind::kHeading),
              ElementsAre("守护一江清水 造福两岸百姓", "强化日常巡护"));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond, kThird));
}

TEST(PageBody, ShortHeadingsInParallel) {
  const PageArticle article =
      SplitOne(SetInColumn(kFirst, 22) + "\n江水清清\n\n" + SetInColumn(kSecond, 22) +
               "\n岸柳青青\n\n" + SetInColumn(kThird, 22));
  EXPECT_THAT(Texts(article, BlockKind::kHeading), ElementsAre("江水清清", "岸柳青青"));
}

TEST(PageBody, AShortClauseIsAHeadingAndAShortNounACaption) {
  const PageArticle article =
      SplitOne(SetInColumn(kFirst, 22) + "\n\n河水越流越清\n\n" + SetInColumn(kSecond, 22) +
               "\n\n江畔渔家\n\n" + SetInColumn(kThird, 22));
  EXPECT_THAT(Texts(article, BlockKind::kHeading), ElementsAre("河水越流越清"));
  EXPECT_THAT(Texts(article, BlockKind::kCaption), ElementsAre("江畔渔家"));
}

TEST(PageBody, ANumberTheColumnBrokeIsOneNumber) {
  const PageArticle article = SplitOne(
      "这一年，全镇蓝莓鲜果卖出的收入算下来达到了28\n1.76万元，种植户每户都分到了一份。\n");
  EXPECT_THAT(
      Texts(article, BlockKind::kParagraph),
      ElementsAre(
          "这一年，全镇蓝莓鲜果卖出的收入算下来达到了281.76万元，种植户每户都分到了一份。"));
}

TEST(PageBody, NumberedHeading) {
  const PageArticle article =
      SplitOne(SetInColumn(kFirst, 22) + "\n（二）巡护队伍\n\n" + SetInColumn(kSecond, 22));
  EXPECT_THAT(Texts(article, BlockKind::kHeading), ElementsAre("（二）巡护队伍"));
}

TEST(PageBody, HeadingWrappedOntoASecondLine) {
  const PageArticle article = SplitOne(
      SetInColumn(kFirst, 22) + "\n守护一江清水 造福两岸\n百姓\n\n" + SetInColumn(kSecond, 22));
  EXPECT_THAT(Texts(article, BlockKind::kHeading), ElementsAre("守护一江清水 造福两岸百姓"));
}

TEST(PageBody, HeadingContinuedBelowABlankLine) {
  const PageArticle article = SplitOne(
      SetInColumn(kFirst, 22) + "\n守护一江清水 造福两岸\n\n百姓\n\n" + SetInColumn(kSecond, 22));
  EXPECT_THAT(Texts(article, BlockKind::kHeading), ElementsAre("守护一江清水 造福两岸百姓"));
}

TEST(PageBody, CaptionsAreKeptOutOfTheText) {
  const PageArticle article =
      SplitOne(SetInColumn(kFirst, 22) + "\n江畔人家\n\n" + SetInColumn(kSecond, 22) +
               "\n图为老田在清理河道\n" + SetInColumn(kThird, 22));
  EXPECT_THAT(Texts(article, BlockKind::kCaption), ElementsAre("江畔人家", "图为老田在清理河道"));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond, kThird));
}

TEST(PageBody, CaptionWithPhotographer) {
  const PageArticle article =
      SplitOne(SetInColumn(kFirst, 22) + "\n3月4日，老田在江上巡护。\n本报记者 杨光 摄\n\n" +
               SetInColumn(kSecond, 22));
  EXPECT_THAT(Texts(article, BlockKind::kCaption), SizeIs(1));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond));
  EXPECT_EQ(article.byline, "通讯员 石小梅");
}

TEST(PageBody, AWordTheColumnBrokeIsNoPhotographersCredit) {
  // "摄氏度" broken behind "摄", which is how credits end.
  const std::string text =
      "最冷的几天，江面的气温一度降到零下五摄\n氏度，老田照样天天下河，一天也没有缺过，\n村里人都看"
      "在眼里。\n";
  const PageArticle article = SplitOne(SetInColumn(kFirst, 20) + text);
  EXPECT_THAT(Texts(article, BlockKind::kCaption), IsEmpty());
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), SizeIs(2));
}

TEST(PageBody, AHeadlineThatQuotesIsText) {
  const PageArticle article = SplitOne(
      SetInColumn(kFirst, 22) + "\n水利专家：巡护一天也不能停\n\n" + SetInColumn(kSecond, 22));
  EXPECT_THAT(Texts(article, BlockKind::kHeading), IsEmpty());
  ASSERT_THAT(article.blocks, SizeIs(3));
  EXPECT_TRUE(HasReason(article.blocks[1], QualityReason::kUncertainKind));
}

TEST(PageBody, AParagraphContinuesOverACaption) {
  const std::string lines = SetInColumn(kFirst, 20);
  const std::size_t second_line = lines.find('\n') + 1;
  const PageArticle article = SplitOne(lines.substr(0, second_line) + "\n江畔人家\n\n" +
                                       lines.substr(second_line) + "\n" + SetInColumn(kSecond, 20));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond));
  EXPECT_THAT(Texts(article, BlockKind::kCaption), ElementsAre("江畔人家"));
  ASSERT_THAT(article.blocks, ::testing::Not(IsEmpty()));
  EXPECT_GT(article.blocks[0].spans.size(), 1U);
}

TEST(PageBody, ABlankLineInsideAParagraph) {
  std::string lines = SetInColumn(kFirst, 20);
  lines.insert(lines.find('\n') + 1, "\n");
  const PageArticle article = SplitOne(lines + "\n" + SetInColumn(kSecond, 20));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond));
}

TEST(PageBody, ParagraphsWithoutBlankLines) {
  const PageArticle article = SplitOne(SetInColumn(kFirst, 21) + SetInColumn(kSecond, 21) +
                                       SetInColumn(kThird, 21) + SetInColumn(kFirst, 21));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond, kThird, kFirst));
}

// The engine wrote printed lines as one, a space at each break.
std::string RunOn(const std::string& paragraph, int width) {
  std::string text = SetInColumn(paragraph, width);
  text.pop_back();
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

TEST(PageBody, RunOnLinesLoseTheirSpaces) {
  const PageArticle article =
      SplitOne(RunOn(kFirst, 16) + "\n\n" + RunOn(kSecond, 16) + "\n\n" + RunOn(kThird, 16) + "\n");
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond, kThird));
}

TEST(PageBody, AParagraphBeginsInsideARunOnLine) {
  // One line holds the end of a paragraph and the beginning of the next.
  const PageArticle article =
      SplitOne(RunOn(kFirst, 15) + " " + RunOn(kSecond, 15) + "\n\n" + RunOn(kThird, 15) + "\n");
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond, kThird));
}

TEST(PageBody, ASpaceAfterAFullLineIsNoParagraph) {
  const std::string text =
      "村里的老人都说这条河变得清亮了。孩子们夏天可以下水摸鱼了，洗衣的妇女也回到了石阶上，傍晚时分"
      "满河都是笑声。";
  const PageArticle article =
      SplitOne(RunOn(kFirst, 18) + "\n\n" + RunOn(text, 18) + "\n\n" + RunOn(kThird, 18) + "\n");
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, text, kThird));
}

TEST(PageBody, ALinePushedBehindAHeadingIsPutBack) {
  const std::string lines = SetInColumn(kFirst, 20);
  const std::size_t last = lines.rfind('\n', lines.size() - 2) + 1;
  const PageArticle article =
      SplitOne(lines.substr(0, last) + "\n守护一江清水 造福两岸百姓\n\n" + lines.substr(last) +
               "\n" + SetInColumn(kSecond, 20) + "\n" + SetInColumn(kThird, 20));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kFirst, kSecond, kThird));
  ASSERT_GE(article.blocks.size(), 2U);
  EXPECT_TRUE(HasReason(article.blocks[0], QualityReason::kMoved));
  EXPECT_EQ(article.blocks[1].kind, BlockKind::kHeading);
}

TEST(PageBody, ARestOfSeveralLinesPushedBehindAHeadingIsPutBack) {
  const std::string lines = SetInColumn(kFirst, 20);
  const std::size_t second = lines.find('\n') + 1;
  const PageArticle article = SplitOne(SetInColumn(kSecond, 20) + "\n" + lines.substr(0, second) +
                                       "\n守护一江清水 造福两岸百姓\n\n" + lines.substr(second) +
                                       "\n" + SetInColumn(kThird, 20));
  EXPECT_THAT(Texts(article, BlockKind::kParagraph), ElementsAre(kSecond, kFirst, kThird));
  EXPECT_THAT(Texts(article, BlockKind::kHeading), ElementsAre("守护一江清水 造福两岸百姓"));
}

TEST(PageBody, AHeadingCutOffIsKeptAsItIs) {
  const PageArticle article =
      SplitOne(SetInColumn(kFirst, 22) + "\n守护一江清水 造福两\n\n" + SetInColumn(kSecond, 22));
  ASSERT_THAT(article.blocks, SizeIs(3));
  EXPECT_EQ(article.blocks[1].text, "守护一江清水 造福两");
  EXPECT_TRUE(HasReason(article.blocks[1], QualityReason::kBreaksOff));
}

TEST(PageBody, ABrokenSentenceIsNotJoinedToANewOne) {
  const PageArticle article = SplitOne(
      "清晨六点，清水江上的薄雾还没有散去，河道巡护员老田已经\n\n与此同时，村里的监测仪也开始了一天"
      "的工作，每小时报一次数。\n");
  ASSERT_THAT(article.blocks, SizeIs(2));
  EXPECT_TRUE(HasReason(article.blocks[0], QualityReason::kBreaksOff));
}

TEST(PageBody, ASignatureOnItsOwnLineIsTheByline) {
  const SplitResult result = SplitPageText("清水江上撑船人\n\n" + SetInColumn(kFirst, 22) + "\n" +
                                           SetInColumn(kSecond, 22) + "(石小梅)\n");
  ASSERT_THAT(result.articles, SizeIs(1));
  EXPECT_EQ(result.articles[0].byline, "石小梅");
  EXPECT_THAT(Texts(result.articles[0], BlockKind::kParagraph), ElementsAre(kFirst, kSecond));
}

TEST(PageBody, ALineFromTheMiddlePushedBehindAHeading) {
  // The words of the seam (生态 环境, 发展 质量) stand elsewhere in the text, as they do in print.
  const std::string page =
      "全市坚持绿色发展，把保护生态环\n\n量放在了更加突出的位置。\n\n筑牢生态屏障\n\n境作为头等大事"
      "来抓，把经济发展质\n\n"
      "走进清水江畔，处处都能感受到生态环境的变化，处处都能看到发展质量的提升，老百姓的日子越过越有"
      "盼头。\n";
  const PageArticle article = SplitOne(page);
  ASSERT_FALSE(article.blocks.empty());
  EXPECT_EQ(
      article.blocks[0].text,
      "全市坚持绿色发展，把保护生态环境作为头等大事来抓，把经济发展质量放在了更加突出的位置。");
  EXPECT_TRUE(HasReason(article.blocks[0], QualityReason::kMoved));
}

TEST(PageBody, LatinWordsAndNumbersKeepASpace) {
  const PageArticle article = SplitOne(
      "巡护队用上了 Smart River 平台，它的全称是 Smart\nRiver Platform 2 号，2021 年投入使用。\n");
  EXPECT_THAT(
      Texts(article, BlockKind::kParagraph),
      ElementsAre(
          "巡护队用上了Smart River平台，它的全称是Smart River Platform 2号，2021年投入使用。"));
}

TEST(PageBody, EverySpanQuotesThePage) {
  const std::string page =
      kHead + SetInColumn(kFirst, 20) + "\n江畔人家\n\n" + SetInColumn(kSecond, 20);
  const PageText text(page);
  for (const PageArticle& article : SplitPageText(page).articles) {
    for (const Block& block : article.blocks) {
      std::string quoted;
      for (const Span& span : block.spans) quoted += EncodeUtf8(text.Slice(span));
      EXPECT_EQ(quoted, block.text);
    }
  }
}

}  // namespace
}  // namespace cityinfo::articles
