#pragma once

#include <memory>
#include <string>

namespace cityinfo::metrics {

// A serialised response, sent on without parsing. Shared and immutable. Never null where a function
// returns one.
using EncodedAnswer = std::shared_ptr<const std::string>;

}  // namespace cityinfo::metrics
