#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// One field of a header; names are kept in lower case.
struct HttpField {
  std::string name;
  std::string value;
};

// Request line and fields of a request, as strict parsing left them.
struct RequestHead {
  std::string method;
  // Origin form: begins with '/', still percent-encoded; or "*" with OPTIONS.
  std::string target;
  // 0 or 1: HTTP/1.0 or HTTP/1.1.
  int minor_version = 1;
  std::vector<HttpField> fields;

  // The value of the first field of this name (lower case), nullopt when there is none.
  std::optional<absl::string_view> Field(absl::string_view name) const;
  // Whether a comma-separated field of this name holds `token`, in any case.
  bool HasToken(absl::string_view name, absl::string_view token) const;
  // Target up to and after the first '?'.
  absl::string_view path() const;
  absl::string_view query() const;
};

// A complete request. Fields of a trailer are not in it.
struct HttpRequest {
  RequestHead head;
  std::string body;
  // Address of the peer, without port.
  std::string peer;
};

// An answer. The server adds Date, Content-Length and Connection; `body` may be shared with a
// cache.
struct HttpResponse {
  int status = 200;
  std::vector<HttpField> fields;
  std::shared_ptr<const std::string> body;
  // Close the connection after this answer.
  bool close = false;

  void Set(absl::string_view name, absl::string_view value) {
    fields.push_back({std::string(name), std::string(value)});
  }
};

// Why the server refuses a request before anyone looks at what it asks for. The one who knows the
// form of errors turns it into an answer.
struct Rejection {
  int http_status = 400;
  std::string reason;   // UPPER_SNAKE
  std::string message;  // for people
  std::string field;    // what is wrong, when it has a name: "body"
};

// "Not Found" for 404.
absl::string_view ReasonPhrase(int http_status);

}  // namespace cityinfo::gateway
