#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/auth/credentials.h"
#include "platform/host/process.h"
#include "services/gateway/city/city_service.h"
#include "services/gateway/config.h"
#include "services/gateway/feeds/article_feeds.h"
#include "services/gateway/front_door.h"
#include "services/gateway/http/server.h"
#include "services/gateway/upstream/health_watch.h"
#include "services/gateway/upstream/upstream.h"

namespace cityinfo::gateway {

// A running gateway: makes the parts, knows how they fit, and takes them down in order.
class App {
 public:
  // Everything is open when it returns. The status says which part could not be made, and why.
  static absl::StatusOr<std::unique_ptr<App>> Start(const GatewayConfig& config);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  int http_port() const { return server_->port(); }
  int admin_port() const { return process_->admin_port(); }

  // Serves until SIGTERM or SIGINT, then ends everything in order; the exit code of the process.
  int RunUntilSignal() { return process_->RunUntilSignal(); }

 private:
  explicit App(const GatewayConfig& config);

  absl::Status MakeFrontDoor(RouteTable routes);
  absl::Status Listen();

  // In the order of being made; the destructor goes backwards.
  const GatewayConfig config_;
  std::unique_ptr<host::Process> process_;
  std::unique_ptr<auth::Credentials> credentials_;
  std::unique_ptr<FrontDoor> front_door_;
  std::unique_ptr<CityService> city_;
  std::unique_ptr<ArticleFeeds> feeds_;
  std::unique_ptr<Upstream> articles_;
  std::unique_ptr<Upstream> figures_;
  std::unique_ptr<HealthWatch> health_watch_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace cityinfo::gateway
