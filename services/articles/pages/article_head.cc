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

// What UnmarkedHead knows about the text above a candidate.
struct Above {
  bool page_top = false;    // No title yet.
  bool attributed = false;  // The article above names its author where it begins.
  bool signed_off = false;  // It has ended with its author's name.
};

// Worded as headings inside an article are: a slogan, a number, a clause, two short clauses in
// parallel. A title may be worded so as well, but nothing would tell it from a heading.
bool WordedAsHeading(std::u32string_view line) {
  constexpr int kLongestPair = 12;
  return StartsWithOrdinal(line) || StartsAsSlogan(line) || SaysClause(line) ||
         (HasClauses(line) && InkLength(line) <= kLongestPair);
}

// Ends as an outcry or a question does, not as a statement.
bool Exclaims(std::u32string_view line) {
  while (!line.empty() && (IsQuote(line.back()) || IsClosing(line.back()))) line.remove_suffix(1);
  return !line.empty() && std::u32string_view(U"！？!?…").find(line.back()) != line.npos;
}

class HeadFinder {
 public:
  HeadFinder(const PageText& page, const std::vector<LineRole>& roles, const Column& column,
             const WordEvidence& words)
      : page_(page), roles_(roles), column_(column), words_(words) {}

  std::vector<ArticleHead> Find();

 private:
  LineRole role(int i) const { return roles_[static_cast<std::size_t>(i)]; }
  bool Adjacent(int i) const { return page_.line(i).blank_before == 0; }  // To the line above.

  bool TextEndsAbove(int i) const;
  bool IsDateline(int i) const;
  bool IsAuthorLine(int i) const;
  bool IsAnchor(int i) const { return IsHeadRole(role(i)) || IsAuthorLine(i) || IsDateline(i); }
  std::vector<int> TitleAbove(int anchor, int floor) const;
  bool CompletesTitle(int upper, int lower) const;
  bool WrappedOverBlank(int upper, int lower) const;
  bool CanStartTitle(int top, int floor) const;
  ArticleHead ReadHead(std::vector<int> title, int anchor) const;
  bool Convinces(const ArticleHead& head, int anchor) const;
  void ReadSubtitleTail(ArticleHead& head, int& i) const;

