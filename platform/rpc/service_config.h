#pragma once

#include <string>
#include <vector>

namespace cityinfo::rpc {

// How a channel treats calls, in gRPC's JSON form: they go round the replicas; with `follow_health`
// round those that say they are ready. The unary reads (google.api.http says GET, or
// idempotency_level NO_SIDE_EFFECTS) of the services named get up to three attempts when they end
// as UNAVAILABLE, within a budget: when more than every tenth call fails, they are not tried again.
// The protos of those services must be linked into the program.
std::string ServiceConfig(bool follow_health, const std::vector<std::string>& retry_reads_of);

}  // namespace cityinfo::rpc
