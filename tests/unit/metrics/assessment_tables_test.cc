// The tables parts.tsv and assessment.tsv of the catalogue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/metrics/domain/catalogue/catalogue.h"

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kIndicators[] =
    "id\tname_zh\tname_en\taliases\tbase_unit\tdisplay_unit\tcategory\tdefault_measure\tnature\n"
    "trade\t进出口\tTrade\t\t元\t元\ttrade\tLEVEL\t\n"
    "exports\t出口\tExports\t\t元\t元\ttrade\tLEVEL\t\n"
    "imports\t进口\tImports\t\t元\t元\ttrade\tLEVEL\t\n"
    "area\t面积\tArea\t\tm²\tm²\tland\tLEVEL\t\n";
constexpr char kPlaces[] = "code\tname_zh\taliases\tname_en\tparent\tlevel\n";
constexpr char kUnits[] = "text\tbase_unit\tfactor\n元\t元\t1\n";

absl::StatusOr<Catalogue> Parse(const std::string& parts, const std::string& assessment = "") {
  return Catalogue::Parse(
      {kIndicators, kPlaces, kUnits, "whole\tparts\tshares\n" + parts,
       assessment.empty() ? "" : "indicator\tbetter\tgrowth\tshares\n" + assessment});
}
std::string Error(const std::string& parts, const std::string& assessment = "") {
  return std::string(Parse(parts, assessment).status().message());
}

TEST(AssessmentTablesTest, AreRead) {
  const auto catalogue = Parse("trade\texports|imports\t100\n",
                               "trade\tless\tconstant_prices\tover_100\n"
                               "area\t\tcomparable_scope\tbelow_0\n");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  const Indicator& trade = *catalogue->FindIndicator("trade");
  EXPECT_THAT(trade.parts, ElementsAre("exports", "imports"));
  EXPECT_TRUE(trade.part_shares_add_up);
  EXPECT_TRUE(trade.less_is_better);
  EXPECT_EQ(trade.growth_basis, GrowthBasis::kConstantPrices);
  EXPECT_EQ(trade.share_bounds, ShareBounds::kOver100);
  const Indicator& area = *catalogue->FindIndicator("area");
  EXPECT_EQ(area.growth_basis, GrowthBasis::kComparableScope);
  EXPECT_EQ(area.share_bounds, ShareBounds::kBelow0);
  const Indicator& exports = *catalogue->FindIndicator("exports");
  EXPECT_FALSE(exports.less_is_better);
  EXPECT_EQ(exports.growth_basis, GrowthBasis::kCurrent);
}

TEST(AssessmentTablesTest, MistakesAreNamedByLineAndColumn) {
  EXPECT_THAT(Error("nothing\texports|imports\t\n"), HasSubstr("whole: \"nothing\""));
  EXPECT_THAT(Error("trade\texports\t\n"), HasSubstr("two parts"));
  EXPECT_THAT(Error("trade\texports|nothing\t\n"), HasSubstr("parts: \"nothing\""));
  EXPECT_THAT(Error("trade\texports|exports\t\n"), HasSubstr("stands twice"));
  EXPECT_THAT(Error("trade\texports|area\t\n"), HasSubstr("another unit"));
  EXPECT_THAT(Error("trade\texports|imports\t90\n"), HasSubstr("shares"));
  EXPECT_THAT(Error("trade\ttrade|imports\t\n"), HasSubstr("part of itself"));
  EXPECT_THAT(Error("trade\texports|imports\t\nexports\ttrade|imports\t\n"),
              HasSubstr("part of itself"));
  EXPECT_THAT(Error("trade\texports|imports\t\ntrade\texports|imports\t\n"),
              HasSubstr("stands twice"));
  EXPECT_THAT(Error("", "nothing\t\t\t\n"), HasSubstr("indicator: \"nothing\""));
  EXPECT_THAT(Error("", "trade\tmore\t\t\n"), HasSubstr("better"));
  EXPECT_THAT(Error("", "trade\t\tsometimes\t\n"), HasSubstr("growth"));
  EXPECT_THAT(Error("", "trade\t\t\tany\n"), HasSubstr("shares"));
  EXPECT_THAT(Error("", "trade\tless\t\t\ntrade\tless\t\t\n"), HasSubstr("stands twice"));
}

TEST(AssessmentTablesTest, BuiltInRelationsHoldByDefinition) {
  const Catalogue& catalogue = Catalogue::Embedded();
  EXPECT_THAT(catalogue.FindIndicator("trade_total")->parts, ElementsAre("exports", "imports"));
  EXPECT_TRUE(catalogue.FindIndicator("gdp")->part_shares_add_up);
  EXPECT_TRUE(catalogue.FindIndicator("unemployment_rate_surveyed")->less_is_better);
  EXPECT_EQ(catalogue.FindIndicator("gdp")->growth_basis, GrowthBasis::kConstantPrices);
}

}  // namespace
}  // namespace cityinfo::metrics
