#pragma once

#include <string>

#include "services/gateway/feeds/feed.h"

namespace cityinfo::gateway {

// The feed as a JSON Feed, version 1.1 (jsonfeed.org). Its links are whole URLs, so without a
// public URL there are none.
std::string WriteJsonFeed(const Feed& feed);

}  // namespace cityinfo::gateway
