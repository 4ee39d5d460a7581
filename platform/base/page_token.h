#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Pagination as in AIP-158. A page token says where the next page starts (a keyset position such as
// "2021-12-20|3f9…") and which question it belongs to. It is opaque, not secret: it grants nothing,
// and the position in it must be checked like any other input.
namespace cityinfo::base {

// `request_hash` is a Fingerprint64 over every argument of the request but page_size and
// page_token.
std::string EncodePageToken(absl::string_view position, uint64_t request_hash);

// Gives the position back. INVALID_ARGUMENT on field page_token: INVALID_PAGE_TOKEN if it is not
// one of ours, PAGE_TOKEN_MISMATCH if it came from a request with other arguments.
absl::StatusOr<std::string> DecodePageToken(absl::string_view token, uint64_t request_hash);

// 0 means `default_size`, too large is cut to `max_size`, negative is INVALID_ARGUMENT
// (INVALID_PAGE_SIZE).
absl::StatusOr<int> ClampPageSize(int64_t requested, int default_size, int max_size);

}  // namespace cityinfo::base
