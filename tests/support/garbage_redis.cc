#include "tests/support/garbage_redis.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

namespace cityinfo::testing {

GarbageRedis::GarbageRedis(Mode mode, int port)
    : answer_([mode](absl::string_view request) {
        // What a client asks before anything else about who is there.
        if (absl::StrContains(request, "INFO") && mode != Mode::kGarbage)
          return std::string("$-1\r\n");
        return Answer(mode, absl::StrContains(request, "PING"));
      }),
      closes_(mode == Mode::kClose) {
  Listen(port);
}

GarbageRedis::GarbageRedis(Answerer answer) : answer_(std::move(answer)) { Listen(/*port=*/0); }

void GarbageRedis::Listen(int port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      pipe(wake_) != 0) {
    std::perror("GarbageRedis");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { Serve(); });
}

GarbageRedis::~GarbageRedis() {
  close(wake_[1]);  // the thread sees the end of the pipe
  thread_.join();
  close(wake_[0]);
  close(listener_);
}

std::string GarbageRedis::Answer(Mode mode, bool ping) {
  switch (mode) {
    case Mode::kGarbage:
      return "\x16\x03\x01 this is not the protocol\r\n\r\n";
    case Mode::kPingThenGarbage:
      return ping ? "+PONG\r\n" : "HTTP/1.1 400 Bad Request\r\n\r\n";
    case Mode::kWrongTypes:
      return ping ? "+PONG\r\n" : ":42\r\n";
    case Mode::kHugeLength:
      return ping ? "+PONG\r\n" : "$500000000\r\nabc";
    case Mode::kUnasked:
      return ping ? "+PONG\r\n" : "$-1\r\n+OK\r\n$3\r\nabc\r\n";
    case Mode::kArray:
      return ping ? "+PONG\r\n" : "*2000000000\r\n$3\r\nabc\r\n";
    case Mode::kWrongValue:
      return ping ? "+PONG\r\n" : "$7\r\nnonsens\r\n";
    case Mode::kClose:
    case Mode::kSilent:
      return "";
  }
  return "";
}

void GarbageRedis::Serve() {
  std::vector<int> clients;
  for (;;) {
    std::vector<pollfd> fds = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const int client : clients) fds.push_back({client, POLLIN, 0});
    if (poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[0].revents != 0) break;
    for (size_t i = 2; i < fds.size(); ++i) {
      if (fds[i].revents == 0) continue;
      std::array<char, 65536> request;
      const ssize_t n = recv(fds[i].fd, request.data(), request.size(), 0);
      if (n <= 0) {
        close(fds[i].fd);
        std::erase(clients, fds[i].fd);
        continue;
      }
      const std::string answer = answer_(absl::string_view(request.data(), static_cast<size_t>(n)));
      (void)!send(fds[i].fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    if (fds[1].revents == 0) continue;
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    ++connections_;
    if (closes_) {
      close(client);
    } else {
      clients.push_back(client);
    }
  }
  for (const int client : clients) close(client);
}

}  // namespace cityinfo::testing
