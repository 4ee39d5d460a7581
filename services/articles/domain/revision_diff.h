#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// A field of an article, other than its blocks, that differs.
struct FieldDifference {
  std::string field;   // Its name in the API, "publish_date".
  std::string before;  // As text: tags one to a line, dates as 2021-12-20, empty when not stated.
  std::string after;

  friend bool operator==(const FieldDifference&, const FieldDifference&) = default;
};

enum class BlockOperation {
  kEqual,     // The same kind and text; where they stand on a printed page does not count.
  kInserted,  // Only in the newer.
  kRemoved,   // Only in the older.
  kChanged,   // In both, in other words or of another kind.
};

struct BlockDifference {
  BlockOperation operation = BlockOperation::kEqual;
  int before_index = -1;           // Into the older blocks; -1 when inserted.
  int after_index = -1;            // Into the newer blocks; -1 when removed.
  std::vector<Span> before_spans;  // Of kChanged: what of the older text is not in the newer.
  std::vector<Span> after_spans;   // Of kChanged: what of the newer text is not in the older.
};

struct ContentDifference {
  std::vector<FieldDifference> fields;  // In the order they have in Article.
  // In reading order: every index of the older and of the newer blocks stands there exactly once,
  // ascending. Of what changed in one place, the removed come before the inserted.
  std::vector<BlockDifference> blocks;
};

// How `before` becomes `after`. Doubts and where text stands on the printed page are not compared.
// Two articles as large as they may be take well under a second and a few megabytes; where a bound
// on the work is reached the answer is coarser, never wrong. Pure and deterministic.
ContentDifference DiffContents(const ArticleContent& before, const ArticleContent& after);

}  // namespace cityinfo::articles
