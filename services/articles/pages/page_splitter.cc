#include "services/articles/pages/page_splitter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "services/articles/pages/article_builder.h"
#include "services/articles/pages/article_head.h"
#include "services/articles/pages/column.h"
#include "services/articles/pages/glyph.h"
#include "services/articles/pages/line_role.h"
#include "services/articles/pages/page_text.h"
#include "services/articles/pages/word_evidence.h"

namespace cityinfo::articles {
namespace {

// What stands above the first title belongs to no article on this page.
void DoubtOrphans(const PageText& page, const std::vector<LineRole>& roles, int end,
                  std::vector<Doubt>& doubts) {
  int first = -1;
  int last = -1;
  for (int i = 0; i < end; ++i) {
    const LineRole role = roles[static_cast<std::size_t>(i)];
    if (role == LineRole::kFurniture) continue;
    if (role == LineRole::kNoise) {
      doubts.push_back({.reason = QualityReason::kGarbled,
                        .detail = "a line without readable text was left out",
                        .span = page.line(i).span});
      continue;
    }
    if (first < 0) first = i;
    last = i;
  }
  if (first < 0) return;
  doubts.push_back({.reason = QualityReason::kUncertainTitle,
                    .detail = "no title was found for this text",
                    .span = {page.line(first).span.begin, page.line(last).span.end}});
}

// An article's own column where it shows one; a short article borrows from the page.
Column ColumnOf(const PageText& page, int first, int last, const Column& page_column) {
  Column column = MeasureColumn(page, first, last);
  if (column.width == 0) return page_column;
  const bool same =
      column.fixed && page_column.fixed && std::abs(column.width - page_column.width) <= 1.5;
  if (same) column.indents = column.indents || page_column.indents;
  return column;
}

// A line without readable text that touches the title may have been a part of it.
bool DirtAboveTitle(const PageText& page, const std::vector<LineRole>& roles,
                    const ArticleHead& head) {
  const int first = head.first_line();
  return first > 0 && page.line(first).blank_before == 0 &&
         roles[static_cast<std::size_t>(first) - 1] == LineRole::kNoise;
}

bool HasText(const PageArticle& article) {
  return std::any_of(article.blocks.begin(), article.blocks.end(),
                     [](const Block& block) { return block.kind == BlockKind::kParagraph; });
}

}  // namespace

SplitResult SplitPageText(absl::string_view utf8) {
  SplitResult result;
  const PageText page(utf8);
  const std::vector<LineRole> roles = AssignRoles(page, result.furniture);
  const WordEvidence words(page);
  const Column page_column = MeasureColumn(page, 0, page.line_count());
  const std::vector<ArticleHead> heads = FindHeads(page, roles, page_column, words);

  DoubtOrphans(page, roles, heads.empty() ? page.line_count() : heads.front().first_line(),
               result.doubts);
  for (std::size_t k = 0; k < heads.size(); ++k) {
    const int end = k + 1 < heads.size() ? heads[k + 1].first_line() : page.line_count();
    const Column column = ColumnOf(page, heads[k].first_body, end, page_column);
    const BodyContext body{page, roles, words, column, heads[k].first_body, end};
    PageArticle article = BuildArticle(heads[k], body);
    if (!HasText(article) && !heads[k].certain) {
      result.doubts.push_back(
          {.reason = QualityReason::kUncertainTitle,
           .detail = "a title without an article",
           .span = {page.line(heads[k].first_line()).span.begin, page.line(end - 1).span.end}});
      continue;
    }
    if (DirtAboveTitle(page, roles, heads[k])) {
      article.doubts.insert(article.doubts.begin(),
                            {.reason = QualityReason::kUncertainTitle,
                             .detail = "an unreadable line stands directly above this title",
                             .span = article.title_spans.front()});
    }
    article.section = result.furniture.section;
    result.articles.push_back(std::move(article));
  }
  return result;
}

}  // namespace cityinfo::articles
