#pragma once

#include <string>

#include "services/gateway/feeds/feed.h"

namespace cityinfo::gateway {

// The feed for other newsrooms: a JSON array whose elements are news items of IPTC ninjs 3.0, each
// complete and valid by itself. (ninjs describes one item and has no form for a list.)
std::string WriteNinjsFeed(const Feed& feed);

}  // namespace cityinfo::gateway
