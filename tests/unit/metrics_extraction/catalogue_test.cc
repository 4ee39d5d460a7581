#include "services/metrics/domain/catalogue/catalogue.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cityinfo::metrics {
namespace {

using testing::HasSubstr;

constexpr char kIndicatorColumns[] =
    "id\tname_zh\tname_en\taliases\tbase_unit\tdisplay_unit\tcategory\tdefault_measure\tnature\n";
constexpr char kPlaceColumns[] = "code\tname_zh\taliases\tname_en\tparent\tlevel\n";
constexpr char kUnitColumns[] = "text\tbase_unit\tfactor\n";

struct Tables {
  std::string indicators = kIndicatorColumns;
  std::string places = kPlaceColumns;
  std::string units = std::string(kUnitColumns) + "元\t元\t1\n亩\tm²\t666.67\n";

  absl::StatusOr<Catalogue> Parse() const { return Catalogue::Parse({indicators, places, units}); }
  std::string Error() const { return std::string(Parse().status().message()); }
};

TEST(CatalogueTest, BuiltInTablesAreSound) {
  const Catalogue& catalogue = Catalogue::Embedded();
  EXPECT_GE(catalogue.indicators().size(), 65u);
  EXPECT_GE(catalogue.places().size(), 38u);
  std::set<std::string> categories;
  for (const Indicator& indicator : catalogue.indicators()) {
    EXPECT_FALSE(indicator.name_en.empty()) << indicator.id;
    EXPECT_EQ(catalogue.FindIndicatorByName(indicator.name_zh), &indicator);
    for (const std::string& alias : indicator.aliases) {
      EXPECT_EQ(catalogue.FindIndicatorByName(alias), &indicator) << alias;
    }
    categories.insert(indicator.category);
  }
  EXPECT_GE(categories.size(), 10u);
  for (const Place& place : catalogue.places()) {
    EXPECT_TRUE(place.parent.empty() || catalogue.FindPlace(place.parent) != nullptr) << place.code;
  }
}

TEST(CatalogueTest, FindsIndicatorsByIdAndPrintedName) {
  const Catalogue& catalogue = Catalogue::Embedded();
  EXPECT_EQ(catalogue.FindIndicator("gdp")->name_zh, "地区生产总值");
  EXPECT_EQ(catalogue.FindIndicatorByName("ＧＤＰ")->id, "gdp");
  EXPECT_EQ(catalogue.FindIndicatorByName("规上工业增加值")->id,
            "industrial_value_added_above_designated");
  EXPECT_EQ(catalogue.FindIndicator("no_such_thing"), nullptr);
  EXPECT_EQ(catalogue.FindIndicatorByName("地区生产总"), nullptr);
  EXPECT_EQ(catalogue.FindIndicatorByName(""), nullptr);
}

TEST(CatalogueTest, FindsPlacesByCodeAndName) {
  const Catalogue& catalogue = Catalogue::Embedded();
  EXPECT_EQ(catalogue.FindPlace("522601")->name_zh, "凯里市");
  EXPECT_EQ(catalogue.FindPlace("522600")->code, "5226");
  EXPECT_EQ(catalogue.FindPlace("520000")->code, "52");
  EXPECT_EQ(catalogue.FindPlace("522601105")->name_zh, "炉山镇");
  EXPECT_EQ(catalogue.FindPlaceByName("黔东南州")->code, "5226");
  EXPECT_EQ(catalogue.FindPlace("999999"), nullptr);
  EXPECT_EQ(catalogue.FindAround("522601105", "county")->code, "522601");
  EXPECT_EQ(catalogue.FindAround("522601", "province")->code, "52");
  EXPECT_EQ(catalogue.FindAround("522601", "nation")->code, "100000");
  EXPECT_EQ(catalogue.FindAround("52", "county"), nullptr);
}

TEST(CatalogueTest, ResolvesUnitsExactly) {
  const Catalogue& catalogue = Catalogue::Embedded();
  const struct {
    const char* printed;
    const char* base;
    const char* factor;
  } kUnits[] = {{"亿元", "元", "100000000"},
                {"万亿元", "元", "1000000000000"},
                {"元", "元", "1"},
                {"万亩", "m²", "6666700"},
                {"千公顷", "m²", "10000000"},
                {"平方公里", "m²", "1000000"},
                {"亿斤", "kg", "50000000"},
                {"万吨", "kg", "10000000"},
                {"亿千瓦时", "kWh", "100000000"},
                {"万人次", "人次", "10000"},
                {"％", "%", "1"},
                {"个百分点", "个百分点", "1"},
                {"亿美元", "美元", "100000000"},
                {"家", "个", "1"}};
  for (const auto& unit : kUnits) {
    const std::optional<Unit> resolved = catalogue.ResolveUnit(unit.printed);
    ASSERT_TRUE(resolved.has_value()) << unit.printed;
    EXPECT_EQ(resolved->base_unit, unit.base) << unit.printed;
    EXPECT_EQ(resolved->factor.ToString(), unit.factor) << unit.printed;
  }
  for (const char* unknown : {"", "万", "亿", "光年", "万万万万万元"}) {
    EXPECT_FALSE(catalogue.ResolveUnit(unknown).has_value()) << unknown;
  }
  EXPECT_EQ(Catalogue::Multiplier("万亿")->ToString(), "1000000000000");
  EXPECT_FALSE(Catalogue::Multiplier("元").has_value());
}

TEST(CatalogueTest, ErrorsNameFileLineAndColumn) {
  Tables tables;
  tables.indicators += "gdp\t生产总值\tGDP\t\t元\t亿元\tnational\tLEVLE\t\n";
  EXPECT_THAT(tables.Error(), HasSubstr("indicators.tsv:2: default_measure: \"LEVLE\""));

  tables = Tables();
  tables.indicators += "# a comment\n\nGDP\t生产总值\tGDP\t\t元\t亿元\tnational\tLEVEL\t\n";
  EXPECT_THAT(tables.Error(), HasSubstr("indicators.tsv:4: id: \"GDP\" is not snake_case"));

  tables = Tables();
  tables.indicators += "a\t甲\tA\t丙\t元\t元\tc\tLEVEL\t\nb\t乙\tB\t丙\t元\t元\tc\tLEVEL\t\n";
  EXPECT_THAT(tables.Error(), HasSubstr("indicators.tsv:3: aliases: \"丙\""));

  tables = Tables();
  tables.indicators += "a\t甲\tA\t\t元\t万亩\tc\tLEVEL\t\n";
  EXPECT_THAT(tables.Error(),
              HasSubstr("indicators.tsv:2: display_unit: \"万亩\" is not a unit of 元"));

  tables = Tables();
  tables.indicators += "a\t甲\n";
  EXPECT_THAT(tables.Error(), HasSubstr("indicators.tsv:2: the row has 2 columns, not 9"));

  tables = Tables();
  tables.indicators = "";
  EXPECT_THAT(tables.Error(), HasSubstr("the line of column names is missing"));

  tables = Tables();
  tables.indicators += "a\t甲\xff\tA\t\t元\t元\tc\tLEVEL\t\n";
  EXPECT_THAT(tables.Error(), HasSubstr("indicators.tsv:2: the line is not UTF-8"));

  tables = Tables();
  tables.places += "522601\t凯里市\t\tKaili\t5226\tcounty\n";
  EXPECT_THAT(tables.Error(), HasSubstr("places.tsv:2: parent: \"5226\" stands in no row before"));

  tables = Tables();
  tables.places += "5x\t某地\t\tX\t\tnation\n";
  EXPECT_THAT(tables.Error(), HasSubstr("places.tsv:2: code: \"5x\""));

  tables = Tables();
  tables.units += "斤\tkg\t0,5\n";
  EXPECT_THAT(tables.Error(), HasSubstr("units.tsv:4: factor: "));
}

TEST(CatalogueTest, ReadsWindowsLineEnds) {
  Tables tables;
  tables.places =
      "code\tname_zh\taliases\tname_en\tparent\tlevel\r\n100000\t中国\t\tChina\t\tnation\r\n";
  const absl::StatusOr<Catalogue> catalogue = tables.Parse();
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ(catalogue->FindPlace("100000")->level, "nation");
}

}  // namespace
}  // namespace cityinfo::metrics
