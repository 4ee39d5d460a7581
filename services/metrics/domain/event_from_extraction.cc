#include "services/metrics/domain/event_from_extraction.h"

namespace cityinfo::metrics {

Event EventFromExtraction(const ExtractedEvent& extracted, base::Date publish_date) {
  Event event;
  event.date = extracted.date;
  event.end_date = extracted.end_date;
  event.precision = extracted.precision;
  event.place = extracted.place_code;
  event.summary = extracted.summary;
  event.planned = extracted.planned;
  event.citation.start = extracted.quote_span.start;
  event.citation.end = extracted.quote_span.end;
  event.citation.quote = extracted.quote;
  event.citation.value_start = extracted.date_span.start;
  event.citation.value_end = extracted.date_span.end;
  event.citation.publish_date = publish_date;
  return event;
}

}  // namespace cityinfo::metrics
