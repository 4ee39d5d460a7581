#pragma once

#include <string>

namespace cityinfo::deploy {

// What Kubernetes' gRPC probe asks: grpc.health.v1.Health/Check, without TLS. 1 is SERVING, 2 is
// NOT_SERVING; -1 when no answer came within a second. May be called from any thread.
int ProbeHealth(const std::string& address, const std::string& service);

}  // namespace cityinfo::deploy
