#pragma once

#include "bench/articles/articles_process.h"
#include "bench/articles/setup.h"

namespace cityinfo::bench {

// Asks the filled service and a Groonga that holds the same articles the same questions, in turn,
// and prints latencies of each kind of question, throughput with eight clients, and the service's
// memory meanwhile. `with_groonga` false: the service alone.
void RunSearch(const Setup& setup, const ArticlesProcess& service, bool with_groonga);

}  // namespace cityinfo::bench
