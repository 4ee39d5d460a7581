#include "services/gateway/http/response_writer.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace cityinfo::gateway {
namespace {

// The Date field changes once a second; formatting it costs more than the rest of the head.
const std::string& HttpDate(absl::Time now) {
  thread_local int64_t second = -1;
  thread_local std::string text;
  const int64_t unix_second = absl::ToUnixSeconds(now);
  if (unix_second != second) {
    second = unix_second;
    text = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
  }
  return text;
}

}  // namespace

bool StatusHasBody(int http_status) {
  return http_status >= 200 && http_status != 204 && http_status != 304;
}

std::string RenderResponseHead(const HttpResponse& response, bool keep_alive, absl::Time now) {
  std::string head;
  head.reserve(384);
  absl::StrAppend(&head, "HTTP/1.1 ", response.status, " ", ReasonPhrase(response.status),
                  "\r\ndate: ", HttpDate(now), "\r\n");
  for (const HttpField& field : response.fields) {
    absl::StrAppend(&head, field.name, ": ", field.value, "\r\n");
  }
  if (StatusHasBody(response.status)) {
    const size_t length = response.body == nullptr ? 0 : response.body->size();
    absl::StrAppend(&head, "content-length: ", length, "\r\n");
  }
  absl::StrAppend(&head,
                  keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n");
  return head;
}

}  // namespace cityinfo::gateway
