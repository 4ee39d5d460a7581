#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "platform/base/clock.h"

namespace cityinfo::base {

// A day of the Gregorian calendar, without time or zone. {0,0,0} stands for "none".
struct Date {
  int year = 0;
  int month = 0;  // 1..12
  int day = 0;    // 1..31

  friend auto operator<=>(const Date&, const Date&) = default;
};

// Whether the calendar has this day (years 1 to 9999).
bool IsValidDate(const Date& date);

// Reads exactly "YYYY-MM-DD". Anything else is INVALID_ARGUMENT (INVALID_DATE) on `field`, with
// text that says what is wrong: "2021-13-40 is not a date: there is no month 13".
absl::StatusOr<Date> ParseDate(absl::string_view text, absl::string_view field = "date");

// "2021-12-20".
std::string FormatDate(const Date& date);

// Days since 1970-01-01, negative before; and back. Useful as a compact, sortable key.
int64_t DaysSinceEpoch(const Date& date);
Date DateFromDays(int64_t days);

// Days in a month of a year, which must be real: LastDayOfMonth(2024, 2) == 29.
int LastDayOfMonth(int year, int month);

// The date in China (UTC+8, no daylight saving), where every newspaper we read is printed.
Date DateInChina(absl::Time time);
Date Today(const Clock& clock);

}  // namespace cityinfo::base
