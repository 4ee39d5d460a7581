#pragma once

#include "bench/articles/setup.h"

namespace cityinfo::bench {

// Known-item search over the news as it is: the mean reciprocal rank that a service of its own
// gives, beside that of BM25 over all matches.
void RunRelevance(const Setup& setup);

}  // namespace cityinfo::bench
