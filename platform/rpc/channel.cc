#include "platform/rpc/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <limits>
#include <string>

#include "platform/rpc/library_logs.h"

namespace cityinfo::rpc {
namespace {

int Millis(absl::Duration duration) {
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(duration), 1, std::numeric_limits<int>::max()));
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(absl::string_view target,
                                           const ChannelOptions& options) {
  RouteLibraryLogs();
  grpc::ChannelArguments args;
  args.SetMaxSendMessageSize(options.max_request_bytes);
  args.SetMaxReceiveMessageSize(options.max_response_bytes);
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, options.own_connection ? 1 : 0);
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(options.keepalive_time));
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(options.keepalive_timeout));
  // A quiet watch stream may be probed as often as it takes; Server allows it.
  args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, Millis(options.reconnect_initial));
  // In spite of its name this bounds one attempt; the pause between two is the other two
  // arguments'.
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, Millis(options.connect_timeout));
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, Millis(options.reconnect_max));
  // Our services are neighbours: a proxy from the environment must not stand between them.
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(std::string(target), grpc::InsecureChannelCredentials(), args);
}

bool WaitForConnected(grpc::Channel& channel, absl::Time deadline) {
  return channel.WaitForConnected(absl::ToChronoTime(deadline));
}

}  // namespace cityinfo::rpc
