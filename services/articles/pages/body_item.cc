#include "services/articles/pages/body_item.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "services/articles/pages/display_line.h"
#include "services/articles/pages/glyph.h"
#include "services/articles/pages/head_line.h"
#include "services/articles/pages/run_on_line.h"
#include "services/articles/pages/text_mending.h"

namespace cityinfo::articles {
namespace {

using std::u32string_view;

constexpr int kMostDisplayLines = 3;
constexpr int kMostCaptionLines = 4;

class BodyReader {
 public:
  BodyReader(const BodyContext& context, PageArticle& article)
      : context_(context), page_(context.page), column_(context.column), article_(article) {}

  std::vector<BodyItem> Read();

 private:
  LineRole role(int i) const { return context_.roles[static_cast<std::size_t>(i)]; }
  bool IsText(int i) const {
    return i < context_.last && (role(i) == LineRole::kText || role(i) == LineRole::kSubtitle);
  }
  bool Adjacent(int i) const { return page_.line(i).blank_before == 0; }
  bool OpenBelow(int i) const { return IsText(i + 1) && Adjacent(i + 1); }  // Text follows at once.

  bool SentenceIsOpen() const;
  u32string_view TextBefore() const;

  int CaptionEnd(int i) const;
  int DisplayEnd(int i) const;
  int DisplayEndInsideSentence(int i) const;
  int DisplayEndAfterSentence(int i) const;
  bool LikelyContinuedBelow(int i) const;
  bool IsClausePair(int i) const;
  bool LikeColumnLine(int i) const;

  int ReadSpecial(int i);
  int ReadSignatureLine(int i);
  void AddDisplay(int begin, int end, bool caption);
  void AddText(int i);

