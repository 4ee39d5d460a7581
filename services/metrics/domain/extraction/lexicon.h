#pragma once

#include "services/metrics/domain/catalogue/phrase_trie.h"

namespace cityinfo::metrics {

// What a word says about the values around it. The words themselves stand in lexicon.cc.
enum class Cue {
  kPlain,         // 经济增长, 增长点: holds another cue but is an ordinary word
  kRise,          // 增长, 提高
  kFall,          // 下降, 减少
  kReach,         // 达到, 完成, 提高到: a level follows
  kDone,          // 完成, 实现: a level follows, or the name of what was done
  kYearOnYear,    // 同比, 比上年
  kAverage,       // 年均
  kOver,          // 超过, 突破
  kAbout,         // 约, 近
  kAtLeast,       // 不低于
  kAtMost,        // 不超过
  kRespectively,  // 分别
  kCumulative,    // 累计
  kNet,           // 净增
  kGain,        // 增收, 减产: a movement where nothing stands before it, else a part of a name
  kTarget,      // 力争: a promise follows
  kTargetNoun,  // 预期目标: a promise when a colon or 是 follows
  kAllot,       // 安排: an amount of a budget
  kForecast,    // 预计, 有望
  kScope,       // 全市: see ScopeOf
  kPart,        // 其中
  kRank,        // 位居, 排名
  kMember,      // 被列为: what follows counts other things
  kPer,         // 每月
  kAdverb,      // 基本, 稳定, 实际
  kAction,      // 发放, 新增: what was done within the time; not part of the name
  kFounding,    // 建成, 开通: done within the time and there since
  kWork,        // 改造, 治理: an action before the name, a part of it behind
  kFrom,        // 由, 从 before a value: the value of before
  kContrast,    // 相比, 高于, 低于 another's value
  kGrowthNoun,  // 增速, 涨幅
  kStage,       // 初步核算, 最终核实: the round of accounting, see revision_wording.h
};

// Whom a scope word means, seen from the place the text is about.
enum class Scope { kNation, kProvince, kPrefecture, kHere, kInside };

// The longest words, over folded code points. Values are static_cast<int>(Cue). Built on first use.
const PhraseTrie& CueWords();

// The scope of a kScope word; kHere for words that are none.
Scope ScopeOf(const char32_t* text, int begin, int end);

}  // namespace cityinfo::metrics
