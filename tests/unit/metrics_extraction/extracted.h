#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "services/metrics/domain/extraction/extractor.h"

namespace cityinfo::metrics {

// Extracts with the built-in catalogue, for Kaili, published on `published`.
inline std::vector<ExtractedFigure> Extract(absl::string_view text,
                                            absl::string_view published = "2024-01-20",
                                            absl::string_view place = "522601") {
  ExtractionContext context;
  context.publish_date = *Period::Parse(published);
  context.place_code = std::string(place);
  context.catalogue = &Catalogue::Embedded();
  return ExtractFigures(text, context);
}

// One figure as one line: "gdp LEVEL ACTUAL 2023 31860000000 元". The name stands in quotation
// marks where the catalogue has no id; the qualifier and the upper end follow where they say
// something.
inline std::string Summary(const ExtractedFigure& figure) {
  std::string line = absl::StrCat(
      figure.indicator.empty() ? absl::StrCat("\"", figure.indicator_text, "\"") : figure.indicator,
      " ", std::string(ToString(figure.measure)), " ", std::string(ToString(figure.kind)), " ",
      figure.period.ToString(), " ", figure.value.exact_value);
  if (figure.upper) absl::StrAppend(&line, "..", figure.upper->exact_value);
  if (!figure.base_unit.empty()) absl::StrAppend(&line, " ", figure.base_unit);
  if (figure.qualifier != Qualifier::kExact) {
    absl::StrAppend(&line, " ", std::string(ToString(figure.qualifier)));
  }
  return line;
}

inline std::vector<std::string> Summaries(const std::vector<ExtractedFigure>& figures) {
  std::vector<std::string> lines;
  for (const ExtractedFigure& figure : figures) lines.push_back(Summary(figure));
  return lines;
}

}  // namespace cityinfo::metrics
