#include "services/metrics/domain/conflict.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/printed_precision.h"

namespace cityinfo::metrics {
namespace {

// What a statement allows: the numbers from low to high, an end being open when it is absent.
struct Allowed {
  std::optional<Decimal> low, high;

  bool Meets(const Allowed& other) const {
    return !(high.has_value() && other.low.has_value() && *high < *other.low) &&
           !(low.has_value() && other.high.has_value() && *other.high < *low);
  }
  Allowed WidenedBy(const Decimal& slack) const {
    Allowed wide = *this;
    if (wide.low.has_value()) wide.low = wide.low->Minus(slack);
    if (wide.high.has_value()) wide.high = wide.high->Plus(slack);
    return wide;
  }
};

std::optional<Decimal> NumberOf(const std::string& text) {
  const absl::StatusOr<Decimal> number = Decimal::Parse(text);
  return number.ok() ? std::optional<Decimal>(*number) : std::nullopt;
}

bool IsRange(const StatedValue& value) { return value.qualifier == Qualifier::kRange; }

// Without rounding. `promised`: the bound words say nothing.
Allowed NumbersOf(const StatedValue& value, const Decimal& number, bool promised) {
  if (IsRange(value)) return {.low = number, .high = NumberOf(value.exact_value_high)};
  if (promised) return {.low = number, .high = number};
  switch (value.qualifier) {
    case Qualifier::kAtLeast:
    case Qualifier::kOver:
      return {.low = number, .high = std::nullopt};
    case Qualifier::kAtMost:
      return {.low = std::nullopt, .high = number};
    default:
      return {.low = number, .high = number};
  }
}

// How far the words leave it open.
Decimal SlackOf(const StatedValue& value, const Decimal& number, bool promised) {
  const Decimal rounding = HalfOfLastDigit(value);
  if (promised || value.qualifier != Qualifier::kAbout) return rounding;
  const Decimal hundredth =
      (number.is_negative() ? number.Negated() : number).Times(*Decimal::Parse("0.01"));
  return std::max(rounding, hundredth);
}

}  // namespace

bool Contradict(Kind kind, const StatedValue& a, const StatedValue& b) {
  if (a.unit != b.unit) return true;
  const std::optional<Decimal> first = NumberOf(a.exact_value);
  const std::optional<Decimal> second = NumberOf(b.exact_value);
  if (!first.has_value() || !second.has_value()) return a.exact_value != b.exact_value;
  const bool promised = kind != Kind::kActual;
  if (promised && IsRange(a) != IsRange(b)) return true;
  const Decimal slack_a = SlackOf(a, *first, promised);
  const Decimal slack_b = SlackOf(b, *second, promised);
  const Allowed allowed_a = NumbersOf(a, *first, promised);
  const Allowed allowed_b = NumbersOf(b, *second, promised);
  if (promised && IsRange(a)) {
    // Two promised ranges agree end by end.
    const auto apart = [&](const std::optional<Decimal>& x, const std::optional<Decimal>& y) {
      if (!x.has_value() || !y.has_value()) return x.has_value() != y.has_value();
      const Decimal difference = x->Minus(*y);
      return std::max(slack_a, slack_b) <
             (difference.is_negative() ? difference.Negated() : difference);
    };
    return apart(allowed_a.low, allowed_b.low) || apart(allowed_a.high, allowed_b.high);
  }
  return !allowed_a.WidenedBy(slack_a).Meets(allowed_b) &&
         !allowed_a.Meets(allowed_b.WidenedBy(slack_b));
}

}  // namespace cityinfo::metrics
