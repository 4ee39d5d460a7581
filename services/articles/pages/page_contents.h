#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// SplitPageText in the words of the domain: what each article of the page says, ready to be stored
// once publication, day and place are filled in. Every doubt of the splitter is tied to the block
// it speaks of, and every mark on a block is a doubt. What the splitter doubts about the page
// itself (text above the first title, a title without text) is a doubt about the nearest article,
// tied to no block. Linear in the page. A PageSplitter; pure; any thread.
std::vector<ArticleContent> SplitPageIntoContents(absl::string_view page);

}  // namespace cityinfo::articles
