#include "services/metrics/domain/extraction/coordination.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/utf8.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kMostParts = 12;
constexpr size_t kLongestSharedPart = 14;  // characters

using Characters = std::vector<std::string>;  // one UTF-8 character each

Characters Split(const std::string& text) {
  Characters characters;
  const absl::string_view view(text);
  for (size_t pos = 0; pos < view.size();) {
    const size_t begin = pos;
    base::DecodeCodePoint(view, &pos);
    characters.emplace_back(view.substr(begin, pos - begin));
  }
  return characters;
}

std::string Join(const Characters& characters, size_t begin, size_t end) {
  std::string text;
  for (size_t i = begin; i < end && i < characters.size(); ++i) text += characters[i];
  return text;
}

int IndexOf(const Catalogue& catalogue, const std::string& name) {
  return catalogue.indicator_names().Find(name);
}

// The pieces of `clause` between the given separators; 以及 counts as 及.
std::vector<std::string> Pieces(const std::string& clause, bool conjunctions) {
  std::vector<std::string> pieces(1);
  const Characters characters = Split(clause);
  for (size_t i = 0; i < characters.size(); ++i) {
    const std::string& c = characters[i];
    bool separates = c == "、";
    if (conjunctions)
      separates |= c == "和" || c == "与" || c == "及" ||
                   (c == "以" && i + 1 < characters.size() && characters[i + 1] == "及");
    if (!separates) {
      pieces.back() += c;
    } else if (!pieces.back().empty()) {
      pieces.emplace_back();
    }
  }
  if (pieces.back().empty()) pieces.pop_back();
  return pieces;
}

// 装备制造两个万亿级产业…产值: a count in the last part sums the list up; what stands before it is
// the last name.
std::string BeforeSum(const std::string& part) {
  static constexpr const char* kNumbers[] = {"两", "二", "三", "四", "五", "六",
                                             "七", "八", "2",  "3",  "4",  "5"};
  static constexpr const char* kCounters[] = {"个", "大", "项", "类", "家", "市", "县"};
  const Characters characters = Split(part);
  for (size_t i = 1; i + 1 < characters.size(); ++i) {
    const bool number =
        std::find(std::begin(kNumbers), std::end(kNumbers), characters[i]) != std::end(kNumbers);
    const bool counter = std::find(std::begin(kCounters), std::end(kCounters), characters[i + 1]) !=
                         std::end(kCounters);
    if (number && counter) return Join(characters, 0, i);
  }
  return part;
}

// 城乡居民人均可支配收入, 存贷款余额: two things in one word.
std::vector<ListedName> SplitContraction(const std::string& name, const Catalogue& catalogue) {
  struct Contraction {
    const char* word;
    const char* first;
    const char* second;
  };
  static constexpr Contraction kContractions[] = {
      {"城乡", "城镇", "农村"},   {"城乡", "城市", "农村"}, {"存贷款", "存款", "贷款"},
      {"进出口", "进口", "出口"}, {"收支", "收入", "支出"}, {"一二产业", "第一产业", "第二产业"}};
  std::vector<ListedName> fallback;
  for (const Contraction& c : kContractions) {
    const size_t at = name.find(c.word);
    if (at == std::string::npos) continue;
    const std::string rest = name.substr(at + std::string(c.word).size());
    const std::string head = name.substr(0, at);
    std::vector<ListedName> names{{head + c.first + rest, -1}, {head + c.second + rest, -1}};
    for (ListedName& listed : names) listed.indicator = IndexOf(catalogue, listed.text);
    const bool known = names[0].indicator >= 0 && names[1].indicator >= 0;
    if (known && catalogue.indicators()[names[0].indicator].name_zh == names[0].text) return names;
    if (fallback.empty() || (known && fallback[0].indicator < 0)) fallback = std::move(names);
  }
  return fallback;
}

// 三次产业对经济增长的贡献率: each of the three.
std::vector<ListedName> SplitIndustries(const std::string& name, const Catalogue& catalogue) {
  for (const char* word : {"第一、二、三产业", "三次产业", "一、二、三产业", "一二三产业"}) {
    const size_t at = name.find(word);
    if (at == std::string::npos) continue;
    std::vector<ListedName> names;
    for (const char* industry : {"第一产业", "第二产业", "第三产业"}) {
      const std::string text =
          name.substr(0, at) + industry + name.substr(at + std::string(word).size());
      names.push_back({text, IndexOf(catalogue, text)});
    }
    return names;
  }
  return {};
}

