// A data officer's yearbook goes in from a sheet: cityctl, gateway, service, store.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::e2e {
namespace {

using ::testing::HasSubstr;

constexpr char kYearbook[] =
    "序号,指标,单位,2019年,2020年\r\n"
    "1,地区生产总值,亿元,270.5,\"1,281.76\"\r\n"
    "2,常住人口,万人,…,71.2\r\n"
    "3,云朵数量,朵,1,2\r\n";

class ObservationImport : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto suite = Suite::Start({.redis = false});
    ASSERT_OK(suite);
    suite_ = *std::move(suite);
  }
  static void TearDownTestSuite() { suite_.reset(); }

  static Suite::CommandResult Import(const std::string& text,
                                     std::vector<std::string> options = {}) {
    std::vector<std::string> args = {"import",
                                     "observations",
                                     suite_->dir().Write("sheet.csv", text),
                                     "--source",
                                     "试验年鉴",
                                     "--mapping",
                                     suite_->dir().Write("mapping", "skip = 序号\n"),
                                     "--set",
                                     "place=凯里市",
                                     "--set",
                                     "publish_date=2021-12-30"};
    args.insert(args.end(), options.begin(), options.end());
    return suite_->Cityctl(args);
  }
  static size_t Stored() {
    const auto all = suite_->Client().GetAll("/v1/observations", {}, "observations", 1000);
    EXPECT_OK(all);
    return all.ok() ? (*all)["observations"].size() : 0;
  }

  static std::unique_ptr<Suite> suite_;
};

std::unique_ptr<Suite> ObservationImport::suite_;

TEST_F(ObservationImport, ADryRunShowsWhatASheetWouldChangeAndTheSheetGoesInOnce) {
  const auto checked = Import(kYearbook, {"--dry-run"});
  EXPECT_EQ(checked.exit_code, 4) << "a row is bad";
  EXPECT_THAT(checked.out, HasSubstr("1281.76亿元"));
  EXPECT_THAT(checked.out, HasSubstr("line 4, 2019年: indicator: \"云朵数量\" is unknown"));
  EXPECT_THAT(checked.out, HasSubstr("would be: 3 new, 0 changed, 0 unchanged, 2 bad"));
  EXPECT_EQ(Stored(), 0u);

  EXPECT_THAT(Import(kYearbook).out, HasSubstr("3 new, 0 changed, 0 unchanged, 2 bad"));
  EXPECT_EQ(Stored(), 3u);
  EXPECT_THAT(Import(kYearbook).out, HasSubstr("0 new, 0 changed, 3 unchanged, 2 bad"));

  const std::string corrected = "指标,单位,2020年\n地区生产总值,亿元,281.8\n";
  const auto foreseen = Import(corrected, {"--dry-run"});
  EXPECT_EQ(foreseen.exit_code, 0) << foreseen.err;
  EXPECT_THAT(foreseen.out, HasSubstr("1281.76亿元"));
  EXPECT_THAT(foreseen.out, HasSubstr("281.8亿元"));
  EXPECT_THAT(foreseen.out, HasSubstr("would be: 0 new, 1 changed"));
  EXPECT_THAT(Import(corrected).out, HasSubstr("0 new, 1 changed, 0 unchanged, 0 bad"));
  const auto vintages =
      suite_->Client().Get("/v1/observations/gdp.522601.LEVEL.ACTUAL.2020:vintages", {});
  ASSERT_OK(vintages);
  ASSERT_EQ((*vintages)["vintages"].size(), 2u);
  EXPECT_EQ((*vintages)["vintages"][0]["exactValue"], "28180000000");
  EXPECT_EQ((*vintages)["vintages"][1]["exactValue"], "128176000000");
}

TEST_F(ObservationImport, WhatTheServiceRefusesIsNamedByTheSheetsLine) {
  const auto result =
      Import("指标,单位,2018年\n地区生产总值,亿元,1\n\n地区生产总值,吨,2\n", {"--json"});
  EXPECT_EQ(result.exit_code, 4);
  const Json answer = Json::parse(result.out);
  EXPECT_EQ(answer["new"], 1);
  EXPECT_EQ(answer["bad"], 1);
  EXPECT_EQ(answer["results"][1]["line"], 4);
  EXPECT_EQ(answer["results"][1]["column"], "unit");
}

TEST_F(ObservationImport, AFileOfGbkIsRefusedWithAHint) {
  const auto result = Import("\xD6\xB8\xB1\xEA,2020\n");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("iconv -f GBK"));
}

}  // namespace
}  // namespace cityinfo::e2e
