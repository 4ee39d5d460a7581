#include "platform/redis/link.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/status_macros.h"

namespace cityinfo::redis {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

absl::StatusOr<AddressList> Resolve(const base::HostPort& server) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &found);
  if (error != 0) {
    return absl::UnavailableError(absl::StrCat("unknown host: ", gai_strerror(error)));
  }
  return AddressList(found, &freeaddrinfo);
}

// Waits for a connect under way; OK when the socket is connected.
absl::Status AwaitConnect(int fd, Link::Instant deadline, const Interrupt& interrupt) {
  for (;;) {
    CITY_ASSIGN_OR_RETURN(const short ready, AwaitSocket(fd, POLLOUT, deadline, interrupt));
    if (ready != 0) break;
    if (std::chrono::steady_clock::now() >= deadline) {
      return absl::DeadlineExceededError("connect timed out");
    }
  }
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? absl::OkStatus() : absl::UnavailableError(std::strerror(error));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Link>> Link::Connect(const base::HostPort& server, Instant deadline,
                                                    size_t max_reply_bytes,
                                                    const Interrupt& interrupt) {
  CITY_ASSIGN_OR_RETURN(const AddressList addresses, Resolve(server));
  absl::Status last = absl::UnavailableError("no address");
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    const int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                          address->ai_protocol);
    if (fd < 0) {
      last = absl::UnavailableError(std::strerror(errno));
      continue;
    }
    std::unique_ptr<Link> link(new Link(fd, max_reply_bytes));  // closes fd from here on
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) return link;
    last = errno == EINPROGRESS ? AwaitConnect(fd, deadline, interrupt)
                                : absl::UnavailableError(std::strerror(errno));
    if (last.ok()) return link;
    if (absl::IsCancelled(last)) break;
  }
  return last;
}

Link::~Link() { close(fd_); }

void Link::Enqueue(std::shared_ptr<Command> command) {
  if (!wants_write()) {
    out_.clear();
    sent_ = 0;
  }
  out_.append(command->wire);
  command->wire = std::string();
  in_flight_.push_back(std::move(command));
}

absl::Status Link::Flush() {
  while (wants_write()) {
    const ssize_t n = send(fd_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return absl::OkStatus();
      return absl::UnavailableError(std::strerror(errno));
    }
    sent_ += static_cast<size_t>(n);
  }
  // One large value should not keep its buffer for ever.
  if (out_.capacity() > (1u << 20)) {
    out_ = std::string();
    sent_ = 0;
  }
  return absl::OkStatus();
}

absl::Status Link::Receive(const std::function<absl::Status(Command&, Reply)>& on_reply) {
  std::array<char, 64 * 1024> chunk;
  const ssize_t n = recv(fd_, chunk.data(), chunk.size(), 0);
  if (n == 0) return absl::UnavailableError("closed by the server");
  if (n < 0) {
    if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) return absl::OkStatus();
    return absl::UnavailableError(std::strerror(errno));
  }
  parser_.Feed(chunk.data(), static_cast<size_t>(n));
  for (;;) {
    absl::StatusOr<std::optional<Reply>> reply = parser_.Next();
    if (!reply.ok()) return reply.status();
    if (!reply->has_value()) break;
    if (in_flight_.empty()) return absl::DataLossError("a reply to no command");
    const std::shared_ptr<Command> command = std::move(in_flight_.front());
    in_flight_.pop_front();
    if (absl::Status status = on_reply(*command, **std::move(reply)); !status.ok()) return status;
  }
  if (parser_.buffered() > max_reply_bytes_) return absl::DataLossError("a reply too large");
  return absl::OkStatus();
}

std::optional<Link::Instant> Link::oldest() const {
  if (in_flight_.empty()) return std::nullopt;
  return in_flight_.front()->submitted;
}

}  // namespace cityinfo::redis
