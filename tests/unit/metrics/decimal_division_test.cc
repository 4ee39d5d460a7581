#include <gtest/gtest.h>

#include <random>
#include <string>

#include "services/metrics/domain/decimal.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

Decimal Of(const std::string& text) {
  const absl::StatusOr<Decimal> decimal = Decimal::Parse(text);
  EXPECT_OK(decimal) << text;
  return decimal.value_or(Decimal());
}

std::string Quotient(const std::string& a, const std::string& b, int places) {
  const std::optional<Decimal> quotient = Of(a).DividedBy(Of(b), places);
  return quotient.has_value() ? quotient->ToString() : "none";
}

TEST(DecimalDivisionTest, QuotientsAreRoundedOnceHalvesAwayFromZero) {
  EXPECT_EQ(Quotient("1", "8", 2), "0.13");
  EXPECT_EQ(Quotient("-1", "8", 2), "-0.13");
  EXPECT_EQ(Quotient("1", "-8", 3), "-0.125");
  EXPECT_EQ(Quotient("1", "3", 6), "0.333333");
  EXPECT_EQ(Quotient("2", "3", 6), "0.666667");
  EXPECT_EQ(Quotient("2", "3", 0), "1");
  EXPECT_EQ(Quotient("0.4", "1", 0), "0");
  EXPECT_EQ(Quotient("-0.4", "1", 0), "0");
  EXPECT_EQ(Quotient("0.5", "1", 0), "1");
  EXPECT_EQ(Quotient("9.9999999", "1", 6), "10");
  EXPECT_EQ(Quotient("28176000000", "100000000", 6), "281.76");
  EXPECT_EQ(Quotient("1", "28176000000", 6), "0");
  EXPECT_EQ(Quotient("1", "0.00000000001", 2), "100000000000");
  EXPECT_EQ(Quotient("0", "7", 6), "0");
  EXPECT_EQ(Quotient("7", "0", 6), "none");
  // 0.4999…: rounding the rounded would give 1.
  EXPECT_EQ(Quotient("0.49999999999999999999999999999999999999", "1", 0), "0");
}

// |a - q * b| <= |b| / 2 of the last place, for numbers of all sizes.
TEST(DecimalDivisionTest, NoQuotientIsFurtherOffThanHalfOfItsLastPlace) {
  std::mt19937 random(7);
  const auto number = [&random] {
    std::string digits = std::to_string(1 + random() % 9);
    for (unsigned i = random() % 18; i > 0; --i) digits += std::to_string(random() % 10);
    if (random() % 2 == 0) digits += "." + std::to_string(1 + random() % 999);
    return Of((random() % 3 == 0 ? "-" : "") + digits);
  };
  const Decimal half_of_last_place = Of("0.0000005");
  for (int i = 0; i < 2000; ++i) {
    const Decimal a = number();
    const Decimal b = number();
    const std::optional<Decimal> quotient = a.DividedBy(b, 6);
    ASSERT_TRUE(quotient.has_value());
    const Decimal off = a.Minus(quotient->Times(b));
    const Decimal bound = b.Times(half_of_last_place);
    EXPECT_FALSE((bound.is_negative() ? bound.Negated() : bound) <
                 (off.is_negative() ? off.Negated() : off))
        << a.ToString() << " / " << b.ToString() << " = " << quotient->ToString();
  }
}

}  // namespace
}  // namespace cityinfo::metrics
