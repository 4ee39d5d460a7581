#include "services/articles/search/indicator_terms.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

constexpr char kTable[] =
#include "services/articles/search/indicators.inc"
    ;

// Columns: id, name_zh, name_en, aliases separated by |, …
constexpr size_t kNameColumn = 1;
constexpr size_t kEnglishColumn = 2;
constexpr size_t kAliasColumn = 3;

std::vector<IndicatorNames> ReadTable() {
  std::vector<IndicatorNames> indicators;
  bool heading = true;
  for (absl::string_view line : absl::StrSplit(kTable, '\n')) {
    if (line.empty() || absl::StartsWith(line, "#")) continue;
    if (heading) {
      heading = false;
      continue;
    }
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
    if (columns.size() <= kAliasColumn) continue;
    std::vector<absl::string_view> names = {columns[kNameColumn], columns[kEnglishColumn]};
    for (absl::string_view alias : absl::StrSplit(columns[kAliasColumn], '|')) {
      names.push_back(alias);
    }
    IndicatorNames& terms = indicators.emplace_back();
    for (absl::string_view name : names) {
      if (!name.empty()) terms.push_back({.text = std::string(name), .folded = FoldText(name)});
    }
  }
  return indicators;
}

}  // namespace

const std::vector<IndicatorNames>& AllIndicatorNames() {
  static const auto* const indicators = new std::vector<IndicatorNames>(ReadTable());
  return *indicators;
}

std::vector<const IndicatorTerm*> IndicatorsWith(std::u16string_view prefix) {
  std::vector<const IndicatorTerm*> terms;
  for (const IndicatorNames& names : AllIndicatorNames()) {
    const IndicatorTerm* best = nullptr;
    for (const IndicatorTerm& term : names) {
      const size_t at = term.folded.find(prefix);
      if (at == 0) {
        best = &term;
        break;
      }
      if (at != std::u16string::npos && best == nullptr) best = &term;
    }
    if (best != nullptr) terms.push_back(best);
  }
  return terms;
}

}  // namespace cityinfo::articles
