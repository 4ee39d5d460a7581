#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// What the .proto files say of each service, method, message, field and enum value. The descriptors
// inside a program have lost it, so it is read from a descriptor set that was made with source
// info.
class ContractComments {
 public:
  // `descriptor_set`: a serialised google.protobuf.FileDescriptorSet.
  static absl::StatusOr<ContractComments> Read(const std::string& descriptor_set);

  // One line of text, empty when nothing is said. `full_name`: as descriptors have it; of an enum
  // value the enum's name, a dot, and the value's.
  absl::string_view Of(absl::string_view full_name) const;

 private:
  absl::flat_hash_map<std::string, std::string> comments_;
};

}  // namespace cityinfo::gateway
