#include "cli/progress_bar.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "cli/table.h"

namespace cityinfo::cli {

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Clear() {
  if (visible_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::Step(absl::string_view label) {
  Reach(done_, label);
  ++done_;
}

void ProgressBar::Reach(size_t done, absl::string_view label) {
  done_ = done;
  if (visible_) std::fputs(absl::StrCat("\r\x1b[K", Line(done, steps_, label)).c_str(), stderr);
}

std::string ProgressBar::Line(size_t done, size_t steps, absl::string_view label) {
  constexpr size_t kWidth = 24;
  const size_t filled = steps == 0 ? kWidth : kWidth * done / steps;
  std::string bar;
  for (size_t i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "·";
  return absl::StrCat(bar, " ", done, "/", steps, " ", Shorten(label, 40));
}

}  // namespace cityinfo::cli
