#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/figure.h"
#include "services/metrics/domain/figure_reading.h"

namespace cityinfo::metrics {

// A data officer's word on a figure. It stays with the figure through the revisions of its article;
// a later word replaces it, and all are kept.
struct FigureReview {
  static constexpr int kMaxComment = 1000;  // code points

  std::string figure;                           // its id
  ReviewState state = ReviewState::kConfirmed;  // kConfirmed, kRejected or kAmended
  // With kAmended what it is to read, whole: it backs the observations as long as the sentence
  // stands, whatever the extractor reads there.
  std::optional<FigureReading> amended;
  std::string reviewer;  // as the gateway knows them
  std::string comment;
};

// What an officer put right; what is empty stays as it was read.
struct FigureAmendment {
  std::string indicator;
  std::string place;
  std::optional<Measure> measure;
  std::optional<Kind> kind;
  std::string period;  // ISO 8601
  std::string exact_value;
  std::string exact_value_high;
  std::string unit;
  std::optional<Qualifier> qualifier;
  std::optional<RevisionStage> stage;

  friend bool operator==(const FigureAmendment& a, const FigureAmendment& b) = default;
};

// What was read, put right. With a qualifier that is no range the upper end goes. INVALID_ARGUMENT
// naming the field ("amended.period") when the amendment is empty, when a value is none (indicator
// and place of the catalogue, a period, exact decimals), or when the whole does not hold together:
// a unit that the measure is not stated in, a range without two ends in order.
absl::StatusOr<FigureReading> Amend(const FigureReading& read, const FigureAmendment& amendment,
                                    const Catalogue& catalogue);

}  // namespace cityinfo::metrics
