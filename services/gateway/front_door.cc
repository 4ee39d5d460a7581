#include "services/gateway/front_door.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/gateway/edge/caller.h"
#include "services/gateway/edge/entity_tag.h"
#include "services/gateway/edge/error_form.h"
#include "services/gateway/edge/readiness.h"
#include "services/gateway/imports/article_import.h"
#include "services/gateway/imports/observation_import.h"
#include "services/gateway/openapi/openapi_files.h"
#include "services/gateway/transcoding/json_encoder.h"
#include "services/gateway/transcoding/request_transcoder.h"
#include "services/gateway/web/web_files.h"

namespace cityinfo::gateway {
namespace {

constexpr char kJson[] = "application/json; charset=utf-8";
// The web app runs only what it is served with.
constexpr char kContentSecurityPolicy[] =
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'";

constexpr char kQueryObservations[] = "/cityinfo.metrics.v1.MetricService/QueryObservations";

bool IsRead(const RequestHead& head) { return head.method == "GET" || head.method == "HEAD"; }

// Whole seconds, rounded up: who comes back after them is not too early.
int64_t SecondsToWait(absl::Duration duration) {
  return absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)));
}

void SetRateFields(const RateLimiter::Decision& rate, HttpResponse* response) {
  response->Set("ratelimit-limit", absl::StrCat(rate.limit));
  response->Set("ratelimit-remaining", absl::StrCat(rate.remaining));
  response->Set("ratelimit-reset", absl::StrCat(SecondsToWait(rate.reset)));
  if (rate.admitted) return;
  const auto is_retry_after = [](const HttpField& field) { return field.name == "retry-after"; };
  response->fields.erase(
      std::remove_if(response->fields.begin(), response->fields.end(), is_retry_after),
      response->fields.end());
  response->Set("retry-after", absl::StrCat(SecondsToWait(rate.retry_after)));
}

// Turns an answer into 304 when the client has it already. Needs its entity tag only.
void ApplyIfNoneMatch(const RequestHead& head, absl::string_view tag, HttpResponse* response) {
  const std::optional<absl::string_view> known = head.Field("if-none-match");
  if (!known.has_value() || !NamesEntityTag(*known, tag)) return;
  response->status = 304;
  response->body.reset();
}

}  // namespace

struct FrontDoor::Visit {
  explicit Visit(std::shared_ptr<Exchange> exchange) : exchange(std::move(exchange)) {}

  const RequestHead& head() const { return exchange->request().head; }

  const std::shared_ptr<Exchange> exchange;
  const absl::Time arrival = absl::Now();
  telemetry::TraceContext trace;
  Caller caller;
  const Route* route = nullptr;
  std::vector<PathBinding> bindings;
  std::optional<RateLimiter::Decision> rate;  // when requests are counted
  bool by_accept = false;                     // the answer depends on the Accept header
  absl::string_view page;  // its name in RequestRecord::route, when it is a fixed one
  std::string reason;      // of the error, when it is one
};

FrontDoor::FrontDoor(const Options& options, RouteTable routes,
                     const auth::Credentials& credentials, Invoke invoke,
                     InvokeStream invoke_stream, GetFeed get_feed, const health::Health& health,
                     telemetry::Metrics& metrics)
    : options_(options),
      routes_(std::move(routes)),
      credentials_(credentials),
      invoke_(std::move(invoke)),
      invoke_stream_(std::move(invoke_stream)),
      get_feed_(std::move(get_feed)),
      health_(health),
      key_limiter_(options.key_rate),
      address_limiter_(options.address_rate),
      request_metrics_(routes_, metrics) {}

