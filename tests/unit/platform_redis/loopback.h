#pragma once

#include "platform/redis/address.h"

namespace cityinfo::redis {

// A server of the test's own.
inline Address At(int port) { return Address::Server("127.0.0.1", port); }

}  // namespace cityinfo::redis
