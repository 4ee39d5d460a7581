#include "services/metrics/domain/extraction/event_finder.h"

#include <algorithm>
#include <utility>

#include "services/metrics/domain/extraction/clause_text.h"
#include "services/metrics/domain/extraction/event_date.h"
#include "services/metrics/domain/extraction/event_lexicon.h"
#include "services/metrics/domain/extraction/event_place.h"
#include "services/metrics/domain/extraction/event_wording.h"
#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestWord = 12;     // of the lexicon
constexpr int kLongestSubject = 60;  // characters before the date that belong to the event
constexpr int kLongestAdverb = 3;    // characters of 正式, 顺利 before a verb without a subject
constexpr int kLongestClause = 100;  // characters behind the date that are looked at
constexpr int kMostClauses = 3;      // clauses behind the date that are looked at
constexpr int kShortestSummary = 4;
constexpr int kMostOfSentence = 20;  // a sentence with more dates is a table
constexpr size_t kMostOfText = 2000;
constexpr int kQuoteSide = 200;  // characters of the quote on each side of the date

class EventFinder {
 public:
  EventFinder(const SourceText& text, const ExtractionContext& context)
      : text_(text), context_(context), wording_(text), dates_(text, context.publish_date) {}

  std::vector<ExtractedEvent> Run() && {
    int begin = 0;
    for (int i = 0; i <= text_.size(); ++i) {
      if (i < text_.size() && !EndsSentence(text_.at(i))) continue;
      // The sentence with its stop, which belongs to the quote.
      const int end = i < text_.size() && text_.at(i) != U'\n' ? i + 1 : i;
      ReadSentence({begin, end});
      dates_.EndSentence();
      if (i == text_.size() || text_.at(i) == U'\n') dates_.EndParagraph();
      begin = i + 1;
    }
    return std::move(events_);
  }

 private:
  // Looks for the dates of a sentence outside brackets and quotation marks.
  void ReadSentence(TextRange sentence) {
    sentence_ = sentence;
    used_until_ = sentence.begin;
    told_until_ = sentence.begin;
    in_sentence_ = 0;
    subject_ = {sentence.begin, sentence.begin};
    int clause = sentence.begin;
    int depth = 0;
    bool quoted = false;
    std::optional<EventDate> waiting;
    int waiting_clause = 0;
    for (int at = sentence.begin; at < sentence.end;) {
      const char32_t c = text_.at(at);
      if (IsOneOf(c, U"(《〔[【")) {
        ++depth;
      } else if (IsOneOf(c, U")》〕]】")) {
        depth = std::max(0, depth - 1);
      } else if (c == U'"') {
        quoted = !quoted;
      } else if (EndsClause(c)) {
        clause = at + 1;
      } else {
        const std::optional<EventDate> date = dates_.Read(at, wording_.HasPlanBefore(clause, at));
        if (date) {
          if (depth == 0 && !quoted) {
            if (waiting) TakeEvent(*waiting, waiting_clause, date->begin, &*date);
            if (waiting) told_until_ = waiting->end;
            waiting = date;
            waiting_clause = clause;
          }
          at = date->end;
          continue;
        }
      }
      ++at;
    }
    if (waiting) TakeEvent(*waiting, waiting_clause, sentence.end, nullptr);
  }

  // The words before the date that say who or what: 成都大运会将于|7月28日.
  TextRange Subject(int clause, int date) const {
    TextRange subject{std::max({clause, used_until_, date - kLongestSubject}), date};
    if (subject.begin > clause && subject.begin == date - kLongestSubject) return {date, date};
    static constexpr const char32_t* kHeads[] = {U"特别是", U"其中", U"同时", U"据悉",
                                                 U"此外",   U"另外", U"随后", U"尤其是",
                                                 U"此后",   U"目前", U"至此"};
    for (const char32_t* head : kHeads) {
      if (IsAt(text_, subject.begin, head)) subject.begin += LengthOf(head);
    }
    static constexpr const char32_t* kTails[] = {U"计划", U"预计",     U"预定",    U"正式", U"已经",
                                                 U"拟定", U"力争",     U"有望",    U"确定", U"决定",
                                                 U"预定", U"当地时间", U"北京时间"};
    for (bool moved = true; moved;) {
      moved = false;
      for (const char32_t* tail : kTails) {
        const int length = LengthOf(tail);
        if (subject.end - length < subject.begin || !IsAt(text_, subject.end - length, tail))
          continue;
        subject.end -= length;
        moved = true;
      }
      while (!moved && subject.end > subject.begin &&
             IsOneOf(text_.at(subject.end - 1), U"于在将自从拟定已是,也又还并曾即")) {
        --subject.end;
        moved = true;
      }
    }
    return subject;
  }

