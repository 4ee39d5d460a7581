// Moments as users write and read them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace cityinfo::cli {

// RFC 3339 with its zone ("2026-12-01T08:00:00+08:00"), or the clock on the wall of `local`:
// "2026-12-01 08:00", also with seconds. INVALID_ARGUMENT names `option`: for anything else, and
// for a wall clock that shows this time twice or never (when clocks are changed).
absl::StatusOr<absl::Time> ParseMoment(const std::string& text, const std::string& option,
                                       absl::TimeZone local);

// As the API takes it: "2026-12-01T00:00:00Z".
std::string MomentToJson(absl::Time time);

// As the API gives it, on the wall of `local`, which is named by its distance from UTC:
// "2026-12-01 08:00:00 +08:00". Empty for an empty text; what is no RFC 3339 comes back as it is.
std::string MomentText(const std::string& rfc3339, absl::TimeZone local);

}  // namespace cityinfo::cli
