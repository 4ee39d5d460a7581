#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cityinfo::gateway {

// An answer as it came over the wire.
struct RawResponse {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;

  std::string Field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

// One TCP connection to 127.0.0.1 that sends exactly the bytes it is told to. Every wait is
// bounded.
class RawClient {
 public:
  explicit RawClient(int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the other side has closed.
  bool Send(absl::string_view bytes);
  // The next answer; nullopt when the connection ends first or nothing comes within the bound.
  // Answers with 1xx are skipped. `to_head`: the answer to HEAD, which has no body whatever it
  // announces.
  std::optional<RawResponse> Read(bool to_head = false);
  // Whether the server closes, with nothing more to read.
  bool ReadsEnd();
  // Says that nothing more will be sent.
  void FinishSending();

  // Send and Read.
  std::optional<RawResponse> Ask(absl::string_view bytes);

 private:
  // Reads until `received_` has `size` bytes or, with npos, grows. False at the end or the bound.
  bool Fill();

  int socket_ = -1;
  std::string received_;
};

// "GET <target> HTTP/1.1" with a Host and these further header lines ("name: value\r\n…").
std::string Get(absl::string_view target, absl::string_view lines = "");
// A request with a body and its Content-Length.
std::string WithBody(absl::string_view method, absl::string_view target, absl::string_view body,
                     absl::string_view lines = "");

}  // namespace cityinfo::gateway
