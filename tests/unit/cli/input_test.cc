#include "cli/input.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::cli {
namespace {

using ::testing::HasSubstr;
using testing::IsOkAndHolds;
using ::testing::StartsWith;
using testing::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(ReadTextFile, SaysWhatIsWrongWithAFile) {
  testing::TempDir dir;
  EXPECT_THAT(ReadTextFile(dir.Write("page.txt", "凯里\n")), IsOkAndHolds("凯里\n"));
  EXPECT_THAT(ReadTextFile(dir.File("none")), StatusIs(kInvalid, HasSubstr("No such file")));
  EXPECT_THAT(ReadTextFile(dir.Write("empty", " \n")), StatusIs(kInvalid, HasSubstr("is empty")));
  EXPECT_THAT(ReadTextFile(dir.Write("gbk", "ok\xbf\xad")),
              StatusIs(kInvalid, HasSubstr("offset 2")));
  EXPECT_THAT(ReadTextFile(dir.Write("big", std::string((2 << 20) + 1, 'x'))),
              StatusIs(kInvalid, HasSubstr("2 MiB")));
}

TEST(DateToJson, TakesRealDaysOnly) {
  EXPECT_THAT(DateToJson("2021-12-20"),
              IsOkAndHolds(Json{{"year", 2021}, {"month", 12}, {"day", 20}}));
  EXPECT_THAT(DateToJson("2021-13-40"), StatusIs(kInvalid, StartsWith("--date: \"2021-13-40\"")));
  EXPECT_THAT(DateToJson("2021"), StatusIs(kInvalid));
}

TEST(DateToJson, TakesMonthsAndYearsWhereTheyMakeSense) {
  EXPECT_THAT(DateToJson("2021", true),
              IsOkAndHolds(Json{{"year", 2021}, {"month", 0}, {"day", 0}}));
  EXPECT_THAT(DateToJson("2022-01", true),
              IsOkAndHolds(Json{{"year", 2022}, {"month", 1}, {"day", 0}}));
  EXPECT_THAT(DateToJson("2022-14", true), StatusIs(kInvalid));
  EXPECT_THAT(DateToJson("soon", true), StatusIs(kInvalid));
}

TEST(DateFromJson, AMissingDateIsEmpty) {
  EXPECT_EQ(DateFromJson(Json{{"d", {{"year", 2021}, {"month", 2}, {"day", 3}}}}, "d"),
            "2021-02-03");
  EXPECT_EQ(DateFromJson(Json::object(), "d"), "");
}

TEST(SplitRange, GivesBothEnds) {
  using Ends = std::pair<std::string, std::string>;
  EXPECT_EQ(SplitRange("6.0%—6.5%"), Ends("6.0%", "6.5%"));
  EXPECT_EQ(SplitRange("4-13.6万元"), Ends("4", "13.6万元"));
  EXPECT_EQ(SplitRange("8%至9%"), Ends("8%", "9%"));
  EXPECT_EQ(SplitRange("-2%"), Ends("-2%", ""));
  EXPECT_EQ(SplitRange("281.76亿元"), Ends("281.76亿元", ""));
}

}  // namespace
}  // namespace cityinfo::cli
