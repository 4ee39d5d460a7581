#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/redis/client.h"
#include "platform/redis/command.h"
#include "platform/redis/link.h"
#include "platform/redis/resp.h"

namespace cityinfo::redis {

// Keeps a Link up and feeds it the commands of all callers, on one thread of its own. This is the
// circuit breaker too: while no link has answered its PING, commands are refused at once, and only
// the thread tries again, after a pause that grows with jitter.
class Connection {
 public:
  explicit Connection(ClientOptions options);
  ~Connection();

  // Takes the command or says why not, at once. A command taken is always finished (`done`) within
  // about stall_timeout.
  absl::Status Submit(std::shared_ptr<Command> command);

  State state() const;
  bool WaitUntilConnected(absl::Time deadline) const;

  // Bumped by whoever sees the event.
  struct Tally {
    std::atomic<int64_t> hits{0}, misses{0}, corrupt{0}, writes{0}, errors{0}, timeouts{0},
        late_replies{0}, rejected{0}, connects{0}, drops{0};
  };
  Tally& tally() { return tally_; }

 private:
  using Instant = std::chrono::steady_clock::time_point;

  void Run();
  // One link from connect to loss.
  absl::Status Serve(Link& link);
  absl::Status Handshake(Link& link);
  // Waits for the socket or a new command, at most until `until`, and moves bytes.
  absl::Status Turn(Link& link, Instant until);
  void TakeInbox(Link& link);
  absl::Status CheckStall(const Link& link) const;
  absl::Status Settle(Command& command, Reply reply);
  void Finish(Command& command, absl::Status status, std::optional<std::string> value);
  void FailAll(Link* link, const absl::Status& why);
  void SetState(State state);
  void Wake();
  void DrainWake();
  void Pause(absl::Duration duration);

  const ClientOptions options_;
  int wake_fd_ = -1;
  std::atomic<bool> stopping_{false};
  Tally tally_;

  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kDegraded;
  std::vector<std::shared_ptr<Command>> inbox_ ABSL_GUARDED_BY(mutex_);
  int outstanding_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t outstanding_bytes_ ABSL_GUARDED_BY(mutex_) = 0;

  std::jthread thread_;  // last: it uses everything above
};

}  // namespace cityinfo::redis
