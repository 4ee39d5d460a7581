#include "services/articles/pages/reading_order.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

class OrderRepair {
 public:
  OrderRepair(const BodyContext& context, std::vector<BodyItem> items)
      : context_(context), items_(std::move(items)), insert_after_(items_.size(), -1) {}

  std::vector<BodyItem> Repair();

 private:
  static constexpr int kLookBack = 8;  // How far a line strays, in items.

  int size() const { return static_cast<int>(items_.size()); }
  const BodyItem& item(int i) const { return items_[static_cast<std::size_t>(i)]; }
  std::u32string_view First(int i) const { return context_.page.Slice(item(i).spans.front()); }
  std::u32string_view Last(int i) const { return context_.page.Slice(item(i).spans.back()); }
  Continuation Fits(int before, int after) const {
    return context_.words.Continues(Last(before), First(after));
  }

  int TextBefore(int heading) const;
  bool StandsAlone(int i) const;
  int BlockEnd(int i) const;
  bool IsRestOfSentence(int before, int stray, int end) const;
  bool CompletesSentence(int before, int stray) const;
  int SeamFor(int stray, int last) const;
  void CheckBehindHeading(int heading);
  std::vector<BodyItem> Rebuild();

  const BodyContext& context_;
  std::vector<BodyItem> items_;
  std::vector<int> insert_after_;  // Per item: the item it moves behind, or -1.
};

int OrderRepair::TextBefore(int heading) const {
  for (int i = heading - 1; i >= 0 && i >= heading - kLookBack; --i) {
    if (item(i).is_text()) return item(i).uncertain_kind ? -1 : i;
  }
  return -1;
}

// The item after the lines which begin at `i` and follow each other without a gap, a few at most.
int OrderRepair::BlockEnd(int i) const {
  constexpr int kMostLines = 5;
  int end = i + 1;
  while (end < size() && end <= i + kMostLines && item(end).is_text() && !item(end).gap_before &&
         !item(end).starts_paragraph) {
    ++end;
  }
  return end;
}

// Several lines which begin in the middle of a sentence and end with one: a paragraph's rest. They
// give themselves away by their first line, which reaches from edge to edge where paragraphs are
// indented.
bool OrderRepair::IsRestOfSentence(int before, int stray, int end) const {
  if (end - stray < 2 || end >= size() || !item(end).is_text()) return false;
  if (item(before).ends_sentence || !item(end - 1).ends_sentence || item(stray).indented)
    return false;
  const Continuation fits = Fits(before, stray);
  return fits == Continuation::kLikely ||
         (fits == Continuation::kPossible && item(stray).spans_column);
}

// One printed line, apart from what follows it.
bool OrderRepair::StandsAlone(int i) const {
  const Column& column = context_.column;
  const bool one_line = column.width > 0 ? !column.Exceeds(item(i).width) : item(i).width <= 30;
  return one_line && (i + 1 >= size() || item(i + 1).gap_before || item(i + 1).starts_paragraph);
}

bool OrderRepair::CompletesSentence(int before, int stray) const {
  if (item(before).ends_sentence || !item(stray).ends_sentence || !StandsAlone(stray)) return false;
  const Continuation fits = Fits(before, stray);
  if (fits == Continuation::kNo) return false;
  // One short sentence, and text left for the heading to stand over.
  std::u32string_view text = Last(stray);
  const std::size_t stop = text.find_first_of(U"。！？");
  const bool one_sentence = stop == std::u32string_view::npos || stop + 3 > text.size();
  return one_sentence && stray + 1 < size() && item(stray + 1).is_text();
}

// The item before `last` behind which the stray line fits: between two lines which, as they stand,
// make no word together.
int OrderRepair::SeamFor(int stray, int last) const {
  for (int i = last - 1; i >= 0 && i >= last - kLookBack; --i) {
    if (!item(i).is_text() || !item(i + 1).is_text() || item(i).ends_sentence) continue;
    if (insert_after_[static_cast<std::size_t>(i)] >= 0) continue;
    if (Fits(i, i + 1) == Continuation::kPossible && Fits(i, stray) == Continuation::kLikely &&
        Fits(stray, i + 1) == Continuation::kLikely) {
      return i;
    }
  }
  return -1;
}

void OrderRepair::CheckBehindHeading(int heading) {
  const int stray = heading + 1;
  if (stray >= size() || !item(stray).is_text() || item(stray).uncertain_kind) return;
  const int before = TextBefore(heading);
  if (before < 0 || insert_after_[static_cast<std::size_t>(before)] >= 0) return;
  const std::size_t index = static_cast<std::size_t>(stray);
  if (CompletesSentence(before, stray)) {
    insert_after_[index] = before;
    return;
  }
  if (const int end = BlockEnd(stray); IsRestOfSentence(before, stray, end)) {
    for (int i = stray; i < end; ++i) insert_after_[static_cast<std::size_t>(i)] = before;
    return;
  }
  const bool fragment = !item(stray).ends_sentence && StandsAlone(stray) && stray + 1 < size() &&
                        item(stray + 1).is_text() &&
                        Fits(stray, stray + 1) != Continuation::kLikely;
  if (fragment) insert_after_[index] = SeamFor(stray, before);
}

std::vector<BodyItem> OrderRepair::Rebuild() {
  std::vector<std::vector<int>> followers(items_.size());
  for (int i = 0; i < size(); ++i) {
    const int target = insert_after_[static_cast<std::size_t>(i)];
    if (target >= 0) followers[static_cast<std::size_t>(target)].push_back(i);
  }
  std::vector<BodyItem> ordered;
  ordered.reserve(items_.size());
  bool gap = false;  // Something was taken away in front of the next item.
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (insert_after_[i] >= 0) {
      gap = true;
      continue;
    }
    items_[i].gap_before = items_[i].gap_before || gap;
    gap = false;
    ordered.push_back(std::move(items_[i]));
    for (const int follower : followers[i]) {
      BodyItem moved = std::move(items_[static_cast<std::size_t>(follower)]);
      moved.moved = true;
      moved.continues_previous = true;
      ordered.push_back(std::move(moved));
    }
    // What used to follow the seam reads on from the line put in; what followed the line does not.
    if (!followers[i].empty() && i + 1 < items_.size() && items_[i + 1].is_text()) {
      items_[i + 1].continues_previous = !ordered.back().ends_sentence;
    }
  }
  return ordered;
}

std::vector<BodyItem> OrderRepair::Repair() {
  bool any = false;
  for (int i = 0; i < size(); ++i) {
    if (item(i).kind != BlockKind::kHeading) continue;
    CheckBehindHeading(i);
    any = any || (i + 1 < size() && insert_after_[static_cast<std::size_t>(i) + 1] >= 0);
  }
  return any ? Rebuild() : std::move(items_);
}

}  // namespace

std::vector<BodyItem> RepairReadingOrder(const BodyContext& context, std::vector<BodyItem> items) {
  return OrderRepair(context, std::move(items)).Repair();
}

}  // namespace cityinfo::articles
