#pragma once

#include <string>

#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// Tells one history of a change feed from another: two feeds that have the same mark at the same
// position have the same changes up to there, for no two commits of one article share a time. A
// store that was restored from a backup and written to since has other marks from the first new
// change on. Short, printable.
std::string MarkOf(const ArticleChange& change);

}  // namespace cityinfo::articles
