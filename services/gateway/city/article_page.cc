#include "services/gateway/city/article_page.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "platform/base/utf8.h"
#include "services/gateway/city/section_status.h"

namespace cityinfo::gateway {
namespace {

using metrics::v1::Citation;
using metrics::v1::Figure;

bool StandsInText(const Citation& citation, const articles::v1::Article& article) {
  if (citation.block() < 0 || citation.block() >= article.blocks_size()) return false;
  if (citation.start() < 0 || citation.start() > citation.value_start() ||
      citation.value_start() >= citation.value_end() || citation.value_end() > citation.end()) {
    return false;
  }
  const std::string& text = article.blocks(citation.block()).text();
  if (citation.end() > base::CountCodePoints(text)) return false;
  return base::SubstrCodePoints(text, citation.start(), citation.end()) == citation.quote();
}

auto Position(const Citation& citation) {
  return std::make_tuple(citation.block(), citation.value_start(), citation.value_end());
}

// The figures are sorted, so a highlight can only overlap the one before it.
void AddHighlights(v1::ArticlePage* page) {
  for (int i = 0; i < page->figures_size(); ++i) {
    const Citation& citation = page->figures(i).citation();
    v1::Highlight* last = page->highlights_size() == 0
                              ? nullptr
                              : page->mutable_highlights(page->highlights_size() - 1);
    if (last == nullptr || last->block() != citation.block() ||
        last->end() <= citation.value_start()) {
      last = page->add_highlights();
      last->set_block(citation.block());
      last->set_start(citation.value_start());
    }
    last->set_end(std::max(last->end(), citation.value_end()));
    last->add_figures(i);
  }
}

}  // namespace

absl::StatusOr<v1::ArticlePage> ComposeArticlePage(ArticleParts parts) {
  if (!parts.article.ok()) return std::move(parts.article).status();
  v1::ArticlePage page;
  *page.mutable_article() = *std::move(parts.article);
  if (parts.figures.ok()) {
    std::vector<Figure*> standing;
    for (Figure& figure : *parts.figures->mutable_figures()) {
      if (StandsInText(figure.citation(), page.article())) standing.push_back(&figure);
    }
    std::stable_sort(standing.begin(), standing.end(), [](const Figure* a, const Figure* b) {
      return Position(a->citation()) < Position(b->citation());
    });
    for (Figure* figure : standing) page.add_figures()->Swap(figure);
    AddHighlights(&page);
  }
  AddSection("article", absl::OkStatus(), page.mutable_sections());
  AddSection("figures", parts.figures.status(), page.mutable_sections());
  return page;
}

}  // namespace cityinfo::gateway
