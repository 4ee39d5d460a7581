#pragma once

#include <string>
#include <vector>

#include "services/metrics/domain/extraction/coordination.h"
#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/phrase.h"
#include "services/metrics/domain/revision_stage.h"

namespace cityinfo::metrics {

// What a value is a value of.
struct Subject {
  std::string text;    // as printed, coordinated parts put together
  int indicator = -1;  // of the catalogue
  bool is_flow = false;
  bool is_share = false;            // 占…比重
  std::vector<ListedName> members;  // of a coordinated list, for later values of it

  bool known() const { return !text.empty(); }
};

// One value with everything the grammar found out about it; the builder makes a figure of it.
struct Statement {
  int value = 0;  // index into TokenStream::values
  Subject subject;
  Predicate predicate;
  bool inherited = false;    // the subject comes from an earlier clause
  bool uneven_list = false;  // 分别 with another number of names
  bool sentence_target = false;
  bool value_is_target = false;  // 1100万的预期目标
  bool growth_follows = false;   // 8%的增长
  bool of_budget = false;        // 为预算的101%
  bool keeps_subject = false;    // the value is of something in passing: 预算9000万元
  std::string place_code;
  bool unknown_place = false;
  RevisionStage stage = RevisionStage::kNone;
  int sentence_begin = 0;  // characters
  int sentence_end = 0;
  int clause_begin = 0;
  int named_until = 0;  // the end of the noun behind the value that names it; 0: none
};

}  // namespace cityinfo::metrics
