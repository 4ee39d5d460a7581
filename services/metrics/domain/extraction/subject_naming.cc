// The part of FigureFinder that decides what a value is a value of.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "services/metrics/domain/extraction/figure_finder.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kLongestCompound = 120;  // bytes
constexpr size_t kLongestEnding = 6;      // bytes: 支出
constexpr size_t kShortestBeginning = 6;  // bytes

bool EndsWith(const SourceText& text, int begin, int end, const char32_t* word) {
  int length = 0;
  while (word[length] != 0) ++length;
  if (end - length < begin) return false;
  for (int i = 0; i < length; ++i) {
    if (text.at(end - length + i) != word[i]) return false;
  }
  return true;
}

bool IsWord(const SourceText& text, int begin, const char32_t* word) {
  for (int i = 0; word[i] != 0; ++i) {
    if (text.at(begin + i) != word[i]) return false;
  }
  return true;
}

}  // namespace

// 全市12个县区, 自然保护区150个问题: before the value stands only where the counted things are.
bool FigureFinder::CountsWhatFollows(const Phrase& phrase, const ValueToken& value) const {
  if (phrase.indicator >= 0) return false;
  // 设立20亿元的产业基金
  if (phrase.predicate.verb_before_value && text_.at(value.bound_end) == U'的' &&
      value.unit_class == UnitClass::kAmount) {
    return true;
  }
  if (!value.is_counter) return false;
  if (phrase.predicate.verb_before_value) return true;
  // 人 and 户 stand behind what they count as often as before it.
  const char32_t unit = text_.at(value.unit_end - 1);
  if (unit != U'人' && unit != U'户' && unit != U'次') return true;
  // 龙泉村126户贫困户: a place is where they live, not what they are.
  static constexpr char32_t kPlaces[] = U"村镇乡县";
  for (const char32_t* c = kPlaces; phrase.has_name() && unit != U'次' && *c != 0; ++c) {
    if (*c == text_.at(phrase.name_end - 1)) return true;
  }
  return false;
}

// 11个镇 is a noun of one character; most single characters are not.
bool FigureFinder::IsNoun(const Stretch& noun) const {
  if (noun.end - noun.begin >= 2) return true;
  static constexpr char32_t kShort[] = U"镇乡村县区市州省国";
  for (const char32_t* c = kShort; noun.end > noun.begin && *c != 0; ++c) {
    if (*c == text_.at(noun.begin)) return true;
  }
  return false;
}

// 4镇、10乡: the unit is the thing counted.
bool FigureFinder::NamesItself(const ValueToken& value) const {
  if (value.unit_end - value.unit_begin > 2) return false;
  static constexpr char32_t kThings[] = U"镇乡村办社街";
  const char32_t first = text_.at(value.unit_begin);
  for (const char32_t* thing = kThings; *thing != 0; ++thing) {
    if (*thing == first) return true;
  }
  return false;
}

Subject FigureFinder::SubjectOf(const Phrase& phrase) const {
  Subject subject;
  if (phrase.skip_begin > phrase.name_begin && phrase.skip_end < phrase.name_end) {
    subject.text = text_.Printed(phrase.name_begin, phrase.skip_begin) +
                   text_.Printed(phrase.skip_end, phrase.name_end);
  } else {
    subject.text = text_.Printed(phrase.name_begin, phrase.name_end);
  }
  subject.indicator = phrase.indicator;
  if (subject.indicator < 0) CompleteFromRoot(subject);
  if (subject.indicator >= 0) {
    subject.is_flow = context_.catalogue->indicators()[subject.indicator].is_flow;
  }
  return subject;
}

// With the name that leads the sentence, a short one may be one that the catalogue knows: 总投资
// behind 污水处理厂 is the works' investment; 支出 behind 政府性基金收入 shares its beginning.
void FigureFinder::CompleteFromRoot(Subject& subject) const {
  if (root_text_.empty() || root_text_.size() + subject.text.size() > kLongestCompound) return;
  const PhraseTrie& names = context_.catalogue->indicator_names();
  subject.indicator = names.Find(root_text_ + subject.text);
  if (subject.indicator >= 0 || subject.text.size() > kLongestEnding) return;
  absl::string_view root(root_text_);
  if (absl::EndsWith(root, subject.text)) return;  // 就业 behind 城镇新增就业 is another
  while (subject.indicator < 0 && root.size() > kShortestBeginning) {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    while (!root.empty() && continues(root.back())) root.remove_suffix(1);
    if (!root.empty()) root.remove_suffix(1);
    const std::string completed = std::string(root) + subject.text;
    subject.indicator = names.Find(completed);
    if (subject.indicator >= 0) subject.text = completed;
  }
}

