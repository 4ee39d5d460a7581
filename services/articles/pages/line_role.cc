#include "services/articles/pages/line_role.h"

#include <cstddef>
#include <utility>

#include "services/articles/pages/display_line.h"
#include "services/articles/pages/furniture.h"
#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

constexpr int kEdgeLines = 3;          // Where a folio line needs less evidence.
constexpr std::size_t kLongest = 120;  // Longer lines are running text, whatever they say.

// Noise stands apart from the text: dirt inside a sentence is the sentence's business.
bool StandsApart(const PageText& page, int i) {
  return page.line(i).blank_before > 0 || page.line(i - 1).ends_sentence ||
         LooksLikeNoise(page.LineText(i - 1));
}

void Collect(FolioLine folio, PageFurniture& furniture) {
  if (furniture.page_number.empty()) furniture.page_number = std::move(folio.page_number);
  if (furniture.section.empty()) furniture.section = std::move(folio.section);
  if (!furniture.date) furniture.date = std::move(folio.date);
}

LineRole RoleOf(const PageText& page, int i, PageFurniture& furniture) {
  const std::u32string_view text = page.LineText(i);
  if (text.size() > kLongest) return LineRole::kText;
  const bool at_edge = i < kEdgeLines || i + kEdgeLines >= page.line_count();
  if (std::optional<FolioLine> folio = ReadFolioLine(text, at_edge)) {
    Collect(std::move(*folio), furniture);
    return LineRole::kFurniture;
  }
  if (IsContinuedOn(text)) return LineRole::kFurniture;
  if (ReadContinuedFrom(text)) return LineRole::kContinued;
  if (ReadPrintedDate(text)) return LineRole::kDate;
  if (ReadByline(text)) return LineRole::kByline;
  if (const auto subtitle = ReadDashedSubtitle(text); subtitle && CanBeTitle(*subtitle)) {
    return LineRole::kSubtitle;
  }
  return LooksLikeNoise(text) && StandsApart(page, i) ? LineRole::kNoise : LineRole::kText;
}

}  // namespace

bool IsHeadRole(LineRole role) {
  return role == LineRole::kByline || role == LineRole::kSubtitle || role == LineRole::kDate ||
         role == LineRole::kContinued;
}

std::vector<LineRole> AssignRoles(const PageText& page, PageFurniture& furniture) {
  std::vector<LineRole> roles(static_cast<std::size_t>(page.line_count()), LineRole::kText);
  for (int i = 0; i < page.line_count(); ++i) {
    roles[static_cast<std::size_t>(i)] = RoleOf(page, i, furniture);
    if (roles[static_cast<std::size_t>(i)] == LineRole::kFurniture) {
      furniture.spans.push_back(page.line(i).span);
    }
  }
  return roles;
}

}  // namespace cityinfo::articles
