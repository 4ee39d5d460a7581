#include "services/articles/pages/article_head.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "services/articles/pages/display_line.h"
#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

constexpr std::size_t kMostTitleLines = 4;

class HeadFinder {
 public:
  HeadFinder(const PageText& page, const std::vector<LineRole>& roles, const Column& column,
             const WordEvidence& words)
      : page_(page), roles_(roles), column_(column), words_(words) {}

  std::vector<ArticleHead> Find();

 private:
  LineRole role(int i) const { return roles_[static_cast<std::size_t>(i)]; }
  bool Adjacent(int i) const { return page_.line(i).blank_before == 0; }  // To the line above.

  std::vector<int> TitleAbove(int anchor, int floor) const;
  bool WrappedOverBlank(int upper, int lower) const;
  bool CanStartTitle(int top, int floor) const;
  ArticleHead ReadHead(std::vector<int> title, int anchor) const;
  bool Convinces(const ArticleHead& head, int anchor) const;
  void ReadSubtitleTail(ArticleHead& head, int& i) const;

  std::optional<ArticleHead> UnmarkedHead(int begin, int i, int end, bool first_on_page,
                                          bool attributed) const;
  bool SignedBelow(int i, int end) const;
  std::vector<int> DisplayGroup(int i, int end) const;
  bool HasBody(int i, int end) const;
  bool InLargerType(const std::vector<int>& group) const;
  void AddUnmarkedHeads(int begin, int end, bool page_top, std::vector<ArticleHead>& heads) const;

  const PageText& page_;
  const std::vector<LineRole>& roles_;
  const Column& column_;
  const WordEvidence& words_;
  bool has_marked_titles_ = false;
  double title_width_ = 0;  // Where the titles with a byline wrap; 0 when none does.
};

// Whether a title's line break can run through a blank line: OCR engines often leave one between
// the lines of large type.
bool HeadFinder::WrappedOverBlank(int upper, int lower) const {
  const std::u32string_view above = page_.LineText(upper);
  const std::u32string_view below = page_.LineText(lower);
  if (IsMarkedCaption(above) || InkLength(above) < 6) return false;
  if (InkLength(below) <= 3 || !CanBeTitle(below)) return true;
  const auto count = [&](char32_t c) { return std::count(above.begin(), above.end(), c); };
  if (count(U'“') > count(U'”') || count(U'《') > count(U'》')) return true;
  if (InkLength(above) >= 9 && words_.Continues(above, below) == Continuation::kLikely) return true;
  // No heading stands above a title; a line about as long as the title is its first.
  const double upper_width = page_.line(upper).width;
  const bool caption = GuessDisplayKind(above) == DisplayKind::kCaption;
  const bool blank_between_all = !Adjacent(lower + 1) || role(lower + 1) != LineRole::kText;
  return !caption && blank_between_all && column_.fixed && upper_width <= column_.width * 0.75 &&
         upper_width >= page_.line(lower).width - 1;
}

// A title's first line begins something: it never continues a line of running text.
bool HeadFinder::CanStartTitle(int top, int floor) const {
  if (top <= floor || !Adjacent(top)) return true;
  const int above = top - 1;
  return page_.line(above).ends_sentence || role(above) != LineRole::kText ||
         IsMarkedCaption(page_.LineText(above));
}

std::vector<int> HeadFinder::TitleAbove(int anchor, int floor) const {
  std::vector<int> title;
  for (int i = anchor - 1; i >= floor && title.size() < kMostTitleLines; --i) {
    if (role(i) != LineRole::kText || page_.line(i).ends_sentence != false) {
      const bool exclaims = role(i) == LineRole::kText && CanBeTitle(page_.LineText(i)) &&
                            page_.line(i).blank_before > 0;
      if (!exclaims) break;
    }
    const std::u32string_view text = page_.LineText(i);
    const bool fits = CanBeTitle(text) || (title.empty() && CanBeTitleTail(text)) ||
                      (!title.empty() && Adjacent(i + 1) && EndsWith(text, U"、") &&
                       CanBeTitle(text.substr(0, text.size() - 1)));
    if (!fits || IsMarkedCaption(text)) break;
    if (!title.empty() && !Adjacent(i + 1) && !WrappedOverBlank(i, i + 1)) break;
    title.insert(title.begin(), i);
  }
  if (title.size() == 1 && !CanBeTitle(page_.LineText(title.front()))) title.clear();
  if (!title.empty() && !CanStartTitle(title.front(), floor)) {
    // The text above runs into these lines. With a blank line inside, what is below it stands
    // alone.
    while (!title.empty() && Adjacent(title.front())) title.erase(title.begin());
  }
  return title;
}

