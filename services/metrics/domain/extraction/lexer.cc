#include "services/metrics/domain/extraction/lexer.h"

#include <algorithm>
#include <optional>

#include "services/metrics/domain/extraction/value_reader.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestWord = 40;    // of catalogue names and cues
constexpr int kLongestRemark = 40;  // characters between brackets
constexpr int kLongestBasis = 20;   // characters of 按…计算

class Lexer {
 public:
  Lexer(const SourceText& text, const Catalogue& catalogue) : text_(text), catalogue_(catalogue) {}

  TokenStream Run() && {
    while (at_ < text_.size()) {
      const int before = at_;
      if (!TakePunctuation() && !TakeTime() && !TakeRank() && !TakeRatio() && !TakeNumber())
        TakeWord();
      if (at_ == before) ++at_;
    }
    ShareUnits();
    return std::move(stream_);
  }

 private:
  // 8.2、9和10%: the values before the last take its unit.
  void ShareUnits() {
    for (size_t i = stream_.values.size(); i-- > 1;) {
      const ValueToken& from = stream_.values[i];
      ValueToken& to = stream_.values[i - 1];
      // 8.2个和5.5个百分点
      const bool points =
          to.base_unit == "个" && from.unit_class == UnitClass::kPoints && from.begin - to.end <= 1;
      if (!points && (!to.unit_follows || from.unit_begin == from.unit_end)) continue;
      to.unit_class = from.unit_class;
      to.base_unit = from.base_unit;
      to.factor = from.factor;
      to.unit_begin = from.unit_begin;
      to.unit_end = from.unit_end;
    }
  }

  void Add(TokenKind kind, int end, int index = 0) {
    stream_.tokens.push_back(Token{kind, at_, end, index});
    at_ = end;
  }

  bool TakePunctuation() {
    switch (text_.at(at_)) {
      case U',':
        Add(TokenKind::kComma, at_ + 1);
        return true;
      case U'、':
        Add(TokenKind::kListComma, at_ + 1);
        return true;
      case U';':
        Add(TokenKind::kSemicolon, at_ + 1);
        return true;
      case U':':
        Add(TokenKind::kColon, at_ + 1);
        return true;
      case U'。':
      case U'!':
      case U'?':
      case U'\n':
        Add(TokenKind::kStop, at_ + 1);
        return true;
      case U'(':
        if (!IsRemarkWithNumbers()) return false;
        Add(TokenKind::kOpen, at_ + 1);
        return true;
      case U')':
        if (!in_remark_) return false;
        in_remark_ = false;
        Add(TokenKind::kClose, at_ + 1);
        return true;
      default:
        return false;
    }
  }

  // (同比增长5%) is a clause; (不含农户) is part of a name.
  bool IsRemarkWithNumbers() {
    for (int i = at_ + 1; i < at_ + kLongestRemark && i < text_.size(); ++i) {
      if (text_.at(i) == U')') return false;
      if (IsDigit(text_.at(i)) && text_.at(i - 1) != U'.' &&
          !(text_.at(i - 1) >= U'A' && text_.at(i - 1) <= U'Z')) {
        in_remark_ = true;
        return true;
      }
    }
    return false;
  }

  bool TakeTime() {
    const std::optional<TimeExpression> time = ReadTime(text_, at_);
    if (!time) return false;
    stream_.times.push_back(*time);
    Add(TokenKind::kTime, time->end, static_cast<int>(stream_.times.size()) - 1);
    return true;
  }

  // 第5位, 第三(behind a word of rank): the number is a rank.
  bool TakeRank() {
    if (text_.at(at_) != U'第') return false;
    ValueToken value;
    value.number =
        IsDigit(text_.at(at_ + 1)) ? ReadArabic(text_, at_ + 1) : ReadChinese(text_, at_ + 1);
    if (!value.number || SmallInteger(value.number) < 1) return false;
    const char32_t next = text_.at(value.number.end);
    const bool has_unit = next == U'位' || next == U'名';
    const bool after_rank = !stream_.tokens.empty() &&
                            stream_.tokens.back().kind == TokenKind::kCue &&
                            stream_.tokens.back().index == static_cast<int>(Cue::kRank) &&
                            at_ - stream_.tokens.back().end <= 6;
    // 第一位朋友, 第3名选手: one of a row of people.
    const char32_t behind = text_.at(value.number.end + 1);
    const bool alone = behind == U',' || behind == U'。' || behind == U';' || behind == U'、' ||
                       behind == U')' || behind == U'\n' || behind == 0;
    if (has_unit && !after_rank && !alone) return false;
    if (!has_unit &&
        !(after_rank && (next == U',' || next == U'。' || next == U';' || next == U'、'))) {
      return false;
    }
    value.unit_class = UnitClass::kRank;
    value.base_unit = "位";
    value.begin = value.number.begin;
    value.unit_begin = value.number.end;
    value.unit_end = value.end = value.bound_end = value.number.end + (has_unit ? 1 : 0);
    stream_.values.push_back(value);
    at_ = value.begin;
    Add(TokenKind::kValue, value.end, static_cast<int>(stream_.values.size()) - 1);
    return true;
  }

