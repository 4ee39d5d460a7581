#include "services/gateway/imports/article_import.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/rpc/status_mapping.h"
#include "services/gateway/transcoding/json_decoder.h"

namespace cityinfo::gateway {

using articles::v1::ImportArticleResult;
using articles::v1::ImportArticlesResponse;

std::optional<Rejection> ArticleImport::CheckContentType(const RequestHead& head) {
  const std::optional<absl::string_view> type = head.Field("content-type");
  if (!type.has_value() || IsJsonLinesType(*type)) return std::nullopt;
  return Rejection{.http_status = 415,
                   .reason = "UNSUPPORTED_MEDIA_TYPE",
                   .message =
                       "the body must be JSON lines: send it as it is, with Content-Type "
                       "application/x-ndjson"};
}

absl::Status ArticleImport::Check(absl::string_view query, absl::string_view body) {
  if (!query.empty()) {
    return base::InvalidArgument("query", "has no place here: each line says all of its article",
                                 "UNKNOWN_QUERY_PARAMETER");
  }
  JsonLines lines(body);
  int count = 0;
  while (lines.Next().has_value()) {
    if (++count > kMaxImportLines) {
      return base::InvalidArgument(
          "body", absl::StrCat("has more than ", kMaxImportLines, " lines; send several"),
          "TOO_MANY_ITEMS");
    }
  }
  return absl::OkStatus();
}

std::optional<std::string> ArticleImport::NextMessage() {
  while (const std::optional<JsonLines::Line> line = lines_.Next()) {
    request_.Clear();
    const auto members = DecodeJson(line->text, "", &request_, line->number);
    if (members.ok()) {
      sent_.push_back(line->number);
      return request_.SerializeAsString();
    }
    Fail(line->number, members.status());
  }
  return std::nullopt;
}

void ArticleImport::Fail(int64_t line, const absl::Status& why) {
  ImportArticleResult& result = failed_.emplace_back();
  result.set_item(line);
  result.set_outcome(ImportArticleResult::FAILED);
  *result.mutable_error() = rpc::ToRpcStatus(why);
}

absl::StatusOr<std::string> ArticleImport::Answer(const std::string& response) {
  ImportArticlesResponse stored;
  if (!stored.ParseFromString(response) ||
      static_cast<size_t>(stored.results_size()) != sent_.size()) {
    return base::Internal("BAD_UPSTREAM_ANSWER", "a service's answer is not readable");
  }
  ImportArticlesResponse whole;
  whole.set_created_count(stored.created_count());
  whole.set_existing_count(stored.existing_count());
  whole.set_failed_count(stored.failed_count() + static_cast<int64_t>(failed_.size()));
  size_t failure = 0;
  for (size_t i = 0; i <= sent_.size(); ++i) {
    // Failures that stand before the next line that was sent, or after the last.
    while (failure < failed_.size() && (i == sent_.size() || failed_[failure].item() < sent_[i])) {
      whole.mutable_results()->Add(std::move(failed_[failure++]));
    }
    if (i == sent_.size()) break;
    ImportArticleResult* result = stored.mutable_results(static_cast<int>(i));
    result->set_item(sent_[i]);
    whole.mutable_results()->Add(std::move(*result));
  }
  return whole.SerializeAsString();
}

}  // namespace cityinfo::gateway
