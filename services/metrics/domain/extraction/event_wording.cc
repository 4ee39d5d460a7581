#include "services/metrics/domain/extraction/event_wording.h"

#include <algorithm>

#include "services/metrics/domain/extraction/numeral.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestWord = 12;  // of the lexicon

}  // namespace

bool EventWording::HasPlanBefore(int clause, int at) const {
  return Holds(PlanWords(), {std::max(clause, at - 6), at});
}

// What stands right before or behind a date may make it another thing than the day of an event.
bool EventWording::MayDateAnEvent(const EventDate& date) const {
  const char32_t before = text_.at(date.begin - 1);
  if (IsOneOf(before, U"比较到至-—~/和与及同跟对向把距离过从前后第逢约的每、")) return false;
  // 2021年13月, 9月40日: a number that is no day makes the whole no date.
  if (date.precision != DatePrecision::kDay && IsDigit(text_.at(date.end))) return false;
  const bool since = before == U'自';
  const char32_t next = text_.at(date.end);
  if (since && next != U'起') return false;
  if (IsOneOf(next, U"的前后以来度版级届款期第电讯、-—~/至到间末底和与及")) return false;
  static constexpr const char32_t* kNames[] = {
      U"之前",     U"之后", U"之间",     U"报道",   U"消息",   U"出生",  U"年度",
      U"全国两会", U"春节", U"工作报告", U"下半年", U"上半年", U"中旬以"};
  for (const char32_t* name : kNames) {
    if (IsAt(text_, date.end, name)) return false;
  }
  return true;
}

// Behind the date: (5日), 起, 上午, 9时30分, 星期三, commas.
int EventWording::SkipTimeOfDay(int at) const {
  static constexpr const char32_t* kParts[] = {
      U"上午", U"下午", U"中午",   U"凌晨",     U"清晨",     U"早上", U"晚间", U"晚上",
      U"傍晚", U"深夜", U"夜间",   U"当天",     U"当日",     U"当晚", U"左右", U"许",
      U"晚",   U"起",   U"正式起", U"北京时间", U"当地时间", U"前后"};
  for (bool moved = true; moved;) {
    moved = false;
    if (text_.at(at) == U'(') {
      for (int i = at + 1; i < at + 14; ++i) {
        if (EndsSentence(text_.at(i))) break;
        if (text_.at(i) != U')') continue;
        at = i + 1;
        moved = true;
        break;
      }
    }
    for (const char32_t* part : kParts) {
      if (!IsAt(text_, at, part)) continue;
      at += LengthOf(part);
      moved = true;
    }
    if (IsAt(text_, at, U"星期")) {
      at += 3;
      moved = true;
    }
    int digits = at;
    while (digits < at + 2 && IsDigit(text_.at(digits))) ++digits;
    if (digits > at && IsOneOf(text_.at(digits), U"时点分:")) {
      at = digits + 1;
      moved = true;
    }
    if (text_.at(at) == U',' && !moved) {
      ++at;
      moved = true;
    }
  }
  return at;
}

// 今天发布的…, 今年是…50周年: the date says which thing, not when something happened.
bool EventWording::NamesAThing(int tail) const {
  if (IsOneOf(text_.at(tail), U"的是为") || IsAt(text_, tail, U"包括") ||
      IsAt(text_, tail, U"随着")) {
    return true;
  }
  const PhraseTrie::Match match =
      EventWords().Longest(text_.data(), tail, std::min(text_.size(), tail + kLongestWord));
  return match && text_.at(tail + match.length) == U'的';
}

// 根据2020年…印发的…
bool EventWording::CitesARule(int clause) const {
  static constexpr const char32_t* kWords[] = {U"根据", U"依据", U"依照", U"按照", U"截至",
                                               U"截止", U"据",   U"自从", U"相比"};
  for (const char32_t* word : kWords) {
    if (IsAt(text_, clause, word)) return true;
  }
  return false;
}

// 普京24日称，… and 记者获悉 tell of words, not of events.
bool EventWording::Reports(TextRange range) const {
  for (int i = range.begin; i < range.end; ++i) {
    const char32_t c = text_.at(i);
    if ((c == U'说' || c == U'称') && (EndsClause(text_.at(i + 1)) || i + 1 == range.end)) {
      return true;
    }
  }
  return IsOneOf(text_.at(range.begin), U"称说") || Holds(ReportWords(), range);
}

// The first word that says what happened, up to `end`.
std::optional<EventVerb> EventWording::FindVerb(int begin, int end) const {
  for (int i = begin; i < end; ++i) {
    const PhraseTrie::Match match =
        EventWords().Longest(text_.data(), i, std::min(text_.size(), i + kLongestWord));
    if (!match) continue;
    const auto kind = static_cast<EventWord>(match.value);
    const int behind = i + match.length;
    if (behind > end) return std::nullopt;
    if (kind == EventWord::kPlain || IsNoun(i, behind)) {
      i = behind - 1;
      continue;
    }
    return EventVerb{kind, i, behind};
  }
  return std::nullopt;
}

bool EventWording::Happens(const EventDate& date, const EventVerb& verb, TextRange told,
                           bool comma) const {
  if (date.precision == DatePrecision::kDay) {
    // 24日，累计完成…: a count of a day.
    return verb.kind != EventWord::kDoing || !IsAt(text_, verb.begin, U"完成") ||
           !Counts(told, verb);
  }
  if (verb.kind == EventWord::kDoing) return false;
  const bool names_thing = verb.kind == EventWord::kGathering || verb.kind == EventWord::kIssue;
  if (names_thing && date.precision == DatePrecision::kYear && !comma &&
      !IsOneOf(text_.at(date.begin - 1), U"于在")) {
    return false;
  }
  return !IsLasting(verb) && !Intends(told.begin) && !Counts(told, verb);
}