  const BodyContext& context_;
  const PageText& page_;
  const Column& column_;
  PageArticle& article_;
  std::vector<BodyItem> items_;
  int last_text_ = -1;  // Index of the last item of running text.
};

bool BodyReader::SentenceIsOpen() const {
  return last_text_ >= 0 && !items_[static_cast<std::size_t>(last_text_)].ends_sentence;
}

u32string_view BodyReader::TextBefore() const {
  return last_text_ < 0 ? u32string_view{}
                        : page_.Slice(items_[static_cast<std::size_t>(last_text_)].spans.back());
}

// The line after the caption which begins at `i`, or `i` when none does.
int BodyReader::CaptionEnd(int i) const {
  const u32string_view text = page_.LineText(i);
  const bool may_begin = !SentenceIsOpen() || !Adjacent(i);
  // "…零下10摄" / "氏度": the column's edge makes no photographer's credit.
  const bool broken = OpenBelow(i) && column_.width > 0 && column_.Fills(page_.line(i).width);
  const bool marked = StartsAsCaption(text) || (IsMarkedCaption(text) && !broken);
  if (may_begin && marked && text.size() <= 100) {
    int end = i + 1;
    while (end < i + kMostCaptionLines && IsText(end) && Adjacent(end) && column_.width > 0 &&
           column_.Fills(page_.line(end - 1).width, 3) && !page_.line(end - 1).ends_sentence) {
      ++end;
    }
    if (IsText(end) && Adjacent(end) && IsPhotoCreditLine(page_.LineText(end))) ++end;
    return end;
  }
  // A few lines which end with the photographer's name.
  if (!may_begin || i == context_.first) return i;
  for (int k = i + 1; k < i + kMostCaptionLines && IsText(k) && Adjacent(k); ++k) {
    if (IsPhotoCreditLine(page_.LineText(k)) && page_.BlankAfter(k) && !Adjacent(i)) return k + 1;
  }
  return i;
}

// Whether the text below line `i` reads on from it.
bool BodyReader::LikelyContinuedBelow(int i) const {
  constexpr int kMostBetween = 2;
  constexpr int kLongestBetween = 20;
  int next = i + 1;
  while (next <= i + kMostBetween && IsText(next) && !OpenBelow(next) &&
         (column_.width == 0 || page_.line(next).width < column_.width * 0.8) &&
         InkLength(page_.LineText(next)) <= kLongestBetween && !page_.line(next).ends_sentence &&
         CanBeDisplay(page_.LineText(next))) {
    ++next;  // A caption or a heading, which broken columns put between the two.
  }
  if (!IsText(next)) return false;
  // No paragraph begins with a line from edge to edge where first lines are indented.
  const PageLine& below = page_.line(next);
  if (OpenBelow(next) && column_.Spans(below.width) && !below.ends_sentence) return true;
  return context_.words.Continues(page_.LineText(i), page_.LineText(next)) == Continuation::kLikely;
}

// Whether the line has two clauses, as headings do, and not a printed line's break between them.
bool BodyReader::IsClausePair(int i) const {
  const u32string_view text = page_.LineText(i);
  if (!HasClauses(text)) return false;
  const double first = TextWidth(text.substr(0, text.find(U' ')));
  const bool breaks_at_edge = !column_.fixed && column_.width > 0 && first >= column_.width - 2.5 &&
                              page_.line(i).width > column_.width;
  return !breaks_at_edge;
}

// Whether line `i` ends where a line broken by the column's edge would.
bool BodyReader::LikeColumnLine(int i) const {
  if (column_.width == 0) return false;
  const u32string_view text = page_.LineText(i);
  const std::size_t space = text.find_last_of(U' ');
  const bool run_on = !column_.fixed && space != u32string_view::npos && !IsClausePair(i);
  const double width = run_on ? TextWidth(text.substr(space + 1)) : page_.line(i).width;
  return width >= column_.width - (run_on ? 2.5 : 4.5) && width <= column_.width + 1.5;
}

// A heading or a caption in the middle of a sentence, which broken columns bring about: alone
// between blank lines, and unlike the line that would continue the sentence.
int BodyReader::DisplayEndInsideSentence(int i) const {
  const u32string_view text = page_.LineText(i);
  const double width = page_.line(i).width;
  const bool clauses = IsClausePair(i);
  if (Adjacent(i) || (OpenBelow(i) && !(clauses && InkLength(text) <= 16))) return i;
  const bool continues = context_.words.Continues(TextBefore(), text) == Continuation::kLikely;
  if (column_.width > 0 && width <= column_.width * 0.6) return i + 1;
  if (column_.fixed) return width <= column_.width * 0.85 && (clauses || !continues) ? i + 1 : i;
  if (InkLength(text) <= 8) return i + 1;
  if (continues && !clauses) return i;
  const bool display =
      !LikeColumnLine(i) || clauses || GuessDisplayKind(text) != DisplayKind::kHeading;
  return display ? i + 1 : i;
}

int BodyReader::DisplayEndAfterSentence(int i) const {
  // Lines without any punctuation down to the next blank line, none much longer than the one above.
  int end = i + 1;
  while (end < i + kMostDisplayLines && IsText(end) && Adjacent(end) &&
         CanBeDisplay(page_.LineText(end)) &&
         page_.line(end).width <= page_.line(end - 1).width + 2) {
    ++end;
  }
  const double width = page_.line(i).width;
  if (!OpenBelow(end - 1)) {
    if (IsClausePair(end - 1)) return end;
    if (IsText(end) && CannotStandFirst(page_.LineText(end))) return i;
    if (!LikeColumnLine(end - 1)) return end;
    const bool enumerates = Contains(page_.LineText(end - 1), U"、");
    return LikelyContinuedBelow(end - 1) || enumerates ? i : end;
  }
  // Text follows at once: a paragraph's first line would reach the column's edge.
  if (column_.fixed) {
    const double widest = IsClausePair(i) ? column_.width - 2 : column_.width * 0.75;
    return width <= widest ? i + 1 : i;
  }
  if (LikelyContinuedBelow(i)) return i;
  if (IsClausePair(i) && InkLength(page_.LineText(i)) <= 26) return i + 1;
  return column_.width > 0 && width <= column_.width * 0.6 ? i + 1 : i;
}

int BodyReader::DisplayEnd(int i) const {
  if (page_.line(i).ends_sentence || !CanBeDisplay(page_.LineText(i))) return i;
  if (ReadDateline(page_.LineText(i))) return i;
  return SentenceIsOpen() ? DisplayEndInsideSentence(i) : DisplayEndAfterSentence(i);
}

void BodyReader::AddDisplay(int begin, int end, bool caption) {
  BodyItem item;
  for (int i = begin; i < end; ++i) item.spans.push_back(page_.line(i).span);
  item.width = page_.line(end - 1).width;
  item.gap_before = true;
  item.starts_paragraph = true;
  item.ends_sentence = true;
  const std::u32string text = MendDisplayText(page_, item.spans).text;
  const DisplayKind kind = caption ? DisplayKind::kCaption : GuessDisplayKind(text);
  switch (kind) {
    case DisplayKind::kCaption:
      item.kind = BlockKind::kCaption;
      break;
    case DisplayKind::kHeading:
      item.kind = BlockKind::kHeading;
      break;
    case DisplayKind::kNewsItem:
      item.uncertain_kind = true;
      last_text_ = static_cast<int>(items_.size());
      break;
  }
  items_.push_back(std::move(item));
}

void BodyReader::AddText(int i) {
  const PageLine& line = page_.line(i);
  bool first = true;
  for (const Span& part : SplitRunOnLine(page_, line.span, column_)) {
    BodyItem item;
    item.spans = {part};
    item.width = TextWidth(page_.Slice(part));
    item.indent = first ? line.indent : 0;
    item.gap_before =
        first && (line.blank_before > 0 || items_.empty() || !items_.back().is_text());
    item.starts_paragraph = !first;
    item.ends_sentence =
        EndsSentence(page_.Slice(part)) || (part.end == line.span.end && line.ends_sentence);
    item.indented = first && OpenBelow(i) && column_.LooksIndented(item.width);
    item.spans_column = first && !item.ends_sentence && column_.Spans(item.width);
    last_text_ = static_cast<int>(items_.size());
    items_.push_back(std::move(item));
    first = false;
  }
}

// "（石小梅 杨光）", alone on its line below a finished text.
int BodyReader::ReadSignatureLine(int i) {
  const u32string_view text = page_.LineText(i);
  const bool bracketed = text.size() <= 24 && (text.front() == U'(' || text.front() == U'（');
  if (!bracketed || SentenceIsOpen() || last_text_ < 0 || !article_.byline.empty()) return i;
  const std::optional<Byline> byline = ReadSignature(text);
  if (!byline) return i;
  article_.byline = byline->text;
  article_.byline_role = byline->role;
  return i + 1;
}

// Lines which are not part of the text; gives the line after them, or `i` when line `i` is text.
int BodyReader::ReadSpecial(int i) {
  switch (role(i)) {
    case LineRole::kFurniture:
      return i + 1;
    case LineRole::kNoise:
      article_.doubts.push_back({.reason = QualityReason::kGarbled,
                                 .detail = "a line without readable text was left out",
                                 .span = page_.line(i).span});
      return i + 1;
    case LineRole::kByline: {
      const bool at_end = !SentenceIsOpen() && article_.byline.empty();
      if (!at_end) return i;
      const std::optional<Byline> byline = ReadByline(page_.LineText(i));
      article_.byline = byline->text;
      article_.byline_role = byline->role;
      return i + 1;
    }
    case LineRole::kContinued:
      article_.continued_from = *ReadContinuedFrom(page_.LineText(i));
      return i + 1;
    case LineRole::kText:
      return ReadSignatureLine(i);
    case LineRole::kSubtitle:
    case LineRole::kDate:
      return i;
  }
  return i;
}

std::vector<BodyItem> BodyReader::Read() {
  for (int i = context_.first; i < context_.last;) {
    if (const int next = ReadSpecial(i); next > i) {
      i = next;
    } else if (const int caption_end = CaptionEnd(i); caption_end > i) {
      AddDisplay(i, caption_end, /*caption=*/true);
      i = caption_end;
    } else if (const int display_end = DisplayEnd(i); display_end > i) {
      AddDisplay(i, display_end, /*caption=*/false);
      i = display_end;
    } else {
      AddText(i++);
    }
  }
  return std::move(items_);
}

}  // namespace

std::vector<BodyItem> ReadBodyItems(const BodyContext& context, PageArticle& article) {
  return BodyReader(context, article).Read();
}

}  // namespace cityinfo::articles
