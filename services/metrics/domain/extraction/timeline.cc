#include "services/metrics/domain/extraction/timeline.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace cityinfo::metrics {
namespace {

using Form = TimeExpression::Form;
using Granularity = Period::Granularity;

constexpr int kTermYears = 5;

Period Span(int first, int last) {
  return first == last ? Period::Year(last) : Period::Years(first, last);
}

// Whether `part` is a month or a quarter of the months, half or quarter `whole`.
bool IsPartOf(const Period& part, const Period& whole) {
  const auto is = [](const Period& period, std::initializer_list<Granularity> kinds) {
    return std::find(kinds.begin(), kinds.end(), period.granularity()) != kinds.end();
  };
  return is(part, {Granularity::kMonth, Granularity::kQuarter}) &&
         is(whole, {Granularity::kHalf, Granularity::kQuarter, Granularity::kMonths}) &&
         !(part == whole) && whole.first_day() <= part.first_day() &&
         part.last_day() <= whole.last_day();
}

bool IsAccumulating(Measure measure) { return measure == Measure::kChange; }

}  // namespace

Timeline::Timeline(const Period& publish_date, bool is_term_review)
    : publish_(publish_date), is_term_review_(is_term_review) {}

int Timeline::LastFullYear() const { return PublishYear() - 1; }

std::optional<Period> Timeline::Current() const {
  if (sentence_) return sentence_;
  if (paragraph_) return paragraph_;
  return document_;
}

int Timeline::ContextYear() const {
  const std::optional<Period> current = Current();
  return current ? current->last_year() : LastFullYear();
}

// The year of 1-7月 without a year: the one spoken of if it was named, else the latest in which
// that month is over when the text is published.
int Timeline::YearOfPart(int last_month) const {
  const std::optional<Period> named = sentence_ ? sentence_ : paragraph_;
  if (named && named->granularity() != Granularity::kYears && !IsFuture(*named))
    return named->last_year();
  const int year = publish_.first_year();
  const bool knows_month =
      publish_.granularity() == Granularity::kDay || publish_.granularity() == Granularity::kMonth;
  return knows_month && last_month > publish_.last_day().month() ? year - 1 : year;
}

// The year of 5月4日 without a year: the one that brings it nearest to the day of publication.
int Timeline::DayYear(const TimeExpression& time) const {
  if (time.year != 0) return time.year;
  if (time.year_offset) return PublishYear() + *time.year_offset;
  if (publish_.granularity() != Granularity::kDay) return YearOfPart(time.first);
  const std::optional<Period> named = sentence_ ? sentence_ : paragraph_;
  if (named && named->granularity() == Granularity::kYear && !IsFuture(*named)) {
    return named->last_year();
  }
  constexpr int kHalfYear = 183;  // days
  const int year = publish_.first_year();
  const auto away = Period::Day(year, time.first, time.day).last_day() - publish_.last_day();
  if (away > kHalfYear) return year - 1;
  return away < -kHalfYear ? year + 1 : year;
}

bool Timeline::IsFuture(const Period& period) const {
  if (publish_.granularity() == Granularity::kYear)
    return period.last_year() > publish_.last_year();
  return period.last_year() > publish_.last_year() || publish_.last_day() < period.first_day();
}

bool Timeline::YearHasJustBegun() const {
  const Granularity granularity = publish_.granularity();
  return (granularity == Granularity::kDay || granularity == Granularity::kMonth) &&
         publish_.last_day().month() <= 3;
}

