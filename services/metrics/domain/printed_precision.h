#pragma once

#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/stated_value.h"

namespace cityinfo::metrics {

// How finely a value was printed: half a unit of the last digit, in the unit of exact_value, for
// both ends of a range alike. "281.76亿元" stands for anything from 28175500000 to 28176500000 元,
// so this is 500000; of "12%" it is 0.5, of "43万人" 5000.
//
// Zeros that were printed count ("5.0%" is finer than "5%"). The number is the first one in
// `printed`; full-width digits, separators of thousands and broken lines are understood. When there
// is none that fits exact_value (printed in Chinese numerals, or not at all) the digits of
// exact_value itself count.
Decimal HalfOfLastDigit(const StatedValue& value);

}  // namespace cityinfo::metrics
