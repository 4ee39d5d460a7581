#pragma once

#include <string>

#include "services/metrics/domain/extraction/clause_text.h"
#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {

// The code of the place that these words of an event name: the one behind 在, 于, 赴, or else the
// first; of places that follow each other the innermost. The context's when they name none, or only
// a province or the nation, which stand in the names of many who are at home elsewhere. "" when
// they name a place that the catalogue does not have.
std::string PlaceOfEvent(const SourceText& text, TextRange words, const ExtractionContext& context);

}  // namespace cityinfo::metrics