std::optional<Period> Timeline::Resolve(const TimeExpression& time) const {
  const auto year_of = [&](int last_month) {
    if (time.year != 0) return time.year;
    if (time.year_offset) return PublishYear() + *time.year_offset;
    return YearOfPart(last_month);
  };
  switch (time.form) {
    case Form::kYear:
      return Period::Year(time.year);
    case Form::kYears:
      return Span(time.first, time.last != 0 ? time.last : std::max(time.first, LastFullYear()));
    case Form::kMonths: {
      const int year = year_of(time.last);
      if (time.first == time.last) return Period::Month(year, time.first);
      if (time.first == 1 && time.last == 12) return Period::Year(year);
      return Period::Months(year, time.first, year, time.last);
    }
    case Form::kHalf:
      return Period::Half(year_of(time.first * 6), time.first);
    case Form::kQuarter:
      return Period::Quarter(year_of(time.first * 3), time.first);
    case Form::kDay:
      // The last day of a year closes its books.
      if (time.first == 12 && time.day == 31) return Period::Year(year_of(12));
      return Period::Day(DayYear(time), time.first, time.day);
    case Form::kPlan:
      return PlanYears(time.first);
    case Form::kPlanEnd:
      return Period::Year(PlanYears(time.first).last_year());
    case Form::kPastYears: {
      const std::optional<Period>& named = sentence_;
      const int last =
          named && named->granularity() == Granularity::kYear ? named->last_year() : LastFullYear();
      return Span(last - time.first + 1, last);
    }
    case Form::kNextYears: {
      // A congress that meets at the end of a year speaks of the five that follow.
      const bool year_ends =
          publish_.granularity() != Granularity::kYear && publish_.last_day().month() >= 10;
      int first = PublishYear() + (year_ends ? 1 : 0);
      if (time.first == kTermYears) {
        for (int end = first; end <= first + kTermYears; ++end) {
          const std::optional<Period> plan = PlanEnding(end);
          if (plan && plan->first_year() >= first) return plan;
        }
      }
      return Span(first, first + time.first - 1);
    }
    case Form::kYearOffset: {
      const std::optional<Period> current = Current();
      if (time.is_year_before && current && current->granularity() != Granularity::kYears) {
        return Period::Year(current->last_year() - 1);
      }
      return Period::Year(PublishYear() + time.first);
    }
    case Form::kContextYear:
      return Period::Year(ContextYear());
    case Form::kNow:
      return Period::Year(publish_.first_year());
    case Form::kRunning:
      break;
  }
  return std::nullopt;
}

void Timeline::Observe(const TimeExpression& time) {
  if (time.is_report) {
    report_year_ = time.year;
    sentence_ = paragraph_ = document_ = std::nullopt;
    return;
  }
  const std::optional<Period> period = Resolve(time);
  if (!period) return;
  const bool present = time.form == Form::kDay || time.form == Form::kNow ||
                       (time.form == Form::kYearOffset && time.first == 0);
  speaks_of_present_ |= present && publish_.granularity() == Granularity::kDay &&
                        !YearHasJustBegun() && period->last_year() == publish_.last_year();
  sentence_ = period;
  if (time.form == Form::kNow || time.is_year_before) return;
  if (time.form == Form::kDay) {
    if (!document_ && !paragraph_) paragraph_ = period;
    return;
  }
  const Granularity granularity = period->granularity();
  // 1—7月…。7月当月…: what follows is again of all seven months; a paragraph that opens with July
  // is about July.
  const std::optional<Period> held = paragraph_ ? paragraph_ : document_;
  if (held && IsPartOf(*period, *held)) {
    if (opens_paragraph_) paragraph_ = period;
    return;
  }
  if (granularity == Granularity::kMonth || granularity == Granularity::kYears ||
      IsFuture(*period)) {
    paragraph_ = period;
    return;
  }
  // What happened long ago is told in one sentence.
  if (period->last_year() < LastFullYear() - 1 && time.form == Form::kYear) {
    opening_ = opens_paragraph_ ? period : std::nullopt;
    return;
  }
  // In a review of years, a part of one is an aside.
  if (is_term_review_ && granularity != Granularity::kYear && !opens_paragraph_) {
    paragraph_ = period;
    return;
  }
  paragraph_ = std::nullopt;
  document_ = period;
}

void Timeline::NoteBase(const TimeExpression& time) {
  const std::optional<Period> base = Resolve(time);
  const std::optional<Period> now = Current();
  if (!base || base->granularity() != Granularity::kYear || IsFuture(*base)) return;
  if (base->last_year() + 1 >= (now ? now->last_year() : DefaultYear())) return;
  sentence_from_ = document_base_ = base->last_year();
}

// Without any stated time: of the last full year, or of this one in news of it.
int Timeline::DefaultYear() const {
  return speaks_of_present_ ? publish_.first_year() : LastFullYear();
}

void Timeline::ForgetDay() {
  for (std::optional<Period>* held : {&sentence_, &paragraph_}) {
    if (*held && (*held)->granularity() == Granularity::kDay) held->reset();
  }
}

// A paragraph that opens with the figures of an old year is about that year.
void Timeline::HoldOpening() {
  if (opening_ && sentence_ == opening_) paragraph_ = opening_;
  opens_paragraph_ = false;
}