void FrontDoor::Handle(std::shared_ptr<Exchange> exchange) {
  auto visit = std::make_shared<Visit>(std::move(exchange));
  request_metrics_.Started();
  visit->trace = telemetry::ContinueTrace(visit->head().Field("traceparent").value_or(""));
  if (ServeFixedPage(visit) || ServeFeed(visit)) return;
  const absl::string_view path = visit->head().path();
  RouteTable::Result found = routes_.Find(visit->head().method, path);
  if (auto* match = std::get_if<RouteTable::Match>(&found)) {
    visit->route = match->route;
    visit->bindings = std::move(match->bindings);
    return Forward(std::move(visit));
  }
  if (auto* others = std::get_if<RouteTable::OtherMethods>(&found)) {
    HttpResponse response =
        RenderRejection({.http_status = 405,
                         .reason = "METHOD_NOT_ALLOWED",
                         .message = absl::StrCat(visit->head().method,
                                                 " is not possible here, only ", others->allow)});
    response.Set("allow", others->allow);
    visit->reason = "METHOD_NOT_ALLOWED";
    return Finish(*visit, std::move(response));
  }
  if (std::holds_alternative<RouteTable::BadPath>(found)) {
    visit->reason = "INVALID_PATH";
    return Finish(*visit, RenderRejection({.http_status = 400,
                                           .reason = "INVALID_PATH",
                                           .message = "the path holds a name that is not "
                                                      "percent-encoded UTF-8 without slashes"}));
  }
  visit->reason = "ROUTE_NOT_FOUND";
  Finish(*visit,
         RenderRejection({.http_status = 404,
                          .reason = "ROUTE_NOT_FOUND",
                          .message = absl::StrCat("there is nothing at ", path.substr(0, 200))}));
}

bool FrontDoor::ServeFixedPage(const std::shared_ptr<Visit>& visit) {
  const absl::string_view path = visit->head().path();
  const WebFile* file = FindWebFile(path);
  if (file == nullptr) file = FindOpenApiFile(path);
  if (file == nullptr && path != "/healthz" && path != "/readyz") return false;
  visit->page = file != nullptr ? "web" : path;
  if (!IsRead(visit->head())) {
    RefuseMethod(*visit);
  } else if (path == "/healthz") {
    Finish(*visit, RenderAlive());
  } else if (path == "/readyz") {
    Finish(*visit, RenderReadiness(health_.GetSnapshot()));
  } else {
    HttpResponse response{.body = file->body};
    SetContentType(file->content_type, &response);
    response.Set("cache-control", "no-cache");
    response.Set("content-security-policy", kContentSecurityPolicy);
    response.Set("etag", file->entity_tag);
    ApplyIfNoneMatch(visit->head(), file->entity_tag, &response);
    Finish(*visit, std::move(response));
  }
  return true;
}

// For what is no method of a service.
void FrontDoor::RefuseMethod(Visit& visit) {
  visit.reason = "METHOD_NOT_ALLOWED";
  HttpResponse response = RenderRejection(
      {.http_status = 405, .reason = visit.reason, .message = "this can only be read"});
  response.Set("allow", "GET, HEAD");
  Finish(visit, std::move(response));
}

bool FrontDoor::ServeFeed(const std::shared_ptr<Visit>& visit) {
  const FeedFormat* format = FindFeedFormat(visit->head().path());
  if (format == nullptr) return false;
  visit->page = format->path;
  if (!IsRead(visit->head())) {
    RefuseMethod(*visit);
    return true;
  }
  if (absl::Status refused = Identify(*visit); !refused.ok()) {
    Fail(*visit, refused);
    return true;
  }
  get_feed_(
      *format, ContextOf(*visit), visit->head().query(),
      [this, visit](absl::StatusOr<FeedDocument> feed) { AnswerFeed(*visit, std::move(feed)); });
  return true;
}

// What is not a good key counts for its address, so that guessing is limited too.
absl::Status FrontDoor::Identify(Visit& visit) {
  absl::StatusOr<Caller> caller = IdentifyCaller(visit.head(), credentials_);
  const bool by_key = caller.ok() && caller->has_key;
  RateLimiter& limiter = by_key ? key_limiter_ : address_limiter_;
  if (limiter.limits()) {
    const std::string client =
        by_key ? caller->principal.name
               : RateLimitGroup(
                     ClientAddress(visit.head(), visit.exchange->request().peer, options_.proxies));
    visit.rate = limiter.Take(client, visit.arrival);
    if (!visit.rate->admitted) {
      return base::ResourceExhausted("RATE_LIMITED", "too many requests; wait as Retry-After says");
    }
  }
  if (!caller.ok()) return std::move(caller).status();
  visit.caller = *std::move(caller);
  return absl::OkStatus();
}

absl::Status FrontDoor::Admit(Visit& visit) {
  CITY_RETURN_IF_ERROR(Identify(visit));
  return CheckRole(visit.caller, visit.route->needs);
}

CallContext FrontDoor::ContextOf(Visit& visit) const {
  CallContext context{.deadline = visit.arrival + options_.request_timeout,
                      .trace = visit.trace,
                      .principal = visit.caller.principal.name,
                      .role = std::string(auth::RoleName(visit.caller.principal.role))};
  visit.exchange->OnGone([cancellation = context.cancellation] { cancellation->Cancel(); });
  return context;
}

