#include "services/metrics/domain/extraction/time_expression.h"

#include <iterator>
#include <optional>

#include "services/metrics/domain/extraction/numeral.h"

namespace cityinfo::metrics {
namespace {

using Form = TimeExpression::Form;

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2100;
constexpr int kLongestSince = 20;  // characters between 自2017年 and 以来

// Walks over the characters of one expression.
class Cursor {
 public:
  Cursor(const SourceText& text, int at) : text_(text), at_(at) {}

  int at() const { return at_; }
  void MoveTo(int at) { at_ = at; }
  char32_t Peek(int ahead = 0) const { return text_.at(at_ + ahead); }

  bool Take(const char32_t* word) {
    int i = 0;
    for (; word[i] != 0; ++i) {
      if (text_.at(at_ + i) != word[i]) return false;
    }
    at_ += i;
    return true;
  }
  template <size_t N>
  bool TakeAny(const char32_t* const (&words)[N]) {
    for (const char32_t* word : words) {
      if (Take(word)) return true;
    }
    return false;
  }
  bool TakeDash() {
    const int before = at_;
    while (Peek() == U'-' || Peek() == U'—' || Peek() == U'~') ++at_;
    if (at_ > before) return true;
    return Take(U"至") || Take(U"到");
  }
  // An integer in [low, high], Arabic or Chinese; 0 when there is none and the cursor stays.
  int TakeInteger(int low, int high) {
    const Numeral numeral = IsDigit(Peek()) ? ReadArabic(text_, at_) : ReadChinese(text_, at_);
    const int value = SmallInteger(numeral);
    if (value < low || value > high) return 0;
    at_ = numeral.end;
    return value;
  }
  // 自2017年实施改革以来: whether the time that began at `begin` lasts until now.
  bool IsSince(int begin) const {
    if (text_.at(begin - 1) != U'自' && text_.at(begin - 1) != U'从') return false;
    for (int i = at_; i < at_ + kLongestSince; ++i) {
      const char32_t c = text_.at(i);
      if (c == U',' || c == U'。' || c == U';' || IsDigit(c)) return false;
      if (c == U'以' && text_.at(i + 1) == U'来') return true;
    }
    return false;
  }
  // Whether a clause begins at `begin`.
  bool IsHead(int begin) const {
    const char32_t c = text_.at(begin - 1);
    return c == 0 || c == U',' || c == U'。' || c == U';' || c == U':' || c == U'\n';
  }
  // 五年新增公路, 五年提高5个百分点: whether what was done within the years follows.
  bool TellsOfDeeds() const {
    static constexpr const char32_t* kDeeds[] = {
        U"年均", U"提高", U"提升", U"新增", U"增长", U"增加", U"投入", U"建成", U"共",  U"净增",
        U"下降", U"降低", U"新建", U"完成", U"实现", U"改造", U"发放", U"减少", U"新改"};
    for (const char32_t* deed : kDeeds) {
      int i = 0;
      while (deed[i] != 0 && text_.at(at_ + i) == deed[i]) ++i;
      if (deed[i] == 0) return true;
    }
    return false;
  }
  int TakeYear() {
    const int before = at_;
    const int year = TakeInteger(kFirstYear, kLastYear);
    if (year != 0 && at_ - before == 4) return year;
    at_ = before;
    return 0;
  }