  std::optional<ArticleHead> UnmarkedHead(int i, int end, const Above& above) const;
  bool SignedAt(int i) const;
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

// True when no sentence is open above line `i`; a caption or a heading in between leaves that as it
// is.
bool HeadFinder::TextEndsAbove(int i) const {
  constexpr int kMostBetween = 2;
  for (int k = i - 1; k >= 0 && k >= i - 1 - kMostBetween; --k) {
    if (page_.line(k).ends_sentence || role(k) != LineRole::kText || SignedAt(k)) return true;
    const std::u32string_view text = page_.LineText(k);
    const bool apart = page_.line(k).blank_before > 0 && page_.BlankAfter(k);
    if (!IsMarkedCaption(text) && !(apart && CanBeDisplay(text))) return false;
  }
  return i <= kMostBetween + 1;
}

// The text begins with its byline: "本报讯（记者 张三）昨日，…".
bool HeadFinder::IsDateline(int i) const {
  return i < page_.line_count() && role(i) == LineRole::kText &&
         ReadDateline(page_.LineText(i)).has_value();
}

// A line of nothing but personal names below a line which can be a title. Short words look like
// names, so none of the line's characters may form a word which the page uses.
bool HeadFinder::IsAuthorLine(int i) const {
  if (i == 0 || i + 1 >= page_.line_count() || role(i) != LineRole::kText) return false;
  const std::u32string_view text = page_.LineText(i);
  if (!ReadBareNames(text) || words_.KnowsWordIn(text)) return false;
  const std::u32string_view above = page_.LineText(i - 1);
  return role(i - 1) == LineRole::kText && !IsMarkedCaption(above) &&
         words_.Continues(above, text) != Continuation::kLikely &&
         (CanBeTitle(above) || CanBeTitleTail(above));
}

// Whether the line below a blank one certainly completes a title's line: OCR engines often leave a
// blank line between the lines of large type.
bool HeadFinder::CompletesTitle(int upper, int lower) const {
  const std::u32string_view above = page_.LineText(upper);
  const std::u32string_view below = page_.LineText(lower);
  if (IsMarkedCaption(above) || InkLength(above) < 6) return false;
  if (InkLength(below) <= 3) return CanBeTitleTail(below);
  // "…将达" / "2900亿件": a short line that begins with a number.
  if (IsDigit(below.front()) && InkLength(below) <= 8 && CanBeTitleTail(below)) return true;
  const auto count = [&](char32_t c) { return std::count(above.begin(), above.end(), c); };
  if (EndsWith(above, U"、") || count(U'“') > count(U'”') || count(U'《') > count(U'》'))
    return true;
  return InkLength(above) >= 9 && words_.Continues(above, below) == Continuation::kLikely;
}

// The same for a line that a head follows, which has to be a part of some title.
bool HeadFinder::WrappedOverBlank(int upper, int lower) const {
  constexpr double kLongerThanCaptions = 10;
  if (CompletesTitle(upper, lower)) return true;
  const std::u32string_view above = page_.LineText(upper);
  if (IsMarkedCaption(above) || NamesScene(above) || InkLength(above) < 6) return false;
  if (!CanBeTitle(page_.LineText(lower))) return true;
  // No heading stands above a title; a line about as long as the title is its first.
  const double upper_width = page_.line(upper).width;
  const bool caption = GuessDisplayKind(above) == DisplayKind::kCaption;
  const bool blank_between_all = !Adjacent(lower + 1) || IsAnchor(lower + 1);
  const bool stands_alone = !Adjacent(upper) && TextEndsAbove(upper);
  const bool display = (column_.fixed && upper_width <= column_.width * 0.75) ||
                       (stands_alone && upper_width >= kLongerThanCaptions);
  return !caption && blank_between_all && display && upper_width >= page_.line(lower).width - 1;
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
      const bool exclaims = role(i) == LineRole::kText && Exclaims(page_.LineText(i)) &&
                            CanBeTitle(page_.LineText(i)) && page_.line(i).blank_before > 0;
      if (!exclaims) break;
    }
    const std::u32string_view text = page_.LineText(i);
    const bool fits =
        CanBeTitle(text) || (title.empty() && CanBeTitleTail(text)) ||
        (!title.empty() && EndsWith(text, U"、") && CanBeTitle(text.substr(0, text.size() - 1)));
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
    } else if (role(i) == LineRole::kText && !head.byline && ReadBareNames(text) &&
               (i > anchor || IsAuthorLine(i))) {
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
    if (!group.empty() && !Adjacent(i) && !CompletesTitle(i - 1, i)) break;
    const std::u32string_view text = page_.LineText(i);
    const bool fits = CanBeTitle(text) || (!group.empty() && CanBeTitleTail(text));
    if (!fits || IsMarkedCaption(text)) break;
    // Title lines are set to one measure: a much longer line is the first of the text.
    const double width = page_.line(i).width;
    if (!group.empty() && column_.Fills(width, 4.5) && width > page_.line(group[0]).width + 3)
      break;
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
  const double off_measure = std::abs(page_.line(group[0]).width - title_width_);
  const double widest = off_measure <= 1.5 ? column_.width - 4.5 : column_.width * 0.7;
  double total = 0;
  for (std::size_t k = 0; k < group.size(); ++k) {
    const double width = page_.line(group[k]).width;
    total += width;
    if (k + 1 < group.size() && (width > widest || width < 7)) return false;
  }
  if (has_marked_titles_ && off_measure > 2.5) return false;
  return total >= 12 && page_.line(group.back()).width <= widest;
}

// Whether the text ends at line `i` with its author's name, which the column may have broken.
bool HeadFinder::SignedAt(int i) const {
  constexpr std::size_t kLongestRest = 12;
  const std::u32string_view text = page_.LineText(i);
  if (text.size() > kLongestRest) return ReadSignature(text).has_value();
  if (text.back() != U'）' && text.back() != U')') return false;
  if (role(i) == LineRole::kByline || ReadSignature(text)) return true;
  if (i == 0 || !Adjacent(i) || role(i - 1) != LineRole::kText) return false;
  return ReadSignature(std::u32string(page_.LineText(i - 1)).append(text)).has_value();
}

