#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/redis/command.h"
#include "platform/redis/resp.h"

namespace cityinfo::redis {

// One TCP connection to something that should be Redis, with the commands in flight on it.
// Non-blocking; belongs to one thread. Redis answers in order, so the commands form a queue.
class Link {
 public:
  struct Options {
    std::string host;
    int port = 0;
    absl::Duration connect_timeout;
    size_t max_reply_bytes = 0;
  };

  // Connects within the timeout. CANCELLED as soon as `stopping` is set and `wake_fd` readable.
  static absl::StatusOr<std::unique_ptr<Link>> Connect(const Options& options, int wake_fd,
                                                       const std::atomic<bool>& stopping);
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
  std::optional<std::chrono::steady_clock::time_point> oldest() const;

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
