#include "services/articles/domain/article_validation.h"

#include <optional>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/articles/domain/place_code.h"

namespace cityinfo::articles {
namespace {

// C0 and C1 controls and the two Unicode line separators: nothing that belongs into one line of
// print.
bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

bool IsBlank(absl::string_view text) {
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = base::DecodeCodePoint(text, &pos);
    if (c != ' ' && c != 0x3000 && c != 0xA0 && c != 0xFEFF) return false;
  }
  return true;
}

std::string CodePointName(char32_t c) { return absl::StrCat("U+", absl::Hex(c, absl::kZeroPad4)); }

absl::Status ValidateTags(const std::vector<std::string>& tags, absl::string_view field) {
  if (tags.size() > kMaxTags) {
    return base::InvalidArgument(
        field, absl::StrCat("has ", tags.size(), " entries; at most ", kMaxTags, " are allowed"),
        "TOO_MANY_TAGS");
  }
  std::set<absl::string_view> seen;
  for (size_t i = 0; i < tags.size(); ++i) {
    const std::string name = absl::StrCat(field, "[", i, "]");
    CITY_RETURN_IF_ERROR(ValidateLine(tags[i], name, kMaxTagCodePoints, /*required=*/true));
    if (!seen.insert(tags[i]).second) {
      return base::InvalidArgument(name, absl::StrCat("\"", tags[i], "\" stands there twice"),
                                   "DUPLICATE_TAG");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateSpan(const Span& span, absl::string_view field) {
  if (span.begin >= 0 && span.end >= span.begin) return absl::OkStatus();
  return base::InvalidArgument(
      field, absl::StrCat("[", span.begin, ", ", span.end, ") is not a range of code points"),
      "INVALID_SPAN");
}

absl::Status ValidateBlocks(const std::vector<Block>& blocks, absl::string_view field) {
  if (blocks.size() > kMaxBlocks) {
    return base::InvalidArgument(
        field,
        absl::StrCat("has ", blocks.size(), " entries; at most ", kMaxBlocks, " are allowed"),
        "TOO_MANY_BLOCKS");
  }
  size_t bytes = 0;
  for (size_t i = 0; i < blocks.size(); ++i) {
    const std::string name = absl::StrCat(field, "[", i, "]");
    bytes += blocks[i].text.size();
    if (bytes > kMaxTextBytes) {
      return base::InvalidArgument(field,
                                   absl::StrCat("hold more than ", kMaxTextBytes, " bytes of text"),
                                   "TEXT_TOO_LARGE");
    }
    CITY_RETURN_IF_ERROR(ValidateLine(blocks[i].text, absl::StrCat(name, ".text"),
                                      kMaxBlockCodePoints,
                                      /*required=*/true));
    if (blocks[i].spans.size() > kMaxSpansPerBlock) {
      return base::InvalidArgument(absl::StrCat(name, ".source_spans"),
                                   absl::StrCat("has more than ", kMaxSpansPerBlock, " entries"),
                                   "TOO_MANY_SPANS");
    }
    for (const Span& span : blocks[i].spans) {
      CITY_RETURN_IF_ERROR(ValidateSpan(span, absl::StrCat(name, ".source_spans")));
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateDoubts(const std::vector<ArticleDoubt>& doubts, absl::string_view field) {
  if (doubts.size() > kMaxDoubts) {
    return base::InvalidArgument(field, absl::StrCat("has more than ", kMaxDoubts, " entries"),
                                 "TOO_MANY_DOUBTS");
  }
  for (size_t i = 0; i < doubts.size(); ++i) {
    CITY_RETURN_IF_ERROR(ValidateLine(doubts[i].detail, absl::StrCat(field, "[", i, "].detail"),
                                      kMaxDoubtCodePoints, /*required=*/false));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateLine(absl::string_view text, absl::string_view field, int64_t max,
                          bool required) {
  if (const std::optional<size_t> bad = base::FirstInvalidByte(text)) {
    return base::InvalidArgument(field, absl::StrCat("is not UTF-8 at byte ", *bad), "NOT_UTF8");
  }
  int64_t count = 0;
  for (size_t pos = 0; pos < text.size(); ++count) {
    const char32_t c = base::DecodeCodePoint(text, &pos);
    if (IsControl(c)) {
      return base::InvalidArgument(
          field,
          absl::StrCat("holds the control character ", CodePointName(c), " at position ", count),
          "CONTROL_CHARACTER");
    }
  }
  if (count > max) {
    return base::InvalidArgument(
        field, absl::StrCat("has ", count, " characters; at most ", max, " are allowed"),
        "TOO_LONG");
  }
  if (required && IsBlank(text)) {
    return base::InvalidArgument(field, "is required and must not be blank", "REQUIRED");
  }
  return absl::OkStatus();
}

absl::Status ValidateDay(const base::Date& date, absl::string_view field) {
  if (date == base::Date{}) return base::InvalidArgument(field, "is required", "REQUIRED");
  const std::string text = base::FormatDate(date);
  if (absl::StatusOr<base::Date> parsed = base::ParseDate(text, field); !parsed.ok()) {
    return parsed.status();
  }
  if (date.year < 1800) {
    return base::InvalidArgument(
        field, absl::StrCat(text, " is before the first newspapers we keep"), "INVALID_DATE");
  }
  return absl::OkStatus();
}

absl::Status ValidateContent(const ArticleContent& content, absl::string_view prefix) {
  const auto field = [&](absl::string_view name) { return absl::StrCat(prefix, name); };
  CITY_RETURN_IF_ERROR(ValidateLine(content.title, field("title"), kMaxTitleCodePoints, true));
  CITY_RETURN_IF_ERROR(
      ValidateLine(content.subtitle, field("subtitle"), kMaxTitleCodePoints, false));
  CITY_RETURN_IF_ERROR(ValidateLine(content.byline, field("byline"), kMaxLineCodePoints, false));
  CITY_RETURN_IF_ERROR(ValidateLine(content.section, field("section"), kMaxLineCodePoints, false));
  CITY_RETURN_IF_ERROR(ValidateTags(content.tags, field("tags")));
  CITY_RETURN_IF_ERROR(
      ValidateLine(content.publication, field("publication"), kMaxPublicationCodePoints, true));
  CITY_RETURN_IF_ERROR(ValidateDay(content.publish_date, field("publish_date")));
  CITY_RETURN_IF_ERROR(ValidateLine(content.page, field("page"), kMaxPageLabelCodePoints, false));
  if (absl::StatusOr<std::string> place = ParsePlaceCode(content.place, field("place"));
      !place.ok()) {
    return place.status();
  }
  if (content.printed_date) {
    CITY_RETURN_IF_ERROR(ValidateDay(*content.printed_date, field("printed_date")));
  }
  CITY_RETURN_IF_ERROR(
      ValidateLine(content.continued_from, field("continued_from"), kMaxLineCodePoints, false));
  CITY_RETURN_IF_ERROR(ValidateBlocks(content.blocks, field("blocks")));
  return ValidateDoubts(content.doubts, field("doubts"));
}

absl::Status ValidateRequestId(absl::string_view request_id) {
  if (request_id.size() > 64) {
    return base::InvalidArgument("request_id",
                                 absl::StrCat("has ", request_id.size(), " characters; at most 64"),
                                 "INVALID_REQUEST_ID");
  }
  for (char c : request_id) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) {
      return base::InvalidArgument("request_id", "may hold printable ASCII characters only",
                                   "INVALID_REQUEST_ID");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidatePageText(absl::string_view text) {
  if (text.empty())
    return base::InvalidArgument("text", "is empty; send the page's text", "PAGE_EMPTY");
  if (text.size() > kMaxPageTextBytes) {
    return base::InvalidArgument(
        "text",
        absl::StrCat("has ", text.size(), " bytes; at most ", kMaxPageTextBytes, " are allowed"),
        "PAGE_TOO_LARGE");
  }
  if (const std::optional<size_t> bad = base::FirstInvalidByte(text)) {
    return base::InvalidArgument(
        "text",
        absl::StrCat("is not UTF-8: the first bad byte is at offset ", *bad,
                     "; perhaps the page is in GBK (convert it with: iconv -f GB18030 -t UTF-8)"),
        "NOT_UTF8");
  }
  if (const size_t nul = text.find('\0'); nul != absl::string_view::npos) {
    return base::InvalidArgument("text", absl::StrCat("holds a NUL character at byte ", nul),
                                 "NUL_CHARACTER");
  }
  for (size_t pos = 0; pos < text.size();) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(text[pos]))) return absl::OkStatus();
    ++pos;
  }
  return base::InvalidArgument("text", "holds only white space", "PAGE_EMPTY");
}

absl::Status ValidateAuthor(absl::string_view author) {
  return ValidateLine(author, "author", kMaxLineCodePoints, /*required=*/false);
}

absl::Status ValidatePage(const PageImport& page) {
  CITY_RETURN_IF_ERROR(ValidatePageText(page.text));
  CITY_RETURN_IF_ERROR(
      ValidateLine(page.publication, "publication", kMaxPublicationCodePoints, /*required=*/true));
  CITY_RETURN_IF_ERROR(ValidateDay(page.publish_date, "publish_date"));
  CITY_RETURN_IF_ERROR(
      ValidateLine(page.label, "page", kMaxPageLabelCodePoints, /*required=*/false));
  CITY_RETURN_IF_ERROR(ParsePlaceCode(page.place, "place").status());
  CITY_RETURN_IF_ERROR(ValidateAuthor(page.author));
  for (const ArticleContent& content : page.articles) {
    CITY_RETURN_IF_ERROR(ValidateContent(content));
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::articles
