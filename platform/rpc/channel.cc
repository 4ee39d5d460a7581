#include "platform/rpc/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <limits>
#include <string>

#include "platform/rpc/library_setup.h"
#include "platform/rpc/service_config.h"
#include "platform/rpc/target.h"
#include "platform/rpc/tls_credentials.h"

namespace cityinfo::rpc {
namespace {

int Millis(absl::Duration duration) {
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(duration), 1, std::numeric_limits<int>::max()));
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(absl::string_view target,
                                           const ChannelOptions& options) {
  SetUpLibraries();
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
  args.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, Millis(options.resolve_pause));
  args.SetInt(GRPC_ARG_DNS_ARES_QUERY_TIMEOUT_MS, Millis(options.resolve_timeout));
  // Our services are neighbours: a proxy from the environment must not stand between them.
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetServiceConfigJSON(ServiceConfig(options.follow_health, options.retry_reads_of));
  args.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  const absl::StatusOr<Target> parsed = ParseTarget(target);
  if (!parsed.ok()) {
    return grpc::CreateCustomChannel("invalid:" + std::string(target),
                                     grpc::InsecureChannelCredentials(), args);
  }
  return grpc::CreateCustomChannel(parsed->uri,
                                   options.tls == nullptr ? grpc::InsecureChannelCredentials()
                                                          : options.tls->ForChannel(*parsed),
                                   args);
}

bool WaitForConnected(grpc::Channel& channel, absl::Time deadline) {
  return channel.WaitForConnected(absl::ToChronoTime(deadline));
}

}  // namespace cityinfo::rpc
