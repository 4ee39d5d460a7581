#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/auth/credentials.h"
#include "platform/health/health.h"
#include "platform/rpc/client.h"
#include "platform/telemetry/metrics.h"
#include "services/gateway/edge/client_address.h"
#include "services/gateway/edge/rate_limiter.h"
#include "services/gateway/feeds/article_feeds.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/request_record.h"
#include "services/gateway/routes/route_table.h"
#include "services/gateway/tables/table_choice.h"
#include "services/gateway/tables/table_walk.h"
#include "services/gateway/upstream/call_context.h"

namespace cityinfo::gateway {

// Every request's way through the house:
//
//   trace -> fixed pages (health, web, documents of the API) -> route -> who asks, and not too
//   often
//         -> may they -> JSON to message
//         -> service or composed answer -> message to JSON -> entity tag -> answer, log line
//         -> or JSON lines or CSV: lines to messages of a stream, which the service's pace draws
//         -> or a feed: who asks -> its articles -> entity tag -> answer, log line
//         -> or observations as a table: Accept or ?format= -> page after page -> CSV
//
// Thread-safe. Must outlive every call that is under way.
class FrontDoor {
 public:
  struct Options {
    // From the request's arrival to its answer.
    absl::Duration request_timeout = absl::Seconds(10);
    // How long a shared cache may keep what is public.
    absl::Duration public_max_age = absl::Seconds(2);
    // Requests of one key or token; and of one address without a good one.
    RateLimiter::Options key_rate;
    RateLimiter::Options address_rate;
    TrustedProxies proxies;
  };

  // Calls a method on a service; `safe` says that calling twice does no harm. The answer may come
  // on any thread.
  using Invoke =
      std::function<void(const Route& route, const CallContext& context, std::string request,
                         std::function<void(absl::StatusOr<std::string>)> callback)>;

  // Sends a client stream to a service; as above.
  using InvokeStream = std::function<void(
      const Route& route, const CallContext& context, rpc::RawClient::Messages messages,
      std::function<void(absl::StatusOr<std::string>)> callback)>;

  // Writes a feed; as above.
  using GetFeed = std::function<void(const FeedFormat& format, const CallContext& context,
                                     absl::string_view query, ArticleFeeds::Callback callback)>;

  FrontDoor(const Options& options, RouteTable routes, const auth::Credentials& credentials,
            Invoke invoke, InvokeStream invoke_stream, GetFeed get_feed,
            const health::Health& health, telemetry::Metrics& metrics);

  // Must not block: called on the server's I/O threads.
  void Handle(std::shared_ptr<Exchange> exchange);

  // For requests that the server refuses before they get here.
  HttpResponse Reject(const Rejection& rejection);

 private:
  // A request on its way.
  struct Visit;

  bool ServeFixedPage(const std::shared_ptr<Visit>& visit);
  bool ServeFeed(const std::shared_ptr<Visit>& visit);
  absl::Status Identify(Visit& visit);
  absl::Status Admit(Visit& visit);
  CallContext ContextOf(Visit& visit) const;
  void Forward(std::shared_ptr<Visit> visit);
  void ForwardLines(std::shared_ptr<Visit> visit);
  void ForwardCsv(std::shared_ptr<Visit> visit);
  // A body that becomes a stream: an ArticleImport or an ObservationImport.
  template <typename Import>
  void SendImport(std::shared_ptr<Visit> visit, std::shared_ptr<Import> import);
  // Observations, in the form that the request chooses.
  void ForwardObservations(std::shared_ptr<Visit> visit);
  void ForwardMessage(std::shared_ptr<Visit> visit, absl::string_view query);
  void WriteTable(std::shared_ptr<Visit> visit, const TableChoice& choice);
  void AnswerCall(Visit& visit, absl::StatusOr<std::string> bytes);
  void AnswerFeed(Visit& visit, absl::StatusOr<FeedDocument> feed);
  void AnswerTable(Visit& visit, const TableChoice& choice, absl::StatusOr<TableDocument> table);
  void AnswerRead(Visit& visit, std::string body, HttpResponse response);
  void RefuseMethod(Visit& visit);
  void Fail(Visit& visit, const absl::Status& error);
  void Finish(Visit& visit, HttpResponse response);

  const Options options_;
  const RouteTable routes_;
  const auth::Credentials& credentials_;
  const Invoke invoke_;
  const InvokeStream invoke_stream_;
  const GetFeed get_feed_;
  const health::Health& health_;
  RateLimiter key_limiter_;
  RateLimiter address_limiter_;
  RequestMetrics request_metrics_;
};

}  // namespace cityinfo::gateway
