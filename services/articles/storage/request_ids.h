#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"

// Which request was answered with which change, remembered for a bounded time and number (AIP-155).
namespace cityinfo::articles {

struct RequestIdLimits {
  absl::Duration lifetime = absl::Hours(24);
  int64_t count = 100'000;
};

// The position of the change that was the request's answer; nothing when the id is new or
// forgotten. ALREADY_EXISTS (REQUEST_ID_REUSED) when it came with another fingerprint.
absl::StatusOr<std::optional<int64_t>> FindRequest(sql::Connection& connection,
                                                   absl::string_view request_id,
                                                   absl::string_view fingerprint,
                                                   absl::Time oldest_remembered);

// Remembers a request and forgets those beyond the limits.
absl::Status RememberRequest(sql::Connection& connection, absl::string_view request_id,
                             absl::string_view fingerprint, int64_t position, absl::Time now,
                             const RequestIdLimits& limits);

}  // namespace cityinfo::articles
