#include "services/metrics/domain/extraction/numeral.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace cityinfo::metrics {
namespace {

constexpr int kMaxDigits = 24;
constexpr int kMaxChinese = 24;

int ChineseDigit(char32_t c) {
  switch (c) {
    case U'〇':
    case U'零':
    case U'○':
      return 0;
    case U'一':
      return 1;
    case U'二':
    case U'两':
      return 2;
    case U'三':
      return 3;
    case U'四':
      return 4;
    case U'五':
      return 5;
    case U'六':
      return 6;
    case U'七':
      return 7;
    case U'八':
      return 8;
    case U'九':
      return 9;
    default:
      return -1;
  }
}

constexpr long long kLargest = 1'000'000'000'000'000'000;

// a * b, or more than kLargest when that is too large to be a number of ours.
long long Multiply(long long a, long long b) {
  return a > kLargest / (b > 0 ? b : 1) ? kLargest + 1 : a * b;
}

// 二十三万五千 -> 235000. Digits one after another (二〇二一) are read as they stand. More than
// kLargest for what is no number (亿亿亿).
long long ChineseInteger(const SourceText& text, int begin, int end) {
  long long total = 0;
  long long section = 0;
  long long digit = -1;
  for (int i = begin; i < end; ++i) {
    const int d = ChineseDigit(text.at(i));
    if (d >= 0) {
      digit = digit > 0 || (digit == 0 && i > begin) ? Multiply(digit, 10) + d : d;
      if (digit > kLargest) return digit;
      continue;
    }
    const long long power = ChinesePower(text.at(i));
    if (power >= 10000) {
      section += digit > 0 ? digit : 0;
      if (section == 0) section = total > 0 ? 0 : 1;
      if (section == 0) {
        total = Multiply(total, power);  // 三万亿
      } else {
        total += Multiply(section, power);
      }
      section = 0;
    } else {
      section += Multiply(digit > 0 ? digit : 1, power);
    }
    digit = -1;
    if (total > kLargest || section > kLargest) return kLargest + 1;
  }
  return total + section + (digit > 0 ? digit : 0);
}

// 11 924元: a group of three digits that a space sets off, directly before 元 or another unit that
// goes with large numbers.
bool IsSpacedGroup(const SourceText& text, int at) {
  for (int i = at; i < at + 3; ++i) {
    if (!IsDigit(text.at(i)) || (i > at && text.gap_before(i))) return false;
  }
  // 12 409.7亿元
  int end = at + 3;
  if (text.at(end) == U'.') {
    for (++end; IsDigit(text.at(end)) && end < at + 8; ++end) {
    }
  }
  static constexpr char32_t kUnits[] = U"元万亿人吨亩户";
  for (const char32_t* unit = kUnits; *unit != 0; ++unit) {
    if (*unit == text.at(end)) return true;
  }
  return false;
}

}  // namespace

long long ChinesePower(char32_t c) {
  switch (c) {
    case U'十':
      return 10;
    case U'百':
      return 100;
    case U'千':
      return 1000;
    case U'万':
      return 10000;
    case U'亿':
      return 100000000;
    default:
      return 0;
  }
}

bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool IsChineseNumeral(char32_t c) { return ChineseDigit(c) >= 0 || ChinesePower(c) > 0; }

Numeral ReadArabic(const SourceText& text, int begin) {
  Numeral numeral;
  numeral.begin = numeral.end = begin;
  if (!IsDigit(text.at(begin))) return numeral;
  const auto joins = [&](int i) { return i == begin || !text.gap_before(i); };
  int i = begin;
  bool point = false;
  bool grouped = false;
  while (true) {
    const char32_t c = text.at(i);
    if (IsDigit(c) && joins(i)) {
      if (text.joined_before(i) && i > begin) numeral.joined = true;
      numeral.digits.push_back(static_cast<char>(c));
      ++i;
    } else if (IsDigit(c) && !point && IsSpacedGroup(text, i) &&
               (grouped || numeral.digits.size() <= 3)) {
      numeral.digits.push_back(static_cast<char>(c));
      numeral.joined = grouped = true;
      ++i;
    } else if (c == U',' && !point && IsDigit(text.at(i + 1)) && IsDigit(text.at(i + 2)) &&
               IsDigit(text.at(i + 3)) && !IsDigit(text.at(i + 4)) && i > begin &&
               !text.gap_before(i + 2) && !text.gap_before(i + 3) && numeral.digits.size() <= 12 &&
               (grouped || numeral.digits.size() <= 3)) {
      numeral.digits.push_back(static_cast<char>(text.at(i + 1)));
      grouped = true;
      i += 2;
    } else if (c == U'.' && !point && IsDigit(text.at(i + 1))) {
      point = true;
      numeral.digits.push_back('.');
      numeral.digits.push_back(static_cast<char>(text.at(i + 1)));
      i += 2;
    } else {
      break;
    }
  }
  numeral.end = i;
  if (numeral.digits.size() > static_cast<size_t>(kMaxDigits)) numeral.digits.clear();
  return numeral;
}

Numeral ReadChinese(const SourceText& text, int begin) {
  Numeral numeral;
  numeral.begin = begin;
  numeral.chinese = true;
  int i = begin;
  while (i - begin < kMaxChinese && IsChineseNumeral(text.at(i))) ++i;
  numeral.end = i;
  if (i == begin) return numeral;
  const long long value = ChineseInteger(text, begin, i);
  if (value <= kLargest) numeral.digits = absl::StrCat(value);
  if (text.at(i) == U'点' && ChineseDigit(text.at(i + 1)) >= 0 && !numeral.digits.empty()) {
    numeral.digits.push_back('.');
    for (++i; i - begin < kMaxChinese && ChineseDigit(text.at(i)) >= 0; ++i) {
      numeral.digits.push_back(static_cast<char>('0' + ChineseDigit(text.at(i))));
    }
    numeral.end = i;
  }
  return numeral;
}

int SmallInteger(const Numeral& numeral) {
  if (!numeral || numeral.digits.empty() || numeral.digits.size() > 4) return -1;
  int value = 0;
  for (char c : numeral.digits) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace cityinfo::metrics
