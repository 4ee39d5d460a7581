#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cityinfo::rpc {

class TlsCredentials;

struct ChannelOptions {
  // Null: plain text. Must outlive the channel.
  const TlsCredentials* tls = nullptr;

  // Only replicas that say they are ready get calls (grpc.health.v1.Health/Watch), so that one
  // which is about to stop loses its traffic before it refuses it. False for those who ask about
  // health itself.
  bool follow_health = true;

  // Full names of services whose reads are tried again, on another replica if there is one, when
  // the one they went to cannot be reached; see ServiceConfig.
  std::vector<std::string> retry_reads_of;

  int max_request_bytes = 8 << 20;
  int max_response_bytes = 64 << 20;

  // A connection of its own. Channels with equal arguments otherwise share one.
  bool own_connection = true;

  // A connection without traffic is probed this often while calls are open, and dropped when the
  // probe stays unanswered for `keepalive_timeout`.
  absl::Duration keepalive_time = absl::Seconds(20);
  absl::Duration keepalive_timeout = absl::Seconds(5);

  // For one attempt to connect, handshake included. Generous: a busy machine is not a dead one, and
  // a refused connection fails at once anyway.
  absl::Duration connect_timeout = absl::Seconds(5);

  // Pause between attempts to connect; grows from the first to the second.
  absl::Duration reconnect_initial = absl::Milliseconds(100);
  absl::Duration reconnect_max = absl::Milliseconds(500);

  // A name is looked up again when connections end, at most this often.
  absl::Duration resolve_pause = absl::Seconds(1);
  // For one look-up, with all names of the search path and both kinds of addresses. A name server
  // that does not answer for one of them would hold it up for more than a minute; what has been
  // found by then is used.
  absl::Duration resolve_timeout = absl::Seconds(3);
};

// A channel to the replicas of a service, with a connection to each; calls go round. `target` is
// one that ParseTarget takes; any other fails every call. Does not wait: it connects when first
// used and reconnects by itself. A call that no replica has begun to work on is sent to another
// unasked. Thread-safe.
std::shared_ptr<grpc::Channel> MakeChannel(absl::string_view target,
                                           const ChannelOptions& options = {});

// Waits until the channel is connected; false when it is not by `deadline`.
bool WaitForConnected(grpc::Channel& channel, absl::Time deadline);

}  // namespace cityinfo::rpc