  // 10.2:38.1:51.7
  bool TakeRatio() {
    if (!IsDigit(text_.at(at_)) || IsDigit(text_.at(at_ - 1)) || text_.at(at_ - 1) == U'.')
      return false;
    Numeral parts[3];
    int at = at_;
    for (int i = 0; i < 3; ++i) {
      parts[i] = ReadArabic(text_, at);
      if (!parts[i] || parts[i].digits.empty()) return false;
      at = parts[i].end;
      if (i < 2 && text_.at(at++) != U':') return false;
    }
    if (text_.at(at) == U':') return false;
    for (const Numeral& part : parts) {
      ValueToken value;
      value.number = part;
      value.unit_class = UnitClass::kRatio;
      value.base_unit = "%";
      value.begin = part.begin;
      value.unit_begin = value.unit_end = value.end = value.bound_end = part.end;
      stream_.values.push_back(value);
      at_ = part.begin;
      Add(TokenKind::kValue, part.end, static_cast<int>(stream_.values.size()) - 1);
    }
    return true;
  }

  bool TakeNumber() {
    const char32_t c = text_.at(at_);
    if (!IsDigit(c) && !IsChineseNumeral(c)) return false;
    if (!IsDigit(c) && TakeWord()) return true;  // 一般公共预算收入
    ValueReading reading = ReadValue(text_, at_, catalogue_);
    if (reading.value && reading.bare) return TakeBareNumber(reading);
    if (!reading.value) {
      at_ = std::max(reading.end, at_ + 1);
      return true;
    }
    AddValue(*reading.value);
    return true;
  }

  void AddValue(const ValueToken& value) {
    stream_.values.push_back(value);
    const int index = static_cast<int>(stream_.values.size()) - 1;
    at_ = value.begin;
    Add(TokenKind::kValue, std::max(value.end, value.bound_end), index);
    // The upper end of a range: —6.5%.
    int next = at_;
    while (text_.at(next) == U'-' || text_.at(next) == U'—' || text_.at(next) == U'~') ++next;
    if (next == at_ && (text_.at(next) == U'至' ||
                        (text_.at(next) == U'到' && value.base_unit == "%" && !StartsFrom()))) {
      ++next;
    }
    if (next == at_ || !IsDigit(text_.at(next)) || value.is_upper) return;
    ValueReading upper = ReadValue(text_, next, catalogue_);
    if (!upper.value || upper.bare) return;
    upper.value->is_upper = true;
    upper.value->negative = false;
    upper.value->begin = next;
    stream_.values[index].upper = static_cast<int>(stream_.values.size());
    AddValue(*upper.value);
  }

  // 从10%到20% are two values; 提高10%到20% is a range. The last token is the value.
  bool StartsFrom() const {
    constexpr size_t kNearest = 3;  // tokens
    const size_t count = stream_.tokens.size();
    for (size_t i = count; i-- > (count > kNearest ? count - kNearest : 0);) {
      const Token& token = stream_.tokens[i];
      if (token.kind == TokenKind::kCue && token.index == static_cast<int>(Cue::kFrom)) return true;
    }
    return false;
  }

  // A number without a unit has one when it begins a range (6—6.5%) or a list whose last value has
  // the unit (8.2、10%); otherwise it may still be an index (指数为102.3) and is kept as a value
  // without unit for the clause to judge.
  bool TakeBareNumber(const ValueReading& reading) {
    ValueToken value = *reading.value;
    int next = value.end;
    bool list = false;
    while (text_.at(next) == U'-' || text_.at(next) == U'—' || text_.at(next) == U'~') ++next;
    if (next == value.end) {
      const char32_t c = text_.at(next);
      list = c == U'、' || c == U'和';
      if (list || c == U'至') ++next;
    }
    if (next > value.end && IsDigit(text_.at(next))) {
      const ValueReading after = ReadValue(text_, next, catalogue_);
      if (after.value && (!after.bare || list)) {
        value.unit_follows = true;
        value.bound_end = value.end;
        value.unit_class = after.value->unit_class;
        value.base_unit = after.value->base_unit;
        value.factor = after.value->factor;
        if (!list) {
          value.unit_begin = after.value->unit_begin;
          value.unit_end = after.value->unit_end;
        }
        AddValue(value);
        return true;
      }
    }
    value.bound_end = value.end;
    AddValue(value);
    return true;
  }

