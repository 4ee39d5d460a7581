#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// The proto3 JSON form of a serialised message, straight from its bytes: names in lowerCamelCase,
// zeroes and empty lists printed, messages and optional fields that are absent left out. INTERNAL
// when protobuf cannot make sense of the bytes. Thread-safe.
absl::StatusOr<std::string> EncodeJson(const google::protobuf::Descriptor* type,
                                       const std::string& bytes);

// The same by protobuf's own printer: what EncodeJson falls back to where its writer gives up, and
// what it is held against.
absl::StatusOr<std::string> EncodeJsonByProtobuf(const google::protobuf::Descriptor* type,
                                                 const std::string& bytes);

}  // namespace cityinfo::gateway
