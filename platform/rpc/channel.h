#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace cityinfo::rpc {

struct ChannelOptions {
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
  absl::Duration reconnect_max = absl::Seconds(1);
};

// A plaintext channel to `target` ("127.0.0.1:50051", "dns:///articles:50051"). Never fails and
// does not wait: it connects when first used and reconnects by itself. Thread-safe.
std::shared_ptr<grpc::Channel> MakeChannel(absl::string_view target,
                                           const ChannelOptions& options = {});

// Waits until the channel is connected; false when it is not by `deadline`.
bool WaitForConnected(grpc::Channel& channel, absl::Time deadline);

}  // namespace cityinfo::rpc
