#include "platform/base/date.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "platform/base/error.h"

namespace cityinfo::base {
namespace {

constexpr int kMinYear = 1;
constexpr int kMaxYear = 9999;

bool IsLeapYear(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// Whether `text` is laid out as YYYY-MM-DD.
bool HasDateForm(absl::string_view text) {
  if (text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : !absl::ascii_isdigit(static_cast<unsigned char>(text[i])))
      return false;
  }
  return true;
}

int ReadDigits(absl::string_view digits) {
  int value = 0;
  for (char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

std::string WhyImpossible(const Date& date) {
  if (date.year < kMinYear) return "there is no year 0";
  if (date.month < 1 || date.month > 12) return absl::StrCat("there is no month ", date.month);
  return absl::StrFormat("%04d-%02d has no day %d", date.year, date.month, date.day);
}

}  // namespace

int LastDayOfMonth(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

bool IsValidDate(const Date& date) {
  return date.year >= kMinYear && date.year <= kMaxYear && date.month >= 1 && date.month <= 12 &&
         date.day >= 1 && date.day <= LastDayOfMonth(date.year, date.month);
}

absl::StatusOr<Date> ParseDate(absl::string_view text, absl::string_view field) {
  // What is quoted back is bounded: the text may be a whole request body.
  const std::string quoted = absl::StrCat("\"", text.substr(0, 40), "\"");
  if (text.empty())
    return InvalidArgument(field, "a date is needed, as YYYY-MM-DD", "INVALID_DATE");
  if (!HasDateForm(text)) {
    return InvalidArgument(field, absl::StrCat(quoted, " is not a date of the form YYYY-MM-DD"),
                           "INVALID_DATE");
  }
  const Date date{.year = ReadDigits(text.substr(0, 4)),
                  .month = ReadDigits(text.substr(5, 2)),
                  .day = ReadDigits(text.substr(8, 2))};
  if (!IsValidDate(date)) {
    return InvalidArgument(field, absl::StrCat(quoted, " is not a date: ", WhyImpossible(date)),
                           "INVALID_DATE");
  }
  return date;
}

std::string FormatDate(const Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
}

int64_t DaysSinceEpoch(const Date& date) {
  return absl::CivilDay(date.year, date.month, date.day) - absl::CivilDay(1970, 1, 1);
}

Date DateFromDays(int64_t days) {
  const absl::CivilDay day = absl::CivilDay(1970, 1, 1) + days;
  return {.year = static_cast<int>(day.year()), .month = day.month(), .day = day.day()};
}

Date DateInChina(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::FixedTimeZone(8 * 60 * 60));
  return {.year = static_cast<int>(day.year()), .month = day.month(), .day = day.day()};
}

Date Today(const Clock& clock) { return DateInChina(clock.Now()); }

}  // namespace cityinfo::base
