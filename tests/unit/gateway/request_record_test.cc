#include "services/gateway/request_record.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/telemetry/metrics.h"
#include "services/gateway/routes/public_methods.h"
#include "services/gateway/routes/route_table.h"

namespace cityinfo::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RequestMetrics, CountsByRouteAndCode) {
  telemetry::Metrics metrics;
  const auto routes = RouteTable::Build(PublicMethods());
  ASSERT_TRUE(routes.ok()) << routes.status();
  RequestMetrics counted(*routes, metrics);
  counted.Started();
  counted.Count({.route = "/v1/articles", .http_status = 200, .duration = absl::Milliseconds(3)});
  counted.Count({.route = "/v1/articles", .http_status = 200, .duration = absl::Seconds(3)});
  counted.Count({.route = "/v1/articles", .http_status = 503});
  counted.Count({.route = "web", .http_status = 304});
  counted.Count({.route = "/feeds/articles.atom", .http_status = 200});

  const std::string text = metrics.RenderText();
  EXPECT_THAT(text, HasSubstr("cityinfo_http_in_flight 1"));
  EXPECT_THAT(text,
              HasSubstr("cityinfo_http_requests_total{code=\"200\",route=\"/v1/articles\"} 2"));
  EXPECT_THAT(text,
              HasSubstr("cityinfo_http_requests_total{code=\"503\",route=\"/v1/articles\"} 1"));
  EXPECT_THAT(text, HasSubstr("cityinfo_http_requests_total{code=\"304\",route=\"web\"} 1"));
  EXPECT_THAT(
      text,
      HasSubstr("cityinfo_http_requests_total{code=\"200\",route=\"/feeds/articles.atom\"} 1"));
  EXPECT_THAT(
      text,
      HasSubstr("cityinfo_http_duration_seconds_bucket{route=\"/v1/articles\",le=\"0.25\"} 2"));
  counted.Finished();
  EXPECT_THAT(metrics.RenderText(), HasSubstr("cityinfo_http_in_flight 0"));
}

TEST(RequestMetrics, NothingAClientWritesBecomesALabel) {
  telemetry::Metrics metrics;
  const auto routes = RouteTable::Build(PublicMethods());
  ASSERT_TRUE(routes.ok()) << routes.status();
  RequestMetrics counted(*routes, metrics);
  counted.Count({.http_method = "BREW", .path = "/made/up", .http_status = 404});
  counted.Count({.route = "/made/up", .http_status = 99999});
  const std::string text = metrics.RenderText();
  EXPECT_THAT(text, HasSubstr("cityinfo_http_requests_total{code=\"404\",route=\"none\"} 1"));
  EXPECT_THAT(text, HasSubstr("cityinfo_http_requests_total{code=\"599\",route=\"none\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("made")));
  EXPECT_THAT(text, Not(HasSubstr("BREW")));
}

}  // namespace
}  // namespace cityinfo::gateway
