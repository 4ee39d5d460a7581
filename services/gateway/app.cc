#include "services/gateway/app.h"

#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "platform/base/status_macros.h"

namespace cityinfo::gateway {

App::App(const GatewayConfig& config) : config_(config) {}

// Nobody may ask for numbers of a server that is going. Then the server, so that no request comes
// in any more; the services wait for the calls that are still under way, which end as soon as their
// clients' connections are closed.
App::~App() {
  if (process_ != nullptr) process_->CloseAdmin();
  server_.reset();
  health_watch_.reset();
  figures_.reset();
  articles_.reset();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const GatewayConfig& config) {
  std::unique_ptr<App> app(new App(config));
  CITY_ASSIGN_OR_RETURN(app->process_, host::Process::Create("gateway", config.process));
  CITY_ASSIGN_OR_RETURN(RouteTable routes, RouteTable::Build(PublicMethods()));
  CITY_ASSIGN_OR_RETURN(app->credentials_,
                        auth::Credentials::Start(config.credentials, app->process_->metrics()));
  CITY_RETURN_IF_ERROR(app->MakeFrontDoor(std::move(routes)));
  CITY_RETURN_IF_ERROR(app->Listen());
  return app;
}

absl::Status App::MakeFrontDoor(RouteTable routes) {
  CITY_ASSIGN_OR_RETURN(TrustedProxies proxies, TrustedProxies::Parse(config_.trusted_proxies));
  telemetry::Metrics& metrics = process_->metrics();
  const std::shared_ptr<grpc::Channel> to_articles = process_->Dial(config_.articles);
  const std::shared_ptr<grpc::Channel> to_metrics = process_->Dial(config_.metrics);
  articles_ =
      std::make_unique<Upstream>(to_articles, Upstream::Options{.name = "articles"}, metrics);
  figures_ = std::make_unique<Upstream>(to_metrics, Upstream::Options{.name = "metrics"}, metrics);
  city_ = std::make_unique<CityService>(
      CityService::Options{
          .place = config_.place,
          .headline_indicators = absl::StrSplit(config_.headlines, ',', absl::SkipEmpty()),
          .section_timeout = config_.section_timeout},
      *articles_, *figures_);
  feeds_ = std::make_unique<ArticleFeeds>(ArticleFeeds::Options{.public_url = config_.public_url},
                                          *articles_);
  health_watch_ = std::make_unique<HealthWatch>(
      HealthWatch::Options{},
      std::vector<HealthWatch::Service>{{"articles", to_articles, {}},
                                        {"metrics", to_metrics, {"redis", "harvest"}}},
      &process_->health());
  front_door_ = std::make_unique<FrontDoor>(
      FrontDoor::Options{.request_timeout = config_.request_timeout,
                         .public_max_age = config_.public_max_age,
                         .key_rate = config_.key_rate,
                         .address_rate = config_.address_rate,
                         .proxies = std::move(proxies)},
      std::move(routes), *credentials_,
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
      [this](const Route& route, const CallContext& context, rpc::RawClient::Messages messages,
             std::function<void(absl::StatusOr<std::string>)> callback) {
        Upstream& service = route.backend == Backend::kMetrics ? *figures_ : *articles_;
        service.Stream(route.rpc_name, context, std::move(messages), std::move(callback));
      },
      [this](const FeedFormat& format, const CallContext& context, absl::string_view query,
             ArticleFeeds::Callback callback) {
        feeds_->Get(format, context, query, std::move(callback));
      },
      process_->health(), metrics);
  return absl::OkStatus();
}

absl::Status App::Listen() {
  CITY_ASSIGN_OR_RETURN(
      server_,
      HttpServer::Start(
          {.address = config_.listen, .threads = config_.io_threads, .limits = config_.limits},
          [this](std::shared_ptr<Exchange> exchange) { front_door_->Handle(std::move(exchange)); },
          [this](const Rejection& rejection) { return front_door_->Reject(rejection); }));
  telemetry::Gauge& open =
      process_->metrics().GetGauge("cityinfo_http_connections", "Open connections");
  process_->metrics().OnRender([this, &open] {
    if (server_ != nullptr) open.Set(server_->open_connections());
  });
  process_->SetEnding(
      {.begin_drain = [this] { server_->BeginDrain(); },
       .finish_requests = [this](absl::Time deadline) { return server_->Shutdown(deadline); }});
  return process_->Announce({{"http", server_->port()}});
}

}  // namespace cityinfo::gateway
