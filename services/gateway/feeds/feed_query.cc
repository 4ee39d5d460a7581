#include "services/gateway/feeds/feed_query.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/gateway/routes/percent_decoding.h"

namespace cityinfo::gateway {
namespace {

struct Filter {
  absl::string_view name;
  std::string FeedQuery::*value;
};

constexpr std::array<Filter, 4> kFilters = {{{"section", &FeedQuery::section},
                                             {"tag", &FeedQuery::tag},
                                             {"publication", &FeedQuery::publication},
                                             {"place", &FeedQuery::place}}};
constexpr absl::string_view kSize = "size";

absl::Status BadParameter(absl::string_view name, absl::string_view message) {
  return base::InvalidArgument(name, message, "INVALID_QUERY_PARAMETER");
}

absl::StatusOr<int> ReadSize(absl::string_view text) {
  const absl::string_view digits = text.substr(!text.empty() && text[0] == '-' ? 1 : 0);
  int64_t size = 0;
  if (!std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(text, &size)) {
    return BadParameter(kSize, "expected a whole number");
  }
  if (size < 0) return BadParameter(kSize, "must not be negative");
  if (size == 0) return FeedQuery::kDefaultSize;
  return static_cast<int>(std::min<int64_t>(size, FeedQuery::kMaxSize));
}

absl::Status SetParameter(absl::string_view name, std::string value, FeedQuery* query) {
  if (name == kSize) {
    CITY_ASSIGN_OR_RETURN(query->size, ReadSize(value));
    return absl::OkStatus();
  }
  for (const Filter& filter : kFilters) {
    if (filter.name != name) continue;
    query->*filter.value = std::move(value);
    return absl::OkStatus();
  }
  return base::InvalidArgument(
      name, "there is no such query parameter; section, tag, publication, place and size are",
      "UNKNOWN_QUERY_PARAMETER");
}

std::string PercentEncode(absl::string_view text) {
  std::string encoded;
  for (const unsigned char c : text) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += static_cast<char>(c);
    } else {
      absl::StrAppend(&encoded, "%",
                      absl::AsciiStrToUpper(absl::StrCat(absl::Hex(c, absl::kZeroPad2))));
    }
  }
  return encoded;
}

}  // namespace

absl::StatusOr<FeedQuery> ParseFeedQuery(absl::string_view query) {
  FeedQuery read;
  // A parameter may be given once, so there are never more than there are names.
  std::vector<std::string> seen;
  for (absl::string_view part : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    const std::optional<std::string> name = PercentDecode(pair.first, PlusSign::kSpace);
    if (!name.has_value()) {
      return BadParameter("query", "holds a parameter name that is not percent-encoded UTF-8");
    }
    std::optional<std::string> value = PercentDecode(pair.second, PlusSign::kSpace);
    if (!value.has_value()) return BadParameter(*name, "is not percent-encoded UTF-8");
    if (std::find(seen.begin(), seen.end(), *name) != seen.end()) {
      return BadParameter(*name, "is given twice");
    }
    CITY_RETURN_IF_ERROR(SetParameter(*name, *std::move(value), &read));
    seen.push_back(*name);
  }
  return read;
}

std::string CanonicalFilters(const FeedQuery& query) {
  std::vector<std::string> parts;
  for (const Filter& filter : kFilters) {
    const std::string& value = query.*filter.value;
    if (!value.empty()) parts.push_back(absl::StrCat(filter.name, "=", PercentEncode(value)));
  }
  return absl::StrJoin(parts, "&");
}

std::string CanonicalQuery(const FeedQuery& query) {
  const std::string filters = CanonicalFilters(query);
  if (query.size == FeedQuery::kDefaultSize) return filters;
  return absl::StrCat(filters, filters.empty() ? "" : "&", kSize, "=", query.size);
}

articles::v1::ListArticlesRequest ListRequest(const FeedQuery& query) {
  articles::v1::ListArticlesRequest request;
  request.set_page_size(query.size);
  request.set_section(query.section);
  request.set_tag(query.tag);
  request.set_publication(query.publication);
  request.set_place(query.place);
  request.set_state(articles::v1::PUBLISHED);
  request.set_view(articles::v1::FULL);
  return request;
}

std::string FeedTitle(const FeedQuery& query) {
  std::string title = "最新稿件";
  for (const Filter& filter : kFilters) {
    const std::string& value = query.*filter.value;
    if (!value.empty()) absl::StrAppend(&title, " · ", value);
  }
  return title;
}

}  // namespace cityinfo::gateway