  // Who or what stands in the clauses before: 凯里至都匀公路全长50公里，|2019年建成通车. As many of
  // them as are not too long.
  TextRange ClausesBefore(int clause) const {
    const int end = clause - 1;
    const int limit = std::max({used_until_, told_until_, end - kLongestSubject});
    int begin = clause;
    for (int i = end; i >= limit && text_.at(end) == U','; --i) {
      const bool head = i == sentence_.begin || EndsClause(text_.at(i - 1));
      if (head && i < end) begin = i;
      if (i > sentence_.begin && text_.at(i - 1) == U':') break;
    }
    return {begin, std::max(begin, end)};
  }

  // `next`: the date that stands at `limit`, if one does.
  void TakeEvent(const EventDate& date, int clause, int limit, const EventDate* next) {
    if (in_sentence_ == kMostOfSentence || events_.size() == kMostOfText) return;
    if (!wording_.MayDateAnEvent(date)) return;
    limit = std::min(limit, date.end + kLongestClause);
    const int tail = wording_.SkipTimeOfDay(date.end);
    if (tail >= limit || wording_.NamesAThing(tail)) return;
    const bool comma = tail > date.end && text_.at(tail - 1) == U',';
    TextRange subject = Subject(clause, date.begin);
    if (wording_.Reports(subject) || wording_.CitesARule(clause)) return;
    int begin = tail;
    for (int clauses = 0; clauses < kMostClauses && begin < limit; ++clauses) {
      int end = begin;
      while (end < limit && !EndsClause(text_.at(end))) ++end;
      // Broken off before the next date: 2019年3月开工2021年建成 ends there, a subject does not.
      if (end == date.end + kLongestClause && !EndsClause(text_.at(end))) return;
      const std::optional<EventVerb> verb = wording_.FindVerb(begin, end);
      if (wording_.Reports({begin, verb ? verb->begin : end})) return;
      if (verb) {
        if (!wording_.Happens(date, *verb, {tail, end}, comma)) return;
        if (wording_.IsSubordinate(begin, end) || wording_.EndsInWords(*verb, end) ||
            wording_.OnlyAnnounces(*verb, end))
          return;
        // 会见来华出席2025年峰会的…: the year belongs to a name in the clause.
        if (next != nullptr && end == next->begin && next->precision == DatePrecision::kYear) {
          while (end < date.end + kLongestClause && !EndsClause(text_.at(end))) ++end;
        }
        AddEvent(date, clause, comma, subject, {tail, end}, *verb);
        return;
      }
      if (end >= limit || text_.at(end) != U',') return;
      begin = end + 1;
    }
  }

