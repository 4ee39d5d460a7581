#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"

// How the text of a revision lies in the database: the words of its blocks as plain text, one block
// to a line, so that they can be searched and read as they are; everything else about them as JSON
// beside it:
//   {"blocks":[["p",[[0,12]],["GARBLED"]],…],"doubts":[["MOVED","…",3,40,52],…]}
namespace cityinfo::articles {

struct TextLayout {
  std::string text;
  std::string layout;
};

// No block's text may hold a line break.
TextLayout EncodeTextLayout(const ArticleContent& content);

// Fills blocks and doubts. DATA_LOSS when the two do not fit together.
absl::Status DecodeTextLayout(absl::string_view text, absl::string_view layout,
                              ArticleContent* content);

}  // namespace cityinfo::articles
