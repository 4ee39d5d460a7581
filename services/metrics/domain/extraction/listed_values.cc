// The part of FigureFinder that pairs lists of values with lists of names.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
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

// 对东盟、欧盟分别进出口11亿元、8亿元: what is measured stands behind 分别.
std::vector<ListedName> FigureFinder::SplitAroundRespectively(const std::string& list,
                                                              int count) const {
  static constexpr absl::string_view kRespectively = "分别";
  const size_t at = list.find(kRespectively.data());
  if (at == std::string::npos || at == 0) return {};
  absl::string_view head = absl::string_view(list).substr(at + kRespectively.size());
  for (absl::string_view verb : {"实现", "完成", "达到", "达"}) {
    if (absl::ConsumePrefix(&head, verb)) break;
  }
  if (head.empty()) return {};
  std::vector<ListedName> names =
      SplitCoordination({list.substr(0, at)}, count, *context_.catalogue);
  for (ListedName& name : names) {
    name.text += std::string(head);
    name.indicator = context_.catalogue->indicator_names().Find(name.text);
  }
  return names;
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
    list.members = SplitAroundRespectively(clauses.back(), count);
    if (list.members.empty()) {
      list.members = SplitCoordination(clauses, count, *context_.catalogue);
    }
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
  if (!phrase.has_name() && static_cast<int>(list.members.size()) != count &&
      !pending_names_.empty()) {
    NameFromClauseBefore(count, list);
  }
  uneven_ = static_cast<int>(list.members.size()) != count;
  listed_ = 0;
  statement.subject = std::move(list);
}

// 增速前三位的是甲县、乙县和丙市，分别增长…: the list stands in the clause before.
void FigureFinder::NameFromClauseBefore(int count, Subject& list) const {
  const std::string& clause = pending_names_.back();
  for (absl::string_view verb : {"是", "为", "包括", "有"}) {
    const size_t at = clause.rfind(std::string(verb));
    if (at == std::string::npos) continue;
    std::vector<ListedName> names =
        SplitCoordination({clause.substr(at + verb.size())}, count, *context_.catalogue);
    if (static_cast<int>(names.size()) != count) continue;
    list.members = std::move(names);
    if (!list.known()) list.text = clause;
    return;
  }
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