 private:
  const SourceText& text_;
  int at_;
};

// 8月, 1-7月, 8月23日, 8月份, 1月至7月. The cursor stands behind the year, if there is one.
bool ReadMonths(Cursor& cursor, TimeExpression& time) {
  const int before = cursor.at();
  time.first = cursor.TakeInteger(1, 12);
  if (time.first == 0) return false;
  const bool first_has_unit = cursor.Take(U"月份") || cursor.Take(U"月");
  const int after_first = cursor.at();
  time.last = time.first;
  time.form = Form::kMonths;
  if (cursor.TakeDash()) {
    const int last = cursor.TakeInteger(1, 12);
    if (last > time.first && (cursor.Take(U"月份") || cursor.Take(U"月"))) {
      time.last = last;
      return true;
    }
    cursor.MoveTo(after_first);
  }
  if (!first_has_unit) {
    cursor.MoveTo(before);
    return false;
  }
  const int before_day = cursor.at();
  const int day = cursor.TakeInteger(1, 31);
  if (day != 0 && (cursor.Take(U"日") || cursor.Take(U"号"))) {
    time.form = Form::kDay;
    time.day = day;
    return true;
  }
  cursor.MoveTo(before_day);
  static constexpr const char32_t* kEnds[] = {U"末", U"底", U"中旬", U"上旬", U"下旬", U"初"};
  cursor.TakeAny(kEnds);
  return true;
}

// 上半年, 一季度, 前三季度, 前7个月, 1-7月. What may stand behind a year or alone.
bool ReadPartOfYear(Cursor& cursor, TimeExpression& time) {
  const int before = cursor.at();
  if (cursor.Take(U"上半年") || cursor.Take(U"下半年")) {
    time.form = Form::kHalf;
    time.first = cursor.Peek(-3) == U'上' ? 1 : 2;
    return true;
  }
  const bool front = cursor.Take(U"前");
  if (!front) cursor.Take(U"第");
  const int count = cursor.TakeInteger(1, 12);
  if (count != 0) {
    if (count <= 4 && (cursor.Take(U"个季度") || cursor.Take(U"季度"))) {
      time.form = front ? Form::kMonths : Form::kQuarter;
      time.first = front ? 1 : count;
      time.last = front ? count * 3 : count;
      return true;
    }
    if (front && (cursor.Take(U"个月") || cursor.Take(U"月"))) {
      time.form = Form::kMonths;
      time.first = 1;
      time.last = count;
      return true;
    }
  }
  cursor.MoveTo(before);
  return ReadMonths(cursor, time);
}

// 2020年…, 2016—2020年, 2016年至2020年.
bool ReadYear(Cursor& cursor, TimeExpression& time) {
  const int before = cursor.at();
  const int year = cursor.TakeYear();
  if (year == 0) return false;
  const bool has_unit = cursor.Take(U"年度") || cursor.Take(U"年");
  const int after_first = cursor.at();
  if (cursor.TakeDash()) {
    const int last = cursor.TakeYear();
    if (last > year && last - year <= 30 && cursor.Take(U"年")) {
      time.form = Form::kYears;
      time.first = year;
      time.last = last;
      static constexpr const char32_t* kSpans[] = {U"期间", U"间"};
      cursor.TakeAny(kSpans);
      return true;
    }
    cursor.MoveTo(after_first);
  }
  if (!has_unit) {
    cursor.MoveTo(before);
    return false;
  }
  time.year = year;
  if (ReadPartOfYear(cursor, time)) {
    // 自2019年8月实施以来
    if (cursor.Take(U"以来") || cursor.IsSince(before)) {
      time.form = Form::kYears;
      time.first = year;
      time.last = 0;
    }
    return true;
  }
  time.form = Form::kYear;
  if (cursor.Take(U"以来") || cursor.Take(U"来") || cursor.IsSince(before)) {
    time.form = Form::kYears;
    time.first = year;
    time.last = 0;
    return true;
  }
  static constexpr const char32_t* kReports[] = {U"政府工作报告", U"工作报告", U"文件",
                                                 U"工作要点"};
  const int behind = cursor.at();
  time.is_report = cursor.TakeAny(kReports);
  cursor.MoveTo(behind);
  static constexpr const char32_t* kEnds[] = {U"年末", U"年底", U"末", U"底",
                                              U"全年", U"度",   U"初"};
  if (!time.is_report) cursor.TakeAny(kEnds);
  return true;
}

// “十三五”期间, 十三五末. Quotation marks are folded to '"'.
bool ReadPlan(Cursor& cursor, TimeExpression& time) {
  const int before = cursor.at();
  cursor.Take(U"\"");
  int plan = 0;
  static constexpr const char32_t* kPlans[] = {
      U"一五", U"二五", U"三五",   U"四五",   U"五五",   U"六五",   U"七五",   U"八五",
      U"九五", U"十五", U"十一五", U"十二五", U"十三五", U"十四五", U"十五五", U"十六五"};
  for (size_t i = std::size(kPlans); i-- > 8 && plan == 0;) {
    if (cursor.Take(kPlans[i])) plan = static_cast<int>(i) + 1;
  }
  if (plan == 0) {
    cursor.MoveTo(before);
    return false;
  }
  const bool quoted = cursor.Take(U"\"");
  // “十四五”良好开局, “十四五”规划: what is spoken of is not the five years.
  static constexpr const char32_t* kOther[] = {
      U"开局",     U"良好开局", U"开门红", U"规划纲要", U"规划目标", U"规划编制", U"规划建议",
      U"规划实施", U"规划的",   U"规划》", U"重大",     U"重点",     U"蓝图"};
  if (cursor.TakeAny(kOther)) {
    cursor.MoveTo(before);
    return false;
  }
  static constexpr const char32_t* kEnds[] = {U"期末", U"末", U"收官之年"};
  static constexpr const char32_t* kSpans[] = {U"时期",     U"期间",   U"以来",
                                               U"规划期间", U"规划期", U"期"};
  time.form = Form::kPlan;
  if (cursor.TakeAny(kEnds)) {
    time.form = Form::kPlanEnd;
  } else if (!cursor.TakeAny(kSpans) && !quoted && plan == 10) {
    cursor.MoveTo(before);  // 十五 alone is a number
    return false;
  }
  time.first = plan;
  return true;
}

// 五年来, 过去五年, 今后五年, 连续8年.
bool ReadCountedYears(Cursor& cursor, TimeExpression& time) {
  const int before = cursor.at();
  static constexpr const char32_t* kPast[] = {U"过去的", U"过去", U"近", U"这"};
  static constexpr const char32_t* kNext[] = {U"今后", U"未来"};
  const bool next = cursor.TakeAny(kNext);
  const bool running = !next && (cursor.Take(U"已连续") || cursor.Take(U"连续"));
  const bool past = !next && !running && cursor.TakeAny(kPast);
  const int count = cursor.TakeInteger(2, 30);
  if (count != 0 && !next && !running && !past && cursor.Take(U"年前")) {
    time.form = Form::kYearOffset;
    time.first = -count;
    return true;
  }
  if (count != 0 && cursor.Take(U"年")) {
    const bool span = cursor.Take(U"以来") || cursor.Take(U"来") || cursor.Take(U"间");
    const bool average = !span && cursor.Peek() == U'平' && cursor.Peek(1) == U'均';
    const bool sum = !span && ((cursor.Peek() == U'累' && cursor.Peek(1) == U'计') ||
                               (count >= 3 && cursor.IsHead(before) && cursor.TellsOfDeeds()));
    if (next) cursor.Take(U"内");
    if (next || past || running || span || average || sum) {
      time.form = next                   ? Form::kNextYears
                  : (running || average) ? Form::kRunning
                                         : Form::kPastYears;
      time.first = count;
      return true;
    }
  }
  cursor.MoveTo(before);
  return false;
}

// Whether any time expression begins with this character; most do not, and this is asked for each.
bool MayBegin(char32_t c) {
  if (IsDigit(c) || IsChineseNumeral(c)) return true;
  static constexpr char32_t kFirst[] = U"截到力\"今未连已过近这上下前第去本明全年当目如";
  for (const char32_t* first = kFirst; *first != 0; ++first) {
    if (*first == c) return true;
  }
  return false;
}

bool ReadWord(Cursor& cursor, TimeExpression& time) {
  struct Word {
    const char32_t* text;
    Form form;
    int offset;
  };
  static constexpr Word kWords[] = {{U"今年以来", Form::kYearOffset, 0},
                                    {U"今年", Form::kYearOffset, 0},
                                    {U"本年度", Form::kYearOffset, 0},
                                    {U"本年", Form::kYearOffset, 0},
                                    {U"去年全年", Form::kYearOffset, -1},
                                    {U"去年", Form::kYearOffset, -1},
                                    {U"上年", Form::kYearOffset, -1},
                                    {U"上一年", Form::kYearOffset, -1},
                                    {U"前年", Form::kYearOffset, -2},
                                    {U"明年", Form::kYearOffset, 1},
                                    {U"全年", Form::kContextYear, 0},
                                    {U"年末", Form::kContextYear, 0},
                                    {U"年底", Form::kContextYear, 0},
                                    {U"当年", Form::kContextYear, 0},
                                    {U"截至目前", Form::kNow, 0},
                                    {U"目前", Form::kNow, 0},
                                    {U"如今", Form::kNow, 0},
                                    {U"截止目前", Form::kNow, 0},
                                    {U"本届政府以来", Form::kPastYears, 5},
                                    {U"本届政府任期内", Form::kPastYears, 5}};
  static constexpr const char32_t* kBudgetWords[] = {U"结余", U"结转", U"滚存"};
  static constexpr const char32_t* kPlanWords[] = {U"目标", U"计划", U"任务", U"预算"};
  for (const Word& word : kWords) {
    if (!cursor.Take(word.text)) continue;
    // 上年结余: an item of this year's budget.
    if (word.text[0] == U'上' && cursor.TakeAny(kBudgetWords)) {
      cursor.MoveTo(time.begin);
      return false;
    }
    // 完成全年目标任务的46%: the plan of the year, not its result.
    if (word.text[0] == U'全' && cursor.TakeAny(kPlanWords)) {
      cursor.MoveTo(time.begin);
      return false;
    }
    time.form = word.form;
    time.first = word.offset;
    time.is_year_before = word.text[0] == U'上';
    if (word.form == Form::kYearOffset) {
      TimeExpression part;
      static constexpr const char32_t* kEnds[] = {U"末", U"底", U"初", U"全年"};
      if (cursor.TakeAny(kEnds)) return true;
      if (ReadPartOfYear(cursor, part)) {
        part.year_offset = word.offset;  // 今年上半年
        part.begin = time.begin;
        time = part;
      }
    }
    return true;
  }
  return false;
}

}  // namespace

std::optional<TimeExpression> ReadTime(const SourceText& text, int begin) {
  if (!MayBegin(text.at(begin))) return std::nullopt;
  TimeExpression time;
  time.begin = begin;
  Cursor cursor(text, begin);
  // 到2025年, 截至6月末: the word belongs to the time.
  static constexpr const char32_t* kUntil[] = {U"截至", U"截止到", U"截止", U"力争到", U"到"};
  const int before = cursor.at();
  if (!cursor.Take(U"截至目前") && cursor.TakeAny(kUntil)) time.is_until = true;
  if (cursor.at() != before && !time.is_until) cursor.MoveTo(before);
  const bool part_of_number = IsDigit(text.at(cursor.at())) && cursor.at() == begin &&
                              (IsDigit(text.at(begin - 1)) || text.at(begin - 1) == U'.') &&
                              !text.gap_before(begin);
  if (part_of_number) return std::nullopt;
  if (!ReadYear(cursor, time) && !ReadPlan(cursor, time) && !ReadCountedYears(cursor, time) &&
      !ReadPartOfYear(cursor, time) && !ReadWord(cursor, time)) {
    return std::nullopt;
  }
  time.end = cursor.at();
  return time;
}

Period PlanYears(int plan) {
  if (plan <= 2) return Period::Years(1953 + (plan - 1) * 5, 1957 + (plan - 1) * 5);
  return Period::Years(1951 + plan * 5, 1955 + plan * 5);
}

std::optional<Period> PlanEnding(int year) {
  if (year < 1970 || year % 5 != 0) return std::nullopt;
  return PlanYears((year - 1955) / 5);
}

}  // namespace cityinfo::metrics
