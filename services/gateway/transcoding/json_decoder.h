#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// Fills `message` from its proto3 JSON form and returns the names (as in the proto) of the members
// the outermost object had. Strict where protobuf's own parser is not: unknown and doubled members,
// numbers for strings, and everything JsonReader refuses are INVALID_ARGUMENT, naming the field and
// the place in the text. `at` is the path of the message inside the request ("article"), empty for
// the request itself; `first_line` the number of the text's first line, for places in errors. On an
// error the message is partly filled.
//
// Covers what the contract uses: scalars, enums, repeated fields, messages, Timestamp, Duration and
// FieldMask; a map or another well-known type is refused as not supported.
absl::StatusOr<std::vector<std::string>> DecodeJson(absl::string_view json, absl::string_view at,
                                                    google::protobuf::Message* message,
                                                    int64_t first_line = 1);

}  // namespace cityinfo::gateway
