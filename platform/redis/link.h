#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/host_port.h"
#include "platform/redis/command.h"
#include "platform/redis/interrupt.h"
#include "platform/redis/resp.h"

namespace cityinfo::redis {

// One TCP connection to something that should be Redis, with the commands in flight on it.
// Non-blocking; belongs to one thread. Redis answers in order, so the commands form a queue.
class Link {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // Connects by `deadline`. CANCELLED as soon as `interrupt` is raised. A reply longer than
  // `max_reply_bytes` is garbage.
  static absl::StatusOr<std::unique_ptr<Link>> Connect(const base::HostPort& server,
                                                       Instant deadline, size_t max_reply_bytes,
                                                       const Interrupt& interrupt);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Queues a command; Flush sends it.
  void Enqueue(std::shared_ptr<Command> command);

  // Sends what the socket takes. An error means the connection is lost.
  absl::Status Flush();

  // Reads what is there and hands each reply with its command to `on_reply`. An error (closed, no
  // RESP, a reply nobody asked for, a reply too large, or what `on_reply` returned) means the
  // connection must go.
  absl::Status Receive(const std::function<absl::Status(Command&, Reply)>& on_reply);

  int fd() const { return fd_; }
  bool wants_write() const { return sent_ < out_.size(); }
  bool idle() const { return in_flight_.empty(); }
  // When the oldest command still unanswered was submitted.
  std::optional<Instant> oldest() const;

  std::deque<std::shared_ptr<Command>> TakeInFlight() { return std::move(in_flight_); }

 private:
  Link(int fd, size_t max_reply_bytes) : fd_(fd), max_reply_bytes_(max_reply_bytes) {}

  const int fd_;
  const size_t max_reply_bytes_;
  ReplyParser parser_;
  std::string out_;
  size_t sent_ = 0;
  std::deque<std::shared_ptr<Command>> in_flight_;
};

}  // namespace cityinfo::redis
