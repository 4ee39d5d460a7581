#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace cityinfo::metrics {

// The time a figure speaks of: a year, half, quarter, month or day, or a span of years or months.
// An immutable value, 16 bytes, safe to copy and share.
//
// Its text is ISO 8601 where that has a form, and the usual statistical one where not:
//   2020   2021-H1   2021-Q3   2021-09   2021-09-29   2021-01/2021-09   2016/2020
// Both ends of a span are part of it and have the same granularity.
class Period {
 public:
  enum class Granularity { kYear, kHalf, kQuarter, kMonth, kDay, kYears, kMonths };

  // The year 1; a placeholder for containers, never a period of a figure.
  Period() = default;

  // Fails with INVALID_ARGUMENT that says what is wrong: "2021-13: month 13 is not 1 to 12".
  static absl::StatusOr<Period> Parse(absl::string_view text);

  // The arguments must be in range (month 1..12, an existing day); out-of-range ones are brought
  // into range, so that no input of the extractor can make an impossible period.
  static Period Year(int year);
  static Period Half(int year, int half);
  static Period Quarter(int year, int quarter);
  static Period Month(int year, int month);
  static Period Day(int year, int month, int day);
  static Period Day(absl::CivilDay day);
  // Spans: the ends are swapped when they are in the wrong order; equal ends give the plain
  // year or month.
  static Period Years(int first, int last);
  static Period Months(int first_year, int first_month, int last_year, int last_month);

  Granularity granularity() const;
  absl::CivilDay first_day() const { return first_; }
  absl::CivilDay last_day() const;
  int first_year() const { return static_cast<int>(first_.year()); }
  int last_year() const { return static_cast<int>(last_day().year()); }

  // Number of years that it touches; 1 for everything but spans over a new year.
  int year_count() const { return last_year() - first_year() + 1; }

  std::string ToString() const;

  // Order of a series: by last day, then by first day (a longer span before a shorter one that
  // ends with it).
  friend bool operator<(const Period& a, const Period& b);
  friend bool operator==(const Period& a, const Period& b) {
    return a.unit_ == b.unit_ && a.first_ == b.first_ && a.last_start_ == b.last_start_;
  }
  friend bool operator!=(const Period& a, const Period& b) { return !(a == b); }

 private:
  enum class Unit : signed char { kYear, kHalf, kQuarter, kMonth, kDay };
  Period(Unit unit, absl::CivilDay first, absl::CivilDay last_start)
      : unit_(unit), first_(first), last_start_(last_start) {}

  Unit unit_ = Unit::kYear;
  absl::CivilDay first_ = absl::CivilDay(1, 1, 1);
  absl::CivilDay last_start_ = absl::CivilDay(1, 1, 1);  // first day of the last unit
};

}  // namespace cityinfo::metrics
