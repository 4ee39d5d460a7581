#include "services/articles/pages/article_builder.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/articles/pages/display_line.h"
#include "services/articles/pages/glyph.h"
#include "services/articles/pages/paragraph_joiner.h"
#include "services/articles/pages/quality_marks.h"
#include "services/articles/pages/reading_order.h"
#include "services/articles/pages/text_mending.h"

namespace cityinfo::articles {
namespace {

std::vector<Span> SpansOf(const PageText& page, const std::vector<int>& lines) {
  std::vector<Span> spans;
  for (const int line : lines) spans.push_back(page.line(line).span);
  return spans;
}

// A subtitle's first line without its dash.
std::vector<Span> SubtitleSpans(const PageText& page, const std::vector<int>& lines) {
  std::vector<Span> spans = SpansOf(page, lines);
  if (spans.empty()) return spans;
  if (const auto rest = ReadDashedSubtitle(page.Slice(spans.front()))) {
    spans.front().begin = spans.front().end - static_cast<std::int64_t>(rest->size());
  }
  return spans;
}

// The first or the last two printed lines of a block, as they stand there: a byline may run over.
std::u32string PrintedBeginning(const PageText& page, const Block& block) {
  std::u32string text(page.Slice(block.spans.front()));
  if (block.spans.size() > 1) text += page.Slice(block.spans[1]);
  return text;
}

std::u32string PrintedEnd(const PageText& page, const Block& block) {
  const std::size_t count = block.spans.size();
  std::u32string text;
  if (count > 1) text += page.Slice(block.spans[count - 2]);
  return text.append(page.Slice(block.spans.back()));
}

void AddReason(Block& block, QualityReason reason) {
  if (std::find(block.quality.begin(), block.quality.end(), reason) == block.quality.end()) {
    block.quality.push_back(reason);
  }
}

// Headings of two clauses are set in pairs of equal length; a second clause that is clearly shorter
// was probably cut off.
bool LooksCutOff(std::u32string_view heading) {
  const std::size_t space = heading.find(U' ');
  if (space == std::u32string_view::npos ||
      heading.find(U' ', space + 1) != std::u32string_view::npos)
    return false;
  for (const char32_t c : heading) {
    if (!IsHan(c) && c != U' ') return false;
  }
  return heading.size() - space - 1 + 2 <= space;
}

class ArticleBuilder {
 public:
  ArticleBuilder(const ArticleHead& head, const BodyContext& body) : head_(head), body_(body) {}

  PageArticle Build();

 private:
  void FillHead();
  void FillBylineFromText();
  void AddBlock(const ItemGroup& group);
  void Doubt(Block& block, QualityReason reason, std::string detail, Span span);
  void SettleParallelCaptions(std::vector<BodyItem>& items) const;
  void SettleHeadings(std::vector<BodyItem>& items) const;

