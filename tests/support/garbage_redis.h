#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"

namespace cityinfo::testing {

// A TCP server that pretends to be Redis and answers nonsense.
class GarbageRedis {
 public:
  enum class Mode {
    kGarbage,          // bytes that are no RESP
    kPingThenGarbage,  // a proper +PONG first, then no RESP
    kWrongTypes,  // well-formed RESP of the wrong type: +PONG to PING, an integer to everything
                  // else
    kHugeLength,  // announces a bulk string of 500 MB and sends nothing of it
    kUnasked,     // proper replies, and two more that nobody asked for
    kArray,       // announces an array of two thousand million elements
    kWrongValue,  // +PONG to PING, a well-formed string of nonsense to everything else
    kClose,       // accepts and closes at once
    kSilent,      // accepts and never answers
  };

  // Listens on `port` of 127.0.0.1; 0 lets the system choose. Aborts the test binary when it
  // cannot.
  explicit GarbageRedis(Mode mode, int port = 0);
  // Answers what `answer` makes of the bytes that came (one or several commands, as they arrived).
  // It is called from the server's thread.
  using Answerer = std::function<std::string(absl::string_view request)>;
  explicit GarbageRedis(Answerer answer);
  ~GarbageRedis();
  GarbageRedis(const GarbageRedis&) = delete;
  GarbageRedis& operator=(const GarbageRedis&) = delete;

  int port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void Listen(int port);
  void Serve();
  static std::string Answer(Mode mode, bool ping);

  const Answerer answer_;
  const bool closes_ = false;  // every connection, at once
  int port_ = 0;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::atomic<int> connections_{0};
  std::jthread thread_;
};

}  // namespace cityinfo::testing
