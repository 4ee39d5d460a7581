#include "services/metrics/domain/extraction/figure_builder.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "services/metrics/domain/extraction/written_name.h"

namespace cityinfo::metrics {
namespace {

// A quote is a sentence; of a very long one, this many characters around the value.
constexpr int kLongestQuote = 400;
constexpr char kNation[] = "100000";

struct Weight {
  Doubt doubt;
  const char* name;
  double weight;
};
constexpr Weight kWeights[] = {{Doubt::kNoIndicator, "NO_INDICATOR", 0.5},
                               {Doubt::kUnknownIndicator, "UNKNOWN_INDICATOR", 0.2},
                               {Doubt::kInheritedSubject, "INHERITED_SUBJECT", 0.05},
                               {Doubt::kAssumedPeriod, "ASSUMED_PERIOD", 0.25},
                               {Doubt::kUnknownPlace, "UNKNOWN_PLACE", 0.3},
                               {Doubt::kUnevenList, "UNEVEN_LIST", 0.4},
                               {Doubt::kUnknownUnit, "UNKNOWN_UNIT", 0.3},
                               {Doubt::kBrokenByLine, "BROKEN_BY_LINE", 0.2},
                               {Doubt::kImplausible, "IMPLAUSIBLE", 0.5}};

bool IsChangeVerb(char32_t verb) {
  // 提高, 提升, 削减, 压减, 降低, 减少: by how much something was moved, not a yearly growth.
  return verb == U'高' || verb == U'升' || verb == U'减' || verb == U'低' || verb == U'少';
}

// 总投资, 补助资金: spent over the time spoken of.
bool IsMoneySpent(const std::string& name) {
  for (absl::string_view end : {"总投资", "完成投资", "资金", "贷款"}) {
    if (absl::EndsWith(name, end)) return true;
  }
  return false;
}

}  // namespace

absl::string_view ToString(Doubt doubt) { return kWeights[static_cast<int>(doubt)].name; }

ExtractedFigure FigureBuilder::Build(const Statement& statement) const {
  const ValueToken& value = stream_.values[statement.value];
  ExtractedFigure figure;
  if (statement.subject.indicator >= 0 && !statement.of_budget) {
    figure.indicator = catalogue_.indicators()[statement.subject.indicator].id;
  }
  figure.indicator_text = WriteOut(statement.subject.text, statement.place_code == kNation);
  figure.place_code = statement.place_code;
  figure.measure = MeasureOf(statement, value);
  const bool likely_target =
      statement.value_is_target || statement.predicate.target || statement.sentence_target;
  PeriodAnswer answer = PeriodOf(statement, figure.measure, likely_target);
  figure.kind = KindOf(statement, answer.period);
  if (figure.kind == Kind::kTarget && !likely_target)
    answer = PeriodOf(statement, figure.measure, true);
  if (figure.kind == Kind::kActual && likely_target)
    answer = PeriodOf(statement, figure.measure, false);
  figure.period = answer.period;
  // What is only promised was not accounted for.
  if (figure.kind == Kind::kActual) figure.stage = statement.stage;
  SetValue(statement, figure);
  SetQuote(statement, value, figure);
  SetDoubt(statement, answer.assumed, figure);
  return figure;
}

// 2023年…比2022年增长4%: the base is the same time of the year before.
bool FigureBuilder::IsYearBefore(const Predicate& predicate) const {
  const std::optional<Period> base = timeline_.Resolve(*TimeAt(predicate.base_time));
  const std::optional<Period> now = timeline_.Current();
  return base && now && base->granularity() == now->granularity() &&
         base->granularity() != Period::Granularity::kYears &&
         base->last_year() + 1 == now->last_year();
}

Measure FigureBuilder::GrowthMeasure(const Predicate& predicate) const {
  if (predicate.average) return Measure::kAverageGrowth;
  if (predicate.sequential) return Measure::kChange;
  if (predicate.base_time >= 0) {
    return IsYearBefore(predicate) ? Measure::kYoyGrowth : Measure::kChange;
  }
  if (predicate.year_on_year || predicate.growth_noun) return Measure::kYoyGrowth;
  const std::optional<Period> current = timeline_.Current();
  const bool span = current && current->granularity() == Period::Granularity::kYears;
  if (span || (timeline_.is_term_review() && IsChangeVerb(predicate.verb))) return Measure::kChange;
  return Measure::kYoyGrowth;
}

Measure FigureBuilder::MeasureOf(const Statement& statement, const ValueToken& value) const {
  const Predicate& predicate = statement.predicate;
  const bool moves = predicate.rise || predicate.fall;
  switch (value.unit_class) {
    case UnitClass::kPoints:
      return Measure::kChange;
    case UnitClass::kTimes:
      return Measure::kMultiple;
    case UnitClass::kRank:
      return Measure::kRank;
    case UnitClass::kRatio:
      return Measure::kShare;
    case UnitClass::kPercent:
      break;
    case UnitClass::kAmount:
      if (predicate.from) return Measure::kLevel;
      return predicate.net || (moves && !predicate.reach) ? Measure::kChange : Measure::kLevel;
  }
  if (predicate.from) return Measure::kShare;
  // 增产1.2%
  if (predicate.net && !predicate.reach && !predicate.share) return GrowthMeasure(predicate);
  if (predicate.average || statement.growth_follows ||
      (predicate.growth_noun && !predicate.share) || (moves && !statement.of_budget)) {
    return GrowthMeasure(predicate);
  }
  const bool index = statement.subject.indicator >= 0 &&
                     catalogue_.indicators()[statement.subject.indicator].base_unit.empty();
  // 食品类价格指数为100.8%: an index is no share.
  const std::string& name = statement.subject.text;
  const bool named_index = name.size() >= 6 && name.compare(name.size() - 6, 6, "指数") == 0;
  if (named_index && predicate.reach && !predicate.share) return Measure::kLevel;
  return index && value.number.digits.size() >= 3 && predicate.reach ? Measure::kLevel
                                                                     : Measure::kShare;
}

bool FigureBuilder::IsFlow(const Statement& statement) const {
  const Predicate& predicate = statement.predicate;
  const UnitClass unit = stream_.values[statement.value].unit_class;
  if (unit == UnitClass::kPercent || unit == UnitClass::kRank || unit == UnitClass::kRatio)
    return false;
  // 累计达到 is a state, 累计完成 is a sum.
  if (predicate.cumulative) return !predicate.reach || predicate.action;
  return predicate.action || statement.subject.is_flow || IsMoneySpent(statement.subject.text);
}

PeriodAnswer FigureBuilder::PeriodOf(const Statement& statement, Measure measure,
                                     bool is_target) const {
  const Predicate& predicate = statement.predicate;
  PeriodQuestion question;
  question.measure = measure;
  question.is_target = is_target;
  question.is_term_flow = IsFlow(statement);
  question.is_flow = question.is_term_flow || predicate.founding;
  question.is_sum = predicate.cumulative && question.is_term_flow;
  // 增长4.2倍 over the span spoken of; 同比增长4.2倍 is of its year.
  if (measure == Measure::kMultiple && predicate.rise && !predicate.year_on_year &&
      timeline_.is_term_review()) {
    question.measure = Measure::kChange;
  }
  question.own = TimeAt(predicate.own_time);
  question.base = TimeAt(predicate.base_time);
  question.running = TimeAt(predicate.running_time);
  if (!predicate.from) return timeline_.Answer(question);
  // The first value of from–to stands for the time before.
  if (question.base != nullptr) {
    const std::optional<Period> base = timeline_.Resolve(*question.base);
    if (base) return {*base, false};
  }
  question.base = nullptr;
  // “十三五”以来由3家发展到26家: the year before the span.
  const std::optional<Period> current = timeline_.Current();
  if (current && current->granularity() == Period::Granularity::kYears) {
    return {Period::Year(current->first_year() - 1), false};
  }
  const PeriodAnswer now = timeline_.Answer(question);
  const std::optional<int>& base = timeline_.DocumentBase();
  if (base && !question.is_target && *base < now.period.last_year()) {
    return {Period::Year(*base), true};
  }
  const int back = timeline_.is_term_review() ? 5 : 1;
  return {Period::Year(now.period.last_year() - back), true};
}

Kind FigureBuilder::KindOf(const Statement& statement, const Period& period) const {
  const Predicate& predicate = statement.predicate;
  if (statement.value_is_target) return Kind::kTarget;
  // 由640元提高到670元: what is left behind is a fact, even in a plan.
  if (predicate.from && !timeline_.IsFuture(period)) return Kind::kActual;
  if (timeline_.IsFuture(period)) {
    return predicate.forecast && !predicate.target && !statement.sentence_target ? Kind::kForecast
                                                                                 : Kind::kTarget;
  }
  if (predicate.target) return Kind::kTarget;
  // A budget that allots this year's money, an estimate of a year that has just begun.
  const bool whole_year = period.granularity() == Period::Granularity::kYear &&
                          period.last_year() >= timeline_.PublishYear();
  if (predicate.allots && whole_year && timeline_.IsBudgetTime()) return Kind::kTarget;
  if (predicate.forecast && whole_year && timeline_.YearHasJustBegun()) return Kind::kForecast;
  if (!statement.sentence_target) return Kind::kActual;
  // 比上年, 累计 and a past time tell of what happened, whatever was promised before.
  const TimeExpression* own = TimeAt(predicate.own_time);
  const std::optional<Period> stated =
      own != nullptr ? timeline_.Resolve(*own) : timeline_.SentencePeriod();
  if (!stated) return predicate.already ? Kind::kActual : Kind::kTarget;
  return stated && stated->last_year() < timeline_.PublishYear() ? Kind::kActual : Kind::kTarget;
}

PrintedValue FigureBuilder::Print(const ValueToken& value, int begin, int end,
                                  bool negative) const {
  PrintedValue printed;
  printed.printed = text_.Verbatim(begin, end);
  printed.span = text_.Span(begin, end);
  absl::StatusOr<Decimal> number = Decimal::Parse(value.number.digits);
  if (!number.ok()) return printed;
  Decimal exact = number->Times(value.factor);
  if (negative) exact = exact.Negated();
  printed.exact_value = exact.ToString();
  printed.value = exact.ToDouble();
  return printed;
}

void FigureBuilder::SetValue(const Statement& statement, ExtractedFigure& figure) const {
  const ValueToken& value = stream_.values[statement.value];
  const bool signed_measure = figure.measure == Measure::kYoyGrowth ||
                              figure.measure == Measure::kAverageGrowth ||
                              figure.measure == Measure::kChange;
  const bool negative = value.negative || (signed_measure && statement.predicate.fall);
  const bool is_range = value.upper >= 0;
  const int end = is_range ? stream_.values[value.upper].end : value.end;
  figure.value = Print(value, value.begin, end, negative);
  figure.unit = text_.Printed(value.unit_begin, value.unit_end);
  if (figure.unit == "百分之") figure.unit = "%";
  if (value.is_over) {
    // 1万余亩: 万亩 is the unit.
    for (absl::string_view word : {"余", "多"}) {
      const size_t at = figure.unit.find(std::string(word));
      if (at != std::string::npos) figure.unit.erase(at, word.size());
    }
  }
  figure.base_unit = value.base_unit;
  if (value.base_unit.empty() && statement.subject.indicator >= 0) {
    figure.base_unit = catalogue_.indicators()[statement.subject.indicator].base_unit;
  }
  figure.qualifier = value.bound != Qualifier::kExact ? value.bound : statement.predicate.bound;
  if (!is_range) return;
  const ValueToken& upper = stream_.values[value.upper];
  figure.upper = Print(upper, upper.begin, upper.end, negative);
  figure.qualifier = Qualifier::kRange;
}

void FigureBuilder::SetQuote(const Statement& statement, const ValueToken& value,
                             ExtractedFigure& figure) const {
  int begin = statement.sentence_begin;
  int end = statement.sentence_end;
  if (end - begin > kLongestQuote) {
    begin = std::max(begin, std::min(statement.clause_begin, value.begin) - kLongestQuote / 4);
    begin = std::max(begin, value.begin - kLongestQuote / 2);
    end = std::min(end, value.begin + kLongestQuote / 2);
  }
  figure.quote_span = text_.Span(begin, end);
  figure.quote = text_.Verbatim(begin, end);
}

void FigureBuilder::SetDoubt(const Statement& statement, bool assumed_period,
                             ExtractedFigure& figure) const {
  const ValueToken& value = stream_.values[statement.value];
  const auto add = [&figure](bool holds, Doubt doubt) {
    if (holds) figure.reasons.push_back(doubt);
  };
  add(figure.indicator_text.empty(), Doubt::kNoIndicator);
  add(figure.indicator.empty() && !figure.indicator_text.empty(), Doubt::kUnknownIndicator);
  add(statement.inherited, Doubt::kInheritedSubject);
  add(assumed_period, Doubt::kAssumedPeriod);
  add(statement.unknown_place, Doubt::kUnknownPlace);
  add(statement.uneven_list, Doubt::kUnevenList);
  add(value.base_unit.empty(), Doubt::kUnknownUnit);
  add(value.number.joined || text_.joined_before(value.unit_begin), Doubt::kBrokenByLine);
  const double size = std::fabs(figure.value.value);
  const bool percent = value.unit_class == UnitClass::kPercent;
  add(percent && ((figure.measure == Measure::kShare && size > 100 && !statement.of_budget) ||
                  size > 1000),
      Doubt::kImplausible);
  for (Doubt doubt : figure.reasons) figure.doubt += kWeights[static_cast<int>(doubt)].weight;
  figure.doubt = std::min(1.0, figure.doubt);
}

}  // namespace cityinfo::metrics
