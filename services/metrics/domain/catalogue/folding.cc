#include "services/metrics/domain/catalogue/folding.h"

#include <string>

#include "platform/base/utf8.h"

namespace cityinfo::metrics {

std::u32string FoldText(absl::string_view text) {
  std::u32string folded;
  folded.reserve(text.size() / 2);
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = base::DecodeCodePoint(text, &pos);
    if (!IsSpace(c) && c != U'\n') folded.push_back(FoldCharacter(c));
  }
  return folded;
}

}  // namespace cityinfo::metrics
