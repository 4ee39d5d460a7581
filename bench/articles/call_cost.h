#pragma once

#include <string>
#include <vector>

#include "bench/articles/articles_process.h"
#include "bench/articles/setup.h"

namespace cityinfo::bench {

// Processor time of the service for a Get and for a List, beside that of a bare gRPC server that
// answers with as many bytes, in turn; one caller, and eight, whose calls share wake-ups. `names`:
// of articles that are there.
void RunCallCost(const Setup& setup, const ArticlesProcess& service,
                 const std::vector<std::string>& names);

}  // namespace cityinfo::bench
