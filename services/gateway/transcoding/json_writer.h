#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "services/gateway/transcoding/json_layout.h"

namespace cityinfo::gateway {

// Appends the proto3 JSON of a serialised message to `out`, straight from its bytes: no message is
// made, nothing is allocated but the text. Byte for byte what protobuf's own printer gives.
//
// False, with half of it in `out`, for what is rare and left to protobuf: a layout that is not
// supported, bytes that are not well formed (also strings that are not UTF-8, a Timestamp out of
// range), a field with another wire type, a field that is there twice though it is not repeated.
bool WriteJson(const JsonLayout& layout, absl::string_view bytes, std::string* out);

}  // namespace cityinfo::gateway
