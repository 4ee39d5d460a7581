#include "cli/api_client.h"

#include <algorithm>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/retry.h"

namespace cityinfo::cli {
namespace {

constexpr int kMostTries = 8;

std::string PercentEncode(const std::string& text) {
  std::string out;
  for (unsigned char c : text) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '/' ||
        c == ':') {
      out += static_cast<char>(c);
    } else {
      absl::StrAppend(&out, "%", absl::Hex(c, absl::kZeroPad2));
    }
  }
  return out;
}

absl::StatusCode CodeOf(int http_status) {
  switch (http_status) {
    case 400:
    case 413:
      return absl::StatusCode::kInvalidArgument;
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kNotFound;
    case 409:
      return absl::StatusCode::kAlreadyExists;
    case 429:
      return absl::StatusCode::kResourceExhausted;
    case 501:
      return absl::StatusCode::kUnimplemented;
    case 503:
      return absl::StatusCode::kUnavailable;
    case 504:
      return absl::StatusCode::kDeadlineExceeded;
    default:
      return absl::StatusCode::kUnknown;
  }
}

absl::StatusOr<Json> Parse(const HttpResponse& response) {
  if (response.status >= 300) return StatusOfError(response);
  Json json = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return base::DataLoss("ANSWER_NOT_JSON", "the answer is not JSON; is this a cityinfo gateway?");
  return json;
}

bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

}  // namespace

std::string Target(const std::string& path, const Query& query) {
  std::string target = PercentEncode(path);
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    absl::StrAppend(&target, std::string(1, separator), name, "=", PercentEncode(value));
    separator = '&';
  }
  return target;
}

absl::Status StatusOfError(const HttpResponse& response) {
  const Json json = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("error")) {
    return base::MakeError(CodeOf(response.status), "HTTP_STATUS",
                           absl::StrCat("HTTP status ", response.status));
  }
  const Json& error = json["error"];
  std::string reason = error.value("status", "UNKNOWN");
  std::vector<base::FieldViolation> violations;
  for (const Json& detail : error.value("details", Json::array())) {
    reason = detail.value("reason", reason);
    for (const Json& violation : detail.value("fieldViolations", Json::array())) {
      violations.push_back({violation.value("field", ""), violation.value("description", "")});
    }
  }
  absl::Status status =
      base::MakeError(CodeOf(response.status), reason, error.value("message", "unknown error"));
  for (const auto& violation : violations)
    base::AddFieldViolation(&status, violation.field, violation.description);
  return status;
}

absl::StatusOr<Json> ApiClient::Get(const std::string& path, const Query& query) {
  auto response = http_.Send("GET", Target(path, query));
  if (!response.ok()) return response.status();
  return Parse(*response);
}

absl::StatusOr<std::string> ApiClient::GetText(const std::string& path, const Query& query) {
  auto response = http_.Send("GET", Target(path, query));
  if (!response.ok()) return response.status();
  if (response->status >= 300) return StatusOfError(*response);
  return std::move(response->body);
}

absl::StatusOr<Json> ApiClient::Post(const std::string& path, const Json& body,
                                     const Query& query) {
  return SendUntilItPasses("POST", Target(path, query), body.dump());
}

absl::StatusOr<Json> ApiClient::PostText(const std::string& path, const std::string& body) {
  return SendUntilItPasses("POST", Target(path, {}), body);
}

absl::StatusOr<Json> ApiClient::PostCsv(const std::string& path, const std::string& body,
                                        const Query& query) {
  return SendUntilItPasses("POST", Target(path, query), body, "text/csv; charset=utf-8");
}

absl::StatusOr<Json> ApiClient::Delete(const std::string& path, const Query& query) {
  return SendUntilItPasses("DELETE", Target(path, query), "");
}

absl::StatusOr<Json> ApiClient::SendUntilItPasses(const std::string& method,
                                                  const std::string& target,
                                                  const std::string& body,
                                                  const std::string& content_type) {
  base::Backoff backoff({.initial = absl::Milliseconds(100), .max = absl::Seconds(2)});
  for (int attempt = 1;; ++attempt) {
    auto response = http_.Send(method, target, body, content_type);
    absl::StatusOr<Json> json = response.ok() ? Parse(*response) : response.status();
    if (json.ok() || !IsPassing(json.status()) || attempt == kMostTries) return json;
    std::this_thread::sleep_for(absl::ToChronoMilliseconds(backoff.Next()));
  }
}

absl::StatusOr<Json> ApiClient::GetAll(const std::string& path, Query query,
                                       const std::string& field, size_t limit) {
  Json whole = Json::object();
  Json all = Json::array();
  query.emplace_back("page_token", "");
  while (true) {
    auto page = Get(path, query);
    if (!page.ok()) return page.status();
    for (auto& entry : (*page)[field]) {
      if (all.size() == limit) break;
      all.push_back(std::move(entry));
    }
    query.back().second = page->value("nextPageToken", "");
    if (whole.empty()) whole = *std::move(page);
    if (query.back().second.empty() || all.size() == limit) break;
  }
  whole.erase("nextPageToken");
  whole[field] = std::move(all);
  return whole;
}

}  // namespace cityinfo::cli
