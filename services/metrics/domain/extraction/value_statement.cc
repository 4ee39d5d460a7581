// The part of FigureFinder that judges one value: whether it is a figure, and what it takes over
// from the value before it.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "services/metrics/domain/extraction/figure_finder.h"
#include "services/metrics/domain/extraction/ordinary_number.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kMostRecent = 12;

bool HasUnit(const ValueToken& value) {
  return value.unit_begin < value.unit_end || value.unit_class != UnitClass::kAmount;
}

}  // namespace

void FigureFinder::RememberSubject(const Statement& statement) {
  const Subject& subject = statement.subject;
  if (!subject.known() || !subject.members.empty()) return;
  if (!recent_.empty() && recent_.back().text == subject.text) return;
  if (recent_.size() == kMostRecent) recent_.erase(recent_.begin());
  recent_.push_back({subject.text, subject.indicator});
}

// 8.2%、10%: one more value of the same list.
void FigureFinder::ContinueStatement(Statement& statement) {
  statement.predicate = predicate_;
  statement.predicate.own_time = -1;
  statement.subject = subject_;
  statement.inherited = subject_.known();
  statement.place_code = place_code_;
  statement.unknown_place = unknown_place_;
  ++listed_;
}

// 城乡居民收入比由2.41缩小到2.24, 恩格尔系数为0.31: some numbers have no unit.
bool FigureFinder::IsBareRatio(const Phrase& phrase) const {
  const Predicate& predicate = phrase.predicate;
  if (!predicate.reach && !predicate.from && !predicate.rise && !predicate.fall) return false;
  const std::string name =
      phrase.has_name() ? text_.Printed(phrase.name_begin, phrase.name_end) : subject_.text;
  for (absl::string_view end : {"收入比", "收入之比", "系数", "总和生育率", "抚养比"}) {
    if (absl::EndsWith(name, end)) return true;
  }
  return false;
}

// What the sentence has said of how its values move holds for a value that does not say it again.
void FigureFinder::TakeOverMovement(bool has_name, const ValueToken& value, Statement& statement) {
  // 五年累计接待游客1.2亿人次，实现旅游收入1086亿元: both are sums.
  sums_ |= statement.predicate.cumulative && !statement.predicate.reach;
  if (sums_ && statement.predicate.done && !statement.predicate.reach &&
      statement.predicate.own_time < 0) {
    statement.predicate.cumulative = true;
  }
  // 增长8%以上，力争8.5%: the same movement.
  Predicate& own = statement.predicate;
  const bool bare = !own.rise && !own.fall && !own.reach && !own.share && !own.growth_noun;
  if (bare && own.target && !has_name && value.unit_class == UnitClass::kPercent &&
      statement.inherited && !statement.of_budget && last_moved_) {
    own.rise = true;
  }
  last_moved_ = value.unit_class == UnitClass::kPercent && own.rise && !own.reach;
}

// A value with words of its own before it. False when it is no figure.
bool FigureFinder::BeginStatement(const Stretch& clause, const Stretch& words, int at,
                                  Statement& statement) {
  const ValueToken& value = ValueAt(at);
  const Phrase phrase = phrases_.Read(words);
  if (!HasUnit(value)) {
    // 指数为102.3 needs no unit, most other numbers do.
    const bool index =
        (phrase.indicator >= 0 && phrase.predicate.reach && value.bound_end >= clause.end) ||
        IsBareRatio(phrase);
    ObserveTimes(phrase.predicate, words);
    if (!index) return false;
  }
  if (phrase.predicate.member && value.is_counter) return false;
  if (IsThreshold(clause, value, at, phrase.predicate)) return false;
  if (const int end = EndOfSteps(text_, value); end > 0) {
    if (phrase.has_name()) subject_ = SubjectOf(phrase);
    statement.named_until = end;
    list_broken_ = true;
    return false;
  }
  if (IsOrdinaryNumber(text_, words, phrase, value, subject_.text)) return false;
  ObserveTimes(phrase.predicate, words);
  Place(value.unit_class == UnitClass::kRank ? Phrase() : phrase, statement);
  statement.predicate = phrase.predicate;
  if (phrase.predicate.target_noun && PromisesByNoun(words)) sentence_target_ = true;
  // 改造棚户区5万户、危房1万户: one verb for both.
  const bool listed = words.first_token < words.last_token && words.begin > clause.begin &&
                      stream_.tokens[words.first_token].kind == TokenKind::kListComma &&
                      stream_.tokens[words.first_token].begin == words.begin;
  if (listed && !phrase.predicate.reach) {
    statement.predicate.action |= predicate_.action;
    statement.predicate.founding |= predicate_.founding;
    statement.predicate.cumulative |= predicate_.cumulative;
  }
  NameSubject(clause, phrase, at, statement);
  if (value.unit_class == UnitClass::kRatio) NameIndustries(statement.subject);
  TakeOverMovement(phrase.has_name(), value, statement);
  listed_ = 0;
  // 蔬菜及食用菌播种面积…，产量…: the output of the same.
  const bool area = absl::EndsWith(statement.subject.text, "播种面积") ||
                    absl::EndsWith(statement.subject.text, "种植面积");
  if (phrase.has_name() && (phrase.indicator >= 0 || area)) root_text_ = statement.subject.text;
  predicate_ = statement.predicate;
  if (statement.predicate.target) sentence_target_ = true;
  return true;
}

int FigureFinder::ReadValue(const Stretch& clause, const Stretch& words, int at) {
  const ValueToken& value = ValueAt(at);
  Statement statement;
  statement.value = stream_.tokens[at].index;
  statement.clause_begin = clause.begin;
  const bool ratio = value.unit_class == UnitClass::kRatio && words.end == words.begin + 1;
  const bool continues = HasUnit(value) && !std::exchange(list_broken_, false) &&
                         words.begin > clause.begin &&
                         (ratio || (ContinuesList(words) && !CountsAnew(value, at) &&
                                    !IsThreshold(clause, value, at, Predicate())));
  if (continues) {
    ContinueStatement(statement);
  } else if (!BeginStatement(clause, words, at, statement)) {
    return std::max(stream_.tokens[at].end, statement.named_until);
  }
  const bool rate = value.unit_class == UnitClass::kPercent && !statement.inherited &&
                    !statement.predicate.rise && !statement.predicate.fall &&
                    !statement.predicate.average && !statement.predicate.growth_noun;
  const bool amount = (value.unit_class == UnitClass::kAmount && HasUnit(value)) || rate;
  if (amount && !statement.predicate.net && !statement.keeps_subject) RememberSubject(statement);
  statement.uneven_list = uneven_;
  if (!statement.keeps_subject) subject_ = statement.subject;
  if (!whole_.known()) whole_ = subject_;
  if (!subject_.members.empty() && !statement.keeps_subject) {
    const size_t index = std::min(static_cast<size_t>(listed_), subject_.members.size() - 1);
    statement.subject.text = subject_.members[index].text;
    statement.subject.indicator = subject_.members[index].indicator;
  }
  const int named_until = std::max(stream_.tokens[at].end, statement.named_until);
  Emit(std::move(statement));
  return named_until;
}

}  // namespace cityinfo::metrics
