#include "cli/article_text.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "cli/input.h"
#include "cli/moment.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

// The API writes 64-bit numbers as strings.
int64_t Number(const Json& message, const char* field) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(message.value(field, "0"), &number)) return 0;
  return number;
}

std::string CountsText(const Json& counts, const char* label) {
  std::string text;
  for (const Json& count : counts) {
    const std::string name =
        count[label].is_number() ? count[label].dump() : count.value(label, "");
    absl::StrAppend(&text, text.empty() ? "" : ", ", name.empty() ? "-" : name, " ",
                    count.value("count", "0"));
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ArticlePath(const std::string& id) {
  const std::string name(absl::StripPrefix(id, "articles/"));
  if (name.empty() || name.find('/') != std::string::npos) {
    return base::InvalidArgument("id", absl::StrCat("\"", id, "\" is not an article's id or name"),
                                 "INVALID_NAME");
  }
  return absl::StrCat("/v1/articles/", name);
}

std::vector<Span> SpansFromJson(const Json& message, const std::string& field) {
  std::vector<Span> spans;
  for (const Json& span : message.value(field, Json::array())) {
    spans.push_back({.begin = Number(span, "begin"), .end = Number(span, "end")});
  }
  return spans;
}

std::string LifeText(const Json& article, absl::TimeZone local) {
  std::string text = absl::StrCat(article.value("name", ""), "  ", article.value("state", ""), "  ",
                                  article.value("title", ""), "\n");
  const auto line = [&](const char* what, const char* field) {
    const std::string moment = MomentText(article.value(field, ""), local);
    if (!moment.empty()) absl::StrAppend(&text, "  ", what, moment, "\n");
  };
  line("public from ", "publishTime");
  line("until       ", "unpublishTime");
  line("deleted     ", "deleteTime");
  line("gone from   ", "purgeTime");
  return text;
}

std::string ResultText(const Json& result, const Marks& marks) {
  const Json article = result.value("article", Json::object());
  std::string text = absl::StrCat(
      article.value("id", ""), "  ", DateFromJson(article, "publishDate"), "  ",
      article.value("page", ""), article.value("page", "").empty() ? "" : "  ",
      MarkSpans(article.value("title", ""), SpansFromJson(result, "titleSpans"), marks), "\n");
  const std::string excerpt = result.value("excerpt", "");
  if (!excerpt.empty()) {
    absl::StrAppend(&text, "    ", MarkSpans(excerpt, SpansFromJson(result, "excerptSpans"), marks),
                    "\n");
  }
  return text;
}

std::string SearchSummaryText(const Json& answer) {
  const int64_t total = Number(answer, "totalSize");
  std::string text = absl::StrCat(answer.value("totalSizeIsLowerBound", false) ? "at least " : "",
                                  total, total == 1 ? " article\n" : " articles\n");
  const std::string sections = CountsText(answer.value("sectionFacets", Json::array()), "label");
  const std::string years = CountsText(answer.value("yearFacets", Json::array()), "year");
  if (!sections.empty()) absl::StrAppend(&text, "sections: ", sections, "\n");
  if (!years.empty()) absl::StrAppend(&text, "years: ", years, "\n");
  if (const int64_t behind = Number(answer, "changesBehind"); behind > 0) {
    absl::StrAppend(&text, "the index is ", behind, behind == 1 ? " change" : " changes",
                    " behind\n");
  }
  return text;
}

}  // namespace cityinfo::cli
