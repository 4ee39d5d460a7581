#include "tests/unit/articles_pages/printed_page.h"

#include <algorithm>
#include <string_view>

#include "services/articles/pages/glyph.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles::testing {

std::string SetInColumn(absl::string_view paragraph, int width, int indent) {
  const PageText page(paragraph);
  std::string out;
  std::u32string line;
  double used = indent;
  const auto end_line = [&] {
    if (line.empty()) return;
    out += EncodeUtf8(line) + "\n";
    line.clear();
    used = 0;
  };
  for (const char32_t c : page.text()) {
    const bool may_begin_line =
        !IsClauseMark(c) && !IsSentenceEnd(c) && !IsClosing(c) && !IsWordGlyph(c) && c != U'%';
    if (used + GlyphWidth(c) > width && may_begin_line) end_line();
    line.push_back(c);
    used += GlyphWidth(c);
  }
  end_line();
  return out;
}

std::string SetParagraphs(const std::vector<std::string>& paragraphs, int width) {
  std::string out;
  for (const std::string& paragraph : paragraphs) out += SetInColumn(paragraph, width) + "\n";
  return out;
}

std::vector<std::string> Texts(const PageArticle& article, BlockKind kind) {
  std::vector<std::string> texts;
  for (const Block& block : article.blocks) {
    if (block.kind == kind) texts.push_back(block.text);
  }
  return texts;
}

bool HasReason(const Block& block, QualityReason reason) {
  return std::find(block.quality.begin(), block.quality.end(), reason) != block.quality.end();
}

bool HasDoubt(const std::vector<Doubt>& doubts, QualityReason reason) {
  return std::any_of(doubts.begin(), doubts.end(),
                     [&](const Doubt& doubt) { return doubt.reason == reason; });
}

}  // namespace cityinfo::articles::testing
