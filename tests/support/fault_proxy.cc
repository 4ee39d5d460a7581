#include "tests/support/fault_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

namespace cityinfo::testing {
namespace {

constexpr int kBacklog = 64;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

void Require(bool done, const char* what) {
  if (done) return;
  std::perror(what);
  std::abort();
}

// A socket bound to `port` beside others of ours.
int BoundSocket(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  Require(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0, "socket");
  const sockaddr_in address = Loopback(port);
  Require(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0, "bind");
  return fd;
}

int PortOf(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  Require(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  return ntohs(address.sin_port);
}

// Closes with a reset: what was on its way is lost.
void ResetAndClose(int fd) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close(fd);
}

bool IsBlocked() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

FaultProxy::FaultProxy(int server_port) : server_port_(server_port) {
  reserved_ = BoundSocket(0);
  port_ = PortOf(reserved_);
  Require(pipe2(wake_, O_CLOEXEC | O_NONBLOCK) == 0, "pipe2");
  Listen();
  thread_ = std::jthread([this] { Run(); });
}

FaultProxy::~FaultProxy() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  (void)!write(wake_[1], "x", 1);
  thread_.join();
  for (Connection& connection : open_) Reset(connection);
  StopListening();
  close(reserved_);
  close(wake_[0]);
  close(wake_[1]);
}

void FaultProxy::Set(Fault fault) {
  absl::MutexLock lock(&mutex_);
  wanted_ = fault;
  const int64_t mine = ++asked_;
  (void)!write(wake_[1], "x", 1);
  const auto applied = [this, mine]()
                           ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return applied_ >= mine; };
  mutex_.Await(absl::Condition(&applied));
}

int64_t FaultProxy::connections() const {
  absl::MutexLock lock(&mutex_);
  return connections_;
}

void FaultProxy::Listen() {
  if (listener_ >= 0) return;
  listener_ = BoundSocket(port_);
  Require(listen(listener_, kBacklog) == 0, "listen");
}

void FaultProxy::StopListening() {
  if (listener_ >= 0) close(std::exchange(listener_, -1));
}

void FaultProxy::Apply(Fault fault) {
  fault_ = fault;
  if (fault != Fault::kRefused) return Listen();
  StopListening();
  for (Connection& connection : open_) Reset(connection);
  open_.clear();
}

int FaultProxy::NextTimeout() const {
  Instant next = Instant::max();
  if (fault_ != Fault::kHung) {
    for (const Connection& connection : open_) {
      if (!connection.to_client.empty()) next = std::min(next, connection.to_client.front().due);
    }
  }
  if (next == Instant::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Instant::clock::now());
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

void FaultProxy::Run() {
  for (;;) {
    std::vector<pollfd> waits = {{.fd = wake_[0], .events = POLLIN, .revents = 0},
                                 {.fd = listener_, .events = POLLIN, .revents = 0}};
    if (fault_ != Fault::kHung) {
      for (const Connection& connection : open_) {
        const auto to_server = static_cast<short>(connection.to_server.empty() ? 0 : POLLOUT);
        waits.push_back({.fd = connection.client, .events = POLLIN, .revents = 0});
        waits.push_back({.fd = connection.server,
                         .events = static_cast<short>(POLLIN | to_server),
                         .revents = 0});
      }
    }
    poll(waits.data(), waits.size(), NextTimeout());
    std::array<char, 64> drained;
    while (read(wake_[0], drained.data(), drained.size()) > 0) {
    }
    {
      absl::MutexLock lock(&mutex_);
      if (stop_) return;
      if (applied_ != asked_) Apply(wanted_);
      applied_ = asked_;
    }
    if (listener_ >= 0) Accept();
    if (fault_ == Fault::kHung) continue;
    for (Connection& connection : open_) Move(connection);
    open_.remove_if([](const Connection& connection) { return connection.dead; });
  }
}

void FaultProxy::Accept() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    {
      absl::MutexLock lock(&mutex_);
      ++connections_;
    }
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(server_port_);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      close(server);
      ResetAndClose(client);
      continue;
    }
    const int on = 1;
    for (const int fd : {client, server}) {
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK);
    open_.push_back(Connection{.client = client, .server = server});
  }
}

void FaultProxy::Move(Connection& connection) {
  std::array<char, 64 * 1024> chunk;
  ssize_t n = recv(connection.client, chunk.data(), chunk.size(), 0);
  if (n == 0 || (n < 0 && !IsBlocked())) return Reset(connection);
  if (n > 0) connection.to_server.append(chunk.data(), static_cast<size_t>(n));
  if (!connection.to_server.empty()) {
    n = send(connection.server, connection.to_server.data(), connection.to_server.size(),
             MSG_NOSIGNAL);
    if (n < 0 && !IsBlocked()) return Reset(connection);
    if (n > 0) connection.to_server.erase(0, static_cast<size_t>(n));
  }
  ReadAnswer(connection);
  if (!connection.dead) SendDue(connection);
}

void FaultProxy::ReadAnswer(Connection& connection) {
  std::array<char, 64 * 1024> chunk;
  const ssize_t n = recv(connection.server, chunk.data(), chunk.size(), 0);
  if (n == 0 || (n < 0 && !IsBlocked())) return Reset(connection);
  if (n <= 0) return;
  if (fault_ == Fault::kCut && static_cast<size_t>(n) > kWholeBytes) {
    (void)!send(connection.client, chunk.data(), static_cast<size_t>(n) / 2, MSG_NOSIGNAL);
    // In order, so that the half arrives; then no more.
    shutdown(connection.client, SHUT_WR);
    return Reset(connection);
  }
  const Instant now = Instant::clock::now();
  connection.to_client.push_back({.bytes = std::string(chunk.data(), static_cast<size_t>(n)),
                                  .due = fault_ == Fault::kSlow ? now + kDelay : now});
}

void FaultProxy::SendDue(Connection& connection) {
  while (!connection.to_client.empty() &&
         connection.to_client.front().due <= Instant::clock::now()) {
    std::string& bytes = connection.to_client.front().bytes;
    const ssize_t n = send(connection.client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && !IsBlocked()) return Reset(connection);
    if (n > 0) bytes.erase(0, static_cast<size_t>(n));
    if (!bytes.empty()) {
      // The client reads slowly: look again soon.
      connection.to_client.front().due = Instant::clock::now() + std::chrono::milliseconds(1);
      return;
    }
    connection.to_client.pop_front();
  }
}

void FaultProxy::Reset(Connection& connection) {
  if (connection.dead) return;
  connection.dead = true;
  ResetAndClose(connection.server);
  close(connection.client);
}

}  // namespace cityinfo::testing
