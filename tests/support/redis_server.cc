#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
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

absl::StatusOr<std::unique_ptr<RedisServer>> RedisServer::StartSentinel(
    const SentinelOptions& options) {
  const std::string& name = options.master_name;
  std::string config = absl::StrCat("sentinel monitor ", name, " 127.0.0.1 ", options.master_port,
                                    " ", options.quorum, "\n", "sentinel down-after-milliseconds ",
                                    name, " ", absl::ToInt64Milliseconds(options.down_after), "\n",
                                    // A fail-over that went wrong is tried again after twice this.
                                    "sentinel failover-timeout ", name, " 2000\n");
  if (!options.master_password.empty()) {
    absl::StrAppend(&config, "sentinel auth-pass ", name, " ", options.master_password, "\n");
  }
  return Start({.password = options.password, .config = config});
}

std::vector<std::string> RedisServer::Arguments() const {
  std::vector<std::string> args;
  const auto add = [&](std::initializer_list<std::string> more) { args.insert(args.end(), more); };
  if (!options_.config.empty()) add({dir_.File("sentinel.conf"), "--sentinel"});
  add({"--port", absl::StrCat(port_), "--bind", host_, "--dir", dir_.path().string()});
  if (options_.config.empty()) add({"--save", "", "--appendonly", "no", "--daemonize", "no"});
  if (!options_.password.empty()) add({"--requirepass", options_.password});
  if (!options_.password.empty() && options_.config.empty()) {
    add({"--masterauth", options_.password});
  }
  if (options_.config.empty()) add({"--repl-diskless-sync-delay", "0"});
  if (options_.replica_of != 0) {
    add({"--replicaof", absl::StrCat(host_, " ", options_.replica_of)});
  }
  args.insert(args.end(), options_.extra_args.begin(), options_.extra_args.end());
  return args;
}

absl::Status RedisServer::Launch() {
  const bool is_sentinel = !options_.config.empty();
  if (is_sentinel && ReadFile(dir_.File("sentinel.conf")).empty()) {
    dir_.Write("sentinel.conf", options_.config);
  }
  absl::StatusOr<std::unique_ptr<ChildProcess>> process = ChildProcess::Start(
      {.binary = "redis-server", .args = Arguments(), .output_dir = dir_.path().string()});
  if (!process.ok()) return process.status();
  process_ = *std::move(process);
  if (!process_->WaitForLine(is_sentinel ? "Sentinel ID is" : "Ready to accept connections")) {
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
  // The answer is everything before the answer to this; Sentinels know no QUIT.
  absl::StrAppend(&wire, "*1\r\n$4\r\nPING\r\n");
  constexpr absl::string_view kLast = "+PONG\r\n";
  std::string reply;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      send(fd, wire.data(), wire.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(wire.size())) {
    char chunk[4096];
    for (ssize_t n = 0;
         !absl::EndsWith(reply, kLast) && (n = recv(fd, chunk, sizeof(chunk), 0)) > 0;) {
      reply.append(chunk, static_cast<size_t>(n));
    }
  }
  close(fd);
  if (!absl::EndsWith(reply, kLast)) return absl::UnavailableError("redis-server did not answer");
  reply.resize(reply.size() - kLast.size());
  constexpr absl::string_view kAuthenticated = "+OK\r\n";
  if (!options_.password.empty() && absl::StartsWith(reply, kAuthenticated)) {
    reply.erase(0, kAuthenticated.size());
  }
  return reply;
}

}  // namespace cityinfo::testing
