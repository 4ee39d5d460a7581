#include "services/gateway/app.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/host_port.h"
#include "platform/base/status_macros.h"
#include "platform/lifecycle/port_file.h"
#include "platform/log/log.h"

namespace cityinfo::gateway {

App::App(const GatewayConfig& config) : config_(config) {}

// Nobody may ask for numbers of a server that is going. Then the server, so that no request comes
// in any more; the services wait for the calls that are still under way, which end as soon as their
// clients' connections are closed.
App::~App() {
  admin_.reset();
  server_.reset();
  health_watch_.reset();
  figures_.reset();
  articles_.reset();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const GatewayConfig& config) {
  std::unique_ptr<App> app(new App(config));
  CITY_ASSIGN_OR_RETURN(RouteTable routes, RouteTable::Build(PublicMethods()));
  auth::KeyRing keys;
  if (!config.keys_file.empty()) {
    CITY_ASSIGN_OR_RETURN(keys, auth::KeyRing::Load(config.keys_file));
  }
  app->MakeFrontDoor(std::move(routes), std::move(keys));
  CITY_RETURN_IF_ERROR(app->Listen());
  CITY_RETURN_IF_ERROR(lifecycle::WritePortFile(
      config.port_file, {{"http", app->http_port()}, {"admin", app->admin_port()}}));
  return app;
}

void App::MakeFrontDoor(RouteTable routes, auth::KeyRing keys) {
  articles_ = std::make_unique<Upstream>(Upstream::Options{.target = config_.articles});
  figures_ = std::make_unique<Upstream>(Upstream::Options{.target = config_.metrics});
  city_ = std::make_unique<CityService>(
      CityService::Options{
          .place = config_.place,
          .headline_indicators = absl::StrSplit(config_.headlines, ',', absl::SkipEmpty()),
          .section_timeout = config_.section_timeout},
      *articles_, *figures_);
  health_watch_ = std::make_unique<HealthWatch>(
      HealthWatch::Options{},
      std::vector<HealthWatch::Service>{{"articles", config_.articles, {}},
                                        {"metrics", config_.metrics, {"redis", "harvest"}}},
      &health_);
  front_door_ = std::make_unique<FrontDoor>(
      FrontDoor::Options{.request_timeout = config_.request_timeout,
                         .public_max_age = config_.public_max_age},
      std::move(routes), std::move(keys),
      [this](const Route& route, const CallContext& context, std::string request,
             std::function<void(absl::StatusOr<std::string>)> callback) {
        switch (route.backend) {
          case Backend::kArticles:
            return articles_->Call(route.rpc_name, context, std::move(request), route.safe(),
                                   std::move(callback));
          case Backend::kMetrics:
            return figures_->Call(route.rpc_name, context, std::move(request), route.safe(),
                                  std::move(callback));
          case Backend::kCity:
            return city_->Call(route.rpc_name, context, request, std::move(callback));
        }
      },
      health_, metrics_);
}

absl::Status App::Listen() {
  CITY_ASSIGN_OR_RETURN(const base::HostPort admin,
                        base::ParseHostPort(config_.admin_listen, "--admin-listen"));
  CITY_ASSIGN_OR_RETURN(
      admin_,
      health::AdminServer::Start({.address = admin.host, .port = admin.port}, health_, metrics_));
  CITY_ASSIGN_OR_RETURN(
      server_,
      HttpServer::Start(
          {.address = config_.listen, .threads = config_.io_threads, .limits = config_.limits},
          [this](std::shared_ptr<Exchange> exchange) { front_door_->Handle(std::move(exchange)); },
          [this](const Rejection& rejection) { return front_door_->Reject(rejection); }));
  telemetry::Gauge& open = metrics_.GetGauge("cityinfo_http_connections", "Open connections");
  metrics_.OnRender([this, &open] {
    if (server_ != nullptr) open.Set(server_->open_connections());
  });
  log::Info("listening", {{"http", server_->port()}, {"admin", admin_->port()}});
  return absl::OkStatus();
}

void App::AddShutdownSteps(lifecycle::Shutdown* shutdown) {
  shutdown->AddStep("stop being ready", absl::Seconds(1), [this](absl::Time) {
    health_.StartDraining();
    server_->BeginDrain();
    return absl::OkStatus();
  });
  if (config_.drain_delay > absl::ZeroDuration()) {
    shutdown->AddStep("let balancers notice", config_.drain_delay + absl::Seconds(1),
                      [this](absl::Time) {
                        absl::SleepFor(config_.drain_delay);
                        return absl::OkStatus();
                      });
  }
  shutdown->AddStep(
      "finish requests", config_.drain_timeout + absl::Seconds(1),
      [this](absl::Time deadline) { return server_->Shutdown(deadline - absl::Seconds(1)); });
}

}  // namespace cityinfo::gateway
