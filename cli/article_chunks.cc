#include "cli/article_chunks.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/input.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

// What is said of every article of a request, up to the article itself.
std::string RequestPrefix(const ArticleChunks::Options& options) {
  std::string prefix = "{";
  if (options.publish) prefix += "\"publish\":true,";
  if (options.validate_only) prefix += "\"validateOnly\":true,";
  return prefix + "\"article\":";
}

}  // namespace

ArticleChunks::ArticleChunks(std::istream& in, const Options& options)
    : in_(in), prefix_(RequestPrefix(options)) {}

bool ArticleChunks::ReadLine() {
  line_text_.clear();
  line_too_long_ = false;
  std::streambuf& bytes = *in_.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  int c = bytes.sbumpc();
  if (c == kEnd) return false;
  ++line_;
  for (; c != kEnd && c != '\n'; c = bytes.sbumpc()) {
    ++bytes_read_;
    if (line_text_.size() < kMaxChunkBytes) {
      line_text_ += static_cast<char>(c);
    } else {
      line_too_long_ = true;
    }
  }
  if (c == '\n') ++bytes_read_;
  if (line_ == 1 && line_text_.compare(0, 3, "\xEF\xBB\xBF") == 0) line_text_.erase(0, 3);
  if (!line_text_.empty() && line_text_.back() == '\r') line_text_.pop_back();
  return true;
}

absl::StatusOr<std::string> ArticleChunks::RequestLine() const {
  const auto too_large = [] {
    return base::InvalidArgument("line", absl::StrCat("is over ", kMaxChunkBytes, " bytes"),
                                 "TEXT_TOO_LARGE");
  };
  if (line_too_long_) return too_large();
  Json article = Json::parse(line_text_, nullptr, /*allow_exceptions=*/false);
  if (!article.is_object()) {
    return base::InvalidArgument("line", "is not a JSON object", "INVALID_JSON");
  }
  bool rewritten = false;
  for (const char* field : {"publishDate", "publish_date"}) {
    if (!article.contains(field) || !article[field].is_string()) continue;
    auto date = DateToJson(article[field].get<std::string>());
    if (!date.ok()) return base::InvalidArgument(field, date.status().message(), "INVALID_DATE");
    article[field] = *date;
    rewritten = true;
  }
  // What need not be rewritten goes as it is, doubled members and all: the service judges it.
  std::string line = absl::StrCat(prefix_, rewritten ? article.dump() : line_text_, "}\n");
  if (line.size() > kMaxChunkBytes) return too_large();
  return line;
}

bool ArticleChunks::Next(ArticleChunk* chunk) {
  *chunk = ArticleChunk();
  if (!left_over_.empty()) {
    chunk->body = std::exchange(left_over_, "");
    chunk->lines.push_back(line_);
  }
  while (chunk->lines.size() + chunk->refused.size() < kMaxChunkLines && ReadLine()) {
    if (!line_too_long_ && line_text_.find_first_not_of(" \t\r") == std::string::npos) continue;
    absl::StatusOr<std::string> line = RequestLine();
    if (!line.ok()) {
      chunk->refused.push_back({line_, line.status()});
      continue;
    }
    if (chunk->body.size() + line->size() > kMaxChunkBytes) {
      left_over_ = *std::move(line);
      return true;
    }
    chunk->body += *line;
    chunk->lines.push_back(line_);
  }
  return !chunk->lines.empty() || !chunk->refused.empty();
}

}  // namespace cityinfo::cli
