#include "cli/table.h"

#include <algorithm>

#include "platform/base/utf8.h"

namespace cityinfo::cli {
namespace {

// East Asian wide and fullwidth blocks (Unicode TR11), coarse but right for what cities print.
int Width(char32_t c) {
  const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                    (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                    (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                    (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
                    (c >= 0x20000 && c <= 0x3FFFD);
  return c < 0x20 ? 0 : wide ? 2 : 1;
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  for (size_t pos = 0; pos < text.size();) width += Width(base::DecodeCodePoint(text, &pos));
  return width;
}

std::string Shorten(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  int used = 0;
  size_t pos = 0;
  while (pos < text.size()) {
    size_t next = pos;
    used += Width(base::DecodeCodePoint(text, &next));
    if (used > width - 1) break;
    pos = next;
  }
  return std::string(text.substr(0, pos)) + "…";
}

std::string Table::ToString(int max_column) const {
  std::vector<int> widths(header_.size());
  auto widen = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(max_column, DisplayWidth(row[i])));
    }
  };
  widen(header_);
  for (const auto& row : rows_) widen(row);
  std::string out;
  auto print = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < widths.size(); ++i) {
      const std::string cell = Shorten(row[i], widths[i]);
      out += cell;
      if (i + 1 < widths.size()) out.append(widths[i] - DisplayWidth(cell) + 2, ' ');
    }
    out += '\n';
  };
  print(header_);
  for (const auto& row : rows_) print(row);
  return out;
}

}  // namespace cityinfo::cli
