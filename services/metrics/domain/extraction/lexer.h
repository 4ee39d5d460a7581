#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/decimal.h"
#include "services/metrics/domain/extraction/lexicon.h"
#include "services/metrics/domain/extraction/numeral.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/extraction/time_expression.h"
#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// What the unit of a value makes of it.
enum class UnitClass {
  kAmount,   // 亿元, 万人, 座, or only 万
  kPercent,  // %, ‰, 成
  kPoints,   // 个百分点
  kTimes,    // 倍, 番
  kRank,     // 第5位
  kRatio,    // one part of 10:38:52
};

// A number with its unit.
struct ValueToken {
  Numeral number;
  UnitClass unit_class = UnitClass::kAmount;
  int unit_begin = 0;  // characters of the SourceText; equal: no unit printed
  int unit_end = 0;
  std::string base_unit;  // "" when the unit is unknown or only a multiplier
  Decimal factor = Decimal::FromInteger(1);
  bool negative = false;
  bool is_over = false;       // 20余万, 30多亿
  bool is_counter = false;    // 个, 座, 家…: what is counted may follow
  bool unit_follows = false;  // the unit stands on a later value of the list
  int begin = 0;              // with sign, without 第
  int end = 0;                // behind the unit
  // Suffix words behind the unit (左右, 以上): their bound and where they end.
  Qualifier bound = Qualifier::kExact;
  int bound_end = 0;
  // Of a range: the index of the value that is its upper end, -1 for none; and whether this value
  // is the upper end of the value before.
  int upper = -1;
  bool is_upper = false;
};

enum class TokenKind {
  kTime,       // index into times
  kValue,      // index into values
  kCue,        // index is a Cue
  kName,       // index is an indicator of the catalogue
  kPlace,      // index is a place of the catalogue
  kComma,      // ,
  kListComma,  // 、
  kSemicolon,
  kColon,
  kStop,  // 。 and the end of a line
  kOpen,  // a bracket around a remark with numbers: a clause of its own
  kClose,
};

struct Token {
  TokenKind kind;
  int begin = 0;  // characters of the SourceText
  int end = 0;
  int index = 0;
};

struct TokenStream {
  std::vector<Token> tokens;  // in order, without overlap; plain text lies between them
  std::vector<TimeExpression> times;
  std::vector<ValueToken> values;
};

// One pass over the text. Numbers that are no figures (dates, 第十届, A4, 5G, telephone numbers)
// become no tokens.
TokenStream Tokenize(const SourceText& text, const Catalogue& catalogue);

}  // namespace cityinfo::metrics
