#pragma once

#include <cstdint>
#include <variant>

#include "services/gateway/http/message.h"

namespace cityinfo::gateway {

// How a request says where its body ends.
struct BodyFraming {
  bool chunked = false;
  // Bytes announced; 0 when chunked or without a body.
  uint64_t content_length = 0;
  // The client waits for "100 Continue" before it sends the body.
  bool expects_continue = false;

  bool has_body() const { return chunked || content_length > 0; }
};

// Decides before a request is believed. Two readers that disagree where one request ends and the
// next begins can be played against each other, so everything ambiguous is refused and the
// connection closed: Transfer-Encoding in HTTP/1.0 or beside Content-Length or other than exactly
// "chunked", Content-Length twice or not a plain number; also a missing or doubled Host.
std::variant<BodyFraming, Rejection> CheckFraming(const RequestHead& head);

}  // namespace cityinfo::gateway
