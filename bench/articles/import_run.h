#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/articles/articles_process.h"
#include "bench/articles/setup.h"

namespace cityinfo::bench {

// A service that holds the whole corpus, and some of its articles.
struct FilledService {
  std::unique_ptr<ArticlesProcess> process;
  std::vector<std::string> names;  // "articles/{id}"
};

// Imports the corpus through the service, stream by stream, and puts each stream's articles into
// bare FTS5 right before or after. Prints rates, sizes, and how long the filled service takes to
// start. The service's time for a stream ends when its search has seen all of it.
FilledService RunImport(const Setup& setup);

}  // namespace cityinfo::bench
