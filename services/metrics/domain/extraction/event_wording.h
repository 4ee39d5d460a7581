#pragma once

#include <optional>

#include "services/metrics/domain/catalogue/phrase_trie.h"
#include "services/metrics/domain/extraction/clause_text.h"
#include "services/metrics/domain/extraction/event_date.h"
#include "services/metrics/domain/extraction/event_lexicon.h"
#include "services/metrics/domain/extraction/source_text.h"

namespace cityinfo::metrics {

// The word for what happened.
struct EventVerb {
  EventWord kind = EventWord::kPlain;
  int begin = 0;
  int end = 0;
};

// What the words around a date say about it: whether it is the day of an event, and of which kind.
// Every question is answered from a bounded stretch of the text. Keeps a reference to the text.
class EventWording {
 public:
  explicit EventWording(const SourceText& text) : text_(text) {}

  // Whether a word of a plan stands right before `at`, in the clause that begins at `clause`.
  bool HasPlanBefore(int clause, int at) const;
  // Whether the words on both sides leave the date what it seems; 2020年度 is a name, …之前 a
  // bound.
  bool MayDateAnEvent(const EventDate& date) const;
  // Behind (5日), 起, 上午, 9时30分, 星期三 and a comma that follow a date.
  int SkipTimeOfDay(int at) const;
  // Whether what follows the date makes it the name of a thing: 今天发布的…, 今年是…50周年.
  bool NamesAThing(int tail) const;
  // Whether the clause that begins here only cites or counts up to a date: 根据2020年…, 截至….
  bool CitesARule(int clause) const;
  // Whether the stretch is about what somebody said or counted: 普京24日称，…; 记者获悉.
  bool Reports(TextRange range) const;
  // The first word that says what happened, up to `end`.
  std::optional<EventVerb> FindVerb(int begin, int end) const;
  // Whether the verb tells of one event of that date, and not of a statistic or a state. `told`:
  // the clauses from the date on; `comma`: one stands behind the date.
  bool Happens(const EventDate& date, const EventVerb& verb, TextRange told, bool comma) const;
  // Whether the clause leads to what happened instead of telling it: …时, …后, 在…上.
  bool IsSubordinate(int begin, int end) const;
  // Whether behind the verb it is about what was said: 发表声明说, 公布的数据显示.
  bool EndsInWords(const EventVerb& verb, int end) const;
  // Whether it only says that something was published that the next clauses tell: 今天公布，….
  bool OnlyAnnounces(const EventVerb& verb, int end) const;

 private:
  bool Holds(const PhraseTrie& words, TextRange range) const;
  bool IsNoun(int begin, int end) const;
  bool BelongsToNoun(int at, int end) const;
  bool CountsYears(int at) const;
  bool Counts(TextRange clause, const EventVerb& verb) const;
  bool IsLasting(const EventVerb& verb) const;
  bool Intends(int begin) const;

  const SourceText& text_;
};

}  // namespace cityinfo::metrics
