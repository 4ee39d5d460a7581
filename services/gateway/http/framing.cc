#include "services/gateway/http/framing.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"

namespace cityinfo::gateway {
namespace {

Rejection BadFraming(absl::string_view message) {
  return {.http_status = 400, .reason = "BAD_FRAMING", .message = std::string(message)};
}

// Digits only, few enough that no reader can overflow.
bool IsPlainNumber(absl::string_view text) {
  if (text.empty() || text.size() > 15) return false;
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return true;
}

bool IsHost(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isalnum(c) &&
        !absl::StrContains("-._~%!$&'()*+;=:[]", absl::string_view(&c, 1))) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::variant<BodyFraming, Rejection> CheckFraming(const RequestHead& head) {
  const std::string* host = nullptr;
  const std::string* length = nullptr;
  const std::string* coding = nullptr;
  BodyFraming framing;
  for (const HttpField& field : head.fields) {
    if (field.name == "host") {
      if (host != nullptr) return BadFraming("Host is given twice");
      host = &field.value;
    } else if (field.name == "content-length") {
      if (length != nullptr) return BadFraming("Content-Length is given twice");
      length = &field.value;
    } else if (field.name == "transfer-encoding") {
      if (coding != nullptr) return BadFraming("Transfer-Encoding is given twice");
      coding = &field.value;
    } else if (field.name == "expect") {
      if (!absl::EqualsIgnoreCase(field.value, "100-continue")) {
        return Rejection{.http_status = 417,
                         .reason = "UNKNOWN_EXPECTATION",
                         .message = "the only expectation met here is 100-continue"};
      }
      framing.expects_continue = head.minor_version == 1;
    }
  }
  if (host == nullptr && head.minor_version == 1) return BadFraming("Host is missing");
  if (host != nullptr && !IsHost(*host)) return BadFraming("Host is not a host name");
  if (coding != nullptr) {
    if (head.minor_version == 0) return BadFraming("Transfer-Encoding in HTTP/1.0");
    if (length != nullptr) return BadFraming("Transfer-Encoding together with Content-Length");
    if (!absl::EqualsIgnoreCase(*coding, "chunked")) {
      return BadFraming("the only Transfer-Encoding read here is chunked");
    }
    framing.chunked = true;
  }
  if (length != nullptr) {
    if (!IsPlainNumber(*length) || !absl::SimpleAtoi(*length, &framing.content_length)) {
      return BadFraming("Content-Length is not a number");
    }
  }
  return framing;
}

}  // namespace cityinfo::gateway
