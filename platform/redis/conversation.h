#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/redis/interrupt.h"
#include "platform/redis/link.h"
#include "platform/redis/resp.h"

namespace cityinfo::redis {

// Sends `commands` (as FormatCommand made them) over a link that nobody else uses yet and waits for
// all the replies, in their order; a reply may be an error. DEADLINE_EXCEEDED when they are not
// there by `deadline`, CANCELLED when interrupted, else how the link was lost; the link is then of
// no further use.
absl::StatusOr<std::vector<Reply>> Converse(Link& link, std::vector<std::string> commands,
                                            Link::Instant deadline, const Interrupt& interrupt);

}  // namespace cityinfo::redis
