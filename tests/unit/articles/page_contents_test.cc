#include "services/articles/pages/page_contents.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"
#include "services/articles/domain/article_validation.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

constexpr char kPage[] =
    "清水江步道全线贯通\n\n"
    "通讯员 杨晓岚\n\n"
    "12月18日清晨，清水江畔的步道上已有不少晨练的居\n民。从这天起，全长12."
    "6公里的滨江步道全线贯通。\n\n"
    "据市住建局介绍，步道沿线新建驿站8座，种植行道树\n3200株，今年全市完成城建投资6.4亿元。\n";

TEST(SplitPageIntoContents, GivesArticlesThatCanBeStored) {
  std::vector<ArticleContent> contents = SplitPageIntoContents(kPage);
  ASSERT_EQ(contents.size(), 1);
  ArticleContent& content = contents[0];
  EXPECT_EQ(content.title, "清水江步道全线贯通");
  EXPECT_FALSE(content.blocks.empty());
  content.publication = "样例晚报";
  content.publish_date = {.year = 2021, .month = 12, .day = 20};
  content.place = "522601";
  EXPECT_OK(ValidateContent(content));
}

TEST(SplitPageIntoContents, BlocksStandWhereTheirSpansSay) {
  const std::string page = kPage;
  const base::CodePointIndex index(page);
  const std::vector<ArticleContent> contents = SplitPageIntoContents(page);
  ASSERT_FALSE(contents.empty());
  for (const Block& block : contents[0].blocks) {
    ASSERT_FALSE(block.spans.empty());
    const absl::string_view first = base::SubstrCodePoints(block.text, 0, 4);
    EXPECT_EQ(index.Substr(block.spans[0].begin, block.spans[0].begin + 4), first);
  }
}

TEST(SplitPageIntoContents, NoDoubtPointsOutsideItsArticle) {
  const std::string garbled = absl::StrCat(kPage, "\n\x01\x02 �����\t\f���\n一 一 一 一 一 一\n");
  for (const ArticleContent& content : SplitPageIntoContents(garbled)) {
    for (const ArticleDoubt& doubt : content.doubts) {
      EXPECT_GE(doubt.block, -1);
      EXPECT_LT(doubt.block, static_cast<int>(content.blocks.size()));
      EXPECT_NE(doubt.detail, "");
    }
    for (const Block& block : content.blocks) {
      EXPECT_OK(ValidateLine(block.text, "text", kMaxBlockCodePoints, /*required=*/true));
    }
  }
}

TEST(SplitPageIntoContents, NothingComesOfNothing) {
  EXPECT_TRUE(SplitPageIntoContents("").empty());
  EXPECT_TRUE(SplitPageIntoContents("\n\n  \n").empty());
}

}  // namespace
}  // namespace cityinfo::articles