// What is measured of each part of a list, printed only once, behind the last: 产量 in
// 太阳能电池、新能源汽车产量. The longest that `last` ends with; "" for none.
std::string SharedHead(const std::string& last) {
  static constexpr const char* kHeads[] = {
      "产业增加值", "行业增加值", "增加值", "总产值", "产业产值", "产值",
      "产量",       "零售额",     "投资额", "投资",   "销售额",   "销售量",
      "价格",       "营业收入",   "进出口", "出口",   "保有量",   "周转量"};
  for (const char* head : kHeads) {
    const std::string word(head);
    if (last.size() > word.size() &&
        last.compare(last.size() - word.size(), word.size(), word) == 0)
      return word;
  }
  return "";
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// 电子信息 beside 新材料产业增加值: with the head it shares, unless it has one of its own.
std::string WithHead(const std::string& part, const std::string& head) {
  if (head.empty() || !SharedHead(part).empty() || part.size() < 6) return part;
  if (EndsWith(part, "业") && (head == "产业增加值" || head == "行业增加值")) {
    return part + "增加值";
  }
  if (EndsWith(part, "业") && head == "产业产值") return part + "产值";
  return part + head;
}

// Finds the name that `part` stands for beside `first` and `last`: with the end of the last name,
// the beginning of the first, or both.
ListedName Complete(const std::string& part, const std::string& first, const std::string& last,
                    const Catalogue& catalogue) {
  const int whole = IndexOf(catalogue, part);
  if (whole >= 0) return {part, whole};
  const Characters head = Split(first);
  const Characters tail = Split(last);
  const size_t heads = std::min(head.size(), kLongestSharedPart);
  const size_t tails = std::min(tail.size(), kLongestSharedPart);
  // The longest shared end that makes a known name, with the shortest shared beginning.
  for (size_t h = 0; h <= heads; ++h) {
    for (size_t t = tails + 1; t-- > 0;) {
      if (h == 0 && t == 0) continue;
      const std::string name = Join(head, 0, h) + part + Join(tail, tail.size() - t, tail.size());
      const int indicator = IndexOf(catalogue, name);
      if (indicator >= 0) return {name, indicator};
    }
  }
  return {part, -1};
}

std::vector<ListedName> CompleteAll(std::vector<std::string> parts, const Catalogue& catalogue) {
  const std::string last = parts.back();
  parts.back() = BeforeSum(last);
  std::vector<ListedName> names;
  for (const std::string& part : parts)
    names.push_back(Complete(part, parts.front(), last, catalogue));
  const std::string head = SharedHead(parts.back());
  for (ListedName& name : names) {
    if (name.indicator < 0) name.text = WithHead(name.text, head);
  }
  return names;
}

// Whether the clauses before the last are names of industries and nothing else.
bool IsListOfIndustries(const std::vector<std::string>& clauses) {
  constexpr size_t kLongest = 75;  // bytes
  for (size_t i = 0; i + 1 < clauses.size(); ++i) {
    if (!EndsWith(clauses[i], "业") || clauses[i].size() > kLongest) return false;
  }
  return true;
}

}  // namespace

std::vector<ListedName> SplitCoordination(const std::vector<std::string>& clauses, int count,
                                          const Catalogue& catalogue) {
  const auto wanted = static_cast<size_t>(count);
  if (count < 2 || wanted > kMostParts || clauses.empty()) return {};
  const std::string& last = clauses.back();
  if (count == 3) {
    std::vector<ListedName> industries = SplitIndustries(last, catalogue);
    if (!industries.empty()) return industries;
  }
  // 住宿和餐饮业，信息传输、软件和信息技术服务业: commas separate where the parts are lists
  // themselves.
  if (clauses.size() >= wanted) {
    std::vector<std::string> tail(clauses.end() - count, clauses.end());
    if (IsListOfIndustries(tail)) return CompleteAll(std::move(tail), catalogue);
  }
  for (bool conjunctions : {false, true}) {
    std::vector<std::string> parts = Pieces(last, conjunctions);
    if (parts.size() == wanted) return CompleteAll(std::move(parts), catalogue);
  }
  if (Pieces(last, true).size() == 1 && wanted == 2) {
    std::vector<ListedName> names = SplitContraction(last, catalogue);
    if (!names.empty()) return names;
  }
  // Commas separate the parts: the last `count` clauses, or as many as give `count` pieces.
  if (clauses.size() >= wanted) {
    return CompleteAll({clauses.end() - static_cast<std::ptrdiff_t>(wanted), clauses.end()},
                       catalogue);
  }
  std::vector<std::string> parts;
  for (const std::string& clause : clauses) {
    for (std::string& piece : Pieces(clause, false)) parts.push_back(std::move(piece));
  }
  if (parts.size() == wanted) return CompleteAll(std::move(parts), catalogue);
  return {};
}

}  // namespace cityinfo::metrics
