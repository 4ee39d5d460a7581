#pragma once

#include <string>

#include "services/gateway/feeds/feed.h"

namespace cityinfo::gateway {

// The feed as an Atom document (RFC 4287). The text of an entry is HTML; its author the byline as
// printed, or the newspaper; its categories the section and the tags.
std::string WriteAtomFeed(const Feed& feed);

}  // namespace cityinfo::gateway
