// Extracts figures from whatever bytes come and stops at the first promise of extractor.h that does
// not hold.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/extraction/extractor.h"

namespace cityinfo::metrics {
namespace {

void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "figure_extractor_fuzz: %s\n", promise);
  std::abort();
}

// The code points [start, end) of the text, verbatim.
std::string Cut(const std::vector<std::size_t>& begins, absl::string_view text,
                const TextSpan& span) {
  return std::string(text.substr(begins[span.start], begins[span.end] - begins[span.start]));
}

void CheckValue(const PrintedValue& value, const std::vector<std::size_t>& begins,
                absl::string_view text) {
  const int size = static_cast<int>(begins.size()) - 1;
  Require(0 <= value.span.start && value.span.start < value.span.end && value.span.end <= size,
          "a value stands in the text");
  Require(value.printed == Cut(begins, text, value.span), "a value is printed as it stands");
  Require(Decimal::Parse(value.exact_value).ok(), "an exact value is a decimal");
}

void CheckFigure(const ExtractedFigure& figure, const std::vector<std::size_t>& begins,
                 absl::string_view text) {
  CheckValue(figure.value, begins, text);
  if (figure.upper) CheckValue(*figure.upper, begins, text);
  const TextSpan& quote = figure.quote_span;
  const int size = static_cast<int>(begins.size()) - 1;
  Require(0 <= quote.start && quote.end <= size, "a quote stands in the text");
  Require(quote.start <= figure.value.span.start && figure.value.span.end <= quote.end,
          "a quote holds its value");
  Require(figure.quote == Cut(begins, text, quote), "a quote is its span's text");
  Require(Period::Parse(figure.period.ToString()).ok(), "a period can be read back");
  Require(figure.doubt >= 0 && figure.doubt <= 1, "a doubt is between 0 and 1");
}

bool IsSame(const ExtractedFigure& a, const ExtractedFigure& b) {
  return a.indicator == b.indicator && a.indicator_text == b.indicator_text &&
         a.place_code == b.place_code && a.measure == b.measure && a.kind == b.kind &&
         a.period == b.period && a.qualifier == b.qualifier && a.stage == b.stage &&
         a.value.span == b.value.span && a.value.exact_value == b.value.exact_value &&
         a.upper.has_value() == b.upper.has_value() && a.unit == b.unit &&
         a.base_unit == b.base_unit && a.quote_span == b.quote_span && a.reasons == b.reasons;
}

void CheckText(absl::string_view text) {
  std::vector<std::size_t> begins;  // of each code point, and the end
  for (std::size_t pos = 0; pos < text.size();) {
    begins.push_back(pos);
    base::DecodeCodePoint(text, &pos);
  }
  begins.push_back(text.size());
  const ExtractionContext context{.publish_date = Period::Day(2024, 1, 20),
                                  .place_code = "522601",
                                  .catalogue = &Catalogue::Embedded()};
  const std::vector<ExtractedFigure> figures = ExtractFigures(text, context);
  const std::vector<ExtractedFigure> again = ExtractFigures(text, context);
  Require(figures.size() == again.size(), "the same text gives as many figures");
  for (std::size_t i = 0; i < figures.size(); ++i) {
    CheckFigure(figures[i], begins, text);
    Require(IsSame(figures[i], again[i]), "the same text gives the same figures");
    Require(i == 0 || figures[i - 1].value.span.start <= figures[i].value.span.start,
            "figures come in the order of their values");
  }
}

}  // namespace
}  // namespace cityinfo::metrics

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cityinfo::metrics::CheckText({reinterpret_cast<const char*>(data), size});
  return 0;
}
