#include "cli/observation_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/sheet_values.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

KnownNames Indicators() {
  KnownNames names;
  for (const char* name : {"gdp", "地区生产总值", "GDP", "地区生产总值(GDP)"})
    names.Add(name, "gdp");
  for (const char* name : {"population", "常住人口"}) names.Add(name, "population");
  return names;
}
KnownNames Places() {
  KnownNames names;
  for (const char* name : {"522601", "凯里市", "凯里"}) names.Add(name, "522601");
  for (const char* name : {"522622", "黄平县"}) names.Add(name, "522622");
  names.Add("城关镇", "522601101");
  names.Add("城关镇", "522622100");
  return names;
}

// "2:gdp 522601 LEVEL ACTUAL 2020 281.76 亿元 2021-12-30", and errors "3!population: …".
std::vector<std::string> Convert(const SheetMapping& mapping, absl::string_view text) {
  csv::Reader reader(text);
  csv::Record record;
  EXPECT_TRUE(*reader.Next(&record));
  const auto sheet = ObservationSheet::Open(mapping, record.fields, Indicators(), Places());
  if (!sheet.ok()) return {std::string(sheet.status().message())};
  std::vector<std::string> all;
  while (*reader.Next(&record)) {
    std::vector<SheetRow> rows;
    std::vector<SheetError> errors;
    sheet->Read(record, &rows, &errors);
    for (const SheetRow& row : rows) {
      EXPECT_EQ(row.fields.size(), ObservationSheet::Header().size());
      all.push_back(absl::StrCat(row.line, ":", absl::StrJoin(row.fields, " ")));
      while (all.back().back() == ' ') all.back().pop_back();
    }
    for (const SheetError& error : errors) {
      all.push_back(absl::StrCat(error.line, "!", error.column, " ", error.description));
    }
  }
  return all;
}

SheetMapping With(std::vector<std::string> sets, absl::string_view file = "") {
  SheetMapping mapping = *SheetMapping::Parse(file);
  for (const std::string& set : sets) EXPECT_OK(mapping.Set(set));
  return mapping;
}

TEST(ObservationSheetTest, UsualHeadingsNeedNoMapping) {
  EXPECT_THAT(Convert(With({"publish_date=2021-12-30"}),
                      "指标,地区,年份,数值,单位\n"
                      "地区生产总值,凯里市,2020年,\"1,281.76\",亿元\n"
                      "常住人口,522601,2020,８１.２万人,\n"),
              ElementsAre("2:gdp 522601 LEVEL ACTUAL 2020 1281.76 亿元  2021-12-30",
                          "3:population 522601 LEVEL ACTUAL 2020 81.2 万人  2021-12-30"));
}

TEST(ObservationSheetTest, AColumnForEachYear) {
  EXPECT_THAT(Convert(With({"place=凯里", "publish_date=2021年12月30日"}, "skip = 序号\n"),
                      "序号,指标,单位,2019年,2020\n"
                      "1,地区生产总值（亿元）,,270.5,281.76\n"
                      "2,常住人口,万人,…,81.2\n"),
              ElementsAre("2:gdp 522601 LEVEL ACTUAL 2019 270.5 亿元  2021-12-30",
                          "2:gdp 522601 LEVEL ACTUAL 2020 281.76 亿元  2021-12-30",
                          "3:population 522601 LEVEL ACTUAL 2020 81.2 万人  2021-12-30"));
}

TEST(ObservationSheetTest, AColumnForEachIndicator) {
  EXPECT_THAT(
      Convert(With({"publish_date=2021-12-30"}),
              "地区,年份,地区生产总值(GDP)（亿元）,地区生产总值增速（%）,常住人口（单位：万人）\n"
              "黄平县,2020,80,4.5,-\n"),
      ElementsAre("2:gdp 522622 LEVEL ACTUAL 2020 80 亿元  2021-12-30",
                  "2:gdp 522622 YOY_GROWTH ACTUAL 2020 4.5 %  2021-12-30"));
}

TEST(ObservationSheetTest, AMappingNamesTheColumnsOfAnySheet) {
  EXPECT_THAT(Convert(With({"place=522601"},
                           "# 年鉴的表\n"
                           "indicator = 名目\nvalue = 本年数\nperiod = 报告期\n"
                           "kind = 性质\npublish_date = 公布\nset measure = 同比增长\n"),
                      "名目,本年数,报告期,性质,公布,备注\n"
                      "GDP,5.9%,2021年1-9月,目标,2021/10/20,x\n"),
              ElementsAre("2:gdp 522601 YOY_GROWTH TARGET 2021-01/2021-09 5.9 %  2021-10-20"));
}

