#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::testing {

// A TCP proxy of the test's own before a server on 127.0.0.1, which does to connections what
// networks and sick servers do. It looks at no protocol. One thread; the methods may be called from
// any.
class FaultProxy {
 public:
  enum class Fault {
    kNone,
    kRefused,  // nobody listens, and connections that stood are reset; the port stays ours
    kHung,     // connections are accepted and stay, no byte goes on in either direction
    kSlow,     // every answer comes kDelay later
    kCut,      // of an answer longer than kWholeBytes half comes, then the connection is reset
  };
  static constexpr std::chrono::milliseconds kDelay{200};
  // What a Redis says to a connection that begins fits into this, a cached value does not.
  static constexpr size_t kWholeBytes = 128;

  // Aborts the test binary when it cannot listen.
  explicit FaultProxy(int server_port);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  int port() const { return port_; }

  // Returns when it is in force. Bytes held up by the fault before go on.
  void Set(Fault fault) ABSL_LOCKS_EXCLUDED(mutex_);

  // Connections taken so far.
  int64_t connections() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Chunk {
    std::string bytes;
    Instant due;
  };
  struct Connection {
    int client = -1;
    int server = -1;
    std::deque<Chunk> to_client;
    std::string to_server;
    bool dead = false;
  };

  void Run();
  void Apply(Fault fault);
  int NextTimeout() const;
  void Listen();
  void StopListening();
  void Accept();
  // Moves what is there and may go on.
  void Move(Connection& connection);
  void ReadAnswer(Connection& connection);
  void SendDue(Connection& connection);
  static void Reset(Connection& connection);

  const int server_port_;
  int reserved_ = -1;  // holds the port while nobody listens
  int port_ = 0;
  int wake_[2] = {-1, -1};

  // The thread's own.
  int listener_ = -1;
  Fault fault_ = Fault::kNone;
  std::list<Connection> open_;

  mutable absl::Mutex mutex_;
  Fault wanted_ ABSL_GUARDED_BY(mutex_) = Fault::kNone;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t asked_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t applied_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t connections_ ABSL_GUARDED_BY(mutex_) = 0;

  std::jthread thread_;  // last: it uses everything above
};

}  // namespace cityinfo::testing
