#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/support/wait_until.h"

namespace cityinfo::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// redis-server cannot be asked for port 0, so the system is asked for a port that was free a moment
// ago; Start tries another one when somebody else was quicker.
int RecentlyFreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  int port = 0;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
  }
  close(fd);
  return port;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RedisServer>> RedisServer::Start(Options options) {
  std::unique_ptr<RedisServer> server(new RedisServer());
  server->options_ = std::move(options);
  absl::Status status;
  for (int attempt = 0; attempt < 5; ++attempt) {
    server->port_ = server->options_.port != 0 ? server->options_.port : RecentlyFreePort();
    status = server->Launch();
    if (status.ok()) return server;
  }
  return status;
}

absl::Status RedisServer::Launch() {
  ChildProcess::Options options = {
      .binary = "redis-server",
      .args = {"--port", absl::StrCat(port_), "--bind", host_, "--save", "", "--appendonly", "no",
               "--dir", dir_.path().string(), "--daemonize", "no"},
      .output_dir = dir_.path().string()};
  if (!options_.password.empty()) {
    options.args.insert(options.args.end(), {"--requirepass", options_.password});
  }
  options.args.insert(options.args.end(), options_.extra_args.begin(), options_.extra_args.end());
  absl::StatusOr<std::unique_ptr<ChildProcess>> process = ChildProcess::Start(std::move(options));
  if (!process.ok()) return process.status();
  process_ = *std::move(process);
  if (!process_->WaitForLine("Ready to accept connections")) {
    const std::string said = process_->Stdout();
    process_->Kill();
    return absl::UnavailableError(absl::StrCat("redis-server did not start:\n", said));
  }
  return absl::OkStatus();
}

std::string RedisServer::address() const { return absl::StrCat(host_, ":", port_); }

void RedisServer::Stop() { process_->Stop(); }
void RedisServer::Continue() { process_->Continue(); }
void RedisServer::Kill() { process_->Kill(); }

absl::Status RedisServer::Restart() {
  process_->Kill();
  return Launch();
}

absl::StatusOr<std::string> RedisServer::Command(const std::vector<std::string>& args) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{.tv_sec = 5, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  const sockaddr_in address = Loopback(port_);
  std::string wire;
  if (!options_.password.empty()) {
    wire = absl::StrCat("*2\r\n$4\r\nAUTH\r\n$", options_.password.size(), "\r\n",
                        options_.password, "\r\n");
  }
  absl::StrAppend(&wire, "*", args.size(), "\r\n");
  for (const std::string& arg : args) absl::StrAppend(&wire, "$", arg.size(), "\r\n", arg, "\r\n");
  // QUIT makes Redis close after the last reply, so "everything until the end" is the answer.
  absl::StrAppend(&wire, "*1\r\n$4\r\nQUIT\r\n");
  std::string reply;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      send(fd, wire.data(), wire.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(wire.size())) {
    char chunk[4096];
    for (ssize_t n = 0; (n = recv(fd, chunk, sizeof(chunk), 0)) > 0;) {
      reply.append(chunk, static_cast<size_t>(n));
    }
  }
  close(fd);
  constexpr absl::string_view kBye = "+OK\r\n";
  if (!absl::EndsWith(reply, kBye)) return absl::UnavailableError("redis-server did not answer");
  reply.resize(reply.size() - kBye.size());
  if (!options_.password.empty() && absl::StartsWith(reply, kBye)) reply.erase(0, kBye.size());
  return reply;
}

}  // namespace cityinfo::testing