void FrontDoor::Forward(std::shared_ptr<Visit> visit) {
  if (absl::Status refused = Admit(*visit); !refused.ok()) return AnswerCall(*visit, refused);
  if (visit->route->takes_csv()) return ForwardCsv(std::move(visit));
  if (visit->route->takes_lines()) return ForwardLines(std::move(visit));
  if (visit->route->rpc_name == kQueryObservations) return ForwardObservations(std::move(visit));
  const std::string query(visit->head().query());
  ForwardMessage(std::move(visit), query);
}

void FrontDoor::ForwardMessage(std::shared_ptr<Visit> visit, absl::string_view query) {
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> request =
      TranscodeRequest(*visit->route, visit->bindings, query, visit->exchange->request().body);
  if (!request.ok()) return AnswerCall(*visit, request.status());
  const CallContext context = ContextOf(*visit);
  const Route& route = *visit->route;
  invoke_(route, context, (*request)->SerializeAsString(),
          [this, visit = std::move(visit)](absl::StatusOr<std::string> bytes) {
            AnswerCall(*visit, std::move(bytes));
          });
}

void FrontDoor::ForwardObservations(std::shared_ptr<Visit> visit) {
  visit->by_accept = true;
  const absl::StatusOr<TableChoice> choice = ChooseTable(visit->head());
  if (!choice.ok()) return Fail(*visit, choice.status());
  if (!choice->acceptable) {
    visit->reason = "NOT_ACCEPTABLE";
    return Finish(*visit,
                  RenderRejection({.http_status = 406,
                                   .reason = "NOT_ACCEPTABLE",
                                   .message = absl::StrCat("this can be had as ", kTableTypes)}));
  }
  if (choice->format == nullptr) return ForwardMessage(std::move(visit), choice->query);
  WriteTable(std::move(visit), *choice);
}

void FrontDoor::WriteTable(std::shared_ptr<Visit> visit, const TableChoice& choice) {
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> message =
      TranscodeRequest(*visit->route, visit->bindings, choice.query, "");
  if (!message.ok()) return Fail(*visit, message.status());
  metrics::v1::QueryObservationsRequest request;
  request.CopyFrom(**message);
  const CallContext context = ContextOf(*visit);
  TableWalk::Start(
      *choice.format, std::move(request),
      [this, visit, context](std::string page,
                             std::function<void(absl::StatusOr<std::string>)> callback) {
        invoke_(*visit->route, context, std::move(page), std::move(callback));
      },
      [this, visit, choice](absl::StatusOr<TableDocument> table) {
        AnswerTable(*visit, choice, std::move(table));
      });
}

void FrontDoor::ForwardLines(std::shared_ptr<Visit> visit) {
  const HttpRequest& request = visit->exchange->request();
  if (const auto rejection = ArticleImport::CheckContentType(request.head)) {
    visit->reason = rejection->reason;
    return Finish(*visit, RenderRejection(*rejection));
  }
  if (absl::Status bad = ArticleImport::Check(request.head.query(), request.body); !bad.ok()) {
    return Fail(*visit, bad);
  }
  auto import = std::make_shared<ArticleImport>(request.body);
  SendImport(std::move(visit), std::move(import));
}

void FrontDoor::ForwardCsv(std::shared_ptr<Visit> visit) {
  const HttpRequest& request = visit->exchange->request();
  if (const auto rejection = ObservationImport::CheckContentType(request.head)) {
    visit->reason = rejection->reason;
    return Finish(*visit, RenderRejection(*rejection));
  }
  absl::StatusOr<std::shared_ptr<ObservationImport>> import =
      ObservationImport::Begin(request.head.query(), request.body);
  if (!import.ok()) return Fail(*visit, import.status());
  SendImport(std::move(visit), *std::move(import));
}

template <typename Import>
void FrontDoor::SendImport(std::shared_ptr<Visit> visit, std::shared_ptr<Import> import) {
  const CallContext context = ContextOf(*visit);
  const Route& route = *visit->route;
  // The visit keeps the body.
  invoke_stream_(
      route, context, [visit, import] { return import->NextMessage(); },
      [this, visit, import](absl::StatusOr<std::string> bytes) {
        AnswerCall(*visit, bytes.ok() ? import->Answer(*bytes) : std::move(bytes));
      });
}