// 为预算的101%, 完成年度计划的95%: a part of what was planned for the same subject.
bool FigureFinder::NameAsShareOfBudget(const Phrase& phrase, const ValueToken& value,
                                       Statement& statement) {
  const bool amount = value.unit_class == UnitClass::kAmount && phrase.predicate.done;
  if ((value.unit_class != UnitClass::kPercent && !amount) || !subject_.known()) return false;
  static constexpr const char32_t* kBases[] = {U"预算", U"预算数",   U"计划",   U"任务",
                                               U"目标", U"目标任务", U"决算数", U"序时进度",
                                               U"预期", U"意向面积", U"任务数"};
  for (const char32_t* base : kBases) {
    if (!EndsWith(text_, phrase.name_begin, phrase.name_end, base)) continue;
    statement.subject = subject_;
    if (amount) {
      // 完成预算9000万元的101%: the plan itself; what follows is again of the subject.
      statement.subject.text += text_.Printed(phrase.name_begin, phrase.name_end);
      statement.subject.indicator = -1;
      statement.subject.members.clear();
      statement.keeps_subject = after_plan_ = true;
    }
    statement.inherited = true;
    statement.of_budget = true;
    return true;
  }
  return false;
}

// 三次产业结构比为10:38:52: the shares of the three strata of industry.
void FigureFinder::NameIndustries(Subject& subject) const {
  static constexpr const char* kIds[] = {"value_added_primary", "value_added_secondary",
                                         "value_added_tertiary"};
  if (subject.text.find("产业") == std::string::npos) return;
  subject.members.clear();
  for (const char* id : kIds) {
    const Indicator* indicator = context_.catalogue->FindIndicator(id);
    const int index = indicator == nullptr
                          ? -1
                          : static_cast<int>(indicator - context_.catalogue->indicators().data());
    subject.members.push_back({subject.text, index});
  }
}

// 22个特色小镇, 1100万的预期目标, 8%的增长: what follows the value names it.
bool FigureFinder::NameByNoun(const Stretch& clause, const Phrase& phrase, int at,
                              Statement& statement) {
  const ValueToken& value = ValueAt(at);
  const int begin = value.upper >= 0 ? stream_.values[value.upper].bound_end : value.bound_end;
  const bool of = text_.at(begin) == U'的';
  static constexpr const char32_t* kPromises[] = {U"预期目标", U"目标", U"年度目标", U"目标任务",
                                                  U"任务"};
  static constexpr const char32_t* kGrowth[] = {U"增长", U"增速",   U"增幅",
                                                U"速度", U"增长率", U"降幅"};
  const int noun_begin = begin + (of ? 1 : 0);
  for (const char32_t* word : kPromises) {
    if (of && IsWord(text_, noun_begin, word)) {
      statement.value_is_target = true;
      return false;
    }
  }
  for (const char32_t* word : kGrowth) {
    if (of && value.unit_class == UnitClass::kPercent && IsWord(text_, noun_begin, word)) {
      statement.growth_follows = true;
      return false;
    }
  }
  const Predicate& predicate = phrase.predicate;
  if (predicate.rise || predicate.fall || predicate.net || predicate.share) return false;
  if (value.unit_class != UnitClass::kAmount && !(value.unit_class == UnitClass::kPercent && of))
    return false;
  static constexpr const char32_t* kClosing[] = {U"大关", U"台阶", U"水平", U"规模", U"关口",
                                                 U"之多", U"不等", U"提高", U"增加", U"左右"};
  for (const char32_t* word : kClosing) {
    if (IsWord(text_, noun_begin, word)) return false;
  }
  if (!of && text_.at(begin) == U'(') return false;
  const Stretch noun = phrases_.NounAfter(begin, clause.end, at + 1);
  if (!IsNoun(noun)) return false;
  Phrase named = phrase;
  named.name_begin = noun.begin;
  named.name_end = noun.end;
  named.indicator = phrases_.IndicatorOf(noun.begin, noun.end);
  statement.subject = SubjectOf(named);
  statement.subject.is_flow = true;
  statement.named_until = noun.end;
  return true;
}

void FigureFinder::NameSubject(const Stretch& clause, const Phrase& phrase, int at,
                               Statement& statement) {
  const ValueToken& value = ValueAt(at);
  const Predicate& predicate = phrase.predicate;
  const bool after_plan = std::exchange(after_plan_, false);
  if (predicate.respectively ||
      (!phrase.has_name() && subject_.members.size() > 1 &&
       CountListedValues(clause, at) == static_cast<int>(subject_.members.size()))) {
    NameListed(clause, phrase, at, statement);
    return;
  }
  if (phrase.has_name() && ListsNames(clause, phrase, at)) {
    NameListed(clause, phrase, at, statement);
    return;
  }
  uneven_ = false;
  if (phrase.has_name() && NameAsShareOfBudget(phrase, value, statement)) return;
  const bool noun_wanted = !phrase.has_name() || CountsWhatFollows(phrase, value);
  const Subject before = subject_;
  const bool named =
      noun_wanted && text_.at(value.bound_end) != U',' && NameByNoun(clause, phrase, at, statement);
  if (!noun_wanted) {
    // Still, 的增长 and 的目标 tell what kind of value it is.
    Statement probe = statement;
    if (!NameByNoun(clause, phrase, at, probe)) {
      statement.growth_follows = probe.growth_follows;
      statement.value_is_target = probe.value_is_target;
    }
  }
  if (named) return;
  if (!phrase.has_name() && NamesItself(value)) {
    statement.subject = Subject();
    statement.subject.text = text_.Printed(value.unit_begin, value.unit_end);
    return;
  }
  if (phrase.has_name() && subject_.known() &&
      (IsBareTotal(phrase) || (IsLevelOfOffice(phrase) && !value.is_counter))) {
    Inherit(predicate, at, before, statement);
  } else if (phrase.has_name()) {
    statement.subject = SubjectOf(phrase);
    if (value.is_counter) NameRankedPart(before, statement.subject);
    NameShare(phrase, before, statement);
  } else {
    Inherit(predicate, at, before, statement);
    statement.of_budget = after_plan && text_.at(value.begin - 1) == U'的';
  }
}

