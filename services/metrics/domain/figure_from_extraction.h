#pragma once

#include "platform/base/date.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/figure.h"

namespace cityinfo::metrics {

// The figure that an extracted one is, before it is anchored: its citation's offsets are those of
// the text the extractor read (block 0) and it has no article. Decides whether the unit fits (see
// unit_fit.h).
Figure FigureFromExtraction(const ExtractedFigure& extracted, const Catalogue& catalogue,
                            base::Date publish_date);

}  // namespace cityinfo::metrics
