// The part of PhraseReader that decides how much of the words around a head is its name.
#include <algorithm>

#include "services/metrics/domain/extraction/phrase.h"

namespace cityinfo::metrics {
namespace {

constexpr int kLongestSuperlative = 8;  // characters of 比重最大的

bool SaysHowMuch(char32_t c) {
  return c == U'高' || c == U'低' || c == U'快' || c == U'慢' || c == U'多' || c == U'少';
}

}  // namespace

// 比重最大的制造业: where a superlative before a name ends; 0 when there is none.
int PhraseReader::EndOfSuperlative(int begin, int end) const {
  bool most = false;
  for (int i = begin; i < std::min(end - 2, begin + kLongestSuperlative); ++i) {
    if (text_.at(i) == U'最') most = true;
    if (text_.at(i) == U'的') return most ? i + 1 : 0;
  }
  return 0;
}

// 较均衡进度慢3%: with what the subject is compared is no subject.
bool PhraseReader::ComparesOnly(int begin, int end, int value_begin) const {
  const char32_t front = text_.at(begin);
  // 恢复至2019年同期的88%
  if (end - begin == 2 && front == U'同' && text_.at(begin + 1) == U'期') return true;
  if (begin >= end || end >= value_begin || (front != U'较' && front != U'比')) return false;
  const char32_t next = text_.at(begin + 1);
  if (front == U'比' && (next == U'重' || next == U'例' || next == U'率' || next == U'值'))
    return false;
  // 较日常增加1500列
  return SaysHowMuch(text_.at(end)) || text_.at(end) == U'增' || text_.at(end) == U'减' ||
         text_.at(end) == U'提' || text_.at(end) == U'下' || text_.at(end) == U'上';
}

// What an industry or an enterprise brings about: 第三产业实现[增加值].
bool PhraseReader::IsOutput(int begin, int end) const {
  static constexpr const char32_t* kOutputs[] = {U"增加值",   U"产值",     U"总产值",
                                                 U"营业收入", U"销售收入", U"主营业务收入",
                                                 U"利润",     U"利润总额", U"销售额"};
  for (const char32_t* output : kOutputs) {
    int i = 0;
    while (output[i] != 0 && text_.at(begin + i) == output[i]) ++i;
    if (output[i] == 0 && begin + i == end) return true;
  }
  return false;
}

// 面积, 收入: a name only together with the verb before it, as in 种植面积.
bool PhraseReader::IsBareHead(int begin, int end) const {
  static constexpr const char32_t* kHeads[] = {U"面积", U"收入", U"产值", U"产量",
                                               U"人数", U"数量", U"里程", U"户数",
                                               U"长度", U"规模", U"时限", U"时间"};
  if (end - begin != 2) return false;
  for (const char32_t* head : kHeads) {
    if (text_.at(begin) == head[0] && text_.at(begin + 1) == head[1]) return true;
  }
  return false;
}

// Where the name that ends with a bare head begins: 村集体[增加收入], 西瓜[种植面积].
int PhraseReader::BeginWithVerb(const Stretch& stretch, int head, int last_token,
                                Phrase& phrase) const {
  int verb = head;
  int i = last_token;
  for (; i > stretch.first_token; --i) {
    const Token& token = stream_.tokens[i - 1];
    if (token.end > verb) continue;
    const bool joins = IsCue(token, Cue::kAction) || IsCue(token, Cue::kFounding) ||
                       IsCue(token, Cue::kWork) || IsCue(token, Cue::kCumulative) ||
                       IsCue(token, Cue::kRise) || text_.at(token.end - 1) == U'均';
    if (!joins || token.end != verb || token.end - token.begin < 2) break;
    verb = token.begin;
  }
  if (verb == head) return head;
  int begin = FindNameBegin(stretch, verb, i, phrase);
  StripFront(Stretch{begin, verb, stretch.first_token, i}, phrase, begin, verb);
  return begin;
}

bool PhraseReader::IsPull(const Token& token) const {
  return IsCue(token, Cue::kFounding) && text_.at(token.end - 1) == U'动' &&
         (text_.at(token.begin) == U'拉' || text_.at(token.begin) == U'带');
}

// 工业拉动经济增长2个百分点: what pulls is spoken of, not what is pulled.
bool PhraseReader::PullsByPoints(const Stretch& stretch) const {
  constexpr int kLongestValue = 14;  // characters
  bool pulls = false;
  for (int i = stretch.first_token; i < stretch.last_token; ++i) pulls |= IsPull(stream_.tokens[i]);
  if (!pulls) return false;
  for (int i = stretch.end; i < stretch.end + kLongestValue; ++i) {
    if (text_.at(i) == U'百' && text_.at(i + 1) == U'分' && text_.at(i + 2) == U'点') return true;
    if (text_.at(i) == U',' || text_.at(i) == U'。' || text_.at(i) == U';') return false;
  }
  return false;
}

// 增速高于全省平均水平2个百分点: what stands behind the contrast is another's.
bool PhraseReader::NameBeforeContrast(const Stretch& stretch, int begin, int last_token,
                                      Phrase& phrase) const {
  for (int i = stretch.first_token; i < last_token && begin > stretch.begin; ++i) {
    const Token& token = stream_.tokens[i];
    if ((!IsCue(token, Cue::kContrast) && !IsPull(token)) || token.end > begin) continue;
    const Stretch before{stretch.begin, token.begin, stretch.first_token, i};
    int tokens = i;
    phrase.name_end = TrimEnd(before, tokens, phrase.predicate);
    phrase.name_begin = FindNameBegin(before, phrase.name_end, tokens, phrase);
    phrase.place = -1;
    phrase.scope.reset();
    StripFront(Stretch{phrase.name_begin, phrase.name_end, stretch.first_token, tokens}, phrase,
               phrase.name_begin, phrase.name_end);
    phrase.indicator = IndicatorOf(phrase.name_begin, phrase.name_end);
    return true;
  }
  return false;
}

}  // namespace cityinfo::metrics