// Whether the text below, down to the next line which is rather its title, ends with its author's
// name.
bool HeadFinder::SignedBelow(int i, int end) const {
  constexpr int kLookAhead = 60;
  for (int k = i; k < end && k < i + kLookAhead; ++k) {
    const std::u32string_view text = page_.LineText(k);
    if (SignedAt(k)) return true;
    const bool display =
        page_.line(k).blank_before > 0 && page_.BlankAfter(k) && CanBeDisplay(text);
    if (display && GuessDisplayKind(text) != DisplayKind::kCaption && !WordedAsHeading(text))
      return false;
  }
  return false;
}

std::optional<ArticleHead> HeadFinder::UnmarkedHead(int i, int end, const Above& above) const {
  std::vector<int> group = DisplayGroup(i, end);
  if (group.empty()) return std::nullopt;
  const int next = group.back() + 1;
  if (!TextEndsAbove(i) && Adjacent(i)) return std::nullopt;
  if (!HasBody(next, end)) return std::nullopt;

  // Lines which the text below continues are the beginning of a paragraph, not a title.
  if (next < end && Adjacent(next) && column_.fixed &&
      column_.Fills(page_.line(group.back()).width, 4)) {
    return std::nullopt;
  }
  const std::u32string_view text = page_.LineText(i);
  const bool display = TextEndsAbove(i) && !Adjacent(i) && (CanBeDisplay(text) || Exclaims(text)) &&
                       GuessDisplayKind(text) != DisplayKind::kCaption;
  const bool another_author =
      display && above.attributed && !WordedAsHeading(text) && SignedBelow(next, end);
  const bool title = above.page_top || (TextEndsAbove(i) && InLargerType(group)) ||
                     (display && above.signed_off) || another_author;
  if (!title) return std::nullopt;
  ArticleHead head;
  head.certain = false;
  head.title_lines = std::move(group);
  head.first_body = next;
  return head;
}

void HeadFinder::AddUnmarkedHeads(int begin, int end, bool page_top,
                                  std::vector<ArticleHead>& heads) const {
  Above above = {.page_top = page_top, .attributed = !heads.empty() && heads.back().attributed};
  for (int i = begin; i < end;) {
    above.signed_off = above.signed_off || (i > begin && SignedAt(i - 1));
    if (role(i) != LineRole::kText || (i > begin && Adjacent(i) && !TextEndsAbove(i))) {
      ++i;
      continue;
    }
    std::optional<ArticleHead> head = UnmarkedHead(i, end, above);
    if (!head) {
      ++i;
      continue;
    }
    above = {};
    i = head->first_body;
    heads.push_back(*std::move(head));
  }
}

// A dash may also stand at the beginning of a line of running text. Alone it makes a head only
// where the text does not go on at once.
bool HeadFinder::Convinces(const ArticleHead& head, int anchor) const {
  if (head.byline || head.date || !head.continued_from.empty() || head.first_body > anchor + 1)
    return true;
  if (IsDateline(head.first_body)) return true;
  const std::u32string_view title = page_.LineText(head.title_lines.back());
  const bool display = CanBeDisplay(title) || head.title_lines.size() > 1;
  if (IsDash(title.back()) || !display) return false;
  const bool text_follows = head.first_body < page_.line_count() && Adjacent(head.first_body);
  if (!text_follows) return true;
  const bool short_line = column_.width == 0 || page_.line(anchor).width < column_.width * 0.8;
  return short_line && CanBeDisplay(page_.LineText(anchor));
}

std::vector<ArticleHead> HeadFinder::Find() {
  std::vector<ArticleHead> marked;
  int floor = 0;
  for (int i = 0; i < page_.line_count(); ++i) {
    if (!IsAnchor(i)) continue;
    std::vector<int> title = TitleAbove(i, floor);
    if (title.empty()) continue;
    ArticleHead head = ReadHead(std::move(title), i);
    head.attributed = head.byline.has_value() || IsDateline(head.first_body);
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
