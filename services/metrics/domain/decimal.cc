#include "services/metrics/domain/decimal.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

absl::Status Invalid(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text.substr(0, 80), "\" is not a decimal number: ", why));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Compares two digit strings of integers without leading zeros.
int CompareMagnitude(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

// a + b, both of the same length.
std::string AddDigits(const std::string& a, const std::string& b) {
  std::string sum(a.size() + 1, '0');
  int carry = 0;
  for (size_t i = a.size(); i-- > 0;) {
    const int digit = (a[i] - '0') + (b[i] - '0') + carry;
    sum[i + 1] = static_cast<char>('0' + digit % 10);
    carry = digit / 10;
  }
  sum[0] = static_cast<char>('0' + carry);
  return sum;
}

// a - b, both of the same length, a >= b.
std::string SubtractDigits(const std::string& a, const std::string& b) {
  std::string difference(a.size(), '0');
  int borrow = 0;
  for (size_t i = a.size(); i-- > 0;) {
    int digit = (a[i] - '0') - (b[i] - '0') - borrow;
    borrow = digit < 0 ? 1 : 0;
    difference[i] = static_cast<char>('0' + (digit < 0 ? digit + 10 : digit));
  }
  return difference;
}

// The whole part of dividend / divisor, and whether what is left is half of the divisor or more.
// Schoolbook long division: a digit of the dividend at a time.
std::string DivideDigits(const std::string& dividend, const std::string& divisor, bool& round_up) {
  std::string quotient;
  std::string rest;  // without leading zeros, always less than the divisor between two digits
  const auto less = [&divisor](const std::string& value) {
    return CompareMagnitude(value, divisor) < 0;
  };
  const auto subtract = [&divisor](std::string& value) {
    value = SubtractDigits(value, std::string(value.size() - divisor.size(), '0') + divisor);
    value.erase(0, value.find_first_not_of('0'));  // npos erases all: nothing is left
  };
  for (const char next : dividend) {
    if (!rest.empty() || next != '0') rest.push_back(next);
    char digit = '0';
    for (; !less(rest); ++digit) subtract(rest);
    quotient.push_back(digit);
  }
  std::string twice = AddDigits(rest, rest);
  twice.erase(0, twice.find_first_not_of('0'));
  round_up = !less(twice);
  return quotient;
}

}  // namespace

Decimal::Decimal(bool negative, std::string digits, int scale)
    : negative_(negative), scale_(scale) {
  size_t end = digits.size();
  while (end > 0 && digits[end - 1] == '0') {
    --end;
    --scale_;
  }
  size_t begin = 0;
  while (begin < end && digits[begin] == '0') ++begin;
  digits_ = digits.substr(begin, end - begin);
  if (digits_.size() > static_cast<size_t>(kMaxDigits)) {
    scale_ -= static_cast<int>(digits_.size()) - kMaxDigits;
    digits_.resize(kMaxDigits);
  }
  if (digits_.empty()) {
    negative_ = false;
    scale_ = 0;
  }
}

absl::StatusOr<Decimal> Decimal::Parse(absl::string_view text) {
  absl::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  std::string digits;
  int scale = 0;
  bool after_point = false;
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '.') {
      if (after_point || i == 0 || i + 1 == rest.size()) {
        return Invalid(text, "a decimal point stands once, between digits");
      }
      after_point = true;
    } else if (IsDigit(rest[i])) {
      if (digits.size() == static_cast<size_t>(kMaxDigits)) {
        return Invalid(text, absl::StrCat("it has more than ", kMaxDigits, " digits"));
      }
      digits.push_back(rest[i]);
      if (after_point) ++scale;
    } else {
      return Invalid(text, "only digits, one point and a leading sign are allowed");
    }
  }
  if (digits.empty()) return Invalid(text, "it has no digits");
  return Decimal(negative, std::move(digits), scale);
}

Decimal Decimal::FromInteger(long long value) {
  std::string digits = absl::StrCat(value);
  const bool negative = value < 0;
  if (negative) digits.erase(0, 1);
  return Decimal(negative, std::move(digits), 0);
}

Decimal Decimal::Times(const Decimal& other) const {
  if (is_zero() || other.is_zero()) return Decimal();
  std::vector<int> product(digits_.size() + other.digits_.size(), 0);
  for (size_t i = digits_.size(); i-- > 0;) {
    for (size_t j = other.digits_.size(); j-- > 0;) {
      const int cell = product[i + j + 1] + (digits_[i] - '0') * (other.digits_[j] - '0');
      product[i + j + 1] = cell % 10;
      product[i + j] += cell / 10;
    }
  }
  std::string digits(product.size(), '0');
  for (size_t i = 0; i < product.size(); ++i) digits[i] = static_cast<char>('0' + product[i]);
  return Decimal(negative_ != other.negative_, std::move(digits), scale_ + other.scale_);
}

Decimal Decimal::Plus(const Decimal& other) const {
  if (is_zero()) return other;
  if (other.is_zero()) return *this;
  const int scale = std::max(scale_, other.scale_);
  std::string a = digits_ + std::string(scale - scale_, '0');
  std::string b = other.digits_ + std::string(scale - other.scale_, '0');
  const int order = CompareMagnitude(a, b);
  const size_t width = std::max(a.size(), b.size());
  a.insert(0, width - a.size(), '0');
  b.insert(0, width - b.size(), '0');
  if (negative_ == other.negative_) return Decimal(negative_, AddDigits(a, b), scale);
  if (order >= 0) return Decimal(negative_, SubtractDigits(a, b), scale);
  return Decimal(other.negative_, SubtractDigits(b, a), scale);
}

Decimal Decimal::Negated() const {
  Decimal result = *this;
  if (!result.is_zero()) result.negative_ = !negative_;
  return result;
}

std::optional<Decimal> Decimal::DividedBy(const Decimal& divisor, int places) const {
  if (divisor.is_zero()) return std::nullopt;
  if (is_zero()) return Decimal();
  // The quotient counted in units of its last place: digits * 10^shift / divisor's digits.
  const int shift = places - scale_ + divisor.scale_;
  std::string numerator = digits_ + std::string(std::max(shift, 0), '0');
  const std::string denominator = divisor.digits_ + std::string(std::max(-shift, 0), '0');
  bool round_up = false;
  Decimal quotient(false, DivideDigits(numerator, denominator, round_up), places);
  if (round_up) quotient = quotient.Plus(Decimal(false, "1", places));
  return negative_ == divisor.negative_ ? quotient : quotient.Negated();
}

int Decimal::Compare(const Decimal& other) const {
  const Decimal difference = Minus(other);
  if (difference.is_zero()) return 0;
  return difference.negative_ ? -1 : 1;
}

std::string Decimal::ToString() const {
  if (is_zero()) return "0";
  std::string text = digits_;
  if (scale_ <= 0) {
    text.append(-scale_, '0');
  } else if (static_cast<size_t>(scale_) < text.size()) {
    text.insert(text.size() - scale_, ".");
  } else {
    text.insert(0, "0." + std::string(scale_ - text.size(), '0'));
  }
  return negative_ ? "-" + text : text;
}

double Decimal::ToDouble() const {
  double value = 0;
  // A decimal of at most 60 digits and the exponents that Parse admits always fits a double.
  if (!absl::SimpleAtod(ToString(), &value)) return 0;
  return value;
}

}  // namespace cityinfo::metrics