// A value without a name is of what the clause before spoke of, or of the last value's subject.
void FigureFinder::Inherit(const Predicate& predicate, int at, const Subject& before,
                           Statement& statement) const {
  const ValueToken& value = ValueAt(at);
  if (predicate.reach && !silent_subject_.empty()) {
    statement.subject = Subject();
    statement.subject.text = silent_subject_;
    statement.subject.indicator = context_.catalogue->indicator_names().Find(silent_subject_);
    statement.inherited = true;
    return;
  }
  // 占收入的90%，增收3亿元: the income gained, not its share.
  const bool moves = value.unit_class == UnitClass::kPercent && (predicate.rise || predicate.fall);
  const bool of_whole = before.is_share && share_base_.known() && predicate.year_on_year &&
                        (moves || value.unit_class == UnitClass::kAmount);
  statement.subject = of_whole ? share_base_ : before;
  statement.subject.members.clear();
  statement.inherited = true;
}

// 国家级特色小镇4个、省级21个: the same things, of another rank.
void FigureFinder::NameRankedPart(const Subject& before, Subject& subject) const {
  static constexpr const char* kRanks[] = {"国家级", "世界级", "省级", "市级", "县级", "州级"};
  const auto is_rank = [&](const char* rank) { return subject.text == rank; };
  if (!before.known() || std::none_of(std::begin(kRanks), std::end(kRanks), is_rank)) return;
  absl::string_view thing(before.text);
  for (const char* rank : kRanks) {
    if (absl::ConsumePrefix(&thing, rank)) break;
  }
  subject.text += std::string(thing);
}

// 占投资的比重, 民间投资占全部投资的比重: whose share it is.
void FigureFinder::NameShare(const Phrase& phrase, const Subject& before, Statement& statement) {
  if (text_.at(phrase.name_begin) == U'占') {
    // 占投资的比重为25%，占工业投资的比重为75%: shares of the same.
    if (!before.is_share || !share_base_.known()) share_base_ = before;
    statement.subject.text = share_base_.text + statement.subject.text;
    statement.subject.is_share = true;
    statement.inherited = share_base_.known();
    const bool of_gdp = EndsWith(text_, phrase.name_begin, phrase.name_end, U"生产总值比重") ||
                        EndsWith(text_, phrase.name_begin, phrase.name_end, U"GDP比重") ||
                        EndsWith(text_, phrase.name_begin, phrase.name_end, U"生产总值的比重") ||
                        EndsWith(text_, phrase.name_begin, phrase.name_end, U"GDP的比重");
    if (of_gdp) statement.subject.indicator = share_base_.indicator;
    return;
  }
  const size_t share = statement.subject.text.find("占");
  if (phrase.predicate.share && share != std::string::npos && share > 0) {
    share_base_ = Subject();
    share_base_.text = statement.subject.text.substr(0, share);
    share_base_.indicator = context_.catalogue->indicator_names().Find(share_base_.text);
    statement.subject.is_share = true;
  }
}

// 4镇、10乡、233个行政村: a list of counts in which each names its own things.
bool FigureFinder::CountsAnew(const ValueToken& value, int at) const {
  if (!value.is_counter || predicate_.respectively) return false;
  if (NamesItself(value)) return true;
  const int end = std::min(text_.size(), value.bound_end + 8);
  const Stretch noun = phrases_.NounAfter(value.bound_end, end, at + 1);
  const char32_t next = text_.at(value.bound_end);
  return IsNoun(noun) && next != U',' && next != U'、' && next != U'。' && next != U';';
}

// 新增企业76家，总数达589家: the number of the same.
bool FigureFinder::IsBareTotal(const Phrase& phrase) const {
  const std::string name = text_.Printed(phrase.name_begin, phrase.name_end);
  for (absl::string_view total : {"总数", "总量", "总数量", "数量", "进度"}) {
    if (name == total) return true;
  }
  return false;
}

// 县(市)级完成53亿元: whose it is, not what.
bool FigureFinder::IsLevelOfOffice(const Phrase& phrase) const {
  constexpr int kLongest = 5;  // characters
  const char32_t first = text_.at(phrase.name_begin);
  return phrase.name_end - phrase.name_begin <= kLongest &&
         text_.at(phrase.name_end - 1) == U'级' &&
         (first == U'县' || first == U'市' || first == U'区' || first == U'乡' || first == U'镇');
}

}  // namespace cityinfo::metrics
