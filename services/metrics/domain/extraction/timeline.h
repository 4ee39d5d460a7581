#pragma once

#include <optional>

#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/time_expression.h"
#include "services/metrics/domain/measure.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// What is known of a value when its period is asked for.
struct PeriodQuestion {
  Measure measure = Measure::kLevel;
  bool is_target = false;
  bool is_flow = false;       // adds up over a span that is stated: 建成, 累计, jobs created
  bool is_term_flow = false;  // adds up over the term of office even when no span is stated: 新增
  bool is_sum = false;        // 累计: a sum over the term, whatever year the sentence names
  const TimeExpression* own = nullptr;      // the time in the value's clause
  const TimeExpression* base = nullptr;     // the time it is compared with: 比2013年
  const TimeExpression* running = nullptr;  // 连续8年, 两年平均
};

struct PeriodAnswer {
  Period period;
  bool assumed = false;  // the text states no time; it follows from the publish date
};

// Follows the times a text speaks of and answers for which period a value stands. A time holds
// until the next one: a day, a month, a plan or a promised year to the end of its paragraph, a year
// or the months since January to the end of the text.
class Timeline {
 public:
  // `is_term_review`: the text reviews several years (五年来, 年均…), so what was built or paid
  // without a year belongs to all of them.
  Timeline(const Period& publish_date, bool is_term_review);

  // A time that is the subject's, not one it is compared with.
  void Observe(const TimeExpression& time);
  // The time behind 与…相比 at the head of a sentence: the base of its changes.
  void ObserveBase(const TimeExpression& time) { sentence_base_ = Resolve(time); }
  // A time that a value of the sentence is compared with: 由2012年的…, 是2012年的2.9倍.
  void NoteBase(const TimeExpression& time);
  // The year that changes without a stated start begin from, if the text has named one.
  const std::optional<int>& DocumentBase() const { return document_base_; }
  // The day last observed was that of the news.
  void ForgetDay();
  // A figure was found for the time in force.
  void HoldOpening();
  void EndSentence();
  // `promises`: the section goes on to promise, so a promised year or plan stays in force.
  void EndParagraph(bool promises);

  PeriodAnswer Answer(const PeriodQuestion& question) const;
  // The period that an expression means here; nothing for 连续8年.
  std::optional<Period> Resolve(const TimeExpression& time) const;
  // Whether the period in force lies behind the publish date.
  bool IsFuture(const Period& period) const;
  // Whether the publish date is known to lie in the first quarter: nothing is known of its year
  // yet.
  bool YearHasJustBegun() const;
  // Whether what is allotted now is of a budget still to be spent, and not in answer to an event:
  // the year has just begun or the day is unknown.
  bool IsBudgetTime() const {
    return YearHasJustBegun() || publish_.granularity() == Period::Granularity::kYear;
  }
  // The period in force and nothing if none was stated.
  std::optional<Period> Current() const;
  // The period that the sentence itself has stated so far.
  const std::optional<Period>& SentencePeriod() const { return sentence_; }
  // The year of the last complete set of yearly figures: the one before the publish date's.
  int LastFullYear() const;
  bool is_term_review() const { return is_term_review_; }
  int PublishYear() const { return report_year_ != 0 ? report_year_ : publish_.first_year(); }

 private:
  int ContextYear() const;
  int YearOfPart(int last_month) const;
  int DayYear(const TimeExpression& time) const;
  int DefaultYear() const;
  Period AverageSpan(int last_year, bool is_target) const;
  Period TargetDefault() const;

  Period publish_;
  bool is_term_review_;
  int report_year_ = 0;
  std::optional<Period> sentence_;
  std::optional<Period> sentence_base_;
  std::optional<int> sentence_from_;  // the year of NoteBase
  std::optional<Period> paragraph_;
  std::optional<Period> document_;
  std::optional<int> document_base_;  // the year that changes of the text start from: 由2012年的…
  bool speaks_of_present_ = false;  // 7月19日, 今年: news of the year it is published in
  std::optional<Period> opening_;   // the old year in the first sentence of a paragraph
  bool opens_paragraph_ = true;
};

}  // namespace cityinfo::metrics
