#include "services/metrics/harvest/article_text.h"

#include <algorithm>

namespace cityinfo::metrics {
namespace {

std::string JoinBlocks(const articles::v1::Article& article) {
  std::string text;
  for (int i = 0; i < article.blocks_size(); ++i) {
    if (i > 0) text += '\n';
    text += article.blocks(i).text();
  }
  return text;
}

}  // namespace

ArticleText::ArticleText(const articles::v1::Article& article)
    : text_(std::make_unique<const std::string>(JoinBlocks(article))), index_(*text_) {
  std::int64_t begin = 0;
  for (const articles::v1::Block& block : article.blocks()) {
    const std::int64_t end = begin + base::CountCodePoints(block.text());
    blocks_.push_back({begin, end});
    begin = end + 1;  // the line break
  }
}

bool ArticleText::Anchor(Citation& citation) const {
  if (citation.value_start < 0 || citation.value_start >= citation.value_end) return false;
  const auto behind = std::upper_bound(
      blocks_.begin(), blocks_.end(), citation.value_start,
      [](std::int64_t position, const Range& block) { return position < block.begin; });
  if (behind == blocks_.begin()) return false;
  const Range& block = *std::prev(behind);
  if (citation.value_end > block.end) return false;

  const std::int64_t start = std::clamp(citation.start, block.begin, citation.value_start);
  const std::int64_t end = std::clamp(citation.end, citation.value_end, block.end);
  const absl::string_view quote = index_.Substr(start, end);
  citation.quote.assign(quote.data(), quote.size());
  citation.block = static_cast<int>(&block - blocks_.data());
  citation.start = start - block.begin;
  citation.end = end - block.begin;
  citation.value_start -= block.begin;
  citation.value_end -= block.begin;
  return true;
}

}  // namespace cityinfo::metrics
