#pragma once

#include <string>

#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {

// A number as it stands in the text.
struct Numeral {
  int begin = 0;         // characters of the SourceText
  int end = 0;           // begin == end: there is no number here
  std::string digits;    // what Decimal::Parse reads: "44343.9"
  bool chinese = false;  // written in characters: 二十三万 gives "230000"
  bool joined = false;   // it stands on two lines
  explicit operator bool() const { return end > begin; }
};

bool IsDigit(char32_t c);
// 〇 to 九, 两, 十, 百, 千, 万, 亿.
bool IsChineseNumeral(char32_t c);

// The Arabic number that begins at `begin`: digits, groups of three after commas, one decimal
// point. Spaces around the point are forgiven, spaces between digits separate. At most kMaxDigits
// digits are a number; longer ones give none (and `end` behind them, with no digits).
Numeral ReadArabic(const SourceText& text, int begin);

// The Chinese number that begins at `begin`, as far as it reaches: 三, 二十三万, 一点五, 二〇二一.
// Words like 十分 and 一些 are numbers to this function; what follows decides.
Numeral ReadChinese(const SourceText& text, int begin);

// The value of a Chinese number of at most four digits ("十三", "二〇二一", "5"), -1 for none.
int SmallInteger(const Numeral& numeral);

// The power of ten that 十, 百, 千, 万 or 亿 stands for; 0 for any other character.
long long ChinesePower(char32_t c);

}  // namespace cityinfo::metrics
