#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace cityinfo::postgres {

// Finds the addresses of a host without holding its caller beyond a deadline. The system's resolver
// knows none and may think for a minute, so it works on a thread of its own; whoever asks meanwhile
// waits for the same answer, so there is never more than one lookup under way. Nothing is
// remembered. Thread-safe.
class HostLookup {
 public:
  using Addresses = absl::StatusOr<std::vector<std::string>>;
  using Resolve = std::function<Addresses(const std::string& host)>;

  explicit HostLookup(std::string host, Resolve resolve = AskSystem);
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;

  // Numeric addresses, in the order in which to try them. UNAVAILABLE when there are none,
  // DEADLINE_EXCEEDED.
  Addresses Find(absl::Time deadline);

  // getaddrinfo.
  static Addresses AskSystem(const std::string& host);
  // "127.0.0.1", "::1".
  static bool IsNumeric(const std::string& host);

 private:
  // One lookup; its thread may outlive us.
  struct Answer {
    absl::Mutex mutex;
    bool ready ABSL_GUARDED_BY(mutex) = false;
    Addresses addresses ABSL_GUARDED_BY(mutex);
  };
  // The lookup under way, or a new one: what has been answered may be old.
  std::shared_ptr<Answer> Join();
  std::shared_ptr<Answer> Start() const;

  const std::string host_;
  const Resolve resolve_;
  absl::Mutex mutex_;
  std::shared_ptr<Answer> under_way_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cityinfo::postgres
