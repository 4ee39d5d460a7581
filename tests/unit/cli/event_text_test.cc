#include "cli/event_text.h"

#include <gtest/gtest.h>

namespace cityinfo::cli {
namespace {

TEST(EventDateText, SaysAsMuchAsIsKnown) {
  const Json day = {{"year", 2021}, {"month", 9}, {"day", 2}};
  const Json month = {{"year", 2021}, {"month", 9}, {"day", 0}};
  EXPECT_EQ(EventDateText({{"date", day}}), "2021-09-02");
  EXPECT_EQ(EventDateText({{"date", month}, {"endDate", nullptr}}), "2021-09");
  EXPECT_EQ(EventDateText({{"date", {{"year", 987}}}}), "0987");
  EXPECT_EQ(EventDateText({{"date", day}, {"endDate", {{"year", 2022}, {"month", 1}, {"day", 3}}}}),
            "2021-09-02..2022-01-03");
}

}  // namespace
}  // namespace cityinfo::cli
