#pragma once

namespace cityinfo::metrics {

// The round of official accounting that a value comes from, where its source names one. A later
// round is the better one; the numbers are stored and in that order: never change one, only add.
enum class RevisionStage {
  kNone = 0,         // not stated
  kPreliminary = 1,  // 初步核算, 快报数, 初步统计
  kVerified = 2,     // 初步核实
  kFinal = 3,        // 最终核实, 普查修订
};

}  // namespace cityinfo::metrics
