#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// A name of the platform ("articles/…") as a URN that is the same for ever, whatever address the
// city is reached at: "urn:uuid:" and a UUID of version 8 (RFC 9562) made of the name's SHA-256.
// Articles' ids are random, so two cities have no entry in common.
std::string EntryId(absl::string_view name);

}  // namespace cityinfo::gateway
