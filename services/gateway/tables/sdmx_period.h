#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// A period as SDMX has it.
struct SdmxPeriod {
  // FREQ, by the code list CL_FREQ: A, S, Q, M, D; _O (other) for spans, which overlap one another.
  std::string frequency;
  // TIME_PERIOD: 2021, 2021-S1, 2021-Q3, 2021-09, 2021-09-29; spans as a time range, the first day
  // and a duration: 2021-01-01/P9M, 2016-01-01/P5Y.
  std::string time_period;
};

// Of an observation's period ("2021-H1", "2021-01/2021-09"). A text that is none of its forms is
// handed on as it is, with the frequency _U (unspecified).
SdmxPeriod ToSdmxPeriod(absl::string_view period);

}  // namespace cityinfo::gateway
