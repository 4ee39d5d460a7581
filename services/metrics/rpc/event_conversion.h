#pragma once

#include "cityinfo/metrics/v1/observation.pb.h"
#include "services/metrics/domain/event.h"

namespace cityinfo::metrics {

// The contract's message of an event; without a name when it has no id.
v1::EventMention ToProto(const Event& event);

}  // namespace cityinfo::metrics
