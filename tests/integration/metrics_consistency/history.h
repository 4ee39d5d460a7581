#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace cityinfo::metrics {

// One operation on a register, as its caller saw it. A register holds a number that is written by
// one caller at a time and only rises, so of two values the larger is the newer.
struct Operation {
  enum class Kind { kWrite, kRead, kStrongRead };

  Kind kind = Kind::kRead;
  int replica = 0;
  int key = 0;
  // Written, or read; 0 is what stood before the first write.
  std::int64_t value = 0;
  absl::Time begin;
  absl::Time end;
  // Of a write: false when it failed, so that it may or may not have taken effect.
  bool acknowledged = true;
};

// What a history of operations must show, in any order they are given in:
//
//   * a read on the replica that took a write, and a strong read on any, is never older than the
//     newest write that was acknowledged before the read began;
//   * a read on another replica is never older than the newest write that was acknowledged more
//   than
//     `bound` before the read began;
//   * nothing is read that nobody began to write before the read was over.
//
// Returns a line for each read that breaks it, at most ten.
std::vector<std::string> FindViolations(const std::vector<Operation>& history,
                                        absl::Duration bound);

}  // namespace cityinfo::metrics