TEST(ObservationSheetTest, WhatIsWrongIsNamedByLineAndColumn) {
  EXPECT_THAT(
      Convert(With({"publish_date=2021-12-30"}),
              "指标,地区,年份,数值\n"
              "地区生产总额,凯里市,2020,1\n"
              "gdp,城关镇,2020,1\n"
              "gdp,凯里市,去年,1\n"
              "gdp,凯里市,2020,x12\n"
              "gdp,凯里市,2020,\"1,2\"\n"
              "gdp,凯里市\n"
              "gdp,凯里市,2020,—\n"),
      ElementsAre("2!数值 indicator: \"地区生产总额\" is unknown",
                  "3!数值 place: \"城关镇\" is unknown", "4!数值 period: \"去年\" is none",
                  "5!数值 value: \"x12\" is no number", "6!数值 value: \"1,2\" is no number",
                  "7! has 2 fields, where the headings are 4"));
  EXPECT_THAT(Convert(With({}), "指标,地区,年份,数值\ngdp,凯里,2020,1\n"),
              ElementsAre(HasSubstr("publish_date: is required")));
}

TEST(ObservationSheetTest, AColumnThatNobodyKnowsIsNotLeftOutInSilence) {
  EXPECT_THAT(
      Convert(With({}), "地区,年份,地区生产总额（亿元）\n"),
      ElementsAre(HasSubstr("\"地区生产总额（亿元）\" is no field, no period and no indicator")));
  EXPECT_THAT(Convert(With({}), "指标,地区,年份\n"), ElementsAre(HasSubstr("no column of values")));
  EXPECT_THAT(Convert(With({}, "value = 数\n"), "指标,数值\n"),
              ElementsAre(HasSubstr("no column \"数\" for value")));
}

TEST(SheetMappingTest, BadLinesAreNamed) {
  EXPECT_THAT(SheetMapping::Parse("value = 数\nindicator\n").status().message(),
              HasSubstr("line 2: is not of the form"));
  EXPECT_THAT(SheetMapping::Parse("valeu = 数\n").status().message(),
              HasSubstr("line 1: \"valeu\" is none of indicator"));
  EXPECT_THAT(SheetMapping::Parse("across = years\n").status().message(), HasSubstr("line 1"));
  SheetMapping mapping;
  EXPECT_THAT(mapping.Set("places=1").message(), HasSubstr("--set"));
  EXPECT_THAT(mapping.Set("place=").message(), HasSubstr("--set"));
  EXPECT_THAT(mapping.constants, IsEmpty());
}

TEST(SheetValuesTest, PeriodsAsTheyAreWritten) {
  for (const auto& [cell, period] :
       std::vector<std::pair<std::string, std::string>>{{"2021", "2021"},
                                                        {"２０２１年", "2021"},
                                                        {"2021年度", "2021"},
                                                        {"2021年9月", "2021-09"},
                                                        {"2021年1-9月", "2021-01/2021-09"},
                                                        {"2021年1—9月份", "2021-01/2021-09"},
                                                        {"2021年1月至9月", "2021-01/2021-09"},
                                                        {"2021年上半年", "2021-H1"},
                                                        {"2021年第三季度", "2021-Q3"},
                                                        {"2021年前三季度", "2021-01/2021-09"},
                                                        {"2016-2020年", "2016/2020"},
                                                        {"2016年至2020年", "2016/2020"},
                                                        {"2021-09", "2021-09"},
                                                        {"2021-Q3", "2021-Q3"},
                                                        {"2021-01/2021-09", "2021-01/2021-09"}}) {
    EXPECT_EQ(ReadPeriodCell(cell).value_or("none"), period) << cell;
  }
  for (const char* cell : {"", "年", "21年", "2021年13月", "2021年9-1月", "12345", "2020-2016年",
                           "2021年初", "0021"}) {
    EXPECT_EQ(ReadPeriodCell(cell), std::nullopt) << cell;
  }
}

TEST(SheetValuesTest, NumbersAsTheyAreWritten) {
  const auto read = [](absl::string_view cell) {
    const auto number = ReadNumberCell(cell);
    return number.has_value() ? absl::StrCat(number->number, "|", number->unit) : "none";
  };
  EXPECT_EQ(read("281.76"), "281.76|");
  EXPECT_EQ(read(" 1,234,567.5 亿元"), "1234567.5|亿元");
  EXPECT_EQ(read("－3.1%"), "-3.1|%");
  EXPECT_EQ(read("+2"), "2|");
  for (const char* cell : {"", "abc", "1.", ".5", "1,23", "1,2345", "1.2.3", "1e5e", "--1"}) {
    EXPECT_NE(read(cell), "1|") << cell;
  }
  EXPECT_EQ(read("1,23"), "none");
  EXPECT_EQ(read("1.2.3"), "none");
  EXPECT_EQ(read("亿元"), "none");
}

TEST(SheetValuesTest, DaysAsTheyAreWritten) {
  for (const char* cell : {"2021-12-30", "2021/12/30", "2021年12月30日", "２０２１.12.30"}) {
    EXPECT_EQ(ReadDayCell(cell).value_or("none"), "2021-12-30") << cell;
  }
  for (const char* cell : {"2021-13-01", "2021-02-30", "2021-12", "30/12/2021"}) {
    EXPECT_EQ(ReadDayCell(cell), std::nullopt) << cell;
  }
}

}  // namespace
}  // namespace cityinfo::cli
