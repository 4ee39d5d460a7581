#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "platform/base/date.h"
#include "services/metrics/domain/extraction/date_precision.h"
#include "services/metrics/domain/extraction/extractor.h"

namespace cityinfo::metrics {

// A dated event as a sentence tells it.
struct ExtractedEvent {
  base::Date date;                     // month and day 0 where the precision says so
  std::optional<base::Date> end_date;  // the last day of what lasts longer
  DatePrecision precision = DatePrecision::kDay;
  std::string place_code;  // "" when the sentence names a place that is not in the catalogue
  std::string summary;     // the clause without its date
  bool planned = false;    // after the publish date, or said as a plan

  TextSpan date_span;
  TextSpan quote_span;  // the sentence, at most 200 code points to each side of the date
  std::string quote;    // its text, verbatim
};

// Finds the dated events that a Chinese text tells, in the order they stand: a date to the day, the
// month or the year, and a word for something that happened or is to happen in the clause that the
// date stands in or opens (2021年9月29日，…点火投产). What is not certain is left out: a date that
// only frames a statistic or what somebody said, a date in brackets or quotation marks, a bound
// (截至…, …前), a year that names a thing (2020年度), a day without a year that could be of two.
//
// At most 20 of one sentence and 2,000 of one text are found.
//
// A pure function like ExtractFigures, and with the same promises: never fails, the same answer
// every time, linear in the text, safe from any thread.
std::vector<ExtractedEvent> FindEvents(absl::string_view utf8_text,
                                       const ExtractionContext& context);

}  // namespace cityinfo::metrics
