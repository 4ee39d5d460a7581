#include "services/metrics/domain/period.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace cityinfo::metrics {
namespace {

absl::Status Invalid(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(text, " is not a period: ", why));
}

// Reads exactly `width` decimal digits at the front of `text` and removes them.
bool TakeDigits(absl::string_view& text, int width, int& value) {
  if (static_cast<int>(text.size()) < width) return false;
  value = 0;
  for (int i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

int Clamp(int value, int low, int high) { return std::max(low, std::min(value, high)); }

absl::StatusOr<Period> ParseSingle(absl::string_view whole, absl::string_view text) {
  int year = 0;
  if (!TakeDigits(text, 4, year)) return Invalid(whole, "it must begin with a year of four digits");
  if (year == 0) return Invalid(whole, "there is no year 0000");
  if (text.empty()) return Period::Year(year);
  if (text[0] != '-' || text.size() < 3)
    return Invalid(whole, "after the year comes -MM, -Qn or -Hn");
  text.remove_prefix(1);
  if (text[0] == 'Q' || text[0] == 'H') {
    const bool quarter = text[0] == 'Q';
    const int most = quarter ? 4 : 2;
    const int number = text[1] - '0';
    if (text.size() != 2 || number < 1 || number > most) {
      return Invalid(whole,
                     absl::StrCat(quarter ? "quarters are Q1 to Q" : "halves are H1 to H", most));
    }
    return quarter ? Period::Quarter(year, number) : Period::Half(year, number);
  }
  int month = 0;
  if (!TakeDigits(text, 2, month)) return Invalid(whole, "a month has two digits");
  if (month < 1 || month > 12)
    return Invalid(whole, absl::StrCat("month ", month, " is not 1 to 12"));
  if (text.empty()) return Period::Month(year, month);
  int day = 0;
  text.remove_prefix(1);
  if (!TakeDigits(text, 2, day) || !text.empty()) return Invalid(whole, "a day has two digits");
  const absl::CivilDay date(year, month, day);
  if (day < 1 || date.month() != month) {
    return Invalid(whole, absl::StrCat("that month has no day ", day));
  }
  return Period::Day(date);
}

}  // namespace

absl::StatusOr<Period> Period::Parse(absl::string_view text) {
  const size_t slash = text.find('/');
  if (slash == absl::string_view::npos) return ParseSingle(text, text);
  absl::StatusOr<Period> from = ParseSingle(text, text.substr(0, slash));
  if (!from.ok()) return from.status();
  absl::StatusOr<Period> to = ParseSingle(text, text.substr(slash + 1));
  if (!to.ok()) return to.status();
  if (from->unit_ != to->unit_)
    return Invalid(text, "both ends of a span are years, or both months");
  if (from->unit_ != Unit::kYear && from->unit_ != Unit::kMonth) {
    return Invalid(text, "a span is made of years or of months");
  }
  if (!(from->first_ < to->first_)) return Invalid(text, "a span ends after it begins");
  return Period(from->unit_, from->first_, to->first_);
}

Period Period::Year(int year) {
  const absl::CivilDay day(Clamp(year, 1, 9999), 1, 1);
  return Period(Unit::kYear, day, day);
}

Period Period::Half(int year, int half) {
  const absl::CivilDay day(Clamp(year, 1, 9999), half <= 1 ? 1 : 7, 1);
  return Period(Unit::kHalf, day, day);
}

Period Period::Quarter(int year, int quarter) {
  const absl::CivilDay day(Clamp(year, 1, 9999), Clamp(quarter, 1, 4) * 3 - 2, 1);
  return Period(Unit::kQuarter, day, day);
}

Period Period::Month(int year, int month) {
  const absl::CivilDay day(Clamp(year, 1, 9999), Clamp(month, 1, 12), 1);
  return Period(Unit::kMonth, day, day);
}

Period Period::Day(int year, int month, int day) {
  const absl::CivilMonth in(Clamp(year, 1, 9999), Clamp(month, 1, 12));
  const absl::CivilDay last = absl::CivilDay(in + 1) - 1;
  return Day(absl::CivilDay(in.year(), in.month(), Clamp(day, 1, last.day())));
}

Period Period::Day(absl::CivilDay day) { return Period(Unit::kDay, day, day); }

Period Period::Years(int first, int last) {
  if (last < first) std::swap(first, last);
  return Period(Unit::kYear, Year(first).first_, Year(last).first_);
}

Period Period::Months(int first_year, int first_month, int last_year, int last_month) {
  absl::CivilDay first = Month(first_year, first_month).first_;
  absl::CivilDay last = Month(last_year, last_month).first_;
  if (last < first) std::swap(first, last);
  return Period(Unit::kMonth, first, last);
}

Period::Granularity Period::granularity() const {
  const bool span = first_ != last_start_;
  switch (unit_) {
    case Unit::kYear:
      return span ? Granularity::kYears : Granularity::kYear;
    case Unit::kHalf:
      return Granularity::kHalf;
    case Unit::kQuarter:
      return Granularity::kQuarter;
    case Unit::kMonth:
      return span ? Granularity::kMonths : Granularity::kMonth;
    case Unit::kDay:
      break;
  }
  return Granularity::kDay;
}

absl::CivilDay Period::last_day() const {
  const absl::CivilMonth month(last_start_);
  switch (unit_) {
    case Unit::kYear:
      return absl::CivilDay(last_start_.year(), 12, 31);
    case Unit::kHalf:
      return absl::CivilDay(month + 6) - 1;
    case Unit::kQuarter:
      return absl::CivilDay(month + 3) - 1;
    case Unit::kMonth:
      return absl::CivilDay(month + 1) - 1;
    case Unit::kDay:
      break;
  }
  return last_start_;
}

std::string Period::ToString() const {
  const auto one = [this](absl::CivilDay day) {
    const int year = static_cast<int>(day.year());
    switch (unit_) {
      case Unit::kYear:
        return absl::StrFormat("%04d", year);
      case Unit::kHalf:
        return absl::StrFormat("%04d-H%d", year, day.month() / 7 + 1);
      case Unit::kQuarter:
        return absl::StrFormat("%04d-Q%d", year, (day.month() + 2) / 3);
      case Unit::kMonth:
        return absl::StrFormat("%04d-%02d", year, day.month());
      case Unit::kDay:
        break;
    }
    return absl::StrFormat("%04d-%02d-%02d", year, day.month(), day.day());
  };
  if (first_ == last_start_) return one(first_);
  return absl::StrCat(one(first_), "/", one(last_start_));
}

bool operator<(const Period& a, const Period& b) {
  const absl::CivilDay a_last = a.last_day();
  const absl::CivilDay b_last = b.last_day();
  if (a_last != b_last) return a_last < b_last;
  if (a.first_ != b.first_) return a.first_ < b.first_;
  return a.unit_ < b.unit_;
}

}  // namespace cityinfo::metrics
