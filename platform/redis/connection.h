#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/redis/client.h"
#include "platform/redis/command.h"
#include "platform/redis/dialer.h"
#include "platform/redis/interrupt.h"
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
  absl::Status status() const;
  bool WaitUntilConnected(absl::Time deadline) const;
  bool WaitUntilDialed(absl::Time deadline) const;

  // Bumped by whoever sees the event.
  struct Tally {
    std::atomic<int64_t> hits{0}, misses{0}, corrupt{0}, writes{0}, errors{0}, timeouts{0},
        late_replies{0}, rejected{0}, connects{0}, drops{0};
  };
  Tally& tally() { return tally_; }

 private:
  using Instant = std::chrono::steady_clock::time_point;

  void Run();
  // One link, from when it is ready to its loss.
  absl::Status Serve(Link& link);
  void SendPing(Link& link);
  // Waits for the socket or a new command, at most until `until`, and moves bytes.
  absl::Status Turn(Link& link, Instant until);
  void TakeInbox(Link& link);
  absl::Status CheckStall(const Link& link) const;
  absl::Status Settle(Command& command, Reply reply);
  void Finish(Command& command, absl::Status status, std::optional<std::string> value);
  void FailAll(Link* link, const absl::Status& why);
  void SetStatus(absl::Status status);
  // Once for each reason while Redis is away.
  void Report(const absl::Status& why);
  void Pause(absl::Duration duration);

  const ClientOptions options_;
  Dialer dialer_;                   // the I/O thread's, as the next
  std::set<std::string> reported_;  // reasons logged since Redis was last well
  Interrupt interrupt_;
  Tally tally_;

  mutable absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);  // OK: connected
  bool dialed_ ABSL_GUARDED_BY(mutex_) = false;  // the first attempt to connect is over
  std::vector<std::shared_ptr<Command>> inbox_ ABSL_GUARDED_BY(mutex_);
  int outstanding_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t outstanding_bytes_ ABSL_GUARDED_BY(mutex_) = 0;

  std::jthread thread_;  // last: it uses everything above
};

}  // namespace cityinfo::redis
