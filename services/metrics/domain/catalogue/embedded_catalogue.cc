#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/catalogue/embedded.h"

namespace cityinfo::metrics {

const Catalogue& Catalogue::Embedded() {
  // Never destroyed: extractor threads may outlive static destruction.
  static const Catalogue& catalogue = [&]() -> const Catalogue& {
    absl::StatusOr<Catalogue> parsed = Parse(EmbeddedCatalogueSource());
    if (!parsed.ok()) {
      // The tables are part of the program and checked by its tests: a program with a broken
      // catalogue was never tested and must not serve.
      std::fprintf(stderr, "built-in catalogue: %s\n", parsed.status().ToString().c_str());
      std::abort();
    }
    return *new Catalogue(*std::move(parsed));
  }();
  return catalogue;
}

}  // namespace cityinfo::metrics
