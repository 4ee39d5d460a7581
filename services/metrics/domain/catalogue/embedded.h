#pragma once

#include "services/metrics/domain/catalogue/catalogue.h"

namespace cityinfo::metrics {

// The text of data/catalogue/*.tsv as it was when the program was built. Static storage.
CatalogueSource EmbeddedCatalogueSource();

}  // namespace cityinfo::metrics
