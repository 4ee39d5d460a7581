#pragma once

#include "platform/base/date.h"
#include "services/metrics/domain/event.h"
#include "services/metrics/domain/extraction/event_finder.h"

namespace cityinfo::metrics {

// What the extractor found, as the event that is stored. Of the citation it sets the place in the
// text and the publish date; the article is the caller's to say.
Event EventFromExtraction(const ExtractedEvent& extracted, base::Date publish_date);

}  // namespace cityinfo::metrics
