#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace cityinfo::telemetry {

// Sends JSON to one URL again and again, over a connection that is kept open. For one thread.
class HttpPost {
 public:
  struct Answer {
    int status = 0;
    std::string body;            // at most 64 KiB of it
    absl::Duration retry_after;  // what the server asks for; zero when it does not
  };

  // INVALID_ARGUMENT when `url` is not http:// or https:// with a host, or carries a password.
  static absl::Status CheckUrl(const std::string& url);

  // `give_up` is asked at least ten times a second while something is sent; true ends it.
  HttpPost(const std::string& url, std::function<bool()> give_up);
  ~HttpPost();
  HttpPost(const HttpPost&) = delete;
  HttpPost& operator=(const HttpPost&) = delete;

  // An answer of any status; UNAVAILABLE when there was none within `timeout`.
  absl::StatusOr<Answer> Send(const std::string& body, absl::Duration timeout);

 private:
  struct Handle;
  absl::Status Transfer();

  const std::unique_ptr<Handle> handle_;
  const std::function<bool()> give_up_;
};

}  // namespace cityinfo::telemetry
