// The public API as cityctl sees it: JSON in, JSON or a readable error out.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/http_client.h"
#include "nlohmann/json.hpp"

namespace cityinfo::cli {

using Json = nlohmann::ordered_json;

// Query parameters in order; a repeated field is several entries of one name. Empty values are left
// out.
using Query = std::vector<std::pair<std::string, std::string>>;

class ApiClient {
 public:
  explicit ApiClient(HttpClient::Options options) : http_(std::move(options)) {}

  absl::StatusOr<Json> Get(const std::string& path, const Query& query = {});

  // Sends again, a bounded number of times with growing pauses, while the suite is unreachable or
  // overloaded: only for calls that may be repeated (imports are idempotent by content or request
  // id).
  absl::StatusOr<Json> Post(const std::string& path, const Json& body, const Query& query = {});
  // The same with a body that is no one JSON value: JSON lines.
  absl::StatusOr<Json> PostText(const std::string& path, const std::string& body);
  // The same with CSV.
  absl::StatusOr<Json> PostCsv(const std::string& path, const std::string& body,
                               const Query& query);
  absl::StatusOr<Json> Delete(const std::string& path, const Query& query = {});

  // The answer as it stands, for what is not JSON.
  absl::StatusOr<std::string> GetText(const std::string& path, const Query& query = {});

  // Every page of a list: follows next_page_token and joins `field`, up to `limit` entries. What
  // else the answer says is the first page's.
  absl::StatusOr<Json> GetAll(const std::string& path, Query query, const std::string& field,
                              size_t limit);

  HttpClient& http() { return http_; }

 private:
  absl::StatusOr<Json> SendUntilItPasses(const std::string& method, const std::string& target,
                                         const std::string& body,
                                         const std::string& content_type = "application/json");

  HttpClient http_;
};

// Path and percent-encoded query.
std::string Target(const std::string& path, const Query& query);

// The status behind an error answer {"error": {...}}; the gateway's message and field violations
// kept.
absl::Status StatusOfError(const HttpResponse& response);

}  // namespace cityinfo::cli
