#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::metrics {

// An exact decimal number of up to kMaxDigits digits: what a newspaper prints is what is stored and
// compared, never a binary approximation of it. An immutable value; zero is never negative.
//
//   Decimal::Parse("281.76")->Times(*Decimal::Parse("100000000")).ToString() == "28176000000"
class Decimal {
 public:
  static constexpr int kMaxDigits = 60;

  Decimal() = default;  // zero

  // Reads [-+]digits[.digits]; nothing else (no exponent, no separators, no spaces). Fails with
  // INVALID_ARGUMENT, also for more than kMaxDigits digits.
  static absl::StatusOr<Decimal> Parse(absl::string_view text);
  static Decimal FromInteger(long long value);

  // Exact. A result with more than kMaxDigits digits is cut towards zero after its decimal point.
  Decimal Times(const Decimal& other) const;
  Decimal Plus(const Decimal& other) const;
  Decimal Minus(const Decimal& other) const { return Plus(other.Negated()); }
  Decimal Negated() const;

  // The quotient with at most so many digits after the decimal point (0 or more), the last one
  // rounded, halves away from zero: 1/8 to two places is 0.13, -1/8 is -0.13. Rounded once, from
  // the exact quotient. Nothing for a divisor of zero.
  std::optional<Decimal> DividedBy(const Decimal& divisor, int places) const;

  bool is_zero() const { return digits_.empty(); }
  bool is_negative() const { return negative_; }

  // <0, 0 or >0.
  int Compare(const Decimal& other) const;
  friend bool operator==(const Decimal& a, const Decimal& b) { return a.Compare(b) == 0; }
  friend bool operator!=(const Decimal& a, const Decimal& b) { return a.Compare(b) != 0; }
  friend bool operator<(const Decimal& a, const Decimal& b) { return a.Compare(b) < 0; }

  // The one canonical text of the number: no leading or trailing zeros, no "-0", no exponent.
  std::string ToString() const;

  // The nearest double: for plotting and for formulas that are marked as computed.
  double ToDouble() const;

 private:
  Decimal(bool negative, std::string digits, int scale);

  bool negative_ = false;
  std::string digits_;  // most significant first, no zeros at either end; empty is zero
  int scale_ = 0;       // value = digits * 10^-scale; negative for trailing zeros
};

}  // namespace cityinfo::metrics
