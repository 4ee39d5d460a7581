#include "tests/unit/gateway/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {
namespace {

constexpr int kBoundSeconds = 20;

RawResponse ParseHead(absl::string_view head) {
  RawResponse response;
  const std::vector<absl::string_view> lines = absl::StrSplit(head, "\r\n");
  (void)absl::SimpleAtoi(lines[0].substr(9, 3), &response.status);
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(lines[i], absl::MaxSplits(": ", 1));
    response.fields[absl::AsciiStrToLower(field.first)] = std::string(field.second);
  }
  return response;
}

}  // namespace

RawClient::RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval bound = {.tv_sec = kBoundSeconds, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound));
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof(bound));
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool RawClient::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawClient::Fill() {
  char buffer[16 << 10];
  const ssize_t got = ::recv(socket_, buffer, sizeof(buffer), 0);
  if (got <= 0) return false;
  received_.append(buffer, static_cast<size_t>(got));
  return true;
}

std::optional<RawResponse> RawClient::Read(bool to_head) {
  size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::nullopt;
  }
  RawResponse response = ParseHead(absl::string_view(received_).substr(0, end));
  received_.erase(0, end + 4);
  if (response.status < 200) return Read(to_head);
  size_t length = 0;
  if (!to_head && absl::SimpleAtoi(response.Field("content-length"), &length)) {
    while (received_.size() < length) {
      if (!Fill()) return std::nullopt;
    }
    response.body = received_.substr(0, length);
    received_.erase(0, length);
  }
  return response;
}

bool RawClient::ReadsEnd() {
  if (!received_.empty()) return false;
  char byte;
  return ::recv(socket_, &byte, 1, 0) == 0;
}

void RawClient::FinishSending() { ::shutdown(socket_, SHUT_WR); }

std::optional<RawResponse> RawClient::Ask(absl::string_view bytes) {
  Send(bytes);
  return Read();
}

std::string Get(absl::string_view target, absl::string_view lines) {
  return absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: city\r\n", lines, "\r\n");
}

std::string WithBody(absl::string_view method, absl::string_view target, absl::string_view body,
                     absl::string_view lines) {
  return absl::StrCat(method, " ", target,
                      " HTTP/1.1\r\nHost: city\r\nContent-Length: ", body.size(), "\r\n", lines,
                      "\r\n", body);
}

}  // namespace cityinfo::gateway