void HeadFinder::ReadSubtitleTail(ArticleHead& head, int& i) const {
  // A subtitle that wraps is followed by its second line and then by another line of the head.
  const int next = i + 1;
  if (next + 1 >= page_.line_count() || !Adjacent(next) || role(next) != LineRole::kText) return;
  if (!CanBeTitle(page_.LineText(next)) || !IsHeadRole(role(next + 1))) return;
  head.subtitle_lines.push_back(next);
  i = next;
}

ArticleHead HeadFinder::ReadHead(std::vector<int> title, int anchor) const {
  ArticleHead head;
  head.title_lines = std::move(title);
  int i = anchor;
  for (; i < page_.line_count(); ++i) {
    const std::u32string_view text = page_.LineText(i);
    if (role(i) == LineRole::kByline && !head.byline) {
      head.byline = ReadByline(text);
    } else if (role(i) == LineRole::kByline && Adjacent(i)) {
      head.byline->text += " " + ReadByline(text)->text;
    } else if (role(i) == LineRole::kSubtitle && head.subtitle_lines.empty()) {
      head.subtitle_lines.push_back(i);
      ReadSubtitleTail(head, i);
    } else if (role(i) == LineRole::kDate && !head.date) {
      head.date = ReadPrintedDate(text);
    } else if (role(i) == LineRole::kContinued) {
      head.continued_from = *ReadContinuedFrom(text);
    } else if (role(i) == LineRole::kText && !head.byline && i > anchor && ReadBareNames(text)) {
      head.byline = ReadBareNames(text);
    } else if (role(i) == LineRole::kNoise) {
      continue;
    } else {
      break;
    }
  }
  head.first_body = i;
  return head;
}

std::vector<int> HeadFinder::DisplayGroup(int i, int end) const {
  std::vector<int> group;
  for (; i < end && role(i) == LineRole::kText && group.size() < kMostTitleLines; ++i) {
    if (!group.empty() && !Adjacent(i)) break;
    const std::u32string_view text = page_.LineText(i);
    if (!CanBeTitle(text) || IsMarkedCaption(text)) break;
    group.push_back(i);
  }
  return group;
}

// A sentence of some length among the next lines: titles stand over text.
bool HeadFinder::HasBody(int i, int end) const {
  constexpr int kLookAhead = 12;
  for (int k = i; k < end && k < i + kLookAhead; ++k) {
    if (role(k) == LineRole::kText && page_.line(k).width >= 10 &&
        (page_.line(k).ends_sentence || !CanBeDisplay(page_.LineText(k)))) {
      return true;
    }
  }
  return false;
}

// Several lines, each but the last broken well before the column's edge: where the page has wrapped
// titles with a byline, at the place where those break.
bool HeadFinder::InLargerType(const std::vector<int>& group) const {
  if (!column_.fixed || group.size() < 2) return false;
  double total = 0;
  for (std::size_t k = 0; k < group.size(); ++k) {
    const double width = page_.line(group[k]).width;
    total += width;
    if (k + 1 < group.size() && (width > column_.width * 0.7 || width < 7)) return false;
  }
  if (has_marked_titles_ && std::abs(page_.line(group[0]).width - title_width_) > 2.5) return false;
  return total >= 12 && page_.line(group.back()).width <= column_.width * 0.7;
}

// Whether the text below, down to the next display line, ends with its author's name.
bool HeadFinder::SignedBelow(int i, int end) const {
  constexpr int kLookAhead = 40;
  for (int k = i; k < end && k < i + kLookAhead && role(k) != LineRole::kByline; ++k) {
    const std::u32string_view text = page_.LineText(k);
    if (ReadSignature(text)) return true;
    const bool display =
        page_.line(k).blank_before > 0 && page_.BlankAfter(k) && CanBeDisplay(text);
    if (display && GuessDisplayKind(text) != DisplayKind::kCaption) return false;
  }
  return false;
}

