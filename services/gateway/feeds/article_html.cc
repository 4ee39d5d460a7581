#include "services/gateway/feeds/article_html.h"

#include "absl/strings/str_cat.h"
#include "services/gateway/feeds/markup_text.h"

namespace cityinfo::gateway {
namespace {

using articles::v1::Block;

void AppendElement(absl::string_view opening, absl::string_view text, absl::string_view closing,
                   std::string* html) {
  absl::StrAppend(html, opening);
  AppendMarkupText(text, html);
  absl::StrAppend(html, closing, "\n");
}

}  // namespace

std::string ArticleHtml(const articles::v1::Article& article) {
  std::string html;
  if (!article.subtitle().empty()) {
    AppendElement("<p class=\"subtitle\">", article.subtitle(), "</p>", &html);
  }
  for (const Block& block : article.blocks()) {
    switch (block.kind()) {
      case Block::HEADING:
        AppendElement("<h2>", block.text(), "</h2>", &html);
        break;
      case Block::CAPTION:
        AppendElement("<p class=\"caption\">", block.text(), "</p>", &html);
        break;
      default:
        AppendElement("<p>", block.text(), "</p>", &html);
    }
  }
  return html;
}

std::string ArticleText(const articles::v1::Article& article) {
  std::string text;
  for (const Block& block : article.blocks()) {
    absl::StrAppend(&text, text.empty() ? "" : "\n\n", block.text());
  }
  return text;
}

}  // namespace cityinfo::gateway
