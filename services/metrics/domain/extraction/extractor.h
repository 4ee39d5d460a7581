#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/period.h"
#include "services/metrics/domain/revision_stage.h"

namespace cityinfo::metrics {

// A stretch of the text in Unicode code points, [start, end). Ill-formed bytes count as one code
// point each, as platform/base/utf8.h counts them.
struct TextSpan {
  int start = 0;
  int end = 0;
  friend bool operator==(const TextSpan& a, const TextSpan& b) {
    return a.start == b.start && a.end == b.end;
  }
};

// A printed value: the text of the document and the number it means.
struct PrintedValue {
  std::string printed;      // verbatim with its unit: "281.76亿元", line breaks and all
  TextSpan span;            // where `printed` stands
  std::string exact_value;  // canonical decimal in the base unit: "28176000000"; negative for falls
  double value = 0;         // the nearest double of exact_value
};

// Why a figure deserves a second look by an editor.
enum class Doubt {
  kNoIndicator,       // no name was found for the value
  kUnknownIndicator,  // a name, but not one of the catalogue
  kInheritedSubject,  // the name comes from an earlier clause
  kAssumedPeriod,     // the text states no time; it follows from the publish date
  kUnknownPlace,      // the text names a place that the catalogue does not know
  kUnevenList,        // 分别 with more or fewer names than values
  kUnknownUnit,       // the unit is missing or has no known factor
  kBrokenByLine,      // the value is broken over two lines
  kImplausible,       // a share over 100 %, growth over 1000 %
};
absl::string_view ToString(Doubt doubt);  // "NO_INDICATOR"; static storage

// One statement of a value in one sentence.
struct ExtractedFigure {
  std::string indicator;       // the catalogue's id; "" when the catalogue has none
  std::string indicator_text;  // the name as printed, coordinated parts put together
  std::string place_code;      // "" when the text names a place that is not in the catalogue
  Measure measure = Measure::kLevel;
  Kind kind = Kind::kActual;
  Period period;
  Qualifier qualifier = Qualifier::kExact;

  PrintedValue value;                 // of a range: its lower end
  std::optional<PrintedValue> upper;  // of a range: its upper end. Then value.printed is the whole
                                      // range as printed and upper->printed its second part.
  std::string unit;                   // as printed: "亿元"; "" when none is printed
  std::string base_unit;              // of exact_value: "元"; "" for an index or an unknown unit
  RevisionStage stage = RevisionStage::kNone;  // which round of accounting the sentence names

  TextSpan quote_span;  // the sentence
  std::string quote;    // its text, verbatim

  double doubt = 0;            // 0 (sure) to 1, the sum of its reasons' weights
  std::vector<Doubt> reasons;  // in the order of the enum
};

struct ExtractionContext {
  // When the text was published: a day where known; a year will do.
  Period publish_date;
  // Whom the text is about unless it says otherwise: "522601".
  std::string place_code;
  // Never null; must outlive the call.
  const Catalogue* catalogue = nullptr;
};

// Finds the figures that a Chinese text states, in the order of their values in the text.
//
// The text is one article (its blocks joined with '\n', so headings are lines of their own), or the
// raw text of a page as OCR or a PDF gives it: broken lines, stray spaces. A pure function of its
// arguments: it reads no clock and no files, gives the same answer every time, never fails whatever
// the bytes, and takes time linear in the text. Safe to call from any thread.
std::vector<ExtractedFigure> ExtractFigures(absl::string_view utf8_text,
                                            const ExtractionContext& context);

}  // namespace cityinfo::metrics
