#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/page_import.h"

// What may stand in an article. Every error is INVALID_ARGUMENT, names the field as the API calls
// it
// ("article.title", "article.blocks[3].text") and says what is wrong.
namespace cityinfo::articles {

inline constexpr int64_t kMaxTitleCodePoints = 500;
inline constexpr int64_t kMaxLineCodePoints = 200;  // Byline, section, continued_from.
inline constexpr int64_t kMaxPublicationCodePoints = 100;
inline constexpr int64_t kMaxPageLabelCodePoints = 20;
inline constexpr size_t kMaxTags = 50;
inline constexpr int64_t kMaxTagCodePoints = 50;
inline constexpr size_t kMaxBlocks = 2000;
inline constexpr int64_t kMaxBlockCodePoints = 20'000;
inline constexpr size_t kMaxTextBytes = 2 << 20;  // All blocks together.
inline constexpr size_t kMaxSpansPerBlock = 1000;
inline constexpr size_t kMaxDoubts = 2000;
inline constexpr int64_t kMaxDoubtCodePoints = 2 * kMaxBlockCodePoints;  // It may quote a block.

// Checks everything and reports the first thing that is wrong. `prefix` goes before each field's
// name: "article." for a message that carries an article, "" for one that has the fields itself.
absl::Status ValidateContent(const ArticleContent& content, absl::string_view prefix = "article.");

// One line of text: valid UTF-8, no control characters (line breaks among them), at most `max` code
// points. `required`: not empty and not only spaces.
absl::Status ValidateLine(absl::string_view text, absl::string_view field, int64_t max,
                          bool required);

// A real calendar day from 1800 to 9999.
absl::Status ValidateDay(const base::Date& date, absl::string_view field);

// "" or 1 to 64 printable ASCII characters.
absl::Status ValidateRequestId(absl::string_view request_id);

inline constexpr size_t kMaxPageTextBytes = 2 << 20;

// The text of a page before it is split: not empty (PAGE_EMPTY), at most kMaxPageTextBytes
// (PAGE_TOO_LARGE), UTF-8 (NOT_UTF8, naming the first bad byte), without NUL (NUL_CHARACTER), which
// no print holds and PostgreSQL cannot store. On field "text".
absl::Status ValidatePageText(absl::string_view text);

// Everything a page brings, its articles too.
absl::Status ValidatePage(const PageImport& page);

// Who made a revision, on field "author": one line, may be empty.
absl::Status ValidateAuthor(absl::string_view author);

}  // namespace cityinfo::articles