  const ArticleHead& head_;
  const BodyContext& body_;
  PageArticle article_;
};

void ArticleBuilder::FillHead() {
  const PageText& page = body_.page;
  article_.title_spans = SpansOf(page, head_.title_lines);
  article_.title = EncodeUtf8(MendDisplayText(page, article_.title_spans).text);
  article_.subtitle =
      EncodeUtf8(MendDisplayText(page, SubtitleSpans(page, head_.subtitle_lines)).text);
  if (head_.byline) {
    article_.byline = head_.byline->text;
    article_.byline_role = head_.byline->role;
  }
  article_.date = head_.date;
  article_.continued_from = head_.continued_from;
  const MendedText title = MendDisplayText(page, article_.title_spans);
  for (QualityMark& mark : FindQualityMarks(title.text)) {
    article_.doubts.push_back({.reason = mark.reason,
                               .detail = std::move(mark.detail),
                               .span = title.PageSpan(mark.first, mark.last)});
  }
  for (int i = head_.first_line(); i < head_.first_body; ++i) {
    if (body_.roles[static_cast<std::size_t>(i)] != LineRole::kNoise) continue;
    article_.doubts.push_back({.reason = QualityReason::kGarbled,
                               .detail = "a line without readable text was left out",
                               .span = page.line(i).span});
  }
  if (!head_.certain) {
    article_.doubts.push_back({.reason = QualityReason::kUncertainTitle,
                               .detail = "no byline or subtitle follows: title or heading?",
                               .span = article_.title_spans.front()});
  }
}

void ArticleBuilder::Doubt(Block& block, QualityReason reason, std::string detail, Span span) {
  AddReason(block, reason);
  article_.doubts.push_back({.reason = reason, .detail = std::move(detail), .span = span});
}

// Two heading lines with nothing but a blank line between them are one heading when the second
// completes a clause of the first; a heading with no text under it is probably a caption.
void ArticleBuilder::SettleHeadings(std::vector<BodyItem>& items) const {
  std::vector<BodyItem> settled;
  settled.reserve(items.size());
  for (BodyItem& item : items) {
    BodyItem* last = settled.empty() ? nullptr : &settled.back();
    const bool two = last != nullptr && last->kind == BlockKind::kHeading &&
                     (item.kind == BlockKind::kHeading || item.kind == BlockKind::kCaption);
    if (two) {
      const std::u32string_view upper = body_.page.Slice(last->spans.back());
      const std::u32string_view lower = body_.page.Slice(item.spans.front());
      const std::size_t space = upper.find(U' ');
      const bool clauses = space != std::u32string_view::npos;
      const int first_clause = clauses ? InkLength(upper.substr(0, space)) : InkLength(upper);
      const int second = (clauses ? InkLength(upper.substr(space)) : 0) + InkLength(lower);
      const bool completes = std::abs(first_clause - second) <= 1 && clauses &&
                             lower.find(U' ') == std::u32string_view::npos;
      const bool likely = body_.words.Continues(upper, lower) == Continuation::kLikely;
      if (!StartsWithOrdinal(lower) && !IsMarkedCaption(lower) && InkLength(lower) <= 12 &&
          (completes || (likely && !clauses))) {
        last->spans.insert(last->spans.end(), item.spans.begin(), item.spans.end());
        continue;
      }
    }
    settled.push_back(std::move(item));
  }
  bool text_below = false;
  for (auto it = settled.rbegin(); it != settled.rend(); ++it) {
    text_below = text_below || it->is_text();
    if (it->kind == BlockKind::kHeading && !text_below) it->uncertain_kind = true;
  }
  items = std::move(settled);
}

// Short lines of one length between finished paragraphs ("产业兴旺" … "生态宜居") are headings set
// in parallel, though each alone would pass for a caption.
void ArticleBuilder::SettleParallelCaptions(std::vector<BodyItem>& items) const {
  std::map<int, std::vector<std::size_t>> by_length;
  for (std::size_t i = 1; i + 1 < items.size(); ++i) {
    if (items[i].kind != BlockKind::kCaption || items[i].spans.size() != 1) continue;
    const std::u32string_view text = body_.page.Slice(items[i].spans.front());
    const bool between =
        items[i - 1].is_text() && items[i - 1].ends_sentence && items[i + 1].is_text();
    if (between && !IsMarkedCaption(text) && !NamesScene(text))
      by_length[InkLength(text)].push_back(i);
  }
  for (const auto& [length, places] : by_length) {
    std::set<std::u32string_view> texts;
    for (const std::size_t i : places) texts.insert(body_.page.Slice(items[i].spans.front()));
    if (texts.size() < 2 || texts.size() < places.size()) continue;
    for (const std::size_t i : places) {
      items[i].kind = BlockKind::kHeading;
      items[i].uncertain_kind = true;
    }
  }
}

void ArticleBuilder::AddBlock(const ItemGroup& group) {
  Block block;
  block.kind = group.items.front().kind;
  for (const BodyItem& item : group.items) {
    block.spans.insert(block.spans.end(), item.spans.begin(), item.spans.end());
  }
  const bool running = block.kind == BlockKind::kParagraph && !group.items.front().uncertain_kind;
  const MendedText mended =
      running ? MendRunningText(body_.page, block.spans) : MendDisplayText(body_.page, block.spans);
  block.text = EncodeUtf8(mended.text);
  for (const BodyItem& item : group.items) {
    if (item.moved) {
      Doubt(block, QualityReason::kMoved, "this line stood behind the next heading",
            item.spans.front());
    }
    if (item.uncertain_kind) {
      Doubt(block, QualityReason::kUncertainKind, "heading, headline or text?", item.spans.front());
    }
  }
  if (block.kind == BlockKind::kHeading && LooksCutOff(mended.text)) {
    Doubt(block, QualityReason::kBreaksOff,
          "the second clause of this heading is shorter than the first", block.spans.back());
  }
  for (QualityMark& mark : FindQualityMarks(mended.text)) {
    Doubt(block, mark.reason, std::move(mark.detail), mended.PageSpan(mark.first, mark.last));
  }
  if (group.breaks_off) {
    Doubt(block, QualityReason::kBreaksOff, "the sentence is not complete", block.spans.back());
  }
  article_.blocks.push_back(std::move(block));
}

// Without a line of its own, the byline stands at the beginning or the end of the text.
void ArticleBuilder::FillBylineFromText() {
  if (!article_.byline.empty()) return;
  const Block* first = nullptr;
  const Block* last = nullptr;
  for (const Block& block : article_.blocks) {
    if (block.kind != BlockKind::kParagraph) continue;
    if (first == nullptr) first = &block;
    last = &block;
  }
  if (first == nullptr) return;
  std::optional<Byline> byline = ReadDateline(PrintedBeginning(body_.page, *first));
  if (!byline) byline = ReadSignature(PrintedEnd(body_.page, *last));
  if (!byline) return;
  article_.byline = byline->text;
  article_.byline_role = byline->role;
}

PageArticle ArticleBuilder::Build() {
  FillHead();
  std::vector<BodyItem> items = ReadBodyItems(body_, article_);
  SettleParallelCaptions(items);
  SettleHeadings(items);
  items = RepairReadingOrder(body_, std::move(items));
  for (const ItemGroup& group : JoinParagraphs(body_, std::move(items))) AddBlock(group);
  FillBylineFromText();
  std::stable_sort(
      article_.doubts.begin(), article_.doubts.end(),
      [](const struct Doubt& a, const struct Doubt& b) { return a.span.begin < b.span.begin; });
  return std::move(article_);
}

}  // namespace

PageArticle BuildArticle(const ArticleHead& head, const BodyContext& body) {
  return ArticleBuilder(head, body).Build();
}

}  // namespace cityinfo::articles
