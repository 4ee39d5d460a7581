// One HTTP connection to the gateway, kept open between requests.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cityinfo::cli {

struct HttpResponse {
  int status = 0;
  std::string body;
};

// Not thread-safe; one thread, one client.
class HttpClient {
 public:
  struct Options {
    std::string base_url;  // "http://127.0.0.1:8080"
    std::string key;       // sent as a bearer token when not empty
    absl::Duration timeout = absl::Seconds(60);
  };

  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `target` is path and query. UNAVAILABLE when nothing answers; any HTTP status is an answer.
  // Answers of more than 64 MiB are RESOURCE_EXHAUSTED.
  absl::StatusOr<HttpResponse> Send(absl::string_view method, absl::string_view target,
                                    absl::string_view body = "",
                                    absl::string_view content_type = "application/json");

  const std::string& base_url() const { return options_.base_url; }

 private:
  struct Handle;
  Options options_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace cityinfo::cli
