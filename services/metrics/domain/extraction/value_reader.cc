#include "services/metrics/domain/extraction/value_reader.h"

#include <algorithm>
#include <string>

#include "services/metrics/domain/catalogue/folding.h"
#include "services/metrics/domain/extraction/numeral.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestUnit = 12;

bool IsAsciiLetter(char32_t c) { return c >= U'A' && c <= U'Z'; }

bool StandsAt(const SourceText& text, int at, const char32_t* word) {
  for (int i = 0; word[i] != 0; ++i) {
    if (text.at(at + i) != word[i]) return false;
  }
  return true;
}

int Length(const char32_t* word) {
  int n = 0;
  while (word[n] != 0) ++n;
  return n;
}

template <size_t N>
int LengthOfAny(const SourceText& text, int at, const char32_t* const (&words)[N]) {
  for (const char32_t* word : words) {
    if (StandsAt(text, at, word)) return Length(word);
  }
  return 0;
}

// Words behind a unit that make a class of things out of a number: 百亿级, 100强, 千亿元产业.
bool MakesClass(const SourceText& text, int at) {
  static constexpr const char32_t* kWords[] = {U"级",   U"强",   U"规模", U"俱乐部",
                                               U"产业", U"能级", U"园区"};
  return LengthOfAny(text, at, kWords) > 0;
}

// A number followed by one of these counts time, names a thing, or is a part of a name.
bool IsNoQuantity(const SourceText& text, int at) {
  static constexpr const char32_t* kWords[] = {
      U"年",       U"月",       U"日",       U"号",     U"时",     U"分钟",   U"分",     U"秒",
      U"届",       U"周",       U"世纪",     U"楼",     U"层",     U"级",     U"期",     U"版",
      U"章",       U"后",       U"前",       U"大",     U"小时",   U"个月",   U"个小时", U"个年头",
      U"个省区市", U"个省份",   U"个省(",    U"星",     U"强",     U"方面",   U"连",     U"多年",
      U"余年",     U"多个月",   U"A级",      U"以",     U"代",     U"折",     U"声",     U"位数",
      U"部门",     U"中全会",   U"大报告",   U"个方面", U"个维度", U"千伏",   U"个半",   U"个星期",
      U"个工作日", U"个百分之", U"个多小时", U"个多月", U"多小时", U"余小时", U"多分钟", U"余分钟",
      U"个部门"};
  return LengthOfAny(text, at, kWords) > 0;
}

// 年日照时数1340小时: hours are an amount where the words before say so.
bool CountsHours(const SourceText& text, int begin) {
  for (int i = begin - 1; i > begin - 8; --i) {
    if (StandsAt(text, i, U"时数") || StandsAt(text, i, U"时长")) return true;
  }
  return false;
}

void ReadBound(const SourceText& text, ValueToken& value) {
  struct Word {
    const char32_t* text;
    Qualifier bound;
  };
  static constexpr Word kWords[] = {
      {U"左右", Qualifier::kAbout},     {U"上下", Qualifier::kAbout},
      {U"及以上", Qualifier::kAtLeast}, {U"(含)以上", Qualifier::kAtLeast},
      {U"以上", Qualifier::kAtLeast},   {U"以内", Qualifier::kAtMost},
      {U"及以下", Qualifier::kAtMost},  {U"以下", Qualifier::kAtMost},
      {U"之内", Qualifier::kAtMost},    {U"多", Qualifier::kOver},
      {U"余", Qualifier::kOver}};
  value.bound = value.is_over ? Qualifier::kOver : Qualifier::kExact;
  value.bound_end = value.end;
  for (const Word& word : kWords) {
    if (!StandsAt(text, value.end, word.text)) continue;
    value.bound = word.bound;
    value.bound_end = value.end + Length(word.text);
    return;
  }
}

void Classify(ValueToken& value) {
  if (value.base_unit == "%" || value.base_unit == "‰") {
    value.unit_class = UnitClass::kPercent;
  } else if (value.base_unit == "个百分点" || value.base_unit == "个千分点") {
    value.unit_class = UnitClass::kPoints;
  } else if (value.base_unit == "倍" || value.base_unit == "番") {
    value.unit_class = UnitClass::kTimes;
  }
}

