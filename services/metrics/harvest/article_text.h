#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cityinfo/articles/v1/article.pb.h"
#include "platform/base/utf8.h"
#include "services/metrics/domain/citation.h"

namespace cityinfo::metrics {

// An article as the one text that the extractor reads (its blocks, each a line of its own), and the
// way back from there to the blocks. Immutable.
class ArticleText {
 public:
  explicit ArticleText(const articles::v1::Article& article);

  const std::string& text() const { return *text_; }

  // Turns a citation whose offsets (code points) are those of text() into one that points into a
  // block: the block of the value. A sentence that the extractor saw reach into a neighbouring
  // block ends at its own block's border, so that the quote is what the block says from start to
  // end. False, and nothing changed, when the value itself does not stand in one block: there is no
  // honest citation.
  bool Anchor(Citation& citation) const;

 private:
  struct Range {
    std::int64_t begin = 0;  // in code points of text()
    std::int64_t end = 0;
  };

  // On the heap: the index keeps a view of it.
  std::unique_ptr<const std::string> text_;
  base::CodePointIndex index_;
  std::vector<Range> blocks_;
};

}  // namespace cityinfo::metrics
