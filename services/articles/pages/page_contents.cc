#include "services/articles/pages/page_contents.h"

#include <algorithm>
#include <string>
#include <utility>

#include "platform/base/date.h"
#include "platform/base/utf8.h"
#include "services/articles/pages/page_splitter.h"

namespace cityinfo::articles {
namespace {

constexpr size_t kMaxDoubtsKept = 500;      // More than any editor will read of one article.
constexpr size_t kMaxPageDoubtsKept = 100;  // Of these, how many about the page around it.

// An article's texts are single lines; what OCR engines put between words (tabs, form feeds)
// becomes a space, one for one, so that the spans still fit.
std::string WithoutControls(absl::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = base::DecodeCodePoint(text, &pos);
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
    base::AppendUtf8(control ? U' ' : c, &clean);
  }
  return clean;
}

bool Touches(const Span& a, const Span& b) { return a.begin < b.end && b.begin < a.end; }

// The first block that stands where `span` is; -1 when none does.
int BlockAt(const std::vector<Block>& blocks, const Span& span) {
  for (size_t i = 0; i < blocks.size(); ++i) {
    const std::vector<Span>& spans = blocks[i].spans;
    if (std::any_of(spans.begin(), spans.end(),
                    [&](const Span& own) { return Touches(own, span); })) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

// What the splitter doubts about the page itself concerns some article all the same: text without a
// title may be the beginning of the article below it, a title without text the one above. Gives,
// for each article, those which stand nearest to it: below its title, or above the first of all.
std::vector<std::vector<Doubt>> NearestToArticles(const SplitResult& split) {
  std::vector<std::vector<Doubt>> nearest(split.articles.size());
  if (split.articles.empty()) return nearest;
  for (const Doubt& doubt : split.doubts) {
    const auto below =
        std::upper_bound(split.articles.begin(), split.articles.end(), doubt.span.begin,
                         [](int64_t place, const PageArticle& article) {
                           return place < article.title_spans.front().begin;
                         });
    const auto index = below == split.articles.begin() ? 0 : below - split.articles.begin() - 1;
    nearest[static_cast<size_t>(index)].push_back(doubt);
  }
  return nearest;
}

std::vector<ArticleDoubt> TieDoubts(const PageArticle& article,
                                    const std::vector<Doubt>& about_page) {
  std::vector<ArticleDoubt> doubts;
  for (const Doubt& doubt : about_page) {
    if (doubts.size() >= kMaxPageDoubtsKept) break;
    doubts.push_back({.reason = doubt.reason,
                      .detail = WithoutControls(doubt.detail),
                      .block = -1,
                      .span = doubt.span});
  }
  for (const Doubt& doubt : article.doubts) {
    if (doubts.size() >= kMaxDoubtsKept) return doubts;
    doubts.push_back({.reason = doubt.reason,
                      .detail = WithoutControls(doubt.detail),
                      .block = BlockAt(article.blocks, doubt.span),
                      .span = doubt.span});
  }
  for (size_t i = 0; i < article.blocks.size(); ++i) {
    const Block& block = article.blocks[i];
    for (QualityReason reason : block.quality) {
      if (doubts.size() >= kMaxDoubtsKept) return doubts;
      const int index = static_cast<int>(i);
      const bool told = std::any_of(doubts.begin(), doubts.end(), [&](const ArticleDoubt& doubt) {
        return doubt.block == index && doubt.reason == reason;
      });
      if (told) continue;
      doubts.push_back({.reason = reason,
                        .detail = "Please compare this block with the printed page.",
                        .block = index,
                        .span = block.spans.empty() ? Span{} : block.spans.front()});
    }
  }
  return doubts;
}

ArticleContent ToContent(const PageArticle& article, const PageFurniture& furniture,
                         const std::vector<Doubt>& about_page) {
  ArticleContent content{.title = WithoutControls(article.title),
                         .subtitle = WithoutControls(article.subtitle),
                         .byline = WithoutControls(article.byline),
                         .section = WithoutControls(article.section),
                         .page = WithoutControls(furniture.page_number),
                         .continued_from = WithoutControls(article.continued_from),
                         .blocks = article.blocks,
                         .doubts = TieDoubts(article, about_page)};
  for (Block& block : content.blocks) block.text = WithoutControls(block.text);
  if (article.date) {
    if (absl::StatusOr<base::Date> date = base::ParseDate(*article.date); date.ok()) {
      content.printed_date = *date;
    }
  }
  return content;
}

}  // namespace

std::vector<ArticleContent> SplitPageIntoContents(absl::string_view page) {
  const SplitResult split = SplitPageText(page);
  std::vector<ArticleContent> contents;
  const std::vector<std::vector<Doubt>> about_page = NearestToArticles(split);
  for (size_t i = 0; i < split.articles.size(); ++i) {
    contents.push_back(ToContent(split.articles[i], split.furniture, about_page[i]));
  }
  return contents;
}

}  // namespace cityinfo::articles
