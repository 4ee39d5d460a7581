#pragma once

#include "services/metrics/domain/catalogue/phrase_trie.h"

namespace cityinfo::metrics {

// What a word says about an event.
enum class EventWord {
  kCompletion,  // 投产, 建成通车: a single thing happened, whatever the date's precision
  kHonour,      // 入选, 被评为: the same
  kIssue,       // 印发, 施行: the same
  kGathering,   // 举行, 开幕: of a day; behind a bare year the year may be the gathering's name
  kDoing,       // 会见, 抵达, 发生: of a day only
  kPlain,       // holds one of these without being one: 启动仪式, 成立以来
};

// Words that tell that something happened, and the plain words that only look like them. Values are
// EventWords.
const PhraseTrie& EventWords();

// Words that make a clause a report of what somebody said or counted: 表示, 获悉, 数据显示.
const PhraseTrie& ReportWords();

// Words of a plan: 将于, 拟, 计划.
const PhraseTrie& PlanWords();

// Words of counting, which make a clause behind a bare year a statistic: 累计, 同比.
const PhraseTrie& CountingWords();

}  // namespace cityinfo::metrics