  void AddEvent(const EventDate& date, int clause, bool comma, TextRange subject, TextRange told,
                const EventVerb& verb) {
    ExtractedEvent event;
    // 于12月5日|在上海举行 says where but not what, |正式投产 nothing at all.
    const bool said =
        subject.end > subject.begin || (verb.begin - told.begin > kLongestAdverb &&
                                        (comma || !IsOneOf(text_.at(told.begin), U"在于从由开")));
    // 该厂2018年开工，2020年投产: one subject for both.
    const bool again = !said && subject_.end > subject_.begin;
    if (!said) subject = again ? subject_ : ClausesBefore(clause);
    event.summary = text_.Printed(subject.begin, subject.end);
    if (!said && !again && subject.end > subject.begin) event.summary += "，";
    const int words = TidyEnd(told, verb.end);
    told.begin = TidyBegin(told.begin, subject.end > subject.begin);
    if (words - told.begin + subject.end - subject.begin < kShortestSummary) return;
    event.summary += text_.Printed(told.begin, words);
    event.date = date.date;
    event.end_date = date.end_date;
    event.precision = date.precision;
    // A subject of long ago names no place of this event.
    const int from = std::max(subject.begin, date.begin - 2 * kLongestSubject);
    event.planned = IsPlanned(date, {from, verb.begin});
    event.place_code = PlaceOfEvent(text_, {from, words}, context_);
    event.date_span = text_.Span(date.begin, date.end);
    const TextRange quote{std::max(sentence_.begin, date.begin - kQuoteSide),
                          std::min(sentence_.end, date.end + kQuoteSide)};
    event.quote_span = text_.Span(quote.begin, quote.end);
    event.quote = text_.Verbatim(quote.begin, quote.end);
    used_until_ = told.end;
    RememberSubject(subject, {told.begin, verb.begin});
    events_.push_back(std::move(event));
    ++in_sentence_;
  }

  void RememberSubject(TextRange subject, TextRange before_verb) {
    if (subject.end == subject.begin) subject = before_verb;
    if (subject.end - subject.begin <= kLongestSubject) subject_ = subject;
  }

  int TidyBegin(int begin, bool has_subject) const {
    while (IsOneOf(text_.at(begin), U",、")) ++begin;
    // What is planned is said by `planned`: 芦笙节将举行 is 芦笙节举行.
    if (has_subject && text_.at(begin) == U'将') ++begin;
    return begin;
  }
  int TidyEnd(TextRange told, int verb_end) const {
    int end = told.end;
    // …举行、美术展将于|10月: the next date's words are not this event's.
    if (!EndsClause(text_.at(end))) {
      for (int i = end; i-- > verb_end;) {
        if (text_.at(i) == U'、') end = i;
      }
    }
    while (end > verb_end && IsOneOf(text_.at(end - 1), U",、;:。于在将和并")) --end;
    return end;
  }

  bool IsPlanned(const EventDate& date, TextRange words) const {
    const base::Date last = date.end_date.value_or(date.date);
    if (IsAfterPublication(date.date)) return true;
    bool said = false;
    for (int i = words.begin; i < words.end && !said; ++i) {
      const PhraseTrie::Match match =
          PlanWords().Longest(text_.data(), i, std::min(words.end, i + kLongestWord));
      // 将 alone may be the other 将 (将其移交); only what is not over can be a plan of its.
      if (match) said = match.length > 1 || !IsBeforePublication(last);
    }
    return said;
  }

  // Days of a month or year that is as the publish date's are neither after nor before.
  int Compare(const base::Date& date) const {
    const absl::CivilDay day = context_.publish_date.first_day();
    const bool whole_year = context_.publish_date.granularity() == Period::Granularity::kYear;
    if (date.year != day.year()) return date.year < day.year() ? -1 : 1;
    if (whole_year || date.month == 0) return 0;
    if (date.month != day.month()) return date.month < day.month() ? -1 : 1;
    if (date.day == 0 || date.day == day.day()) return 0;
    return date.day < day.day() ? -1 : 1;
  }
  bool IsAfterPublication(const base::Date& date) const { return Compare(date) > 0; }
  bool IsBeforePublication(const base::Date& date) const { return Compare(date) < 0; }

  const SourceText& text_;
  const ExtractionContext& context_;
  const EventWording wording_;
  EventDates dates_;
  TextRange sentence_;
  TextRange subject_;    // whom the last event of the sentence is about
  int in_sentence_ = 0;  // events of it found so far
  int told_until_ = 0;   // the end of the last date
  int used_until_ = 0;   // what stands before it belongs to an event found already
  std::vector<ExtractedEvent> events_;
};

}  // namespace

std::vector<ExtractedEvent> FindEvents(absl::string_view utf8_text,
                                       const ExtractionContext& context) {
  const SourceText text(utf8_text);
  return EventFinder(text, context).Run();
}

}  // namespace cityinfo::metrics
