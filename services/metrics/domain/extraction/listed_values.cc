// The part of FigureFinder that pairs lists of values with lists of names.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/metrics/domain/extraction/coordination.h"
#include "services/metrics/domain/extraction/figure_finder.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestList = 12;  // values

bool IsCue(const Token& token, Cue cue) {
  return token.kind == TokenKind::kCue && token.index == static_cast<int>(cue);
}

}  // namespace

bool FigureFinder::ContinuesList(const Stretch& words) const {
  if (words.begin == words.end) return false;
  int token = words.first_token;
  for (int i = words.begin; i < words.end;) {
    while (token < words.last_token && stream_.tokens[token].begin < i) ++token;
    if (token < words.last_token && stream_.tokens[token].begin == i) {
      const Token& t = stream_.tokens[token];
      const bool fits = t.kind == TokenKind::kListComma || IsCue(t, Cue::kPer) ||
                        IsCue(t, Cue::kAbout) || IsCue(t, Cue::kOver);
      if (!fits) return false;
      i = t.end;
      continue;
    }
    const char32_t c = text_.at(i);
    if (c != U'和' && c != U'与' && c != U'及' && c != U'以' && c != U'、') return false;
    ++i;
  }
  return true;
}

int FigureFinder::CountListedValues(const Stretch& clause, int at) const {
  int count = 1;
  int previous = at;
  for (int i = at + 1; i < clause.last_token && count <= kLongestList; ++i) {
    if (stream_.tokens[i].kind != TokenKind::kValue) continue;
    const Stretch between{stream_.tokens[previous].end, stream_.tokens[i].begin, previous + 1, i};
    if (!ValueAt(i).is_upper) {
      if (!ContinuesList(between)) break;
      ++count;
    }
    previous = i;
  }
  return count;
}

// 城镇和农村居民人均可支配收入…分别增长8.2%、10%.
void FigureFinder::NameListed(const Stretch& clause, const Phrase& phrase, int at,
                              Statement& statement) {
  const int count = CountListedValues(clause, at);
  Subject list;
  if (phrase.has_name()) {
    std::vector<std::string> clauses = pending_names_;
    clauses.push_back(text_.Printed(phrase.list_begin, phrase.name_end));
    list = SubjectOf(phrase);
    list.members = SplitCoordination(clauses, count, *context_.catalogue);
    if (list.members.empty() && phrase.name_begin != phrase.list_begin) {
      clauses.back() = text_.Printed(phrase.name_begin, phrase.name_end);
      list.members = SplitCoordination(clauses, count, *context_.catalogue);
    }
  } else {
    list = subject_;
    statement.inherited = true;
    if (static_cast<int>(list.members.size()) != count &&
        static_cast<int>(recent_.size()) >= count) {
      // 出口8亿元，进口5亿元，分别增长…: the last subjects of the sentence.
      list.members.assign(recent_.end() - count, recent_.end());
    }
  }
  uneven_ = static_cast<int>(list.members.size()) != count;
  listed_ = 0;
  statement.subject = std::move(list);
}

// 城镇、农村居民人均可支配收入3万元、1.6万元: as many values of one unit as names, without 分别.
bool FigureFinder::ListsNames(const Stretch& clause, const Phrase& phrase, int at) const {
  const ValueToken& value = ValueAt(at);
  const int count = CountListedValues(clause, at);
  if (count < 2 || CountsWhatFollows(phrase, value) || value.unit_begin == value.unit_end)
    return false;
  const std::string unit = text_.Printed(value.unit_begin, value.unit_end);
  int seen = 1;
  for (int i = at + 1; i < clause.last_token && seen < count; ++i) {
    if (stream_.tokens[i].kind != TokenKind::kValue) continue;
    const ValueToken& next = ValueAt(i);
    if (text_.Printed(next.unit_begin, next.unit_end) != unit) return false;
    ++seen;
  }
  const std::string names = text_.Printed(phrase.list_begin, phrase.name_end);
  return static_cast<int>(SplitCoordination({names}, count, *context_.catalogue).size()) == count;
}

}  // namespace cityinfo::metrics
