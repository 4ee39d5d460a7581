#include "services/metrics/domain/extraction/ordinary_number.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"

namespace cityinfo::metrics {
namespace {

constexpr int kNear = 12;  // characters before a value that may speak of it

bool StandsAt(const SourceText& text, int at, const char32_t* word) {
  for (int i = 0; word[i] != 0; ++i) {
    if (text.at(at + i) != word[i]) return false;
  }
  return true;
}

bool IsStop(char32_t c) {
  return c == U',' || c == U'。' || c == U';' || c == U'、' || c == U':' || c == U'\n';
}

template <size_t N>
bool AnyWithin(const SourceText& text, int begin, int end, const char32_t* const (&words)[N]) {
  for (int i = begin; i < end; ++i) {
    for (const char32_t* word : words) {
      if (StandsAt(text, i, word)) return true;
    }
  }
  return false;
}

// 71岁的老人; 人均预期寿命75岁 is a figure.
bool IsAge(const SourceText& text, const Phrase& phrase, const ValueToken& value,
           absl::string_view inherited_name) {
  if (value.base_unit != "岁") return false;
  const std::string name = phrase.has_name() ? text.Printed(phrase.name_begin, phrase.name_end)
                                             : std::string(inherited_name);
  return !absl::StrContains(name, "寿命") && !absl::StrContains(name, "年龄");
}

// 为期3天, 连续19天, 5天集中隔离; 无霜期110天 and 办理时限压缩到5天 are figures.
bool IsDuration(const SourceText& text, const Stretch& words, const Phrase& phrase,
                const ValueToken& value) {
  if (value.base_unit != "天" && value.base_unit != "小时") return false;
  static constexpr const char32_t* kLasting[] = {U"连续", U"持续", U"为期",  U"历时", U"用时",
                                                 U"耗时", U"提前", U"仅用",  U"只用", U"花了",
                                                 U"历经", U"经过", U"倒计时"};
  if (AnyWithin(text, std::max(words.begin, words.end - kNear / 2), words.end, kLasting))
    return true;
  const Predicate& predicate = phrase.predicate;
  if (predicate.reach || predicate.rise || predicate.fall || predicate.net ||
      predicate.respectively || predicate.contrast || predicate.year_on_year) {
    return false;
  }
  static constexpr const char32_t* kTimes[] = {U"期",   U"天数", U"日数", U"时间", U"时限",
                                               U"时长", U"时数", U"优良", U"空气", U"达标"};
  return !AnyWithin(text, phrase.name_begin, phrase.name_end, kTimes);
}

// 距县城12公里, 时速250公里.
bool IsDistance(const SourceText& text, const Stretch& words, const ValueToken& value) {
  if (value.base_unit != "m") return false;
  static constexpr const char32_t* kAway[] = {U"距", U"离", U"相隔", U"时速", U"到县", U"到城"};
  return AnyWithin(text, std::max(words.begin, words.end - kNear), words.end, kAway);
}

// 花了120元, 每斤卖25元, 30元一张: what somebody paid.
bool IsPricePaid(const SourceText& text, const Stretch& words, const ValueToken& value) {
  // 转移支付3216亿元: nobody pays that over a counter.
  if (value.base_unit != "元" || value.factor != Decimal::FromInteger(1)) return false;
  int end = words.end;
  const auto is_one_of = [&text](int at, const char32_t* set) {
    for (; *set != 0; ++set) {
      if (*set == text.at(at)) return true;
    }
    return false;
  };
  while (end > words.begin && is_one_of(end - 1, U"了约近只到出过上")) --end;
  if (end > words.begin && is_one_of(end - 1, U"卖花买掏付")) return true;
  return text.at(value.bound_end) == U'一' &&
         is_one_of(value.bound_end + 1, U"张斤个件位条只瓶份人碗辆台次盒袋公");
}

// 3人受伤, 10票赞成, 6位代表, 一家6口人: what a report of one event counts.
bool IsOfOneEvent(const SourceText& text, const ValueToken& value) {
  if (!value.is_counter || value.unit_class != UnitClass::kAmount) return false;
  const char32_t unit = text.at(value.unit_end - 1);
  if (unit == U'口' && text.at(value.bound_end) == U'人') return true;
  if (unit == U'票' || (unit == U'位' && !IsStop(text.at(value.bound_end)))) return true;
  static constexpr const char32_t* kHarm[] = {U"遇难", U"受伤", U"死亡", U"失踪",
                                              U"被困", U"丧生", U"获救"};
  return AnyWithin(text, value.bound_end, value.bound_end + 1, kHarm);
}

// 我家种了12亩, 6万多块: what somebody says of himself.
bool IsOfOneHousehold(const SourceText& text, const Stretch& words, const Phrase& phrase,
                      const ValueToken& value) {
  const int behind = value.bound_end;
  if (text.at(behind) == U'块' && text.at(behind + 1) != U'地') return true;
  static constexpr const char32_t* kOwn[] = {U"我家", U"他家", U"她家", U"自家", U"家里", U"咱家"};
  const int begin = phrase.has_name() ? std::min(phrase.name_begin, words.end) : words.begin;
  return AnyWithin(text, std::max(words.begin, begin - 2), words.end, kOwn);
}

}  // namespace

int EndOfSteps(const SourceText& text, const ValueToken& value) {
  if (!value.is_counter || value.unit_class != UnitClass::kAmount) return 0;
  for (int i = value.bound_end; i < value.bound_end + kNear / 2 && !IsStop(text.at(i)); ++i) {
    if (StandsAt(text, i, U"台阶") || StandsAt(text, i, U"大关")) return i + 2;
  }
  return 0;
}

bool IsOrdinaryNumber(const SourceText& text, const Stretch& words, const Phrase& phrase,
                      const ValueToken& value, absl::string_view inherited_name) {
  if (phrase.indicator >= 0) return false;
  return IsAge(text, phrase, value, inherited_name) || IsDuration(text, words, phrase, value) ||
         IsDistance(text, words, value) || IsPricePaid(text, words, value) ||
         IsOfOneEvent(text, value) || IsOfOneHousehold(text, words, phrase, value);
}

}  // namespace cityinfo::metrics