  bool TakeWord() {
    const int end = std::min(text_.size(), at_ + kLongestWord);
    const PhraseTrie::Match name = catalogue_.indicator_names().Longest(text_.data(), at_, end);
    const PhraseTrie::Match cue = CueWords().Longest(text_.data(), at_, end);
    if (name && name.length >= cue.length) {
      Add(TokenKind::kName, at_ + name.length, name.value);
      return true;
    }
    const PhraseTrie::Match place = catalogue_.place_names().Longest(text_.data(), at_, end);
    if (place && place.length >= cue.length) {
      Add(TokenKind::kPlace, at_ + place.length, place.value);
      return true;
    }
    if (!cue) return TakeBasis();
    const auto what = static_cast<Cue>(cue.value);
    if (what == Cue::kScope && NamesRank(at_ + cue.length)) {
      at_ += cue.length;
      return true;
    }
    if (what == Cue::kYearOnYear && NamesPartOfYear(cue.length)) {
      ++at_;
    } else if (what == Cue::kPlain || (what == Cue::kGain && !StandsAlone())) {
      at_ += cue.length;
    } else {
      Add(TokenKind::kCue, at_ + cue.length,
          what == Cue::kGain ? static_cast<int>(Cue::kNet) : cue.value);
    }
    return true;
  }

  // 省级重点项目, 其中省级11个: how high a thing ranks, not whose it is; 省级一般公共预算收入 is
  // the province's.
  bool NamesRank(int end) const {
    if (text_.at(end - 1) != U'级' || text_.at(end - 2) == U'本') return false;
    static constexpr const char32_t* kFiscal[] = {U"一般", U"政府", U"国有", U"社会", U"财政",
                                                  U"预算", U"收入", U"支出", U"税收", U"安排",
                                                  U"完成", U"基金", U"公共"};
    for (const char32_t* word : kFiscal) {
      if (text_.at(end) == word[0] && text_.at(end + 1) == word[1]) return false;
    }
    return true;
  }

  // 比上年四季度: not the year before is compared with but the time that begins behind 比.
  bool NamesPartOfYear(int length) const {
    const char32_t c = text_.at(at_);
    if (c != U'比' && c != U'较' && c != U'与') return false;
    const std::optional<TimeExpression> time = ReadTime(text_, at_ + 1);
    return time && time->end > at_ + length && time->form != TimeExpression::Form::kYearOffset;
  }

  // 同比增收5万元 says by how much a subject moved, 户均增收5万元 is a subject of its own.
  bool StandsAlone() const {
    if (stream_.tokens.empty()) return at_ == 0;
    const Token& before = stream_.tokens.back();
    if (before.end != at_) return false;
    return before.kind == TokenKind::kComma || before.kind == TokenKind::kListComma ||
           before.kind == TokenKind::kValue ||
           (before.kind == TokenKind::kCue && before.index == static_cast<int>(Cue::kYearOnYear));
  }

  // 按平均汇率计算, 剔除留抵退税因素后: how a value was worked out names nothing, whatever stands
  // in it.
  bool TakeBasis() {
    const char32_t first = text_.at(at_);
    const bool excludes = (first == U'剔' || first == U'扣') && text_.at(at_ + 1) == U'除';
    if (first != U'按' && !excludes) return false;
    static constexpr const char32_t* kEnds[] = {U"计算", U"折算", U"换算",
                                                U"测算", U"因素", U"影响"};
    for (int i = at_ + 1; i + 1 < std::min(text_.size(), at_ + kLongestBasis); ++i) {
      const char32_t c = text_.at(i);
      if (c == U',' || c == U'。' || c == U';' || c == U'\n') return false;
      for (const char32_t* word : kEnds) {
        if (c != word[0] || text_.at(i + 1) != word[1]) continue;
        // 按…影响 is no way to work anything out, 扣除…计算 is none to leave anything out.
        if (excludes != (word == kEnds[4] || word == kEnds[5])) continue;
        const char32_t behind = text_.at(i + 2);
        const int end = i + 2 + (excludes && (behind == U'后' || behind == U'外') ? 1 : 0);
        Add(TokenKind::kCue, end, static_cast<int>(Cue::kAdverb));
        return true;
      }
    }
    return false;
  }

  const SourceText& text_;
  const Catalogue& catalogue_;
  TokenStream stream_;
  int at_ = 0;
  bool in_remark_ = false;
};

}  // namespace

TokenStream Tokenize(const SourceText& text, const Catalogue& catalogue) {
  return Lexer(text, catalogue).Run();
}

}  // namespace cityinfo::metrics
