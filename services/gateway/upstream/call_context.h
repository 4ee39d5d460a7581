#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "platform/telemetry/trace.h"
#include "services/gateway/upstream/cancellation.h"

namespace cityinfo::gateway {

// What the calls made for one request of a client have in common.
struct CallContext {
  // When the client gets its answer, one way or the other.
  absl::Time deadline = absl::InfiniteFuture();
  telemetry::TraceContext trace;
  // Name of the key's owner; empty without a key.
  std::string principal;
  // Name of the caller's role; "reader" without a key.
  std::string role = "reader";
  // Never null.
  std::shared_ptr<Cancellation> cancellation = std::make_shared<Cancellation>();
};

}  // namespace cityinfo::gateway
