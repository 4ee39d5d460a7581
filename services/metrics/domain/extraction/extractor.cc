#include "services/metrics/domain/extraction/extractor.h"

#include <utility>
#include <vector>

#include "services/metrics/domain/extraction/figure_finder.h"
#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {
namespace {

// A text that speaks of yearly averages and of spans of years more often than of the year before
// reviews a term of office.
bool IsTermReview(const TokenStream& stream) {
  int term = 0;
  int year = 0;
  bool after_comma = false;
  for (const Token& token : stream.tokens) {
    if (token.kind == TokenKind::kCue) {
      // 1360亿元，增长9.4%: the year before goes without saying.
      year += after_comma && token.index == static_cast<int>(Cue::kRise);
      term += token.index == static_cast<int>(Cue::kAverage);
      year += token.index == static_cast<int>(Cue::kYearOnYear);
    } else if (token.kind == TokenKind::kTime) {
      const TimeExpression::Form form = stream.times[token.index].form;
      term += form == TimeExpression::Form::kPastYears || form == TimeExpression::Form::kPlan ||
              form == TimeExpression::Form::kPlanEnd;
    }
    after_comma = token.kind == TokenKind::kComma;
  }
  return term > year;
}

}  // namespace

std::vector<ExtractedFigure> ExtractFigures(absl::string_view utf8_text,
                                            const ExtractionContext& context) {
  const SourceText text(utf8_text);
  const TokenStream stream = Tokenize(text, *context.catalogue);
  return FigureFinder(text, stream, context, IsTermReview(stream)).Run();
}

}  // namespace cityinfo::metrics
