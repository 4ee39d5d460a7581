#include "services/gateway/http/message.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {

std::optional<absl::string_view> RequestHead::Field(absl::string_view name) const {
  for (const HttpField& field : fields) {
    if (absl::string_view(field.name) == name) return field.value;
  }
  return std::nullopt;
}

bool RequestHead::HasToken(absl::string_view name, absl::string_view token) const {
  for (const HttpField& field : fields) {
    if (absl::string_view(field.name) != name) continue;
    for (absl::string_view part : absl::StrSplit(field.value, ',')) {
      if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(part), token)) return true;
    }
  }
  return false;
}

absl::string_view RequestHead::path() const {
  absl::string_view whole = target;
  return whole.substr(0, whole.find('?'));
}

absl::string_view RequestHead::query() const {
  absl::string_view whole = target;
  const size_t mark = whole.find('?');
  return mark == absl::string_view::npos ? absl::string_view() : whole.substr(mark + 1);
}

absl::string_view ReasonPhrase(int http_status) {
  switch (http_status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

}  // namespace cityinfo::gateway
