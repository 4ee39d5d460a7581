// Exact decimals, periods and the names of measures.
#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {
namespace {

Decimal D(absl::string_view text) { return *Decimal::Parse(text); }

TEST(DecimalTest, HasOneCanonicalText) {
  const struct {
    const char* text;
    const char* canonical;
  } kCases[] = {{"281.76", "281.76"}, {"007.50", "7.5"},  {"-0.0", "0"},     {"+12", "12"},
                {"100", "100"},       {"0.001", "0.001"}, {"-3.10", "-3.1"}, {"0", "0"}};
  for (const auto& c : kCases) EXPECT_EQ(D(c.text).ToString(), c.canonical) << c.text;
}

TEST(DecimalTest, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", ".", "1.", ".5", "1.2.3", "1e5", "1,000", " 1", "１", "0x1"}) {
    EXPECT_FALSE(Decimal::Parse(text).ok()) << text;
  }
  EXPECT_TRUE(Decimal::Parse(std::string(60, '9')).ok());
  EXPECT_FALSE(Decimal::Parse(std::string(61, '9')).ok());
}

TEST(DecimalTest, MultipliesExactly) {
  EXPECT_EQ(D("281.76").Times(D("100000000")).ToString(), "28176000000");
  EXPECT_EQ(D("192.8").Times(D("6666700")).ToString(), "1285339760");
  EXPECT_EQ(D("0.1").Times(D("0.2")).ToString(), "0.02");
  EXPECT_EQ(D("-2.5").Times(D("4")).ToString(), "-10");
  EXPECT_EQ(D("0").Times(D("-4")).ToString(), "0");
}

TEST(DecimalTest, AddsAndCompares) {
  EXPECT_EQ(D("0.1").Plus(D("0.2")).ToString(), "0.3");
  EXPECT_EQ(D("100").Minus(D("0.01")).ToString(), "99.99");
  EXPECT_EQ(D("1").Minus(D("3.5")).ToString(), "-2.5");
  EXPECT_EQ(D("-1.5").Plus(D("1.5")).ToString(), "0");
  EXPECT_EQ(D("1.50"), D("1.5"));
  EXPECT_LT(D("-2"), D("1"));
  EXPECT_LT(D("9"), D("10"));
  EXPECT_NE(D("9"), D("9.0001"));
  EXPECT_DOUBLE_EQ(D("281.76").ToDouble(), 281.76);
  EXPECT_EQ(Decimal::FromInteger(-120).ToString(), "-120");
}

TEST(PeriodTest, RoundTripsEveryForm) {
  for (const char* text : {"2020", "2021-H1", "2021-H2", "2021-Q3", "2021-09", "2024-02-29",
                           "2021-01/2021-09", "2016/2020"}) {
    const absl::StatusOr<Period> period = Period::Parse(text);
    ASSERT_TRUE(period.ok()) << period.status();
    EXPECT_EQ(period->ToString(), text);
  }
}

TEST(PeriodTest, SaysWhyATextIsNoPeriod) {
  const struct {
    const char* text;
    const char* why;
  } kCases[] = {{"", "four digits"},
                {"2021-13", "month 13 is not 1 to 12"},
                {"2021-02-30", "no day 30"},
                {"2021-Q5", "quarters are Q1 to Q4"},
                {"2021-H3", "halves are H1 to H2"},
                {"2020/2016", "ends after it begins"},
                {"2020/2020", "ends after it begins"},
                {"2020/2021-03", "both"},
                {"2021-Q1/2021-Q2", "years or of months"},
                {"0000", "no year 0000"},
                {"2021-1", "-MM"},
                {"2021-09-2x", "two digits"}};
  for (const auto& c : kCases) {
    const absl::StatusOr<Period> period = Period::Parse(c.text);
    ASSERT_FALSE(period.ok()) << c.text;
    EXPECT_THAT(std::string(period.status().message()), testing::HasSubstr(c.why)) << c.text;
  }
}

TEST(PeriodTest, KnowsItsDays) {
  EXPECT_EQ(Period::Half(2021, 1).last_day(), absl::CivilDay(2021, 6, 30));
  EXPECT_EQ(Period::Quarter(2021, 4).last_day(), absl::CivilDay(2021, 12, 31));
  EXPECT_EQ(Period::Month(2024, 2).last_day(), absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(Period::Years(2016, 2020).first_day(), absl::CivilDay(2016, 1, 1));
  EXPECT_EQ(Period::Years(2016, 2020).year_count(), 5);
  EXPECT_EQ(Period::Years(2020, 2016), Period::Years(2016, 2020));
  EXPECT_EQ(Period::Months(2021, 9, 2021, 9), Period::Month(2021, 9));
}

TEST(PeriodTest, OrdersAsASeriesDoes) {
  std::vector<std::string> texts = {"2021",   "2020", "2021-Q1", "2016/2020", "2021-01/2021-09",
                                    "2021-03"};
  std::sort(texts.begin(), texts.end(), [](const std::string& a, const std::string& b) {
    return *Period::Parse(a) < *Period::Parse(b);
  });
  EXPECT_THAT(texts, testing::ElementsAre("2016/2020", "2020", "2021-Q1", "2021-03",
                                          "2021-01/2021-09", "2021"));
}

TEST(MeasureTest, NamesRoundTrip) {
  for (const char* name :
       {"LEVEL", "YOY_GROWTH", "AVERAGE_GROWTH", "SHARE", "CHANGE", "RANK", "MULTIPLE"}) {
    EXPECT_EQ(std::string(ToString(*ParseMeasure(name))), name);
  }
  for (const char* name : {"ACTUAL", "TARGET", "FORECAST"}) {
    EXPECT_EQ(std::string(ToString(*ParseKind(name))), name);
  }
  for (const char* name : {"EXACT", "ABOUT", "AT_LEAST", "AT_MOST", "OVER", "RANGE"}) {
    EXPECT_EQ(std::string(ToString(*ParseQualifier(name))), name);
  }
  EXPECT_FALSE(ParseMeasure("level").has_value());
  EXPECT_FALSE(ParseKind("").has_value());
}

}  // namespace
}  // namespace cityinfo::metrics
