#include "services/metrics/domain/printed_precision.h"

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"

namespace cityinfo::metrics {
namespace {

constexpr int kFactorPlaces = 12;  // units are whole or 666.67; a factor of 10^-12 is none

// A number as printed: its digits, and how many of them stand after the decimal point.
struct PrintedNumber {
  std::string digits;  // "281.76", without sign
  int decimals = 0;
};

// ASCII for what can be part of a number, 0 for everything else.
char NumberCharacter(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<char>(c);
  if (c >= U'０' && c <= U'９') return static_cast<char>('0' + (c - U'０'));
  if (c == U'.' || c == U'．') return '.';
  if (c == U',' || c == U'，') return ',';
  if (c == U' ' || c == U'\n' || c == U'\r' || c == U'\u3000') return ' ';
  return 0;
}

PrintedNumber FirstNumber(absl::string_view printed) {
  PrintedNumber number;
  bool point = false;
  for (size_t offset = 0; offset < printed.size();) {
    const char c = NumberCharacter(base::DecodeCodePoint(printed, &offset));
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      number.digits.push_back(c);
      if (point) ++number.decimals;
    } else if (c == '.' && !number.digits.empty() && !point) {
      number.digits.push_back(c);
      point = true;
    } else if (c == ' ' || (c == ',' && !number.digits.empty() && !point)) {
      continue;  // 1,191.52, or broken over two lines
    } else if (!number.digits.empty()) {
      break;
    }
  }
  if (point && number.decimals == 0) number.digits.pop_back();
  return number;
}

// 10^-decimals / 2.
Decimal HalfUnit(int decimals) {
  return *Decimal::Parse(absl::StrCat("0.", std::string(static_cast<size_t>(decimals), '0'), "5"));
}

int DecimalsOf(const std::string& exact_value) {
  const size_t point = exact_value.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(exact_value.size() - point - 1);
}

}  // namespace

Decimal HalfOfLastDigit(const StatedValue& value) {
  const absl::StatusOr<Decimal> exact = Decimal::Parse(value.exact_value);
  const PrintedNumber printed = FirstNumber(value.printed);
  const absl::StatusOr<Decimal> number = Decimal::Parse(printed.digits);
  if (exact.ok() && number.ok() && printed.decimals < Decimal::kMaxDigits) {
    if (number->is_zero() && exact->is_zero()) return HalfUnit(printed.decimals);
    const Decimal magnitude = exact->is_negative() ? exact->Negated() : *exact;
    // How many base units the printed unit is: 亿元 is 100000000 元.
    const std::optional<Decimal> factor = magnitude.DividedBy(*number, kFactorPlaces);
    if (factor.has_value() && factor->Times(*number) == magnitude) {
      return factor->Times(HalfUnit(printed.decimals));
    }
  }
  return HalfUnit(DecimalsOf(value.exact_value));
}

}  // namespace cityinfo::metrics
