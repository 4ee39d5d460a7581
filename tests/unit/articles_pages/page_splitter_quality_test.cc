#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/articles/pages/page_contents.h"
#include "services/articles/pages/page_splitter.h"
#include "services/articles/pages/page_text.h"
#include "services/articles/pages/quality_marks.h"
#include "tests/unit/articles_pages/printed_page.h"

// What is marked for an editor, and what is not.

namespace cityinfo::articles {
namespace {

using testing::HasDoubt;
using testing::HasReason;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<QualityReason> Reasons(std::u32string_view text) {
  std::vector<QualityReason> reasons;
  for (const QualityMark& mark : FindQualityMarks(text)) reasons.push_back(mark.reason);
  return reasons;
}

TEST(QualityMarks, CleanTextHasNone) {
  EXPECT_THAT(Reasons(U"今年，全市新建“四好农村路”120公里，投资3.5亿元（含配套），增长8.2%"
                      U"，用上了5G和AI技术。"),
              IsEmpty());
}

TEST(QualityMarks, ALoopingEngine) {
  const std::vector<QualityMark> marks =
      FindQualityMarks(U"要把春耕生产摆在首位，要把春耕生产摆在首位，要把春耕做实做细。");
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_EQ(marks[0].reason, QualityReason::kDuplicatedRun);
  EXPECT_EQ(marks[0].first, 11U);
}

TEST(QualityMarks, ARefrainFurtherAwayIsRhetoric) {
  EXPECT_THAT(
      Reasons(U"我们要坚持绿色发展，因为青山留给子孙；我们要坚持开放发展，因为道路连着世界。"),
      IsEmpty());
}

TEST(QualityMarks, UnlikelyCharacters) {
  EXPECT_THAT(Reasons(U"比去年增长5.9%6，其中"), ::testing::ElementsAre(QualityReason::kGarbled));
  EXPECT_THAT(Reasons(U"建成了]万亩农田"), ::testing::ElementsAre(QualityReason::kGarbled));
}

TEST(QualityMarks, AQuotationWithoutItsPartner) {
  EXPECT_THAT(Reasons(U"打造“一村一品特色产业。"),
              ::testing::ElementsAre(QualityReason::kUnpairedQuotation));
  EXPECT_THAT(Reasons(U"印发了《实施方案，明确了任务。"),
              ::testing::ElementsAre(QualityReason::kUnpairedQuotation));
}

TEST(PageDoubts, TextThatBreaksOff) {
  const SplitResult result = SplitPageText(
      "清水江上撑船人\n本报讯\n\n清晨六点，清水江上的薄雾还没有散去，河道巡护员老田\n\n守护一江清水"
      " 造福两岸百姓\n\n"
      "这样的早班他已经坚持了八年，从没有缺过一天，村里人都看在眼里，记在心上。\n");
  ASSERT_THAT(result.articles, SizeIs(1));
  EXPECT_TRUE(HasReason(result.articles[0].blocks.front(), QualityReason::kBreaksOff));
}

TEST(PageDoubts, NoiseIsLeftOutAndReported) {
  const std::string page =
      "清水江上撑船人\n本报讯\n\n清晨六点，清水江上的薄雾还没有散去，老田已经出发了。\n\nqx\n\n"
      "这样的早班他已经坚持了八年，从没有缺过一天。\n";
  const SplitResult result = SplitPageText(page);
  ASSERT_THAT(result.articles, SizeIs(1));
  EXPECT_THAT(result.articles[0].blocks, SizeIs(2));
  ASSERT_TRUE(HasDoubt(result.articles[0].doubts, QualityReason::kGarbled));
  const PageText text(page);
  EXPECT_EQ(text.Slice(result.articles[0].doubts[0].span), U"qx");
}

TEST(PageDoubts, NoiseBetweenTitleAndTextIsReported) {
  const std::string page =
      "清水江上撑船人\n本报讯\n\n| _\n\n清晨六点，清水江上的薄雾还没有散去，老田已经出发了。\n";
  const SplitResult result = SplitPageText(page);
  ASSERT_THAT(result.articles, SizeIs(1));
  ASSERT_TRUE(HasDoubt(result.articles[0].doubts, QualityReason::kGarbled));
  EXPECT_EQ(PageText(page).Slice(result.articles[0].doubts[0].span), U"| _");
}

TEST(PageDoubts, TextAboveTheFirstTitleIsTheFirstArticlesDoubt) {
  const std::string orphan = "来的枯枝清理干净，这样的早班他已经坚持了八年。";
  const std::string page =
      orphan +
      "\n\n春茶抢鲜上市\n○通讯员 石小梅\n\n惊蛰刚过，茶园冒出新芽，采茶的人上了山。\n\n"
      "清水江上撑船人\n本报讯\n\n清晨六点，老田已经撑着小船出发了。\n";
  const std::vector<ArticleContent> contents = SplitPageIntoContents(page);
  ASSERT_THAT(contents, SizeIs(2));
  ASSERT_THAT(contents[0].doubts, SizeIs(1));
  const ArticleDoubt& doubt = contents[0].doubts[0];
  EXPECT_EQ(doubt.reason, QualityReason::kUncertainTitle);
  EXPECT_EQ(doubt.block, -1);
  EXPECT_EQ(EncodeUtf8(PageText(page).Slice(doubt.span)), orphan);
  EXPECT_THAT(contents[1].doubts, IsEmpty());
}

TEST(PageDoubts, DirtAboveTheFirstTitleIsTheFirstArticlesDoubt) {
  const std::vector<ArticleContent> contents = SplitPageIntoContents(
      "| _\n\n春茶抢鲜上市\n○通讯员 石小梅\n\n惊蛰刚过，茶园冒出新芽，采茶的人上了山。\n");
  ASSERT_THAT(contents, SizeIs(1));
  ASSERT_THAT(contents[0].doubts, SizeIs(1));
  EXPECT_EQ(contents[0].doubts[0].reason, QualityReason::kGarbled);
  EXPECT_EQ(contents[0].doubts[0].block, -1);
}

TEST(PageDoubts, AHeadlineInsideAnArticleIsUncertain) {
  const SplitResult result = SplitPageText(
      "春耕时节看变化\n本报讯\n\n清晨六点，清水江上的薄雾还没有散去，老田已经出发了。\n\n全市新增高"
      "标准农田3.5万亩 再创历年之最\n\n"
      "这样的早班他已经坚持了八年，从没有缺过一天。\n");
  ASSERT_THAT(result.articles, SizeIs(1));
  ASSERT_THAT(result.articles[0].blocks, SizeIs(3));
  EXPECT_TRUE(HasReason(result.articles[0].blocks[1], QualityReason::kUncertainKind));
}

TEST(PageDoubts, EveryReasonHasAName) {
  for (const QualityReason reason :
       {QualityReason::kGarbled, QualityReason::kDuplicatedRun, QualityReason::kBreaksOff,
        QualityReason::kMoved, QualityReason::kUncertainKind, QualityReason::kUncertainTitle,
        QualityReason::kUnpairedQuotation}) {
    EXPECT_NE(QualityReasonName(reason), "UNKNOWN");
  }
}

}  // namespace
}  // namespace cityinfo::articles
