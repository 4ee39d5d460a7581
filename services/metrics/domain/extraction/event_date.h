#pragma once

#include <array>
#include <optional>

#include "platform/base/date.h"
#include "services/metrics/domain/extraction/date_precision.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/period.h"

namespace cityinfo::metrics {

// A date in a text, with the day it means.
struct EventDate {
  int begin = 0;  // characters of the SourceText
  int end = 0;
  base::Date date;                     // month and day 0 where the precision says so
  std::optional<base::Date> end_date;  // of 6月1日至3日
  DatePrecision precision = DatePrecision::kDay;
};

// Reads the dates of one text in order and finds the years they leave out.
//
// A day or month without a year takes the year named before it in its sentence, or else the one
// that puts it nearest to the publish date: the last such day, or the next one when it comes within
// kSoon days or stands as a plan. In a paragraph that has spoken of another year only a day shortly
// before the publish date is certain; anything else there is no date to go by. 昨日, 今晚, a day
// alone (29日) and 日前 need a publish date that is a day.
class EventDates {
 public:
  EventDates(const SourceText& text, const Period& publish_date);

  // The date that begins at `at`; nothing if none does, or if what it means is not certain.
  // `in_plan`: words of a plan stand before it.
  std::optional<EventDate> Read(int at, bool in_plan);

  void EndSentence() { sentence_year_ = 0; }
  void EndParagraph();

 private:
  std::optional<EventDate> ReadWord(int at) const;
  std::optional<EventDate> ReadDayAlone(int at, bool in_plan) const;
  std::optional<EventDate> ReadWritten(int at, bool in_plan);
  // 至3日, —10月4日 behind a day.
  void ReadEnd(EventDate& date) const;
  // 6月1—3日: the days behind a month.
  bool ReadDaysOfMonth(EventDate& date) const;
  // 0: not certain.
  int YearOf(int month, int day, bool in_plan) const;
  int ReadDay(int at, int* end) const;

  const SourceText& text_;
  const bool knows_day_;
  const base::Date publish_;
  // The last day with this number, and the next; the publish date itself is both.
  std::array<base::Date, 32> last_;
  std::array<base::Date, 32> next_;
  int sentence_year_ = 0;
  int paragraph_year_ = 0;
};

}  // namespace cityinfo::metrics