// …时, …后: what happened then is told in the clause that follows.
bool EventWording::IsSubordinate(int begin, int end) const {
  static constexpr const char32_t* kEnds[] = {U"期间", U"周年", U"至今", U"以来"};
  for (const char32_t* word : kEnds) {
    if (IsAt(text_, end - 2, word)) return true;
  }
  if (IsOneOf(text_.at(end - 1), U"上中")) return text_.at(begin) == U'在';
  return IsOneOf(text_.at(end - 1), U"时后际前");
}

// 发表声明说, 公布的数据显示: the sentence is about what was said.
bool EventWording::EndsInWords(const EventVerb& verb, int end) const {
  static constexpr const char32_t* kWords[] = {U"表示", U"指出",   U"显示",
                                               U"强调", U"声明说", U"声明称"};
  if (IsOneOf(text_.at(end - 1), U"说称")) return true;
  for (int i = verb.end; i < end; ++i) {
    for (const char32_t* word : kWords) {
      if (IsAt(text_, i, word)) return true;
    }
  }
  return false;
}

// 统计局今天公布，…: what was published is told in the clauses behind, and is a statement.
bool EventWording::OnlyAnnounces(const EventVerb& verb, int end) const {
  return verb.end == end && verb.kind == EventWord::kIssue && text_.at(verb.begin - 1) != U'》' &&
         (text_.at(end - 1) == U'布' || text_.at(end - 1) == U'示');
}

bool EventWording::Holds(const PhraseTrie& words, TextRange range) const {
  for (int i = range.begin; i < range.end; ++i) {
    if (words.Longest(text_.data(), i, std::min(range.end, i + kLongestWord))) return true;
  }
  return false;
}

// 启动仪式, 建成后, 举行的: the word names a thing or a time and is not what happened.
bool EventWording::IsNoun(int begin, int end) const {
  int behind = end;
  if (text_.at(behind) == U'了') ++behind;
  if (IsOneOf(text_.at(behind), U"的后前时期率量式者权额数地性型满")) return true;
  static constexpr const char32_t* kNouns[] = {
      U"以来", U"以后", U"之后", U"之前", U"期间", U"仪式", U"大会", U"典礼",
      U"过程", U"工作", U"情况", U"方案", U"计划", U"部门", U"单位", U"机构",
      U"现场", U"标准", U"条件", U"能力", U"水平", U"周年", U"项目", U"企业"};
  for (const char32_t* noun : kNouns) {
    if (IsAt(text_, behind, noun)) return true;
  }
  static constexpr const char32_t* kAims[] = {U"正在", U"加快", U"推动", U"促进", U"支持", U"推进",
                                              U"鼓励", U"争取", U"力争", U"年来", U"抓紧"};
  for (const char32_t* aim : kAims) {
    if (IsAt(text_, begin - 2, aim)) return true;
  }
  return IsOneOf(text_.at(begin - 1), U"未没不待可所再正") || CountsYears(behind);
}

bool EventWording::BelongsToNoun(int at, int end) const {
  for (int i = at; i < std::min(end, at + 6); ++i) {
    if (text_.at(i) == U'的') return true;
  }
  return false;
}

// 成立105周年
bool EventWording::CountsYears(int at) const {
  int digits = at;
  while (digits < at + 3 && IsDigit(text_.at(digits))) ++digits;
  return digits > at && IsAt(text_, digits, U"周年");
}

// Behind a bare year or month a count makes a statistic of the clause.
bool EventWording::Counts(TextRange clause, const EventVerb& verb) const {
  if (Holds(CountingWords(), clause)) return true;
  for (int i = clause.begin; i < clause.end; ++i) {
    if (text_.at(i) == U'%') return true;
    if (!IsDigit(text_.at(i))) continue;
    int behind = i;
    while (behind < clause.end && (IsDigit(text_.at(behind)) || text_.at(behind) == U'.')) ++behind;
    const bool counts =
        IsOneOf(text_.at(behind), U"万亿千百元个座家户人项条公平吨亩所处套台米余多次场辆件");
    // 总投资12亿元的厂 is one thing, 12亿元投产 a sum.
    if (counts && (i >= verb.end || !BelongsToNoun(behind, clause.end))) return true;
    i = behind;
  }
  return false;
}

// 开放, 实施, 运行 behind a year or a month say how things were.
bool EventWording::IsLasting(const EventVerb& verb) const {
  static constexpr const char32_t* kWords[] = {U"开放", U"实施", U"运行", U"列入", U"执行",
                                               U"开展", U"落地", U"关闭", U"出版", U"对接",
                                               U"入驻", U"亮相", U"上线", U"上市"};
  for (const char32_t* word : kWords) {
    if (verb.end - verb.begin == LengthOf(word) && IsAt(text_, verb.begin, word)) return true;
  }
  return false;
}

// 今年，确保…投入使用: work to be done.
bool EventWording::Intends(int begin) const {
  static constexpr const char32_t* kWords[] = {U"确保", U"力争", U"争取", U"要",     U"加快",
                                               U"推进", U"持续", U"我们", U"我国将", U"当地"};
  for (const char32_t* word : kWords) {
    if (IsAt(text_, begin, word)) return true;
  }
  return false;
}

}  // namespace cityinfo::metrics
