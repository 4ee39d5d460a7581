#include "services/articles/pages/furniture.h"

#include <gtest/gtest.h>

namespace cityinfo::articles {
namespace {

TEST(ReadFolioLine, DateWeekdaySectionPage) {
  const auto folio = ReadFolioLine(U"2022年3月5日 星期六       乡村振兴专版       C3", true);
  ASSERT_TRUE(folio.has_value());
  EXPECT_EQ(folio->date, "2022-03-05");
  EXPECT_EQ(folio->section, "乡村振兴专版");
  EXPECT_EQ(folio->page_number, "C3");
}

TEST(ReadFolioLine, AnyOrderAndNoSpaces) {
  const auto folio = ReadFolioLine(U"A02 要闻 2022年3月5日星期六", true);
  ASSERT_TRUE(folio.has_value());
  EXPECT_EQ(folio->page_number, "A02");
  EXPECT_EQ(folio->section, "要闻");
  EXPECT_EQ(folio->date, "2022-03-05");
}

TEST(ReadFolioLine, NameOfThePaperAndOrdinalPage) {
  const auto folio = ReadFolioLine(U"清水江日报    2022年3月5日    第3版", true);
  ASSERT_TRUE(folio.has_value());
  EXPECT_EQ(folio->page_number, "3");
  EXPECT_EQ(folio->section, "");
}

TEST(ReadFolioLine, ImprintLine) {
  EXPECT_TRUE(ReadFolioLine(U"责任编辑：石小梅  美编：杨光  校对：田野", false));
  EXPECT_TRUE(ReadFolioLine(U"新闻热线：0855-0000000", false));
}

TEST(ReadFolioLine, ABarePageNumberOnlyAtTheEdge) {
  EXPECT_TRUE(ReadFolioLine(U"B4", true));
  EXPECT_FALSE(ReadFolioLine(U"B4", false));
}

TEST(ReadFolioLine, TextAndTitlesAreNone) {
  EXPECT_FALSE(ReadFolioLine(U"2022年3月5日，全市春耕备耕工作会召开。", true));
  EXPECT_FALSE(ReadFolioLine(U"(2022年3月5日)", true));
  EXPECT_FALSE(ReadFolioLine(U"春耕时节话丰年", true));
  EXPECT_FALSE(ReadFolioLine(U"2022年全市春耕备耕工作综述", true));
  EXPECT_FALSE(ReadFolioLine(U"校对员老田的一天", true));
  EXPECT_FALSE(ReadFolioLine(U"", true));
}

TEST(ReadDateAt, RefusesDaysTheCalendarDoesNotHave) {
  std::size_t length = 0;
  EXPECT_EQ(ReadDateAt(U"于2022-03-05出版", 1, length), "2022-03-05");
  EXPECT_EQ(length, 10U);
  EXPECT_FALSE(ReadDateAt(U"2021-13-40", 0, length));
  EXPECT_FALSE(ReadDateAt(U"2021", 0, length));
}

}  // namespace
}  // namespace cityinfo::articles
