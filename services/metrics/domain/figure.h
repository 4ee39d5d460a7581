#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/date.h"
#include "services/metrics/domain/citation.h"
#include "services/metrics/domain/figure_reading.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/period.h"
#include "services/metrics/domain/revision_stage.h"
#include "services/metrics/domain/stated_value.h"

namespace cityinfo::metrics {

// What a data officer said of a figure. The numbers are stored: never change one, only add.
enum class ReviewState {
  kUnreviewed = 1,  // nobody has looked
  kConfirmed = 2,   // it is right
  kRejected = 3,    // it is wrong and leaves the series
  kAmended = 4,     // it was put right by hand
};

// Whether the newest revision of its article bears a figure out. The numbers are stored: never
// change one, only add.
enum class AnchorState {
  kValid = 1,   // it stands where it stood when it was found
  kMoved = 2,   // in another block or at other offsets
  kBroken = 3,  // the newest public revision no longer states it
};

// One statement of a value found in one sentence of one article revision. A plain value.
struct Figure {
  // Stays with the figure through the revisions of its article; see AssignFigureIds. Empty until
  // then.
  std::string id;

  std::string indicator;       // id in the catalogue; "" when it has no match
  std::string indicator_text;  // as printed
  std::string place;           // GB/T 2260; "" when the text names a place nobody knows
  Measure measure = Measure::kLevel;
  Kind kind = Kind::kActual;
  std::optional<Period> period;  // nothing when the text does not say

  StatedValue value;
  std::string printed_unit;  // "亿元"
  Citation citation;
  base::Date publish_date;  // of the article
  RevisionStage stage = RevisionStage::kNone;

  double confidence = 1;            // 0 to 1
  std::vector<std::string> doubts;  // why it is not 1: "INHERITED_SUBJECT"

  // False keeps a complete figure out of the observations: its unit is not its indicator's.
  bool unit_fits = true;

  // The rest is the store's; what a caller sets there is ignored.
  ReviewState review_state = ReviewState::kUnreviewed;
  absl::Time record_time;  // when the platform learned that the article states this value
  bool retracted = false;  // the newest revision no longer states it, or is not public
  // Of what is retracted because its article is not public: what it was last.
  AnchorState anchor = AnchorState::kValid;
  // The last word on it; the time is nothing before the first.
  std::string reviewer;
  std::optional<absl::Time> review_time;
  std::string review_comment;
  // What the extractor read, when review_state is kAmended: the figure then reads as amended.
  std::optional<FigureReading> extracted;

  // Whether the figure may back an observation: indicator, place and period are known, the unit
  // fits, nobody rejected it.
  bool BacksObservation() const;

  FigureReading Reading() const;
  void SetReading(const FigureReading& reading);
};

// Gives every figure of one article revision its id: a digest of article, sentence, printed value
// and the how-manieth of its like it is. White space does not count. So a figure whose sentence
// moved to another place or block keeps its id (and its review), and the same revision read twice
// gives the same ids. `figures` must be all figures of the revision, in the order they stand.
void AssignFigureIds(absl::string_view article, std::vector<Figure>& figures);

}  // namespace cityinfo::metrics
