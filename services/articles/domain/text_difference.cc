#include "services/articles/domain/text_difference.h"

#include <algorithm>
#include <cstddef>

#include "platform/base/utf8.h"
#include "services/articles/domain/sequence_alignment.h"

namespace cityinfo::articles {
namespace {

std::vector<uint32_t> CodePointsOf(absl::string_view text) {
  std::vector<uint32_t> points;
  points.reserve(text.size() / 2);
  for (size_t pos = 0; pos < text.size();) points.push_back(base::DecodeCodePoint(text, &pos));
  return points;
}

// How much differs between two runs: the longer side.
size_t GapBetween(const CommonRun& run, const CommonRun& next) {
  return std::max(next.before_begin - (run.before_begin + run.length),
                  next.after_begin - (run.after_begin + run.length));
}

// Drops the runs that are no longer than what differs on either side of them: chance, not text that
// stayed. The first and the last are the borders and stay.
std::vector<CommonRun> DropChanceRuns(const std::vector<CommonRun>& runs) {
  std::vector<CommonRun> kept;
  for (const CommonRun& run : runs) {
    while (kept.size() >= 2) {
      const CommonRun& last = kept.back();
      if (last.length > GapBetween(kept[kept.size() - 2], last)) break;
      if (last.length > GapBetween(last, run)) break;
      kept.pop_back();
    }
    kept.push_back(run);
  }
  return kept;
}

void AddSpan(size_t begin, size_t end, std::vector<Span>* spans) {
  if (begin == end) return;
  spans->push_back({.begin = static_cast<int64_t>(begin), .end = static_cast<int64_t>(end)});
}

}  // namespace

TextDifference DifferenceOf(absl::string_view before, absl::string_view after, int64_t* steps) {
  const std::vector<uint32_t> old_points = CodePointsOf(before);
  const std::vector<uint32_t> new_points = CodePointsOf(after);
  const int64_t allowed = std::min(*steps, kMaxStepsPerText);
  int64_t left = allowed;
  std::vector<CommonRun> runs{{}};  // The empty run at the beginning.
  for (const CommonRun& run : AlignSequences(old_points, new_points, &left)) runs.push_back(run);
  *steps -= allowed - left;
  runs.push_back({.before_begin = old_points.size(), .after_begin = new_points.size()});
  TextDifference difference;
  const CommonRun* last = nullptr;
  const std::vector<CommonRun> kept = DropChanceRuns(runs);
  for (const CommonRun& run : kept) {
    if (last != nullptr) {
      AddSpan(last->before_begin + last->length, run.before_begin, &difference.before);
      AddSpan(last->after_begin + last->length, run.after_begin, &difference.after);
    }
    last = &run;
  }
  return difference;
}

}  // namespace cityinfo::articles
