#pragma once

#include "bench/metrics/setup.h"

namespace cityinfo::bench {

// What a sick Redis costs: the 99th percentile of questions while each fault lasts, beside the same
// questions to a service without Redis, and how soon after the fault Redis answers again. Prints
// Markdown.
void RunFaults(const Setup& setup);

}  // namespace cityinfo::bench
