// Shows how far a long command is, on standard error, only when a person is looking.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::cli {

class ProgressBar {
 public:
  // Draws nothing unless `visible` (standard error is a terminal and there is more than one step).
  ProgressBar(size_t steps, bool visible) : steps_(steps), visible_(visible && steps > 1) {}
  // Wipes the bar.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // One step is about to begin.
  void Step(absl::string_view label);

  // `done` steps are over.
  void Reach(size_t done, absl::string_view label);

  // Wipes the bar until the next step, so that something else can be printed.
  void Clear();

  // The line that is drawn, without the terminal's control characters.
  static std::string Line(size_t done, size_t steps, absl::string_view label);

 private:
  const size_t steps_;
  const bool visible_;
  size_t done_ = 0;
};

}  // namespace cityinfo::cli
