#include "cli/figure_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace cityinfo::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(FigureTextTest, AFigureIsNamedWithOrWithoutItsCollection) {
  EXPECT_EQ(*FigurePath("figures/0a1b"), "/v1/figures/0a1b");
  EXPECT_EQ(*FigurePath("0a1b"), "/v1/figures/0a1b");
  EXPECT_FALSE(FigurePath("").ok());
  EXPECT_FALSE(FigurePath("articles/7").ok());
  EXPECT_FALSE(FigurePath("0a1b:review").ok());
}

TEST(FigureTextTest, AnAmendmentIsFieldsAndValues) {
  const auto amended = AmendmentFromFields({"indicator=gdp", "exact_value=281.76", "unit=a=b"});
  ASSERT_OK(amended);
  EXPECT_EQ(amended->dump(), R"({"indicator":"gdp","exact_value":"281.76","unit":"a=b"})");
  for (const char* bad : {"gdp", "indicator=", "printed=1", "=gdp"}) {
    EXPECT_FALSE(AmendmentFromFields({bad}).ok()) << bad;
  }
  EXPECT_FALSE(AmendmentFromFields({"period=2020", "period=2021"}).ok());
}

TEST(FigureTextTest, AReviewedFigureSaysWhatWasReadAndWhoSaidSo) {
  const Json figure = Json::parse(R"({"name": "figures/0a1b", "reviewState": "AMENDED",
      "indicator": "gdp", "place": "522601", "measure": "LEVEL", "kind": "ACTUAL",
      "period": "2020", "exactValue": "28176000000", "unit": "元", "qualifier": "EXACT",
      "stage": "FINAL", "reviewer": "lin", "reviewTime": "2026-11-24T08:00:00Z",
      "reviewComment": "看错了年份",
      "extracted": {"indicator": "gdp", "place": "522601", "measure": "LEVEL", "kind": "ACTUAL",
      "period": "", "exactValue": "28176000000", "unit": "元", "qualifier": "ABOUT",
      "stage": "REVISION_STAGE_UNSPECIFIED"}})");
  EXPECT_EQ(FigureText(figure),
            "figures/0a1b  AMENDED  gdp 522601 LEVEL ACTUAL 2020 28176000000 元 FINAL\n"
            "  read        gdp 522601 LEVEL ACTUAL ? 28176000000 元 ABOUT\n"
            "  by          lin  2026-11-24T08:00:00Z  看错了年份\n");
  EXPECT_EQ(FigureText(Json::parse(R"({"name": "figures/1", "reviewState": "UNREVIEWED"})")),
            "figures/1  UNREVIEWED  ? ? ? ? ? \n");
}

TEST(FigureTextTest, AVintageSaysWhyItWasReplaced) {
  const Json vintages = Json::parse(R"([
      {"vintage": "2", "printed": "290.1亿元", "stage": "FINAL",
       "publishDate": {"year": 2021, "month": 12, "day": 28},
       "recordTime": "2026-01-02T03:04:05.000006Z", "supersededTime": null,
       "supersededReason": "SUPERSEDED_REASON_UNSPECIFIED", "citations": [], "source": "年鉴"},
      {"vintage": "1", "printed": "281.76亿元", "stage": "REVISION_STAGE_UNSPECIFIED",
       "publishDate": {"year": 2021, "month": 1, "day": 28},
       "recordTime": "2026-01-01T00:00:00Z", "supersededTime": "2026-01-02T03:04:05.000006Z",
       "supersededReason": "REVISION", "citations": [{"articleTitle": "一年答卷"}]}])");
  const std::string text = VintageTable(vintages).ToString();
  EXPECT_THAT(text, HasSubstr("REVISION"));
  EXPECT_THAT(text, HasSubstr("FINAL"));
  EXPECT_THAT(text, HasSubstr("《一年答卷》"));
  EXPECT_THAT(text, HasSubstr("2026-01-02T03:04:05 "));
  EXPECT_THAT(text, Not(HasSubstr("UNSPECIFIED")));
}

}  // namespace
}  // namespace cityinfo::cli
