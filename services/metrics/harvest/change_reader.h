#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/articles/v1/article.pb.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// ExtractFigures, or what a test puts in its place.
using FigureExtractor =
    std::function<std::vector<ExtractedFigure>(absl::string_view, const ExtractionContext&)>;

struct ReadChange {
  ArticleChange change;
  // Figures left out because their value does not stand in one block.
  int uncitable_figures = 0;
};

// Reads what an entry of the articles' change feed says about figures. Pure but for the extractor;
// thread-safe as that is.
class ChangeReader {
 public:
  // The catalogue must outlive it.
  explicit ChangeReader(const Catalogue& catalogue, FigureExtractor extractor = ExtractFigures);

  // A published article states the figures its text states; any other (draft, scheduled,
  // unpublished, deleted, purged) states none. INVALID_ARGUMENT names what the article lacks;
  // INTERNAL (EXTRACTION_FAILED) when the extractor threw. Then WithoutFigures is what remains to
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
  const FigureExtractor extractor_;
};

}  // namespace cityinfo::metrics