// 三成, 七成以上: tenths; not 第三成立, 十成果.
bool IsTenths(const SourceText& text, int at, const Numeral& number) {
  if (text.at(at) != U'成' || SmallInteger(number) < 1 || SmallInteger(number) > 10) return false;
  static constexpr char32_t kWords[] = U"立员果功都本熟长年交套品绩就型分效";
  for (const char32_t* c = kWords; *c != 0; ++c) {
    if (*c == text.at(at + 1)) return false;
  }
  return true;
}

// Whether the unit counts things (个, 座, 户) rather than measures an amount.
bool IsCounter(absl::string_view base_unit) {
  static constexpr const char* kAmounts[] = {"元", "美元", "欧元", "港元", "日元", "英镑",
                                             "m²", "m³",   "kg",   "kWh",  "kW",   "m",
                                             "mm", "天",   "岁",   "℃",    "小时", "吨标准煤"};
  for (const char* amount : kAmounts) {
    if (base_unit == amount) return false;
  }
  return true;
}

// 元/月, 吨标准煤/万元: what stands under the line belongs to the unit.
void ReadDenominator(const SourceText& text, const Catalogue& catalogue, ValueToken& value) {
  if (text.at(value.unit_end) != U'/') return;
  int at = value.unit_end + 1;
  static constexpr const char32_t* kTimes[] = {U"年",    U"月",   U"日",   U"天",
                                               U"人·月", U"人月", U"小时", U"秒"};
  int length = LengthOfAny(text, at, kTimes);
  if (length == 0) {
    while (ChinesePower(text.at(at + length)) > 0) ++length;
    const PhraseTrie::Match match = catalogue.unit_names().Longest(
        text.data(), at + length, std::min(text.size(), at + length + 6));
    if (!match) return;
    length += match.length;
  }
  value.base_unit += "/" + text.Printed(at, at + length);
  value.unit_end = at + length;
  value.end = value.unit_end;
}

// Reads multiplier and unit at `at`. Returns false when there is neither.
bool ReadUnit(const SourceText& text, int at, const Catalogue& catalogue, ValueToken& value) {
  const auto longest = [&](int from) {
    return catalogue.unit_names().Longest(text.data(), from,
                                          std::min(text.size(), from + kLongestUnit));
  };
  if (text.at(at) == U'多' || text.at(at) == U'余' || text.at(at) == U'几') {
    value.is_over = true;
    ++at;
  }
  value.unit_begin = at;
  PhraseTrie::Match match = longest(at);
  Decimal multiplier = Decimal::FromInteger(1);
  int powers = 0;
  if (!match) {
    while (powers < 4 && ChinesePower(text.at(at)) > 0) {
      multiplier = multiplier.Times(Decimal::FromInteger(ChinesePower(text.at(at))));
      ++at;
      ++powers;
      match = longest(at);
      if (match) break;
    }
    if (powers > 0 && (text.at(at) == U'多' || text.at(at) == U'余') && longest(at + 1)) {
      value.is_over = true;
      ++at;
      match = longest(at);
    }
    if (powers == 0) return false;
  }
  // 度 alone is a temperature or an angle; 万度 is electricity.
  if (match.length == 1 && text.at(at) == U'度' && powers == 0) return false;
  value.factor = multiplier;
  value.unit_end = value.end = at;
  if (!match) return true;
  value.unit_end = value.end = at + match.length;
  const std::optional<Unit> unit = catalogue.ResolveUnit(text.Printed(at, value.unit_end));
  if (!unit) return true;
  value.base_unit = unit->base_unit;
  value.factor = multiplier.Times(unit->factor);
  value.is_counter = unit->factor == Decimal::FromInteger(1) && IsCounter(unit->base_unit);
  ReadDenominator(text, catalogue, value);
  return true;
}

