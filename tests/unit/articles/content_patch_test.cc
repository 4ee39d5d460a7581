#include "services/articles/domain/content_patch.h"

#include <gtest/gtest.h>

#include "platform/base/utf8.h"
#include "services/articles/domain/page_import.h"
#include "tests/contract/article_store/sample_content.h"

namespace cityinfo::articles {
namespace {

TEST(ApplyPatch, ChangesWhatIsGivenOnly) {
  const ArticleContent before = SampleContent();
  EXPECT_EQ(ApplyPatch({}, before), before);
  ArticleContent expected = before;
  expected.title = "新";
  expected.tags.clear();
  EXPECT_EQ(ApplyPatch({.title = "新", .tags = std::vector<std::string>{}}, before), expected);
}

TEST(DescribeDifference, NamesWhatChanged) {
  const ArticleContent before = SampleContent();
  ArticleContent after = before;
  EXPECT_EQ(DescribeDifference(before, after), "nothing changed");
  after.title = "新";
  EXPECT_EQ(DescribeDifference(before, after), "title changed");
  after.tags.clear();
  after.blocks.clear();
  EXPECT_EQ(DescribeDifference(before, after), "title, tags and blocks changed");
}

TEST(ContentFingerprint, TellsContentsApart) {
  const ArticleContent content = SampleContent();
  EXPECT_EQ(ContentFingerprint(content), ContentFingerprint(SampleContent()));
  ArticleContent moved = content;  // The same characters, divided otherwise.
  moved.title = content.title + content.subtitle;
  moved.subtitle.clear();
  EXPECT_NE(ContentFingerprint(content), ContentFingerprint(moved));
  ArticleContent kind = content;
  kind.blocks[0].kind = BlockKind::kParagraph;
  EXPECT_NE(ContentFingerprint(content), ContentFingerprint(kind));
}

TEST(MakeExcerpt, TakesTheFirstWordsOfTheRunningText) {
  ArticleContent content = SampleContent();
  EXPECT_EQ(MakeExcerpt(content), "昨天上午，编号1的步道桥拆下围挡。");
  content.blocks.clear();
  for (int i = 0; i < 50; ++i) content.blocks.push_back({.text = "一二三四五六七"});
  const std::string excerpt = MakeExcerpt(content);
  EXPECT_EQ(base::CountCodePoints(excerpt), kMaxExcerptCodePoints);
  EXPECT_TRUE(base::IsValidUtf8(excerpt));
}

TEST(PageFingerprint, DependsOnTextDayLabelAndPublicationOnly) {
  const PageImport page{
      .text = "t", .publication = "p", .publish_date = {2021, 1, 2}, .label = "A1"};
  PageImport same = page;
  same.publish = true;
  same.place = "52";
  EXPECT_EQ(PageFingerprint(page), PageFingerprint(same));
  PageImport other = page;
  other.label = "A2";
  EXPECT_NE(PageFingerprint(page), PageFingerprint(other));
}

}  // namespace
}  // namespace cityinfo::articles
