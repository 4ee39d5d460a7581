#include "cli/input.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "platform/base/date.h"
#include "platform/base/error.h"
#include "platform/base/utf8.h"

namespace cityinfo::cli {
namespace {

constexpr size_t kMaxFile = 2u << 20;

struct FileCloser {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::unique_ptr<std::FILE, FileCloser> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) return base::InvalidArgument(path, std::strerror(errno), "FILE_UNREADABLE");
  std::string text(kMaxFile + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()))
    return base::InvalidArgument(path, std::strerror(errno), "FILE_UNREADABLE");
  if (text.size() > kMaxFile) {
    return base::InvalidArgument(path, "is over 2 MiB; one file holds one page", "TEXT_TOO_LARGE");
  }
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return base::InvalidArgument(path, "is empty", "TEXT_EMPTY");
  }
  if (const auto bad = base::FirstInvalidByte(text)) {
    return base::InvalidArgument(
        path,
        absl::StrCat("is not UTF-8 (first bad byte at offset ", *bad,
                     "); if it is GBK, convert it: iconv -f GBK -t UTF-8 FILE"),
        "TEXT_NOT_UTF8");
  }
  return text;
}

absl::StatusOr<Json> DateToJson(const std::string& text, bool partial) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  if (partial && parts.size() < 3) {
    int year = 0, month = 0;
    const bool ok =
        parts[0].size() == 4 && absl::SimpleAtoi(parts[0], &year) && year > 0 &&
        (parts.size() == 1 || (absl::SimpleAtoi(parts[1], &month) && month >= 1 && month <= 12));
    if (!ok)
      return base::InvalidArgument("--date",
                                   absl::StrCat("\"", text, "\" is not a date, month or year"));
    return Json{{"year", year}, {"month", month}, {"day", 0}};
  }
  auto date = base::ParseDate(text, "--date");
  if (!date.ok()) return date.status();
  return Json{{"year", date->year}, {"month", date->month}, {"day", date->day}};
}

std::string DateFromJson(const Json& message, const std::string& field) {
  if (!message.contains(field) || message[field].is_null()) return "";
  const Json& date = message[field];
  return absl::StrFormat("%04d-%02d-%02d", date.value("year", 0), date.value("month", 0),
                         date.value("day", 0));
}

std::pair<std::string, std::string> SplitRange(const std::string& printed) {
  for (const char* dash : {"——", "—", "－", "–", "─", "～", "~", "至", "到", "-"}) {
    // A sign in front is no range.
    const size_t at = printed.find(dash, 1);
    if (at == std::string::npos) continue;
    const size_t behind = at + std::strlen(dash);
    return {printed.substr(0, at), printed.substr(behind)};
  }
  return {printed, ""};
}

}  // namespace cityinfo::cli
