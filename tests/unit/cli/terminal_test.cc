#include "cli/chart.h"
#include "cli/progress_bar.h"
#include "cli/table.h"
#include "gtest/gtest.h"

namespace cityinfo::cli {
namespace {

TEST(Table, AChineseCharacterTakesTwoColumns) {
  EXPECT_EQ(DisplayWidth("gdp"), 3);
  EXPECT_EQ(DisplayWidth("凯里"), 4);
  EXPECT_EQ(DisplayWidth("３％"), 4);
}

TEST(Table, ShortensToColumnsNotCharacters) {
  EXPECT_EQ(Shorten("凯里市", 6), "凯里市");
  EXPECT_EQ(Shorten("凯里市", 5), "凯里…");
  EXPECT_EQ(Shorten("凯里市", 4), "凯…");
}

TEST(Table, AlignsColumns) {
  Table table({"ID", "名称"});
  EXPECT_TRUE(table.empty());
  table.AddRow({"凯里", "a"});
  table.AddRow({"x", "b"});
  EXPECT_EQ(table.ToString(), "ID    名称\n凯里  a\nx     b\n");
}

TEST(BarChart, TheLongestBarTakesTheWidth) {
  EXPECT_EQ(BarChart({{.label = "2020", .value = 5, .printed = "5亿元"},
                      {.label = "2025", .value = 10, .printed = "10亿元", .hollow = true}},
                     4),
            "2020  ██ 5亿元\n2025  ░░░░ 10亿元\n");
}

TEST(BarChart, NothingPositiveDrawsNoBar) {
  EXPECT_EQ(BarChart({{.label = "a", .value = 0, .printed = "0"},
                      {.label = "b", .value = -1, .printed = "-1"}}),
            "a  0\nb  -1\n");
  EXPECT_EQ(BarChart({}), "");
}

TEST(ProgressBar, SaysHowManyAreDone) {
  EXPECT_EQ(ProgressBar::Line(1, 2, "b.txt"), "████████████············ 1/2 b.txt");
}

}  // namespace
}  // namespace cityinfo::cli
