#include "services/metrics/domain/extraction/event_date.h"

#include <algorithm>
#include <cstdint>

#include "services/metrics/domain/extraction/numeral.h"
#include "services/metrics/domain/extraction/time_expression.h"

namespace cityinfo::metrics {
namespace {

using Form = TimeExpression::Form;

constexpr int kSoon = 60;      // days ahead that a day without a year may lie
constexpr int kFresh = 15;     // days back that news of a day without a year may lie
constexpr int kLastDays = 27;  // days back that 29日 alone may lie
constexpr int kRecently = 8;   // days that 日前 reaches back at most

bool StandsAt(const SourceText& text, int at, const char32_t* word, int* end) {
  int i = 0;
  for (; word[i] != 0; ++i) {
    if (text.at(at + i) != word[i]) return false;
  }
  *end = at + i;
  return true;
}

bool IsDash(char32_t c) { return c == U'-' || c == U'—' || c == U'~' || c == U'至' || c == U'到'; }

base::Date PublishDay(const Period& period) {
  const absl::CivilDay day = period.first_day();
  return {static_cast<int>(day.year()), day.month(), day.day()};
}

// Characters behind 日 that make a word of it: 日本, 5日内, 3日游.
bool MakesWordOfDay(char32_t c) {
  for (const char32_t other : {U'本', U'均', U'产', U'内', U'报', U'元', U'常', U'前', U'夜', U'游',
                               U'间', U'数', U'程', U'龄', U'子', U'照', U'用', U'租', U'结'}) {
    if (c == other) return true;
  }
  return false;
}

// Characters before a number of days that is a length of time: 为期3日, 连续5日.
bool CountsDays(char32_t c) {
  for (const char32_t other : {U'期', U'续', U'每', U'近', U'前', U'第', U'共', U'满', U'隔', U'时',
                               U'了', U'约', U'达', U'月', U'年', U'.', U'-', U'—', U'/'}) {
    if (c == other) return true;
  }
  return false;
}

}  // namespace

EventDates::EventDates(const SourceText& text, const Period& publish_date)
    : text_(text),
      knows_day_(publish_date.granularity() == Period::Granularity::kDay),
      publish_(PublishDay(publish_date)) {
  const std::int64_t today = base::DaysSinceEpoch(publish_);
  for (int distance = kLastDays; distance >= 0; --distance) {
    const base::Date back = base::DateFromDays(today - distance);
    const base::Date ahead = base::DateFromDays(today + distance);
    last_[back.day] = back;
    next_[ahead.day] = ahead;
  }
}

void EventDates::EndParagraph() {
  sentence_year_ = 0;
  paragraph_year_ = 0;
}

std::optional<EventDate> EventDates::Read(int at, bool in_plan) {
  if (const std::optional<EventDate> word = ReadWord(at)) return word;
  std::optional<EventDate> written = ReadWritten(at, in_plan);
  return written ? written : ReadDayAlone(at, in_plan);
}

std::optional<EventDate> EventDates::ReadWord(int at) const {
  if (!knows_day_) return std::nullopt;
  struct Word {
    const char32_t* text;
    int days;
  };
  static constexpr Word kWords[] = {{U"今天", 0},  {U"今日", 0},  {U"今晚", 0},  {U"今晨", 0},
                                    {U"今早", 0},  {U"昨天", -1}, {U"昨日", -1}, {U"昨晚", -1},
                                    {U"前天", -2}, {U"前日", -2}, {U"明天", 1},  {U"明日", 1},
                                    {U"后天", 2}};
  EventDate date{.begin = at};
  for (const Word& word : kWords) {
    if (!StandsAt(text_, at, word.text, &date.end)) continue;
    // 目前天气, 先前日子, 最后天数
    const char32_t before = text_.at(at - 1);
    if (before == U'目' || before == U'先' || before == U'最' || before == U'以')
      return std::nullopt;
    date.date = base::DateFromDays(base::DaysSinceEpoch(publish_) + word.days);
    return date;
  }
  static constexpr const char32_t* kRecent[] = {U"日前", U"近日"};
  for (const char32_t* word : kRecent) {
    if (!StandsAt(text_, at, word, &date.end)) continue;
    if (IsDigit(text_.at(at - 1)) || publish_.day <= kRecently) return std::nullopt;
    date.precision = DatePrecision::kMonth;
    date.date = {publish_.year, publish_.month, 0};
    return date;
  }
  return std::nullopt;
}

int EventDates::ReadDay(int at, int* end) const {
  if (!IsDigit(text_.at(at)) && !IsChineseNumeral(text_.at(at))) return 0;
  const Numeral numeral = IsDigit(text_.at(at)) ? ReadArabic(text_, at) : ReadChinese(text_, at);
  const int day = SmallInteger(numeral);
  if (day < 1 || day > 31) return 0;
  *end = numeral.end;
  return day;
}

std::optional<EventDate> EventDates::ReadDayAlone(int at, bool in_plan) const {
  if (!knows_day_ || !IsDigit(text_.at(at)) || IsDigit(text_.at(at - 1)) ||
      CountsDays(text_.at(at - 1))) {
    return std::nullopt;
  }
  EventDate date{.begin = at};
  const int day = ReadDay(at, &date.end);
  if (day == 0 || text_.at(date.end) != U'日' || MakesWordOfDay(text_.at(date.end + 1))) {
    return std::nullopt;
  }
  ++date.end;
  date.date = (in_plan ? next_ : last_)[day];
  if (date.date.year == 0) return std::nullopt;
  ReadEnd(date);
  return date;
}

int EventDates::YearOf(int month, int day, bool in_plan) const {
  if (sentence_year_ != 0) return sentence_year_;
  if (!knows_day_) return 0;
  const std::int64_t today = base::DaysSinceEpoch(publish_);
  const auto distance = [&](int year) {
    const int last = base::LastDayOfMonth(year, month);
    return base::DaysSinceEpoch({year, month, day == 0 ? 1 : std::min(day, last)}) - today;
  };
  const std::int64_t ahead = distance(publish_.year);
  int year = publish_.year;
  if (ahead > kSoon && !in_plan) year = publish_.year - 1;
  if (ahead < -180 && in_plan) year = publish_.year + 1;
  if (ahead < -300 && !in_plan && distance(publish_.year + 1) <= kFresh) year = publish_.year + 1;
  if (paragraph_year_ != 0 && paragraph_year_ != publish_.year) {
    const std::int64_t days = distance(year);
    if (day == 0 || days > 0 || days < -kFresh) return 0;
  }
  return year;
}

void EventDates::ReadEnd(EventDate& date) const {
  if (!IsDash(text_.at(date.end))) return;
  int at = date.end;
  while (IsDash(text_.at(at))) ++at;
  int behind = 0;
  int number = ReadDay(at, &behind);
  int month = date.date.month;
  int year = date.date.year;
  if (number != 0 && number <= 12 && text_.at(behind) == U'月') {
    month = number;
    if (month < date.date.month) ++year;
    number = ReadDay(behind + 1, &behind);
  }
  if (number == 0 || (text_.at(behind) != U'日' && text_.at(behind) != U'号')) return;
  const base::Date last{year, month, number};
  if (!base::IsValidDate(last) || last <= date.date) return;
  date.end_date = last;
  date.end = behind + 1;
}

bool EventDates::ReadDaysOfMonth(EventDate& date) const {
  int behind = 0;
  const int first = ReadDay(date.end, &behind);
  if (first == 0 || !IsDash(text_.at(behind))) return false;
  EventDate days = date;
  days.precision = DatePrecision::kDay;
  days.date.day = first;
  days.end = behind;
  if (!base::IsValidDate(days.date)) return false;
  ReadEnd(days);
  if (!days.end_date) return false;
  date = days;
  return true;
}

std::optional<EventDate> EventDates::ReadWritten(int at, bool in_plan) {
  const std::optional<TimeExpression> time = ReadTime(text_, at);
  if (!time || time->is_until || time->is_report) return std::nullopt;
  EventDate date{.begin = at, .end = time->end};
  int year = time->year;
  if (time->year_offset) year = publish_.year + *time->year_offset;
  switch (time->form) {
    case Form::kDay:
      if (year == 0) year = YearOf(time->first, time->day, in_plan);
      date.date = {year, time->first, time->day};
      if (year == 0 || !base::IsValidDate(date.date)) return std::nullopt;
      ReadEnd(date);
      break;
    case Form::kMonths:
      // 1-7月 sums up; 6月至8月 lasts.
      if (time->first != time->last && time->first == 1) return std::nullopt;
      if (year == 0) year = YearOf(time->first, 0, in_plan);
      if (year == 0) return std::nullopt;
      date.precision = DatePrecision::kMonth;
      date.date = {year, time->first, 0};
      if (time->first != time->last)
        date.end_date = base::Date{year, time->last, 0};
      else
        ReadDaysOfMonth(date);
      break;
    case Form::kHalf:
    case Form::kQuarter:
    case Form::kYear:
      if (year == 0) return std::nullopt;
      date.precision = DatePrecision::kYear;
      date.date = {year, 0, 0};
      break;
    case Form::kYearOffset: {
      int unused = 0;
      if (StandsAt(text_, at, U"今年以来", &unused)) return std::nullopt;
      year = publish_.year + time->first;
      date.precision = DatePrecision::kYear;
      date.date = {year, 0, 0};
      break;
    }
    default:
      return std::nullopt;
  }
  if (time->year != 0 || time->year_offset || time->form == Form::kYearOffset) {
    sentence_year_ = paragraph_year_ = year;
  }
  return date;
}

}  // namespace cityinfo::metrics
