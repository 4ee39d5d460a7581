#pragma once

#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// A stretch of characters with the tokens in it.
struct Stretch {
  int begin = 0;  // characters
  int end = 0;
  int first_token = 0;
  int last_token = 0;  // one behind
};

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
  bool allots = false;                  // 安排: of this year's budget a promise
  bool target = false;                  // 力争
  bool target_noun = false;             // 预期目标
  bool forecast = false;                // 预计
  bool part = false;                    // 其中
  bool already = false;                 // 已, 目前: a fact among promises
  Qualifier bound = Qualifier::kExact;  // 约, 超过
  int own_time = -1;                    // index into TokenStream::times
  int base_time = -1;                   // 比2013年
  int running_time = -1;                // 连续8年
};

// Notes what the cues and times of a stretch, which ends where a value begins, say about the value.
// Words for actions (发放, 建成) are left to NoteAction: they count only at the edges of a name.
void CollectPredicate(const SourceText& text, const TokenStream& stream, const Stretch& stretch,
                      Predicate& predicate);

// Notes an action word beside a name; does nothing for any other token.
void NoteAction(const Token& token, Predicate& predicate);

}  // namespace cityinfo::metrics
