#include "tests/unit/metrics_extraction/marked_document.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/utf8.h"

namespace cityinfo::metrics {
namespace {

constexpr absl::string_view kOpen = "⟦";
constexpr absl::string_view kClose = "⟧";

[[noreturn]] void Refuse(absl::string_view name, absl::string_view mark) {
  std::fprintf(stderr, "%s: cannot read the mark %s\n", std::string(name).c_str(),
               std::string(mark).c_str());
  std::abort();
}

std::string WithoutWhiteSpace(absl::string_view text) {
  std::string kept;
  for (char c : text) {
    if (c != ' ' && c != '\n') kept.push_back(c);
  }
  return kept;
}

}  // namespace

MarkedDocument ReadMarkedDocument(absl::string_view name, absl::string_view marked) {
  MarkedDocument document;
  document.name = std::string(name);
  const size_t first_line = marked.find('\n');
  document.date = std::string(absl::StripPrefix(marked.substr(0, first_line), "#"));
  document.date = std::string(absl::StripPrefix(document.date, " "));
  marked.remove_prefix(first_line + 1);
  while (!marked.empty()) {
    const size_t open = marked.find(kOpen);
    document.text += std::string(marked.substr(0, open));
    if (open == absl::string_view::npos) break;
    const size_t close = marked.find(kClose, open);
    const absl::string_view mark = marked.substr(open + kOpen.size(), close - open - kOpen.size());
    const std::vector<absl::string_view> parts = absl::StrSplit(mark, '|');
    if (close == absl::string_view::npos || parts.size() != 4) Refuse(name, mark);
    absl::string_view printed = parts[0];
    absl::string_view kind = parts[2];
    MarkedFigure figure;
    figure.optional = absl::ConsumePrefix(&printed, "?");
    figure.target = absl::ConsumePrefix(&kind, "T");
    if (kind.size() != 1) Refuse(name, mark);
    figure.kind = kind[0];
    figure.start = base::CountCodePoints(document.text);
    figure.printed = WithoutWhiteSpace(printed);
    figure.name = std::string(parts[1]);
    if (parts[3] != "-") figure.period = std::string(parts[3]);
    document.figures.push_back(figure);
    document.text += std::string(printed);
    marked.remove_prefix(close + kClose.size());
  }
  return document;
}

std::vector<MarkedDocument> ReadMarkedDocuments(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<MarkedDocument> documents;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string marked{std::istreambuf_iterator<char>(file), {}};
    documents.push_back(ReadMarkedDocument(path.filename().string(), marked));
  }
  return documents;
}

}  // namespace cityinfo::metrics