// 百分之八, 百分之五点九.
ValueReading ReadPercentInWords(const SourceText& text, int begin) {
  ValueReading reading;
  reading.end = begin + 3;
  ValueToken value;
  value.number =
      IsDigit(text.at(begin + 3)) ? ReadArabic(text, begin + 3) : ReadChinese(text, begin + 3);
  if (!value.number || value.number.digits.empty()) return reading;
  value.begin = begin;
  value.end = value.number.end;
  value.unit_begin = begin;
  value.unit_end = begin + 3;
  value.base_unit = "%";
  value.unit_class = UnitClass::kPercent;
  ReadBound(text, value);
  reading.end = value.bound_end;
  reading.value = value;
  return reading;
}

bool IsNegative(const SourceText& text, int begin) {
  const char32_t sign = text.at(begin - 1);
  if (sign != U'-' && sign != U'—') return false;
  const char32_t before = text.at(begin - 2);
  return before == U'长' || before == U'为' || before == U'(' || before == U'达' ||
         before == U'速' || before == U'幅' || before == U'到' || before == U'、';
}

// Chinese numbers are figures only where small talk does not use them: not 两个, 三公里, 千亿元.
bool IsStrongUnit(const ValueToken& value) {
  if (value.base_unit.empty()) return false;
  const bool round = value.number.digits.find_first_not_of("0", 1) == std::string::npos &&
                     value.number.end - value.number.begin <= 2 && value.number.digits.size() > 2;
  // 一亩收入, 一番: one of a thing is small talk, once over is not.
  const bool one = value.number.digits == "1" && value.unit_class == UnitClass::kAmount;
  if (round || one) return false;
  if (value.unit_class != UnitClass::kAmount) return true;
  if (!value.is_counter)
    return value.factor != Decimal::FromInteger(1) || value.number.end - value.number.begin > 1;
  return value.number.digits.size() >= 3;
}

}  // namespace

ValueReading ReadValue(const SourceText& text, int begin, const Catalogue& catalogue) {
  ValueReading reading;
  reading.end = begin;
  if (StandsAt(text, begin, U"百分之")) return ReadPercentInWords(text, begin);
  const bool arabic = IsDigit(text.at(begin));
  ValueToken value;
  value.number = arabic ? ReadArabic(text, begin) : ReadChinese(text, begin);
  if (!value.number) return reading;
  reading.end = value.number.end;
  if (value.number.digits.empty()) return reading;
  const bool in_word = arabic && IsAsciiLetter(text.at(begin - 1)) && !text.gap_before(begin);
  if (in_word || text.at(begin - 1) == U'第') return reading;
  value.begin = begin;
  value.negative = IsNegative(text, begin);
  if (value.negative) --value.begin;
  value.end = value.unit_begin = value.unit_end = value.number.end;
  if (IsTenths(text, value.number.end, value.number)) {
    value.end = value.unit_end = value.number.end + 1;
    value.base_unit = "%";
    value.factor = Decimal::FromInteger(10);
    value.unit_class = UnitClass::kPercent;
    ReadBound(text, value);
    reading.end = value.bound_end;
    reading.value = value;
    return reading;
  }
  if (!ReadUnit(text, value.number.end, catalogue, value)) {
    if (IsNoQuantity(text, value.number.end) || IsAsciiLetter(text.at(value.number.end)))
      return reading;
    reading.bare = arabic;
    if (arabic) reading.value = value;
    return reading;
  }
  if (value.base_unit == "小时" && CountsHours(text, begin)) {
    ReadBound(text, value);
    reading.end = value.bound_end;
    reading.value = value;
    return reading;
  }
  // 11.5年 is a length of time, never a date.
  const bool years = value.base_unit == "年" && value.number.digits.find('.') != std::string::npos;
  if (IsNoQuantity(text, value.number.end) && value.base_unit != "%" && !years) return reading;
  if (MakesClass(text, value.end)) {
    reading.end = value.end;
    return reading;
  }
  Classify(value);
  // The Chinese numeral has eaten the multiplier; its digits carry it already.
  if (!arabic && !IsStrongUnit(value)) return reading;
  ReadBound(text, value);
  reading.end = value.bound_end;
  reading.value = value;
  return reading;
}

}  // namespace cityinfo::metrics
