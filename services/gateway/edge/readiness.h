#pragma once

#include "platform/health/health.h"
#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// GET /healthz: the process can answer.
HttpResponse RenderAlive();

// GET /readyz: 200 when ready, else 503, with
//   {"status":"degraded","components":[{"name":"redis","state":"degraded","message":"…"}]}
HttpResponse RenderReadiness(const health::Snapshot& snapshot);

}  // namespace cityinfo::gateway
