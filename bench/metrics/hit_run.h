#pragma once

#include "bench/metrics/setup.h"

namespace cityinfo::bench {

// What a hit costs: of the cache in the process, as processor time of the service beside that of a
// bare gRPC server with the same requests and answers; of Redis, as throughput beside the first's.
// Prints Markdown.
void RunHits(const Setup& setup);

}  // namespace cityinfo::bench
