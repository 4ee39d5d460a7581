#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/base/host_port.h"
#include "platform/redis/address.h"
#include "platform/redis/interrupt.h"
#include "platform/redis/link.h"
#include "platform/redis/password.h"

namespace cityinfo::redis {

// Makes a link to Redis that is ready for commands: finds the server, connects, authenticates, and
// has seen it answer PING and say that it is no node of a Redis Cluster (one that may not say
// passes for none).
//
// With Sentinels, they are asked in turn who the master is, first the one whose answer was right
// the last time. The server they name must say itself (ROLE) that it is a master: a Sentinel may be
// stale, and a server demoted a moment ago still accepts connections. When it is not, or is away,
// the other Sentinels are asked, who may know better. Each step has its own short limit, so one
// dial takes at most (Sentinels * (sentinel_timeout + 2 * connect_timeout)), name lookups aside.
// Belongs to one thread.
class Dialer {
 public:
  struct Options {
    Address address;
    Password password;  // of the servers and of the Sentinels; not minded where none is wanted
    absl::Duration connect_timeout;   // for connecting, and again for the first answers
    absl::Duration sentinel_timeout;  // for everything about one Sentinel
    size_t max_reply_bytes = 0;
  };

  explicit Dialer(Options options) : options_(std::move(options)) {}

  // CANCELLED when interrupted. Else the error is written for operators and names the server; its
  // reason is one of
  //   REDIS_UNREACHABLE          no connection, no answer in time, or not Redis
  //   REDIS_PASSWORD_REFUSED     a wrong password, or none and one is wanted
  //   REDIS_PASSWORD_UNREADABLE  the password file
  //   REDIS_NOT_READY            Redis answers, but an error (it is loading its data, ...)
  //   REDIS_NOT_MASTER           every server the Sentinels name is a replica
  //   REDIS_IS_CLUSTER           a node of a Redis Cluster, where a key lies on one of several
  //   nodes REDIS_MASTER_UNKNOWN       a Sentinel answers, but knows no master of that name
  //   REDIS_SENTINELS_AWAY       no Sentinel answers
  absl::StatusOr<std::unique_ptr<Link>> Dial(const Interrupt& interrupt);

  // The server of the last link that Dial made.
  const base::HostPort& server() const { return server_; }

 private:
  absl::StatusOr<std::unique_ptr<Link>> DialMaster(absl::string_view password,
                                                   const Interrupt& interrupt);
  absl::StatusOr<std::unique_ptr<Link>> Open(const base::HostPort& server,
                                             absl::string_view password,
                                             const Interrupt& interrupt) const;
  absl::StatusOr<base::HostPort> AskSentinel(const base::HostPort& sentinel,
                                             absl::string_view password,
                                             const Interrupt& interrupt) const;

  const Options options_;
  size_t first_sentinel_ = 0;  // whom to ask first
  base::HostPort server_;
};

}  // namespace cityinfo::redis
