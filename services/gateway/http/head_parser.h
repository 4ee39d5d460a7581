#pragma once

#include <cstddef>
#include <optional>
#include <variant>

#include "absl/strings/string_view.h"
#include "services/gateway/http/limits.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// Looks for the end of a request's header in what has arrived so far: the length of the header with
// its empty line, nullopt when more must be read. A line that ends without CR is a Rejection at
// once, as is a header longer than the limits allow.
std::variant<std::optional<size_t>, Rejection> FindHeadEnd(absl::string_view received,
                                                           const HttpLimits& limits);

// Reads a complete header strictly (RFC 9112): one space between the parts of the request line, no
// space before a colon, no folded lines, no control characters. What other readers of the same
// bytes might understand differently is refused, not repaired.
std::variant<RequestHead, Rejection> ParseHead(absl::string_view head, const HttpLimits& limits);

}  // namespace cityinfo::gateway