void FrontDoor::AnswerCall(Visit& visit, absl::StatusOr<std::string> bytes) {
  absl::StatusOr<std::string> json =
      bytes.ok() ? EncodeJson(visit.route->method->output_type(), *bytes) : bytes.status();
  if (!json.ok()) return Fail(visit, json.status());
  HttpResponse response;
  SetContentType(kJson, &response);
  if (IsRead(visit.head()) && visit.route->safe()) {
    return AnswerRead(visit, *std::move(json), std::move(response));
  }
  response.Set("cache-control", "no-store");
  response.body = std::make_shared<const std::string>(*std::move(json));
  Finish(visit, std::move(response));
}

// A client that has the feed already is told so by its entity tag alone: an article that is taken
// back changes the feed, and no time in it.
void FrontDoor::AnswerFeed(Visit& visit, absl::StatusOr<FeedDocument> feed) {
  if (!feed.ok()) return Fail(visit, feed.status());
  HttpResponse response;
  SetContentType(feed->content_type, &response);
  if (feed->last_modified != absl::InfinitePast()) {
    response.Set("last-modified", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", feed->last_modified,
                                                   absl::UTCTimeZone()));
  }
  AnswerRead(visit, std::move(feed->body), std::move(response));
}

void FrontDoor::AnswerTable(Visit& visit, const TableChoice& choice,
                            absl::StatusOr<TableDocument> table) {
  if (!table.ok()) return Fail(visit, table.status());
  HttpResponse response;
  SetContentType(choice.format->content_type, &response);
  if (choice.by_parameter) {
    response.Set("content-disposition",
                 absl::StrCat("attachment; filename=\"", choice.format->file_name, "\""));
  }
  if (!table->next_page_token.empty()) {
    response.Set("link", absl::StrCat("<", visit.head().path(), "?",
                                      NextPartQuery(visit.head().query(), table->next_page_token),
                                      ">; rel=\"next\""));
  }
  AnswerRead(visit, std::move(table->body), std::move(response));
}

// What caches may keep, unless the asker has a key.
void FrontDoor::AnswerRead(Visit& visit, std::string body, HttpResponse response) {
  const std::string tag = MakeEntityTag(body);
  response.Set("etag", tag);
  response.Set("vary", visit.by_accept ? "accept, authorization" : "authorization");
  response.Set("cache-control", visit.caller.has_key
                                    ? "private, no-store"
                                    : absl::StrCat("public, max-age=",
                                                   absl::ToInt64Seconds(options_.public_max_age)));
  response.body = std::make_shared<const std::string>(std::move(body));
  ApplyIfNoneMatch(visit.head(), tag, &response);
  Finish(visit, std::move(response));
}

void FrontDoor::Fail(Visit& visit, const absl::Status& error) {
  visit.reason = base::ErrorReason(error);
  Finish(visit, RenderError(error));
}

void FrontDoor::Finish(Visit& visit, HttpResponse response) {
  response.Set("x-trace-id", visit.trace.trace_id);
  if (visit.rate.has_value()) SetRateFields(*visit.rate, &response);
  const RequestRecord record = {
      .http_method = visit.head().method,
      .path = visit.head().path(),
      .route = visit.route != nullptr ? absl::string_view(visit.route->path.text()) : visit.page,
      .rpc = visit.route != nullptr ? absl::string_view(visit.route->method->name()) : "",
      .peer = visit.exchange->request().peer,
      .principal = visit.caller.principal.name,
      .trace = visit.trace,
      .reason = visit.reason,
      .http_status = response.status,
      .response_bytes = response.body == nullptr ? 0 : response.body->size(),
      .arrival = visit.arrival,
      .duration = absl::Now() - visit.arrival};
  request_metrics_.Finished();
  request_metrics_.Count(record);
  LogRequest(record);
  RecordRequestSpan(record);
  visit.exchange->Answer(std::move(response));
}

HttpResponse FrontDoor::Reject(const Rejection& rejection) {
  HttpResponse response = RenderRejection(rejection);
  const telemetry::TraceContext trace = telemetry::NewTrace();
  response.Set("x-trace-id", trace.trace_id);
  const RequestRecord record = {
      .trace = trace, .reason = rejection.reason, .http_status = rejection.http_status};
  request_metrics_.Count(record);
  LogRequest(record);
  return response;
}

}  // namespace cityinfo::gateway
