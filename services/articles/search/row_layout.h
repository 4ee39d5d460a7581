#pragma once

#include <cstdint>

#include "platform/base/date.h"

namespace cityinfo::articles {

// Stretch of rowids, both ends included; empty when first > last.
struct RowRange {
  int64_t first = 0;
  int64_t last = 0;
};

// What the rowids of the search index mean: the day, counted backwards, and then a number within
// the day, of `day_bits` bits. So ascending rowids are descending days, and asking for the newest
// first is reading in SQLite's own direction. Numbers within a day are given away downwards for the
// same reason. The fewer bits, the closer together the rowids, the smaller the index.
struct RowLayout {
  int day_bits = kFirstDayBits;

  static constexpr int kFirstDayBits = 12;
  static constexpr int kMoreDayBits = 4;  // Added when a day is full.
  static constexpr int kMaxDayBits = 40;  // Days take 22 of the 63 bits.

  RowRange Day(int64_t day) const {
    const int64_t first = (kLastDay - day) << day_bits;
    return {.first = first, .last = first | ((int64_t{1} << day_bits) - 1)};
  }
  int64_t DayOf(int64_t rowid) const { return kLastDay - (rowid >> day_bits); }

  // 9999-12-31, the last day a Date can be; 0001-01-01 is the first.
  static constexpr int64_t kLastDay = 2'932'896;
  static constexpr int64_t kFirstDay = -719'162;
};

}  // namespace cityinfo::articles
