#include "services/articles/domain/sequence_alignment.h"

#include <algorithm>
#include <optional>

namespace cityinfo::articles {
namespace {

using Sequence = std::span<const uint32_t>;

// A point on a shortest path: so much of either sequence lies before it.
struct Middle {
  size_t before = 0;
  size_t after = 0;
};

// One of the two searches that meet: from the beginning, or, with both sequences turned round, from
// the end. Keeps how far in `before` a path of so many edits comes on each diagonal (what lies
// behind it of `before` less what of `after`).
class Frontier {
 public:
  Frontier(Sequence before, Sequence after, bool from_end)
      : before_(before),
        after_(after),
        from_end_(from_end),
        n_(static_cast<int64_t>(before.size())),
        m_(static_cast<int64_t>(after.size())),
        offset_((n_ + m_ + 1) / 2 + 1),
        reach_(static_cast<size_t>(2 * offset_ + 1), -1) {}

  // The diagonals that `d` edits can reach; every second one between them counts.
  int64_t first(int64_t d) const { return d <= m_ ? -d : -m_ + (d - m_) % 2; }
  int64_t last(int64_t d) const { return d <= n_ ? d : n_ - (d - n_) % 2; }

  // Goes on with edit number `d` to diagonal `k`, then along what is equal; how far it comes, or -1
  // when there is no way.
  int64_t Advance(int64_t d, int64_t k, int64_t* steps) {
    int64_t x = d == 0 ? 0 : At(k);
    if (const int64_t by_removal = At(k - 1) + 1; by_removal > 0 && by_removal <= n_) {
      x = std::max(x, by_removal);
    }
    if (const int64_t by_insertion = At(k + 1); by_insertion - k <= m_) {
      x = std::max(x, by_insertion);
    }
    *steps -= 1;
    if (x < 0) return -1;
    const int64_t begin = x;
    while (x < n_ && x - k < m_ && Equal(x, x - k)) ++x;
    *steps -= x - begin;
    At(k) = x;
    return x;
  }

  // -1 where it has not been.
  int64_t ReachOn(int64_t k) const {
    const int64_t i = offset_ + k;
    return i >= 0 && i < static_cast<int64_t>(reach_.size()) ? reach_[static_cast<size_t>(i)] : -1;
  }

 private:
  int64_t& At(int64_t k) { return reach_[static_cast<size_t>(offset_ + k)]; }
  bool Equal(int64_t x, int64_t y) const {
    const auto i = static_cast<size_t>(from_end_ ? n_ - 1 - x : x);
    const auto j = static_cast<size_t>(from_end_ ? m_ - 1 - y : y);
    return before_[i] == after_[j];
  }

  const Sequence before_;
  const Sequence after_;
  const bool from_end_;
  const int64_t n_;
  const int64_t m_;
  const int64_t offset_;
  std::vector<int64_t> reach_;
};

// Where the two searches meet; nothing when the steps are used up or nothing is common.
std::optional<Middle> FindMiddle(Sequence before, Sequence after, int64_t* steps) {
  const auto n = static_cast<int64_t>(before.size());
  const auto m = static_cast<int64_t>(after.size());
  *steps -= (n + m) / 8;  // What it costs to set up.
  Frontier forward(before, after, /*from_end=*/false);
  Frontier backward(before, after, /*from_end=*/true);
  const int64_t delta = n - m;
  const bool forward_meets = delta % 2 != 0;
  for (int64_t d = 0; d <= (n + m + 1) / 2; ++d) {
    if (*steps <= 0) return std::nullopt;
    for (int64_t k = forward.first(d); k <= forward.last(d); k += 2) {
      const int64_t x = forward.Advance(d, k, steps);
      const int64_t other = forward_meets ? backward.ReachOn(delta - k) : -1;
      if (x >= 0 && other >= 0 && x + other >= n) {
        return Middle{static_cast<size_t>(x), static_cast<size_t>(x - k)};
      }
    }
    for (int64_t k = backward.first(d); k <= backward.last(d); k += 2) {
      const int64_t x = backward.Advance(d, k, steps);
      const int64_t other = forward_meets ? -1 : forward.ReachOn(delta - k);
      if (x >= 0 && other >= 0 && x + other >= n) {
        return Middle{static_cast<size_t>(other), static_cast<size_t>(other - (delta - k))};
      }
    }
  }
  return std::nullopt;
}

size_t CommonPrefix(Sequence before, Sequence after) {
  const size_t most = std::min(before.size(), after.size());
  size_t length = 0;
  while (length < most && before[length] == after[length]) ++length;
  return length;
}

size_t CommonSuffix(Sequence before, Sequence after) {
  const size_t most = std::min(before.size(), after.size());
  size_t length = 0;
  while (length < most && before[before.size() - 1 - length] == after[after.size() - 1 - length]) {
    ++length;
  }
  return length;
}

class Aligner {
 public:
  Aligner(Sequence before, Sequence after, int64_t* steps)
      : before_(before), after_(after), steps_(steps) {}

  // Aligns before[b, b_end) with after[a, a_end). Each level halves the edits, so the depth is
  // their logarithm.
  void Align(size_t b, size_t b_end, size_t a, size_t a_end) {
    Sequence before = before_.subspan(b, b_end - b);
    Sequence after = after_.subspan(a, a_end - a);
    const size_t prefix = CommonPrefix(before, after);
    Add({b, a, prefix});
    before = before.subspan(prefix);
    after = after.subspan(prefix);
    const size_t suffix = CommonSuffix(before, after);
    before = before.first(before.size() - suffix);
    after = after.first(after.size() - suffix);
    if (!before.empty() && !after.empty()) Split(b + prefix, before, a + prefix, after);
    Add({b_end - suffix, a_end - suffix, suffix});
  }

  std::vector<CommonRun> TakeRuns() { return std::move(runs_); }

 private:
  void Split(size_t b, Sequence before, size_t a, Sequence after) {
    if (*steps_ <= 0) return;
    const std::optional<Middle> middle = FindMiddle(before, after, steps_);
    if (!middle) return;
    const bool at_begin = middle->before == 0 && middle->after == 0;
    const bool at_end = middle->before == before.size() && middle->after == after.size();
    if (at_begin || at_end) return;  // No progress: nothing is common.
    Align(b, b + middle->before, a, a + middle->after);
    Align(b + middle->before, b + before.size(), a + middle->after, a + after.size());
  }

  void Add(const CommonRun& run) {
    if (run.length == 0) return;
    if (!runs_.empty()) {
      CommonRun& last = runs_.back();
      if (last.before_begin + last.length == run.before_begin &&
          last.after_begin + last.length == run.after_begin) {
        last.length += run.length;
        return;
      }
    }
    runs_.push_back(run);
  }

  const Sequence before_;
  const Sequence after_;
  int64_t* const steps_;
  std::vector<CommonRun> runs_;
};

}  // namespace

std::vector<CommonRun> AlignSequences(std::span<const uint32_t> before,
                                      std::span<const uint32_t> after, int64_t* steps) {
  Aligner aligner(before, after, steps);
  aligner.Align(0, before.size(), 0, after.size());
  return aligner.TakeRuns();
}

}  // namespace cityinfo::articles