void Timeline::EndSentence() {
  opens_paragraph_ = false;
  opening_ = std::nullopt;
  sentence_ = std::nullopt;
  sentence_base_ = std::nullopt;
  sentence_from_ = std::nullopt;
}

void Timeline::EndParagraph(bool promises) {
  EndSentence();
  if (!promises || !paragraph_ || !IsFuture(*paragraph_)) paragraph_ = std::nullopt;
  opens_paragraph_ = true;
}

Period Timeline::AverageSpan(int last_year, bool is_target) const {
  const std::optional<Period> plan = PlanEnding(last_year);
  if (is_target) {
    const int year = PublishYear();
    // 到2026年…, said in 2021 or 2022: the five years of the coming term.
    const int ahead = last_year - year;
    if (!plan && (ahead == kTermYears - 1 || ahead == kTermYears)) {
      return Span(last_year - kTermYears + 1, last_year);
    }
    if (plan && plan->first_year() - 1 <= year) return *plan;
    return Span(std::min(year, last_year), last_year);
  }
  if (is_term_review_ && document_base_ && *document_base_ < last_year) {
    return Span(*document_base_ + 1, last_year);
  }
  if (plan) return *plan;
  return Span(last_year - kTermYears + 1, last_year);
}

// A promise without a year is for the year of the report, or for the next one when the report comes
// at the end of a year.
Period Timeline::TargetDefault() const {
  const bool year_ends =
      publish_.granularity() != Granularity::kYear && publish_.last_day().month() >= 11;
  return Period::Year(PublishYear() + (year_ends && report_year_ == 0 ? 1 : 0));
}

PeriodAnswer Timeline::Answer(const PeriodQuestion& question) const {
  std::optional<Period> period;
  if (question.own != nullptr) period = Resolve(*question.own);
  const bool stated_here = period.has_value() || sentence_.has_value();
  if (!period) period = Current();
  PeriodAnswer answer;
  answer.assumed = !period.has_value();
  if (question.is_target && (!period || (!stated_here && !IsFuture(*period)))) {
    period = TargetDefault();
  }
  const bool is_span = period && period->granularity() == Granularity::kYears;
  const int last_year = period ? period->last_year() : DefaultYear();
  if (question.running != nullptr) {
    if (is_span && question.measure != Measure::kAverageGrowth) {
      answer.period = *period;
      return answer;
    }
    answer.period = Span(last_year - question.running->first + 1, last_year);
    return answer;
  }
  if (question.measure == Measure::kAverageGrowth) {
    const bool from_base = sentence_from_ && *sentence_from_ < last_year &&
                           (!is_span || *sentence_from_ >= period->first_year());
    answer.period = from_base ? Span(*sentence_from_ + 1, last_year)
                    : is_span ? *period
                              : AverageSpan(last_year, question.is_target);
    return answer;
  }
  const std::optional<Period> base =
      question.base != nullptr ? Resolve(*question.base) : sentence_base_;
  if (base && IsAccumulating(question.measure) && base->last_year() < last_year &&
      (!period || period->granularity() == Granularity::kYear || is_span)) {
    const bool own_base = question.base != nullptr;
    answer.period = Span(base->last_year() + (own_base ? 0 : 1), last_year);
    return answer;
  }
  // 到2025年…降低18%: over the plan.
  if (question.is_target && IsAccumulating(question.measure) && period && IsFuture(*period) &&
      period->granularity() == Granularity::kYear) {
    const std::optional<Period> plan = PlanEnding(last_year);
    if (plan && plan->first_year() >= PublishYear()) {
      answer.period = *plan;
      return answer;
    }
  }
  const bool accumulates = question.is_flow || IsAccumulating(question.measure);
  if (is_span) {
    answer.period = accumulates ? *period : Period::Year(last_year);
    return answer;
  }
  const bool adds_up = question.is_term_flow || IsAccumulating(question.measure);
  const bool of_the_term = is_term_review_ && adds_up && !question.is_target &&
                           question.own == nullptr &&
                           (!period || period->granularity() == Granularity::kYear);
  if (of_the_term && (!sentence_ || question.is_sum)) {
    answer.period = AverageSpan(last_year, false);
    return answer;
  }
  answer.period = period ? *period : Period::Year(last_year);
  return answer;
}

}  // namespace cityinfo::metrics
