#pragma once

#include <optional>
#include <string>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// What the words before a value say about it.
struct Predicate {
  bool rise = false;
  bool fall = false;
  char32_t verb = 0;               // second character of the word of rise or fall: 增长, 提高
  bool reach = false;              // 达到: a level follows
  bool year_on_year = false;       // 同比
  bool sequential = false;         // 环比
  bool average = false;            // 年均
  bool respectively = false;       // 分别
  bool cumulative = false;         // 累计
  bool net = false;                // 净增
  bool share = false;              // 占…比重
  bool action = false;             // 发放, 新增
  bool founding = false;           // 建成, 开通
  bool verb_before_value = false;  // an action directly before the value: 融入45个大类
  bool done = false;               // 完成, 实现
  bool rank = false;
  bool member = false;                  // 被列为
  bool from = false;                    // 由 before the value
  bool contrast = false;                // 高于, 与…相比
  bool growth_noun = false;             // 增速
  bool target = false;                  // 力争
  bool target_noun = false;             // 预期目标
  bool forecast = false;                // 预计
  bool part = false;                    // 其中
  Qualifier bound = Qualifier::kExact;  // 约, 超过
  int own_time = -1;                    // index into TokenStream::times
  int base_time = -1;                   // 比2013年
  int running_time = -1;                // 连续8年
};

// The words between two values (or the start of a clause and its first value): a name and what is
// said of it.
struct Phrase {
  Predicate predicate;
  int name_begin = 0;  // characters; equal: no name
  int name_end = 0;
  int skip_begin = 0;  // a verb inside the name that is no part of it: 企业[实现]产值; equal: none
  int skip_end = 0;
  int list_begin = 0;  // where a coordinated list of names begins, for 分别
  int indicator = -1;  // of the catalogue, when the name is one as a whole
  // Who: a place of the catalogue, a scope word, or a place that the catalogue does not know.
  int place = -1;
  std::optional<Scope> scope;
  bool unknown_place = false;

  bool has_name() const { return name_end > name_begin; }
};

// A stretch of characters with the tokens in it.
struct Stretch {
  int begin = 0;  // characters
  int end = 0;
  int first_token = 0;
  int last_token = 0;  // one behind
};

class PhraseReader {
 public:
  PhraseReader(const SourceText& text, const TokenStream& stream, const Catalogue& catalogue)
      : text_(text), stream_(stream), catalogue_(catalogue) {}

  // The words before a value.
  Phrase Read(const Stretch& stretch) const;

  // The words before a value with `name` alone, already cut out: which indicator is it?
  int IndicatorOf(int begin, int end) const;

  // The noun that follows a value (22个特色小镇): from `begin` to the next word that is no noun, at
  // most to `end`. Empty when there is none.
  Stretch NounAfter(int begin, int end, int first_token) const;

 private:
  void Collect(const Stretch& stretch, Predicate& predicate) const;
  static void NoteAction(const Token& token, Predicate& predicate);
  void CollectTime(const Token& token, int index, Predicate& predicate) const;
  int TrimEnd(const Stretch& stretch, int& last_token, Predicate& predicate) const;
  void KeepPredicateBehind(const Stretch& stretch, int name_end, Predicate& predicate) const;
  bool TrimsToken(const Stretch& stretch, const Token& token) const;
  int FindNameBegin(const Stretch& stretch, int end, int last_token, Phrase& phrase) const;
  void StripFront(const Stretch& stretch, Phrase& phrase, int& begin, int end) const;
  bool TakeUnknownPlace(int& begin, int end) const;
  bool IsCue(const Token& token, Cue cue) const {
    return token.kind == TokenKind::kCue && token.index == static_cast<int>(cue);
  }

  const SourceText& text_;
  const TokenStream& stream_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
