#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "platform/base/date.h"
#include "services/articles/domain/article.h"

namespace cityinfo::articles {

// One printed page to be stored with the articles it was split into.
struct PageImport {
  std::string text;  // As OCR gave it; kept verbatim.
  std::string publication;
  base::Date publish_date;
  std::string label;  // "B2"; may be empty.
  std::string place;
  bool publish = false;
  std::string author;
  std::vector<ArticleContent> articles;  // In page order.
};

// What a page became. With `already_imported` the articles are those of the first time, as they are
// now.
struct ImportedPage {
  std::string page_id;
  std::vector<Article> articles;
  bool already_imported = false;
};

// The same exactly for the same publication, day, label and text.
std::string PageFingerprint(const PageImport& page);

// Splits the text of a page into what its articles say. Publication, date, label and place are left
// empty: they are the importer's to fill in. Empty when the page holds no article. Pure; any
// thread.
using PageSplitter = std::function<std::vector<ArticleContent>(absl::string_view text)>;

}  // namespace cityinfo::articles
