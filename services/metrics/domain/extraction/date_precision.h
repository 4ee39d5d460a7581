#pragma once

namespace cityinfo::metrics {

// How exactly a date was told. The numbers are stored: never change one, only add.
enum class DatePrecision { kDay = 1, kMonth = 2, kYear = 3 };

}  // namespace cityinfo::metrics
