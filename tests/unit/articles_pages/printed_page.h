#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/pages/page_splitter.h"

// Sets text the way a newspaper does, so that a test can say what was printed and leave the line
// breaks to the column's width.
namespace cityinfo::articles::testing {

// The paragraph broken into lines of `width` ems, the first shorter by `indent`; every line ends
// with
// "\n". Punctuation never begins a line.
std::string SetInColumn(absl::string_view paragraph, int width, int indent = 2);

// Several paragraphs, a blank line after each.
std::string SetParagraphs(const std::vector<std::string>& paragraphs, int width);

// The texts of an article's blocks of one kind, in order.
std::vector<std::string> Texts(const PageArticle& article, BlockKind kind);

bool HasReason(const Block& block, QualityReason reason);
bool HasDoubt(const std::vector<Doubt>& doubts, QualityReason reason);

}  // namespace cityinfo::articles::testing
