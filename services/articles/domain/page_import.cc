#include "services/articles/domain/page_import.h"

#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"

namespace cityinfo::articles {

std::string PageFingerprint(const PageImport& page) {
  // No field but the last can hold a line break, so the fields cannot run into each other.
  return base::Sha256Hex(absl::StrCat(page.publication, "\n", base::FormatDate(page.publish_date),
                                      "\n", page.label, "\n", page.text));
}

}  // namespace cityinfo::articles
