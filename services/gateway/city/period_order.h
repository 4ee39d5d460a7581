#pragma once

#include <compare>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Where a period stands in time, for telling which of two is newer: the one that ends later, and of
// two that end together the longer one.
struct PeriodOrder {
  int end = 0;             // last day as yyyymmdd; months are taken to have 31 days
  int negative_start = 0;  // minus the first day, so that longer is greater

  friend auto operator<=>(const PeriodOrder&, const PeriodOrder&) = default;
};

// Of the ISO 8601 forms the contract uses: "2020", "2021-Q3", "2021-H1", "2021-09", "2021-09-29"
// and two of them with a slash. Anything else is older than everything.
PeriodOrder OrderOf(absl::string_view period);

}  // namespace cityinfo::gateway
