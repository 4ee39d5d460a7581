#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/articles/pages/page_text.h"

// What a page prints around its articles: the folio line (date, weekday, section, page number) and
// the line of names and addresses of those who made the page.

namespace cityinfo::articles {

struct FolioLine {
  std::string page_number;          // "B4"
  std::string section;              // "田园周刊"
  std::optional<std::string> date;  // ISO 8601
};

// Reads a folio or imprint line; nothing when the line is none. `at_edge` says that the line is
// among the first or last of the page, where less evidence is enough.
std::optional<FolioLine> ReadFolioLine(std::u32string_view line, bool at_edge);

// A date written as "2021年12月18日", "2021-12-18" or "2021.12.18" that begins at `pos`; on success
// `length` is the number of characters it takes. A day the calendar does not have is no date.
std::optional<std::string> ReadDateAt(std::u32string_view text, std::size_t pos,
                                      std::size_t& length);

}  // namespace cityinfo::articles
