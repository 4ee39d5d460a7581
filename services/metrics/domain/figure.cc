#include "services/metrics/domain/figure.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"

namespace cityinfo::metrics {
namespace {

// The text without ASCII and ideographic white space: a line wrapped elsewhere is the same
// sentence.
std::string WithoutSpace(absl::string_view text) {
  static constexpr absl::string_view kIdeographicSpace = "\u3000";
  std::string kept;
  kept.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    if (absl::ascii_isspace(static_cast<unsigned char>(text[i]))) {
      ++i;
    } else if (text.substr(i, kIdeographicSpace.size()) == kIdeographicSpace) {
      i += kIdeographicSpace.size();
    } else {
      kept.push_back(text[i++]);
    }
  }
  return kept;
}

}  // namespace

bool Figure::BacksObservation() const {
  return !indicator.empty() && !place.empty() && period.has_value() && unit_fits &&
         review_state != ReviewState::kRejected;
}

FigureReading Figure::Reading() const {
  return {.indicator = indicator,
          .place = place,
          .measure = measure,
          .kind = kind,
          .period = period,
          .exact_value = value.exact_value,
          .exact_value_high = value.exact_value_high,
          .unit = value.unit,
          .qualifier = value.qualifier,
          .stage = stage,
          .unit_fits = unit_fits};
}

void Figure::SetReading(const FigureReading& reading) {
  indicator = reading.indicator;
  place = reading.place;
  measure = reading.measure;
  kind = reading.kind;
  period = reading.period;
  value.exact_value = reading.exact_value;
  value.exact_value_high = reading.exact_value_high;
  value.unit = reading.unit;
  value.qualifier = reading.qualifier;
  stage = reading.stage;
  unit_fits = reading.unit_fits;
}

void AssignFigureIds(absl::string_view article, std::vector<Figure>& figures) {
  std::map<std::pair<std::string, std::string>, int> seen;
  for (Figure& figure : figures) {
    std::string quote = WithoutSpace(figure.citation.quote);
    std::string printed = WithoutSpace(figure.value.printed);
    const int occurrence = ++seen[{quote, printed}];
    const std::string digest =
        base::Sha256Hex(absl::StrCat(article, "\n", quote, "\n", printed, "\n", occurrence));
    figure.id = digest.substr(0, 24);
  }
}

}  // namespace cityinfo::metrics
