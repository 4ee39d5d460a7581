#include "services/gateway/http/head_parser.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::gateway {
namespace {

Rejection Malformed(absl::string_view message) {
  return {.http_status = 400, .reason = "MALFORMED_REQUEST", .message = std::string(message)};
}

bool IsTokenChar(char c) {
  return absl::ascii_isalnum(c) || absl::StrContains("!#$%&'*+-.^_`|~", absl::string_view(&c, 1));
}

bool IsToken(absl::string_view text) {
  if (text.empty()) return false;
  for (char c : text) {
    if (!IsTokenChar(c)) return false;
  }
  return true;
}

// Printable ASCII without space.
bool IsTarget(absl::string_view text) {
  for (char c : text) {
    if (c <= 0x20 || c >= 0x7f) return false;
  }
  return !text.empty();
}

bool IsFieldValue(absl::string_view text) {
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
  }
  return true;
}

// Turns the absolute form ("http://host/path") into the origin form.
std::string OriginForm(absl::string_view target) {
  for (absl::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    const size_t end = target.find_first_of("/?");
    if (end == absl::string_view::npos) return "/";
    target.remove_prefix(end);
    return target[0] == '/' ? std::string(target) : absl::StrCat("/", target);
  }
  return std::string(target);
}

std::optional<Rejection> ParseRequestLine(absl::string_view line, const HttpLimits& limits,
                                          RequestHead* head) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == absl::string_view::npos || first == last) {
    return Malformed("the request line is not METHOD TARGET HTTP/1.1");
  }
  const absl::string_view method = line.substr(0, first);
  const absl::string_view target = line.substr(first + 1, last - first - 1);
  const absl::string_view version = line.substr(last + 1);
  if (!IsToken(method) || method.size() > 32) return Malformed("the method is not a token");
  if (!IsTarget(target)) {
    return Malformed(
        "the request target holds spaces, control or non-ASCII characters; "
        "percent-encode them");
  }
  if (target.size() > limits.target_bytes) {
    return Rejection{.http_status = 414,
                     .reason = "TARGET_TOO_LONG",
                     .message = absl::StrCat("the request target is longer than ",
                                             limits.target_bytes, " bytes")};
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (absl::StartsWith(version, "HTTP/")) {
      return Rejection{.http_status = 505,
                       .reason = "HTTP_VERSION_NOT_SUPPORTED",
                       .message = "only HTTP/1.1 and HTTP/1.0 are spoken here"};
    }
    return Malformed("the request line does not end in an HTTP version");
  }
  head->method = std::string(method);
  head->target = OriginForm(target);
  head->minor_version = version.back() - '0';
  if (head->target[0] != '/' && !(head->target == "*" && method == "OPTIONS")) {
    return Malformed("the request target is neither a path nor an absolute http URL");
  }
  return std::nullopt;
}

std::optional<Rejection> ParseFieldLine(absl::string_view line, RequestHead* head) {
  if (line[0] == ' ' || line[0] == '\t') return Malformed("a header line is folded");
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return Malformed("a header line has no colon");
  const absl::string_view name = line.substr(0, colon);
  if (!IsToken(name)) {
    return Malformed("a header name is empty or holds a character that is not allowed there");
  }
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (!IsFieldValue(value)) {
    return Malformed(absl::StrCat("the header ", name, " holds control characters"));
  }
  head->fields.push_back({absl::AsciiStrToLower(name), std::string(value)});
  return std::nullopt;
}

}  // namespace

std::variant<std::optional<size_t>, Rejection> FindHeadEnd(absl::string_view received,
                                                           const HttpLimits& limits) {
  size_t position = 0;
  while (true) {
    const size_t line_end = received.find('\n', position);
    if (line_end == absl::string_view::npos) break;
    if (line_end == 0 || received[line_end - 1] != '\r') {
      return Malformed("a header line ends without a carriage return");
    }
    const size_t length = line_end + 1;
    if (length > limits.header_bytes) break;
    if (line_end - 1 == position) return std::optional<size_t>(length);
    position = length;
  }
  if (received.size() <= limits.header_bytes) return std::optional<size_t>();
  if (position == 0) {
    return Rejection{.http_status = 414,
                     .reason = "TARGET_TOO_LONG",
                     .message = "the request line is longer than is read here"};
  }
  return Rejection{
      .http_status = 431,
      .reason = "HEADER_TOO_LARGE",
      .message = absl::StrCat("the header is longer than ", limits.header_bytes, " bytes")};
}

std::variant<RequestHead, Rejection> ParseHead(absl::string_view head, const HttpLimits& limits) {
  RequestHead parsed;
  parsed.fields.reserve(16);
  bool first = true;
  while (true) {
    const size_t end = head.find("\r\n");
    if (end == absl::string_view::npos) return Malformed("the header does not end");
    const absl::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.empty()) break;
    std::optional<Rejection> bad =
        first ? ParseRequestLine(line, limits, &parsed) : ParseFieldLine(line, &parsed);
    if (bad.has_value()) return *std::move(bad);
    first = false;
    if (parsed.fields.size() > limits.header_fields) {
      return Rejection{
          .http_status = 431,
          .reason = "TOO_MANY_HEADER_FIELDS",
          .message = absl::StrCat("the header has more than ", limits.header_fields, " fields")};
    }
  }
  if (first) return Malformed("the request line is empty");
  return parsed;
}

}  // namespace cityinfo::gateway
