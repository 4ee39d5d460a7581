#pragma once

#include "bench/metrics/setup.h"

namespace cityinfo::bench {

// The service over the grown store: how soon it is ready, how long questions take that no cache
// answers, and what memory it takes while it serves questions of all kinds. Prints Markdown.
void RunStore(const Setup& setup);

}  // namespace cityinfo::bench
