#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <vector>

#include "platform/auth/api_key.h"

namespace cityinfo::gateway {

// Which service answers a method.
enum class Backend { kArticles, kMetrics, kCity };

// One method that the public may call, and who of them.
struct PublicMethod {
  const google::protobuf::MethodDescriptor* method = nullptr;
  Backend backend = Backend::kArticles;
  // The role a caller needs; nullopt lets everyone call it, without a key too.
  std::optional<auth::Role> needs;
};

// The list of what the gateway offers: a method that is not in it has no route, whatever its
// annotations say. Reading is free; what stores something needs a role.
std::vector<PublicMethod> PublicMethods();

}  // namespace cityinfo::gateway
