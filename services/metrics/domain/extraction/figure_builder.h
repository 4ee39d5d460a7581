#pragma once

#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/extraction/statement.h"
#include "services/metrics/domain/extraction/timeline.h"

namespace cityinfo::metrics {

// Makes figures of statements: measure, kind, period, exact value, citation, doubt.
class FigureBuilder {
 public:
  // All must outlive the builder.
  FigureBuilder(const SourceText& text, const TokenStream& stream, const Catalogue& catalogue,
                const Timeline& timeline)
      : text_(text), stream_(stream), catalogue_(catalogue), timeline_(timeline) {}

  // The timeline must be where the statement stands.
  ExtractedFigure Build(const Statement& statement) const;

 private:
  Measure MeasureOf(const Statement& statement, const ValueToken& value) const;
  bool IsYearBefore(const Predicate& predicate) const;
  Measure GrowthMeasure(const Predicate& predicate) const;
  PeriodAnswer PeriodOf(const Statement& statement, Measure measure, bool is_target) const;
  Kind KindOf(const Statement& statement, const Period& period) const;
  bool IsFlow(const Statement& statement) const;
  PrintedValue Print(const ValueToken& value, int begin, int end, bool negative) const;
  void SetValue(const Statement& statement, ExtractedFigure& figure) const;
  void SetQuote(const Statement& statement, const ValueToken& value, ExtractedFigure& figure) const;
  void SetDoubt(const Statement& statement, bool assumed_period, ExtractedFigure& figure) const;
  const TimeExpression* TimeAt(int index) const {
    return index < 0 ? nullptr : &stream_.times[index];
  }

  const SourceText& text_;
  const TokenStream& stream_;
  const Catalogue& catalogue_;
  const Timeline& timeline_;
};

}  // namespace cityinfo::metrics
