#include "bench/articles/news_file.h"

#include <zlib.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace cityinfo::bench {
namespace {

constexpr int kMaxLineBytes = 1 << 20;

bool ParseCompactDate(const std::string& text, base::Date* date) {
  int number = 0;
  if (text.size() != 8 || !absl::SimpleAtoi(text, &number)) return false;
  *date = {.year = number / 10000, .month = number / 100 % 100, .day = number % 100};
  return base::IsValidDate(*date);
}

bool ParseItem(const std::string& line, NewsItem* item) {
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("date") || !json["date"].is_string() ||
      !json.contains("title") || !json["title"].is_string() || !json.contains("paras") ||
      !json["paras"].is_array()) {
    return false;
  }
  item->title = json["title"].get<std::string>();
  for (const nlohmann::json& paragraph : json["paras"]) {
    if (!paragraph.is_string()) return false;
    if (!paragraph.get_ref<const std::string&>().empty()) {
      item->paragraphs.push_back(paragraph.get<std::string>());
    }
  }
  return ParseCompactDate(json["date"].get<std::string>(), &item->date);
}

}  // namespace

absl::StatusOr<std::vector<NewsItem>> ReadNews(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::vector<NewsItem> items;
  std::string buffer(kMaxLineBytes, '\0');
  for (int line = 1; gzgets(file.get(), buffer.data(), kMaxLineBytes) != nullptr; ++line) {
    NewsItem item;
    if (!ParseItem(buffer.c_str(), &item)) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": not an item of news"));
    }
    if (!item.title.empty() && !item.paragraphs.empty()) items.push_back(std::move(item));
  }
  if (items.empty()) return absl::InvalidArgumentError(absl::StrCat(path, ": no news"));
  return items;
}

}  // namespace cityinfo::bench
