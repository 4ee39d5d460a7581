#include "services/metrics/domain/extraction/section_heading.h"

#include "services/metrics/domain/extraction/numeral.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestHeading = 44;  // characters

bool StandsAt(const SourceText& text, int at, const char32_t* word) {
  for (int i = 0; word[i] != 0; ++i) {
    if (text.at(at + i) != word[i]) return false;
  }
  return true;
}

template <size_t N>
bool Holds(const SourceText& text, const Stretch& line, const char32_t* const (&words)[N]) {
  for (int i = line.begin; i < line.end; ++i) {
    for (const char32_t* word : words) {
      if (StandsAt(text, i, word)) return true;
    }
  }
  return false;
}

// 一、, (二), 第三章, 四.
bool IsNumbered(const SourceText& text, const Stretch& line) {
  int i = line.begin;
  const bool opens = text.at(i) == U'(' || text.at(i) == U'第';
  if (opens) ++i;
  const int first = i;
  while (i < line.end && i - first < 3 && (IsChineseNumeral(text.at(i)) || IsDigit(text.at(i))))
    ++i;
  if (i == first) return false;
  const char32_t next = text.at(i);
  if (opens) {
    return next == U')' || next == U'章' || next == U'节' || next == U'篇' || next == U'部';
  }
  return next == U'、' || (next == U'.' && !IsDigit(text.at(i + 1)));
}

// 2024年工作安排, 今后五年的目标: the time stands at the head, not somewhere in a headline.
bool BeginsWithTimeToCome(const TokenStream& stream, const Stretch& line, int publish_year) {
  constexpr int kLongest = 22;  // characters
  if (line.end - line.begin > kLongest) return false;
  for (int i = line.first_token; i < line.last_token; ++i) {
    if (stream.tokens[i].kind != TokenKind::kTime) continue;
    if (stream.tokens[i].begin > line.begin) return false;
    const TimeExpression& time = stream.times[stream.tokens[i].index];
    switch (time.form) {
      case TimeExpression::Form::kNextYears:
        return true;
      case TimeExpression::Form::kYear:
        if (time.year >= publish_year) return true;
        break;
      case TimeExpression::Form::kYearOffset:
        if (time.first >= 0) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

}  // namespace

SectionTense TenseOfHeading(const SourceText& text, const TokenStream& stream, const Stretch& line,
                            int publish_year) {
  if (line.end - line.begin > kLongestHeading) return SectionTense::kUnsaid;
  static constexpr const char32_t* kPromises[] = {
      U"目标", U"安排",     U"任务",     U"工作重点", U"重点工作", U"打算",     U"草案",
      U"思路", U"总体要求", U"工作部署", U"远景",     U"展望",     U"工作计划", U"今后五年"};
  static constexpr const char32_t* kReports[] = {
      U"回顾", U"总结",     U"执行情况", U"完成情况", U"成就",     U"成效", U"成绩", U"发展基础",
      U"现状", U"运行情况", U"概况",     U"工作情况", U"发展情况", U"进展", U"决算"};
  // 为实现上述目标，重点抓好以下工作: leads to promises; 我们重点做了以下工作: to what was done.
  static constexpr const char32_t* kLeads[] = {U"重点抓好", U"重点做好", U"着力抓好", U"扎实做好",
                                               U"着力做好", U"全力抓好", U"将重点"};
  static constexpr const char32_t* kDone[] = {U"做了",   U"开展了", U"抓了",
                                              U"一年来", U"五年来", U"过去"};
  const bool done = Holds(text, line, kDone);
  if (!done && Holds(text, line, kLeads)) return SectionTense::kPromises;
  const bool promises = Holds(text, line, kPromises) && !done;
  const bool reports = Holds(text, line, kReports) || done;
  if (promises == reports) return SectionTense::kUnsaid;
  const bool numbered = IsNumbered(text, line);
  if (reports) return SectionTense::kReports;
  return numbered || BeginsWithTimeToCome(stream, line, publish_year) ? SectionTense::kPromises
                                                                      : SectionTense::kUnsaid;
}

}  // namespace cityinfo::metrics
