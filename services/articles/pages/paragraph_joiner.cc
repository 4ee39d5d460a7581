#include "services/articles/pages/paragraph_joiner.h"

#include <cstddef>
#include <utility>

#include "services/articles/pages/display_line.h"
#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

class Joiner {
 public:
  explicit Joiner(const BodyContext& context) : context_(context) {}

  std::vector<ItemGroup> Join(std::vector<BodyItem> items);

 private:
  bool Joins(const BodyItem& last, const BodyItem& next, bool over_caption) const;
  bool JoinsClosed(const BodyItem& last, const BodyItem& next, bool gap) const;
  bool JoinsOpen(const BodyItem& last, const BodyItem& next, bool gap) const;
  void Flush();

  std::u32string_view First(const BodyItem& item) const {
    return context_.page.Slice(item.spans.front());
  }
  std::u32string_view Last(const BodyItem& item) const {
    return context_.page.Slice(item.spans.back());
  }

  const BodyContext& context_;
  std::vector<ItemGroup> groups_;
  ItemGroup open_;                   // The paragraph being built; empty when there is none.
  std::vector<ItemGroup> captions_;  // Seen while it is.
};

// After a complete sentence: only a line without a gap, below a full line, is the same paragraph.
bool Joiner::JoinsClosed(const BodyItem& last, const BodyItem& next, bool gap) const {
  if (CannotStandFirst(First(next))) return true;
  if (!context_.column.fixed || StartsWithOrdinal(First(next))) return false;
  // Where paragraphs are indented, a line from edge to edge begins none: the blank line is a stray
  // one.
  const bool full_line = context_.column.Fills(last.width, 3.5);
  if (next.spans_column && full_line) return true;
  if (gap) return false;
  if (next.indented || (next.indent >= 2 && last.indent < 2)) return false;
  return context_.column.Fills(last.width, 1.5);
}

// After an open sentence: the next line continues it unless that makes no sense.
bool Joiner::JoinsOpen(const BodyItem& last, const BodyItem& next, bool gap) const {
  if (!gap) return true;
  switch (context_.words.Continues(Last(last), First(next))) {
    case Continuation::kNo:
      return false;
    case Continuation::kLikely:
      return true;
    case Continuation::kPossible:
      break;
  }
  if (next.indented) return false;
  const char32_t end = TrimSpace(Last(last)).back();
  if (end == U'：' || end == U':') return false;
  // The short last line of a paragraph whose full stop was not read.
  const bool short_line = context_.column.fixed && !context_.column.Fills(last.width, 3);
  return !short_line || (IsClauseMark(end) && end != U'；' && end != U';');
}

bool Joiner::Joins(const BodyItem& last, const BodyItem& next, bool over_caption) const {
  if (next.continues_previous) return true;
  if (next.starts_paragraph || last.uncertain_kind) return false;
  const bool gap = next.gap_before || over_caption;
  return last.ends_sentence ? JoinsClosed(last, next, gap) : JoinsOpen(last, next, gap);
}

void Joiner::Flush() {
  if (!open_.items.empty()) {
    const BodyItem& last = open_.items.back();
    const std::u32string_view end = TrimSpace(Last(last));
    const bool introduces = !end.empty() && (end.back() == U'：' || end.back() == U':');
    open_.breaks_off =
        (!last.ends_sentence && !introduces) || CannotStandFirst(First(open_.items.front()));
    groups_.push_back(std::move(open_));
    open_ = {};
  }
  for (ItemGroup& caption : captions_) groups_.push_back(std::move(caption));
  captions_.clear();
}

std::vector<ItemGroup> Joiner::Join(std::vector<BodyItem> items) {
  for (BodyItem& item : items) {
    if (!item.is_text()) {
      ItemGroup group;
      const bool caption = item.kind == BlockKind::kCaption;
      group.items.push_back(std::move(item));
      if (caption && !open_.items.empty()) {
        captions_.push_back(std::move(group));
      } else {
        Flush();
        groups_.push_back(std::move(group));
      }
      continue;
    }
    if (!open_.items.empty() && !Joins(open_.items.back(), item, !captions_.empty())) Flush();
    if (!captions_.empty() && open_.items.empty()) Flush();
    open_.items.push_back(std::move(item));
  }
  Flush();
  return std::move(groups_);
}

}  // namespace

std::vector<ItemGroup> JoinParagraphs(const BodyContext& context, std::vector<BodyItem> items) {
  return Joiner(context).Join(std::move(items));
}

}  // namespace cityinfo::articles
