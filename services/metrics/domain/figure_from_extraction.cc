#include "services/metrics/domain/figure_from_extraction.h"

#include <algorithm>
#include <string>

#include "services/metrics/domain/unit_fit.h"

namespace cityinfo::metrics {

Figure FigureFromExtraction(const ExtractedFigure& extracted, const Catalogue& catalogue,
                            base::Date publish_date) {
  Figure figure;
  figure.indicator = extracted.indicator;
  figure.indicator_text = extracted.indicator_text;
  figure.place = extracted.place_code;
  figure.measure = extracted.measure;
  figure.kind = extracted.kind;
  figure.period = extracted.period;
  figure.value.printed = extracted.value.printed;
  figure.value.exact_value = extracted.value.exact_value;
  if (extracted.upper.has_value()) figure.value.exact_value_high = extracted.upper->exact_value;
  figure.value.unit = extracted.base_unit;
  figure.value.qualifier = extracted.qualifier;
  figure.printed_unit = extracted.unit;
  figure.citation.start = extracted.quote_span.start;
  figure.citation.end = extracted.quote_span.end;
  figure.citation.quote = extracted.quote;
  figure.citation.value_start = extracted.value.span.start;
  figure.citation.value_end = extracted.value.span.end;
  figure.citation.publish_date = publish_date;
  figure.publish_date = publish_date;
  figure.confidence = std::clamp(1 - extracted.doubt, 0.0, 1.0);
  for (const Doubt reason : extracted.reasons) figure.doubts.emplace_back(ToString(reason));
  figure.stage = extracted.stage;
  const Indicator* indicator = catalogue.FindIndicator(extracted.indicator);
  figure.unit_fits =
      indicator != nullptr && UnitFits(*indicator, extracted.measure, extracted.base_unit);
  return figure;
}

}  // namespace cityinfo::metrics
