#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/redis/address.h"
#include "platform/redis/password.h"

namespace cityinfo::redis {

class Connection;

struct ClientOptions {
  Address address = Address::Server("127.0.0.1", 6379);

  // Sent on every new connection, to the Sentinels too; where none is wanted it is not minded.
  Password password;

  absl::Duration connect_timeout = absl::Milliseconds(500);

  // For asking one Sentinel, connecting included.
  absl::Duration sentinel_timeout = absl::Milliseconds(300);

  // Commands sent but not answered, at most; beyond them a command fails at once.
  int max_outstanding = 1024;

  // Bytes waiting in commands not yet answered, at most.
  int64_t max_outstanding_bytes = 64 << 20;

  // A larger value is not stored, and a larger reply is treated as garbage.
  int64_t max_value_bytes = 8 << 20;

  // When the oldest unanswered command is older than this, the connection is given up.
  absl::Duration stall_timeout = absl::Seconds(1);

  // Pause between attempts to connect: grows from the first to the second, with jitter.
  absl::Duration reconnect_initial = absl::Milliseconds(100);
  absl::Duration reconnect_max = absl::Milliseconds(800);
  // The same at most while Redis refuses the password, which somebody has to mend.
  absl::Duration refused_max = absl::Seconds(5);

  // Told of every reply, late ones too: to which command ("get", "set", "ping"), and how long after
  // it was submitted. Runs on the client's thread and must be quick. Null: nobody is told.
  std::function<void(absl::string_view command, absl::Duration took)> on_reply;
};

enum class State {
  kConnected,  // the last connection answered its first PING and still answers
  kDegraded,   // connecting, down, stalled or speaking something else: every command misses at once
};

// What happened so far; monotonic, for the metrics page.
struct Counters {
  int64_t hits = 0;
  int64_t misses = 0;        // the key was not there
  int64_t corrupt = 0;       // something was there that Set did not write; counts as a miss too
  int64_t writes = 0;        // acknowledged
  int64_t errors = 0;        // Redis answered an error (wrong type, out of memory, ...)
  int64_t timeouts = 0;      // the caller's deadline passed first
  int64_t late_replies = 0;  // answers nobody waited for any more
  int64_t rejected = 0;      // not sent: degraded, or too many outstanding
  int64_t connects = 0;      // connections that became usable
  int64_t drops = 0;         // usable connections lost or given up
};

// A Redis connection for a cache that may never fail or delay a request.
//
// One thread owns the connection; any thread may call. Commands of all callers are pipelined on it.
// Every method returns by its deadline whatever Redis does (down, stopped, slow, full, restarted,
// answering garbage), never throws, and never raises SIGPIPE. An error means "no answer": treat it
// as a miss.
//
//   DEADLINE_EXCEEDED    no reply in time; when it comes it is thrown away, the connection stays
//   UNAVAILABLE          not connected; returned at once
//   RESOURCE_EXHAUSTED   too many commands or bytes outstanding; returned at once
//   INVALID_ARGUMENT     value too large for the options, or ttl below 1 ms
//   FAILED_PRECONDITION  Redis refused the command (wrong type under the key, out of memory, ...)
//
// A connection that stalls or breaks protocol is dropped and a new one tried after 100 ms, growing
// to 0.8 s with jitter; it is used when its PING was answered. So hits come back within a second of
// Redis being well. With Sentinels each attempt asks them for the master (dialer.h), and a server
// that answers READONLY, which a demoted master does, is left at once. A node of a Redis Cluster is
// never used (REDIS_IS_CLUSTER, docs/adr/0020): most keys lie on another one.
class Client {
 public:
  // Starts the thread and begins to connect; does not wait.
  explicit Client(ClientOptions options);
  // Fails what is outstanding and joins the thread. Nobody may be inside a method any more.
  ~Client();

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The value that Set stored under `key`; nullopt when there is none. Keys and values are bytes.
  // Values are stored sealed (sealed_value.h): what something else wrote there is a miss.
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key, absl::Time deadline);

  // Stores `value` for `ttl` (at least 1 ms) and waits for the acknowledgement.
  absl::Status Set(absl::string_view key, absl::string_view value, absl::Duration ttl,
                   absl::Time deadline);

  // The same without waiting: for filling a cache after the request was answered. Lost when Redis
  // is not there.
  void SetInBackground(absl::string_view key, absl::string_view value, absl::Duration ttl);

  absl::Status Ping(absl::Time deadline);

  State state() const;
  // OK while connected, else why not, in one line for operators; the reasons are in dialer.h.
  absl::Status status() const;
  Counters counters() const;

  // Waits until connected; false when it is not by `deadline`. For start-up logs and tests; serving
  // never needs it.
  bool WaitUntilConnected(absl::Time deadline) const;
  // Waits until the first attempt to connect is over, well or not; status() then says what is
  // there. False when it still is under way at `deadline`.
  bool WaitUntilDialed(absl::Time deadline) const;

 private:
  const int64_t max_value_bytes_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace cityinfo::redis
