#include "services/metrics/domain/conflict.h"

#include <gtest/gtest.h>

#include "services/metrics/domain/printed_precision.h"

namespace cityinfo::metrics {
namespace {

StatedValue Stated(const std::string& printed, const std::string& exact,
                   Qualifier qualifier = Qualifier::kExact, const std::string& high = "",
                   const std::string& unit = "元") {
  return {.printed = printed,
          .exact_value = exact,
          .exact_value_high = high,
          .unit = unit,
          .qualifier = qualifier};
}

TEST(PrintedPrecisionTest, IsHalfAUnitOfTheLastDigitPrinted) {
  const struct {
    const char* printed;
    const char* exact;
    const char* half;
  } kCases[] = {{"281.76亿元", "28176000000", "500000"},
                {"281.8亿元", "28180000000", "5000000"},
                {"280亿元", "28000000000", "50000000"},
                {"5.0%", "5", "0.05"},
                {"5%", "5", "0.5"},
                {"43万人", "430000", "5000"},
                {"1,191.52亿元", "119152000000", "500000"},
                {"１２．５％", "12.5", "0.05"},
                {"28\n1.76亿元", "28176000000", "500000"},
                {"12.5万亩", "83333750", "333335"},
                {"下降3.2%", "-3.2", "0.05"},
                {"0.0%", "0", "0.05"},
                {"6.0%—6.5%", "6", "0.05"},
                // Nothing printed that fits: the digits of the value itself.
                {"三千万元", "30000000", "0.5"},
                {"", "12.75", "0.005"}};
  for (const auto& c : kCases) {
    EXPECT_EQ(HalfOfLastDigit(Stated(c.printed, c.exact)).ToString(), c.half) << c.printed;
  }
}

TEST(ConflictTest, RoundingIsNoContradiction) {
  const StatedValue fine = Stated("281.76亿元", "28176000000");
  const auto differ = [&](const StatedValue& other) {
    EXPECT_EQ(Contradict(Kind::kActual, fine, other), Contradict(Kind::kActual, other, fine));
    return Contradict(Kind::kActual, fine, other);
  };
  EXPECT_FALSE(differ(Stated("281.8亿元", "28180000000")));
  EXPECT_FALSE(differ(Stated("282亿元", "28200000000")));
  EXPECT_FALSE(differ(Stated("2817600万元", "28176000000")));
  EXPECT_TRUE(differ(Stated("281.7亿元", "28170000000")));
  EXPECT_TRUE(differ(Stated("281亿元", "28100000000")));
  EXPECT_TRUE(differ(Stated("281.77亿元", "28177000000"))) << "equally fine";
  EXPECT_TRUE(differ(Stated("281.80亿元", "28180000000"))) << "zeros were printed";
  EXPECT_TRUE(differ(Stated("281.76亿美元", "28176000000", Qualifier::kExact, "", "美元")));
}

TEST(ConflictTest, ATenthOfAPointIsAContradiction) {
  EXPECT_TRUE(Contradict(Kind::kActual, Stated("8.4%", "8.4", Qualifier::kExact, "", "%"),
                         Stated("8.5%", "8.5", Qualifier::kExact, "", "%")));
}

TEST(ConflictTest, WordsLeaveResultsOpen) {
  const StatedValue exact = Stated("281.76亿元", "28176000000");
  const auto differ = [&](const char* printed, const char* value, Qualifier qualifier,
                          const char* high = "") {
    return Contradict(Kind::kActual, exact, Stated(printed, value, qualifier, high));
  };
  EXPECT_FALSE(differ("280亿元左右", "28000000000", Qualifier::kAbout));
  EXPECT_TRUE(differ("278亿元左右", "27800000000", Qualifier::kAbout));
  EXPECT_FALSE(differ("突破280亿元", "28000000000", Qualifier::kOver));
  EXPECT_TRUE(differ("突破290亿元", "29000000000", Qualifier::kOver));
  EXPECT_FALSE(differ("281.8亿元以上", "28180000000", Qualifier::kAtLeast)) << "by rounding";
  EXPECT_TRUE(differ("280亿元以内", "28000000000", Qualifier::kAtMost));
  EXPECT_FALSE(differ("280—285亿元", "28000000000", Qualifier::kRange, "28500000000"));
  EXPECT_TRUE(differ("285—290亿元", "28500000000", Qualifier::kRange, "29000000000"));
}

TEST(ConflictTest, OfPromisesTheNumbersCount) {
  const auto percent = [](const char* printed, const char* value, Qualifier qualifier,
                          const char* high = "") {
    return Stated(printed, value, qualifier, high, "%");
  };
  const StatedValue eight = percent("8%以上", "8", Qualifier::kAtLeast);
  EXPECT_TRUE(Contradict(Kind::kTarget, eight, percent("9%", "9", Qualifier::kExact)));
  EXPECT_FALSE(Contradict(Kind::kTarget, eight, percent("8%左右", "8", Qualifier::kAbout)));
  const StatedValue range = percent("6.0%—6.5%", "6", Qualifier::kRange, "6.5");
  EXPECT_TRUE(Contradict(Kind::kTarget, range, percent("6%", "6", Qualifier::kExact)));
  EXPECT_TRUE(Contradict(Kind::kTarget, range, percent("6.0%—7.0%", "6", Qualifier::kRange, "7")));
  EXPECT_FALSE(
      Contradict(Kind::kTarget, range, percent("6.0%—6.5%", "6", Qualifier::kRange, "6.5")));
}

}  // namespace
}  // namespace cityinfo::metrics