// `attributed` says that the article above names its author already.
std::optional<ArticleHead> HeadFinder::UnmarkedHead(int begin, int i, int end, bool first_on_page,
                                                    bool attributed) const {
  std::vector<int> group = DisplayGroup(i, end);
  if (group.empty()) return std::nullopt;
  const int next = group.back() + 1;
  const bool after_sentence =
      i == 0 || page_.line(i - 1).ends_sentence || role(i - 1) != LineRole::kText;
  if (!after_sentence && Adjacent(i)) return std::nullopt;
  if (!HasBody(next, end)) return std::nullopt;

  // Lines which the text below continues are the beginning of a paragraph, not a title.
  if (next < end && Adjacent(next) && column_.fixed &&
      column_.Fills(page_.line(group.back()).width, 4)) {
    return std::nullopt;
  }
  const bool dateline =
      next < end && role(next) == LineRole::kText && ReadDateline(page_.LineText(next)).has_value();
  const bool signed_before =
      i > begin && !Adjacent(i) && ReadSignature(page_.LineText(i - 1)).has_value();
  const bool another_author =
      after_sentence && attributed && !Adjacent(i) && SignedBelow(next, end);
  const bool title = first_on_page || dateline || (after_sentence && InLargerType(group)) ||
                     ((signed_before || another_author) &&
                      GuessDisplayKind(page_.LineText(i)) != DisplayKind::kCaption);
  if (!title) return std::nullopt;
  ArticleHead head;
  head.certain = dateline;
  head.title_lines = std::move(group);
  head.first_body = next;
  return head;
}

void HeadFinder::AddUnmarkedHeads(int begin, int end, bool page_top,
                                  std::vector<ArticleHead>& heads) const {
  bool first = page_top;
  bool attributed = !heads.empty() && heads.back().byline.has_value();
  for (int i = begin; i < end;) {
    if (role(i) != LineRole::kText ||
        (i > begin && Adjacent(i) && !page_.line(i - 1).ends_sentence &&
         role(i - 1) == LineRole::kText)) {
      ++i;
      continue;
    }
    std::optional<ArticleHead> head = UnmarkedHead(begin, i, end, first, attributed);
    if (!head) {
      ++i;
      continue;
    }
    first = false;
    attributed = head->certain || SignedBelow(head->first_body, end);
    i = head->first_body;
    heads.push_back(*std::move(head));
  }
}

// A dash may also stand at the beginning of a line of running text. Alone it makes a head only
// where the text does not go on at once.
bool HeadFinder::Convinces(const ArticleHead& head, int anchor) const {
  if (head.byline || head.date || !head.continued_from.empty() || head.first_body > anchor + 1)
    return true;
  const std::u32string_view title = page_.LineText(head.title_lines.back());
  if (IsDash(title.back()) || !CanBeDisplay(title)) return false;
  const bool text_follows = head.first_body < page_.line_count() && Adjacent(head.first_body);
  if (!text_follows) return true;
  const bool short_line = column_.width == 0 || page_.line(anchor).width < column_.width * 0.8;
  return short_line && CanBeDisplay(page_.LineText(anchor));
}

std::vector<ArticleHead> HeadFinder::Find() {
  std::vector<ArticleHead> marked;
  int floor = 0;
  for (int i = 0; i < page_.line_count(); ++i) {
    if (!IsHeadRole(role(i))) continue;
    std::vector<int> title = TitleAbove(i, floor);
    if (title.empty()) continue;
    ArticleHead head = ReadHead(std::move(title), i);
    if (!Convinces(head, i)) continue;
    i = head.first_body - 1;
    floor = head.first_body;
    has_marked_titles_ = true;
    if (head.title_lines.size() > 1) {
      title_width_ = std::max(title_width_, page_.line(head.first_line()).width);
    }
    marked.push_back(std::move(head));
  }
  std::vector<ArticleHead> all;
  int begin = 0;
  for (ArticleHead& head : marked) {
    AddUnmarkedHeads(begin, head.first_line(), begin == 0, all);
    begin = head.first_body;
    all.push_back(std::move(head));
  }
  AddUnmarkedHeads(begin, page_.line_count(), begin == 0, all);
  return all;
}

}  // namespace

std::vector<ArticleHead> FindHeads(const PageText& page, const std::vector<LineRole>& roles,
                                   const Column& column, const WordEvidence& words) {
  return HeadFinder(page, roles, column, words).Find();
}

}  // namespace cityinfo::articles
