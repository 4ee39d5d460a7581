#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/articles/v1/article.pb.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/extraction/event_finder.h"
#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// ExtractFigures, or what a test puts in its place.
using FigureExtractor =
    std::function<std::vector<ExtractedFigure>(absl::string_view, const ExtractionContext&)>;
// FindEvents, or what a test puts in its place.
using EventExtractor =
    std::function<std::vector<ExtractedEvent>(absl::string_view, const ExtractionContext&)>;

struct ReadChange {
  ArticleChange change;
  // Figures left out because their value does not stand in one block.
  int uncitable_figures = 0;
};

// Reads what an entry of the articles' change feed says about figures and events. Pure but for the
// extractors; thread-safe as they are.
class ChangeReader {
 public:
  // The catalogue must outlive it.
  explicit ChangeReader(const Catalogue& catalogue, FigureExtractor figures = ExtractFigures,
                        EventExtractor events = FindEvents);

  // A published article states the figures and tells the events that its text does; an event whose
  // date does not stand in one block is left out. Any other (draft, scheduled,
  // unpublished, deleted, purged) has none. INVALID_ARGUMENT names what the article lacks;
  // INTERNAL (EXTRACTION_FAILED) when an extractor threw. Then WithoutFigures is what remains to
  // be said.
  absl::StatusOr<ReadChange> Read(const articles::v1::ArticleChange& entry,
                                  std::int64_t feed_position) const;

  // The article states nothing (any more) as of this entry.
  static ArticleChange WithoutFigures(const articles::v1::ArticleChange& entry,
                                      std::int64_t feed_position);

  // The position behind a resume token, a decimal number; 0 for the empty token. INVALID_ARGUMENT
  // for anything else.
  static absl::StatusOr<std::int64_t> ParsePosition(absl::string_view resume_token);

 private:
  const Catalogue& catalogue_;
  const FigureExtractor figures_;
  const EventExtractor events_;
};

}  // namespace cityinfo::metrics
