#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "services/gateway/http/message.h"
#include "services/gateway/imports/json_lines.h"

namespace cityinfo::gateway {

// Lines of one body; the articles service takes no more from one stream.
inline constexpr int kMaxImportLines = 10'000;

// One POST of JSON lines to ImportArticles, each line an ImportArticlesRequest: hands the lines as
// messages to the stream as it asks for them, keeps those that are none as failures, and puts both
// together for the answer, whose items are the numbers of the lines. Used by one thread at a time.
class ArticleImport {
 public:
  // `body` must outlive it.
  explicit ArticleImport(absl::string_view body) : lines_(body) {}

  // Whether to begin at all; nothing has been sent then. 415 for a body that says it is something
  // else.
  static std::optional<Rejection> CheckContentType(const RequestHead& head);
  // INVALID_ARGUMENT: a query (UNKNOWN_QUERY_PARAMETER), more than kMaxImportLines lines that are
  // not blank (TOO_MANY_ITEMS).
  static absl::Status Check(absl::string_view query, absl::string_view body);

  // The next line that is a message, serialised; nullopt after the last.
  std::optional<std::string> NextMessage();

  // The whole answer, serialised, of the service's to what NextMessage gave.
  absl::StatusOr<std::string> Answer(const std::string& response);

 private:
  void Fail(int64_t line, const absl::Status& why);

  JsonLines lines_;
  articles::v1::ImportArticlesRequest request_;
  std::vector<int64_t> sent_;  // their numbers, in order
  std::vector<articles::v1::ImportArticleResult> failed_;
};

}  // namespace cityinfo::gateway
