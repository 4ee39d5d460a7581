#include "services/articles/pages/head_line.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cityinfo::articles {
namespace {

struct BylineCase {
  std::u32string_view line;
  std::string text;
  std::string role;
};

class ReadBylineTest : public ::testing::TestWithParam<BylineCase> {};

TEST_P(ReadBylineTest, NormalisesRoleAndName) {
  const auto byline = ReadByline(GetParam().line);
  ASSERT_TRUE(byline.has_value());
  EXPECT_EQ(byline->text, GetParam().text);
  EXPECT_EQ(byline->role, GetParam().role);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ReadBylineTest,
    ::testing::Values(BylineCase{U"○通讯员 石小梅", "通讯员 石小梅", "通讯员"},
                      BylineCase{U"〇 通讯员 石小梅", "通讯员 石小梅", "通讯员"},
                      BylineCase{U"口 记者 石小梅", "记者 石小梅", "记者"},
                      BylineCase{U"D〇通讯员市水务局", "通讯员 市水务局", "通讯员"},
                      BylineCase{U"(记者市融媒体中心)", "记者 市融媒体中心", "记者"},
                      BylineCase{U"（本报记者 石小梅）", "本报记者 石小梅", "本报记者"},
                      BylineCase{U"@本报记者   综合报道", "本报记者 综合报道", "本报记者"},
                      BylineCase{U"■见习记者石小梅 通讯员杨光", "见习记者 石小梅 通讯员 杨光",
                                 "见习记者"},
                      BylineCase{U"○ 通讯员 石小梅 文/图", "通讯员 石小梅 文/图", "通讯员"},
                      BylineCase{U"本报讯", "本报讯", "本报讯"},
                      BylineCase{U"本报讯（记者 石小梅）", "本报讯 记者 石小梅", "本报讯"},
                      BylineCase{U"记者：石小梅", "记者 石小梅", "记者"}));

TEST(ReadByline, TextIsNone) {
  EXPECT_FALSE(ReadByline(U"记者从市水务局了解到，今年新建水库两座"));
  EXPECT_FALSE(ReadByline(U"记者在现场看到"));
  EXPECT_FALSE(ReadByline(U"通讯员队伍不断壮大，稿件质量明显提高。"));
  EXPECT_FALSE(ReadByline(U"本报讯 昨日上午市区迎来降雨"));
  EXPECT_FALSE(ReadByline(U"本报讯（记者 石小梅）昨日上午市区迎来降"));
  EXPECT_FALSE(ReadByline(U"（记者 石小梅）清水江畔迎来"));
  EXPECT_FALSE(ReadByline(U""));
  EXPECT_FALSE(ReadByline(U"记者"));
}

TEST(ReadByline, PhotographersCreditIsNone) {
  EXPECT_FALSE(ReadByline(U"本报记者 石小梅 摄"));
  EXPECT_FALSE(ReadByline(U"通讯员 石小梅 供图"));
}

TEST(ReadDateline, FindsTheReporterInTheFirstSentence) {
  EXPECT_EQ(ReadDateline(U"本报讯（记者 石小梅）昨日，全市春耕备耕工作会召开。")->text,
            "记者 石小梅");
  EXPECT_EQ(ReadDateline(U"(通讯员 杨光)初春的清水江畔游人如织。")->text, "通讯员 杨光");
  EXPECT_EQ(ReadDateline(U"本报讯 昨日上午，市区迎来降雨。")->text, "本报讯");
  EXPECT_EQ(ReadDateline(U"本报北京3月5日电（记者 石小梅）春耕正忙。")->text, "记者 石小梅");
  EXPECT_EQ(ReadDateline(U"新华社贵阳3月5日电 春耕正忙。")->role, "新华社");
  EXPECT_EQ(ReadDateline(U"清水江日报讯（通讯员 杨光）春耕正忙。")->text, "通讯员 杨光");
  EXPECT_EQ(ReadDateline(U"○通讯员 杨光 初春的清水江畔，游人如织。")->text, "通讯员 杨光");
  EXPECT_FALSE(ReadDateline(U"通讯设备厂今年扩大了生产。"));
  EXPECT_FALSE(ReadDateline(U"充电桩建到了村口，电动车多了起来。"));
  EXPECT_FALSE(ReadDateline(U"清水江（记者所见最清的河）静静流过。"));
}

TEST(ReadSignature, FindsTheReporterBehindTheLastSentence) {
  EXPECT_EQ(ReadSignature(U"春茶已经开采。（记者 石小梅）")->text, "记者 石小梅");
  EXPECT_EQ(ReadSignature(U"春茶已经开采。（石小梅 杨光）")->text, "石小梅 杨光");
  EXPECT_EQ(ReadSignature(U"(石小梅)")->text, "石小梅");
  EXPECT_FALSE(ReadSignature(U"春茶已经开采（见右图）"));
  EXPECT_FALSE(ReadSignature(U"春茶已经开采（石小梅）"));
  EXPECT_FALSE(ReadSignature(U"春茶已经开采。（下同）"));
}

TEST(ReadBareNames, KnowsNamesFromWords) {
  EXPECT_EQ(ReadBareNames(U"石小梅")->text, "石小梅");
  EXPECT_EQ(ReadBareNames(U"石小梅 杨 光")->text, "石小梅 杨光");
  EXPECT_FALSE(ReadBareNames(U"秀美山川"));
  EXPECT_FALSE(
      ReadBareNames(U"石小梅说"
                    U"，今年收成好"));
}

TEST(ReadPrintedDate, TakesOnlyRealDays) {
  EXPECT_EQ(ReadPrintedDate(U"（2022年3月5日）"), "2022-03-05");
  EXPECT_EQ(ReadPrintedDate(U"(2022年3月5日)"), "2022-03-05");
  EXPECT_FALSE(ReadPrintedDate(U"(2022年13月5日)"));
  EXPECT_FALSE(ReadPrintedDate(U"(2022年2月30日)"));
  EXPECT_FALSE(ReadPrintedDate(U"2022年3月5日，全市"));
}

TEST(ReadContinuedFrom, NamesThePage) {
  EXPECT_EQ(ReadContinuedFrom(U"(上接A2版)"), "A2版");
  EXPECT_EQ(ReadContinuedFrom(U"（上接第一版）"), "第一版");
  EXPECT_EQ(ReadContinuedFrom(U"上接01版"), "01版");
  EXPECT_FALSE(ReadContinuedFrom(U"上接天光，下临深谷"));
  EXPECT_TRUE(IsContinuedOn(U"（下转B3版）"));
}

TEST(ReadDashedSubtitle, AlsoWhereTheDashWasMisread) {
  EXPECT_EQ(ReadDashedSubtitle(U"——全市春耕综述"), U"全市春耕综述");
  EXPECT_EQ(ReadDashedSubtitle(U"── 全市春耕综述"), U"全市春耕综述");
  EXPECT_EQ(ReadDashedSubtitle(U"一一记清水江畔的护林人"), U"记清水江畔的护林人");
  EXPECT_EQ(ReadDashedSubtitle(U"一 在全市春耕现场会上的讲话"), U"在全市春耕现场会上的讲话");
  EXPECT_EQ(ReadDashedSubtitle(U"- 全市春耕综述"), U"全市春耕综述");
  EXPECT_FALSE(ReadDashedSubtitle(U"一季度全市春耕综述"));
  EXPECT_FALSE(ReadDashedSubtitle(U"一座城的春天"));
}

}  // namespace
}  // namespace cityinfo::articles
