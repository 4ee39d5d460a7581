#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "platform/base/error.h"
#include "tests/integration/gateway/gateway_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/support/token_signer.h"
#include "tests/support/wait_until.h"

namespace cityinfo::gateway {
namespace {

using rpc::RequestContext;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using testing::WaitUntil;
namespace av1 = articles::v1;
namespace mv1 = metrics::v1;

// The one form every error has.
MATCHER_P2(IsError, http_status, reason, "") {
  const std::string start = absl::StrCat("{\"error\":{\"code\":", http_status, ",\"message\":\"");
  const std::string why = absl::StrCat(
      "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
      "\"reason\":\"",
      reason, "\",\"domain\":\"cityinfo\"}");
  *result_listener << arg.status << " " << arg.body;
  return arg.status == http_status && absl::StartsWith(arg.body, start) &&
         absl::StrContains(arg.body, why) &&
         arg.Field("content-type") == "application/json; charset=utf-8";
}

// The services answer as they should.
class GatewayToServices : public GatewayTest {
 protected:
  GatewayToServices() {
    articles_.On<av1::ListArticlesRequest, av1::ListArticlesResponse>(
        kListArticles,
        [](const RequestContext&,
           const av1::ListArticlesRequest& request) -> absl::StatusOr<av1::ListArticlesResponse> {
          if (request.page_size() < 0) {
            return base::InvalidArgument("page_size", "must not be negative", "INVALID_PAGE_SIZE");
          }
          if (request.place() == "9") {
            return base::InvalidArgument("place", "is not a code", "INVALID_PLACE");
          }
          av1::ListArticlesResponse response;
          if (request.tag() == "空") return response;
          av1::Article* article = response.add_articles();
          article->set_title(absl::StrCat("size ", request.page_size()));
          if (request.view() == av1::FULL && request.state() == av1::PUBLISHED) {
            article->set_name("articles/7");
            article->add_blocks()->set_text("全文。");
            article->mutable_update_time()->set_seconds(1796083200);
          }
          return response;
        });
    articles_.On<av1::GetArticleRequest, av1::Article>(
        kGetArticle,
        [](const RequestContext&,
           const av1::GetArticleRequest& request) -> absl::StatusOr<av1::Article> {
          if (request.name() != "articles/7") {
            return base::NotFound("article", request.name(), "ARTICLE_NOT_FOUND");
          }
          av1::Article article;
          article.set_name(request.name());
          article.set_revision(2);
          article.add_blocks()->set_text("产值281亿元。");
          return article;
        });
    articles_.On<av1::CreateArticleRequest, av1::Article>(
        kCreateArticle,
        [this](const RequestContext&,
               const av1::CreateArticleRequest& request) -> absl::StatusOr<av1::Article> {
          ++created_;
          if (fail_create_) return base::Unavailable("BUSY", "later");
          return request.article();
        });
    articles_.On<av1::SplitPageRequest, av1::SplitPageResponse>(
        kSplitPage,
        [](const RequestContext&,
           const av1::SplitPageRequest& request) -> absl::StatusOr<av1::SplitPageResponse> {
          av1::SplitPageResponse response;
          response.add_articles()->set_title(request.text().substr(0, 100));
          return response;
        });
    metrics_.On<mv1::QueryObservationsRequest, mv1::QueryObservationsResponse>(
        kQueryObservations,
        [](const RequestContext&, const mv1::QueryObservationsRequest& request)
            -> absl::StatusOr<mv1::QueryObservationsResponse> {
          mv1::QueryObservationsResponse response;
          mv1::Observation* gdp = response.add_observations();
          gdp->set_indicator("gdp");
          gdp->set_place(request.places(0));
          gdp->set_measure(mv1::LEVEL);
          gdp->set_kind(mv1::ACTUAL);
          gdp->set_period("2020");
          gdp->set_printed("281.76亿元");
          return response;
        });
    metrics_.On<mv1::ListProgressRequest, mv1::ListProgressResponse>(
        kListProgress,
        [this](const RequestContext& context,
               const mv1::ListProgressRequest&) -> absl::StatusOr<mv1::ListProgressResponse> {
          if (hang_progress_) {
            WaitUntil([&] { return context.cancelled(); }, absl::Seconds(20));
            progress_cancelled_ = context.cancelled();
          }
          if (fail_progress_) return base::Unavailable("NO_STORE", "the store is away");
          return mv1::ListProgressResponse();
        });
    metrics_.On<mv1::ListFiguresRequest, mv1::ListFiguresResponse>(
        kListFigures,
        [](const RequestContext&,
           const mv1::ListFiguresRequest& request) -> absl::StatusOr<mv1::ListFiguresResponse> {
          mv1::ListFiguresResponse response;
          mv1::Citation* citation = response.add_figures()->mutable_citation();
          citation->set_article(request.article());
          citation->set_end(8);
          citation->set_quote("产值281亿元。");
          citation->set_value_start(2);
          citation->set_value_end(7);
          return response;
        });
  }

  std::atomic<int> created_{0};
  std::atomic<bool> fail_create_{false};
  std::atomic<bool> fail_progress_{false};
  std::atomic<bool> hang_progress_{false};
  std::atomic<bool> progress_cancelled_{false};
};

TEST_F(GatewayToServices, ReadsAsJson) {
  StartGateway();
  const RawResponse response = Ask(Get("/v1/articles?page_size=3"));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("\"title\":\"size 3\""));
  EXPECT_THAT(response.body, HasSubstr("\"nextPageToken\":\"\"")) << "zero values are printed";
  EXPECT_THAT(response.body, Not(HasSubstr("publishDate"))) << "absent messages are not";
  EXPECT_EQ(response.Field("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.Field("x-content-type-options"), "nosniff");
  EXPECT_EQ(response.Field("cache-control"), "public, max-age=2");
  EXPECT_EQ(response.Field("server"), "");
}

TEST_F(GatewayToServices, TellsTheServicesWhoAsksAndInWhichTrace) {
  StartGateway();
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const RawResponse response =
      Ask(Get("/v1/articles", absl::StrCat("traceparent: 00-", trace, "-00f067aa0ba902b7-01\r\n")));
  EXPECT_EQ(response.Field("x-trace-id"), trace);
  Ask(Get("/v1/articles", Key("editor")));
  EXPECT_THAT(Ask(Get("/v1/articles")).Field("x-trace-id"), MatchesRegex("[0-9a-f]+"));
  const auto contexts = articles_.contexts();
  ASSERT_EQ(contexts.size(), 3u);
  EXPECT_EQ(contexts[0].trace.trace_id, trace);
  EXPECT_EQ(contexts[0].role, "reader");
  EXPECT_EQ(contexts[0].principal, "");
  EXPECT_EQ(contexts[1].role, "editor");
  EXPECT_EQ(contexts[1].principal, "editor");
}

TEST_F(GatewayToServices, AnswersNotModified) {
  StartGateway();
  const std::string tag = Ask(Get("/v1/articles")).Field("etag");
  EXPECT_THAT(tag, MatchesRegex("\"[0-9a-f]+\""));
  const RawResponse known = Ask(Get("/v1/articles", absl::StrCat("If-None-Match: ", tag, "\r\n")));
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(known.Field("etag"), tag);
  const std::string other = absl::StrCat("If-None-Match: ", tag, "\r\n");
  EXPECT_EQ(Ask(Get("/v1/articles?page_size=2", other)).status, 200);
  const RawResponse with_key = Ask(Get("/v1/articles", Key("editor")));
  EXPECT_EQ(with_key.Field("cache-control"), "private, no-store");
}

TEST_F(GatewayToServices, WritingNeedsAKey) {
  StartGateway();
  const auto create = [&](absl::string_view lines) {
    return Ask(WithBody("POST", "/v1/articles", R"({"title":"甲"})", lines));
  };
  const RawResponse nobody = create("");
  EXPECT_THAT(nobody, IsError(401, "MISSING_KEY"));
  EXPECT_THAT(nobody.Field("www-authenticate"), HasSubstr("Bearer"));
  const RawResponse wrong = create("Authorization: Bearer city_wrong\r\n");
  EXPECT_THAT(wrong, IsError(401, "UNKNOWN_KEY"));
  EXPECT_THAT(wrong.Field("www-authenticate"), HasSubstr("invalid_token"));
  EXPECT_THAT(create("Authorization: Basic eDp5\r\n"), IsError(401, "MALFORMED_AUTHORIZATION"));
  EXPECT_THAT(create(Key("reader")), IsError(403, "ROLE_NEEDED"));
  EXPECT_EQ(created_, 0) << "a refused request never reaches the service";
  const RawResponse created = create(Key("editor"));
  EXPECT_EQ(created.status, 200);
  EXPECT_THAT(created.body, HasSubstr("\"title\":\"甲\""));
  EXPECT_EQ(created.Field("cache-control"), "no-store");
  EXPECT_THAT(Ask(Get("/v1/articles", "Authorization: Bearer city_wrong\r\n")),
              IsError(401, "UNKNOWN_KEY"));
}

TEST_F(GatewayToServices, ATokenOfTheIssuerOpensAsAKeyDoes) {
  const testing::TokenSigner issuer(testing::TokenSigner::Kind::kP256, "2026");
  config_.credentials.key_set = dir_.Write("jwks", issuer.KeySet());
  config_.credentials.token_rules = {.issuer = "https://login.example", .audience = "cityinfo"};
  StartGateway();
  const auto create = [&](absl::string_view role) {
    const std::string claims = absl::StrCat(
        R"({"iss":"https://login.example","aud":"cityinfo","sub":"wang.fang","role":")", role,
        R"(","exp":)", absl::ToUnixSeconds(absl::Now() + absl::Hours(1)), "}");
    return Ask(WithBody("POST", "/v1/articles", R"({"title":"甲"})",
                        absl::StrCat("Authorization: Bearer ", issuer.Sign(claims), "\r\n")));
  };
  EXPECT_EQ(create("editor").status, 200);
  EXPECT_EQ(articles_.contexts().back().principal, "wang.fang");
  EXPECT_THAT(create("reader"), IsError(403, "ROLE_NEEDED"));
}

TEST_F(GatewayToServices, AnAddressMayAskSoOftenAndAKeyByItself) {
  config_.address_rate = {.per_second = 0.001, .burst = 2};
  config_.key_rate = {.per_second = 0.001, .burst = 1};
  StartGateway();
  const RawResponse first = Ask(Get("/v1/articles"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.Field("ratelimit-limit"), "2");
  EXPECT_EQ(first.Field("ratelimit-remaining"), "1");
  EXPECT_EQ(first.Field("ratelimit-reset"), "1000");
  // A key that is none counts for the address.
  EXPECT_EQ(Ask(Get("/v1/articles", "Authorization: Bearer city_wrong\r\n")).status, 401);
  const RawResponse refused = Ask(Get("/v1/articles"));
  EXPECT_THAT(refused, IsError(429, "RATE_LIMITED"));
  EXPECT_EQ(refused.Field("retry-after"), "1000");
  // Nobody believes a client about its address.
  EXPECT_EQ(Ask(Get("/v1/articles", "X-Forwarded-For: 198.51.100.1\r\n")).status, 429);
  EXPECT_EQ(Ask(Get("/v1/articles", Key("reader"))).status, 200);
  EXPECT_EQ(Ask(Get("/v1/articles", Key("reader"))).status, 429);
  EXPECT_EQ(Ask(Get("/v1/articles", Key("editor"))).status, 200);
  EXPECT_EQ(Ask(Get("/healthz")).status, 200);
}

TEST_F(GatewayToServices, ATrustedProxyTellsWhoAsks) {
  config_.address_rate = {.per_second = 0.001, .burst = 1};
  config_.trusted_proxies = "127.0.0.0/8";
  StartGateway();
  const auto from = [&](const char* address) {
    return Ask(Get("/v1/articles", absl::StrCat("X-Forwarded-For: ", address, "\r\n"))).status;
  };
  EXPECT_EQ(from("198.51.100.1"), 200);
  EXPECT_EQ(from("198.51.100.1"), 429);
  EXPECT_EQ(from("198.51.100.2"), 200);
  EXPECT_EQ(from("203.0.113.5, 198.51.100.2"), 429);
}

TEST_F(GatewayToServices, WhatStoresNothingNeedsNoKey) {
  StartGateway();
  const RawResponse split = Ask(WithBody("POST", "/v1/pages:split", R"({"text":"标题"})"));
  EXPECT_EQ(split.status, 200);
  EXPECT_THAT(split.body, HasSubstr("标题"));
}

TEST_F(GatewayToServices, BadInputIsNamed) {
  StartGateway();
  const auto split = [&](absl::string_view body) {
    return Ask(WithBody("POST", "/v1/pages:split", body));
  };
  EXPECT_THAT(split("{\"text\": }"), IsError(400, "MALFORMED_JSON"));
  EXPECT_THAT(split("{\"text\": }").body, HasSubstr("line 1, column 10"));
  EXPECT_THAT(split("{\"text\":\"\xb9\xab\xcb\xbe\"}"), IsError(400, "MALFORMED_JSON"));
  EXPECT_THAT(split("{\"words\":\"a\"}"), IsError(400, "UNKNOWN_FIELD"));
  EXPECT_THAT(split("{\"text\":[\"a\"]}"), IsError(400, "INVALID_JSON_VALUE"));
  EXPECT_THAT(split("{\"text\":[\"a\"]}").body,
              HasSubstr("\"fieldViolations\":[{\"field\":\"text\""));
  EXPECT_THAT(Ask(Get("/v1/articles?page_size=many")), IsError(400, "INVALID_QUERY_PARAMETER"));
  EXPECT_THAT(Ask(Get("/v1/articles?size=1")), IsError(400, "UNKNOWN_QUERY_PARAMETER"));
  EXPECT_THAT(Ask(Get("/v1/articles?publish_date_from=2021-13-40")),
              IsError(400, "INVALID_QUERY_PARAMETER"));
  EXPECT_THAT(Ask(Get("/v1/articles?page_size=-1")), IsError(400, "INVALID_PAGE_SIZE"))
      << "what a service refuses keeps its reason";
  EXPECT_THAT(Ask(Get("/v1/articles/8")), IsError(404, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Ask(Get("/v1/tags")), IsError(501, "NOT_AVAILABLE_YET"));
  EXPECT_THAT(Ask(Get("/v1/home?place=Kaili")), IsError(400, "INVALID_PLACE"));
}

TEST_F(GatewayToServices, RoutesThatAreNoneHaveTheSameForm) {
  StartGateway();
  EXPECT_THAT(Ask(Get("/v1/nothing")), IsError(404, "ROUTE_NOT_FOUND"));
  EXPECT_THAT(Ask(Get("/v1/articles/%ff")), IsError(400, "INVALID_PATH"));
  const RawResponse put = Ask(WithBody("PUT", "/v1/articles", "{}"));
  EXPECT_THAT(put, IsError(405, "METHOD_NOT_ALLOWED"));
  EXPECT_EQ(put.Field("allow"), "GET, HEAD, POST");
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n\r\n"), IsError(400, "BAD_FRAMING"));
  EXPECT_THAT(Ask(Get("/", absl::StrCat("X: ", std::string(20000, 'x'), "\r\n"))),
              IsError(431, "HEADER_TOO_LARGE"));
  EXPECT_THAT(Ask(WithBody("POST", "/v1/pages:split", std::string(5'000'000, 'a'))),
              IsError(413, "BODY_TOO_LARGE"));
}

TEST_F(GatewayToServices, ABodyWithoutEndIsAnsweredInTime) {
  config_.limits.body_timeout = absl::Milliseconds(100);
  StartGateway();
  const RawResponse response =
      Ask("POST /v1/pages:split HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n{\"text\"");
  EXPECT_THAT(response, IsError(408, "REQUEST_TIMEOUT"));
}

TEST_F(GatewayToServices, ComposesTheHomeScreen) {
  StartGateway();
  const RawResponse home = Ask(Get("/v1/home"));
  EXPECT_EQ(home.status, 200);
  EXPECT_THAT(home.body, AllOf(HasSubstr("\"place\":\"522601\""), HasSubstr("281.76亿元"),
                               HasSubstr("\"title\":\"size 10\""), Not(HasSubstr("FAILED"))));
  EXPECT_THAT(Ask(Get("/v1/home?place=52")).body, HasSubstr("\"place\":\"52\""));
}

TEST_F(GatewayToServices, ServesTheHomeScreenWithoutTheSectionThatFails) {
  fail_progress_ = true;
  StartGateway();
  const RawResponse home = Ask(Get("/v1/home"));
  EXPECT_EQ(home.status, 200);
  EXPECT_THAT(home.body, HasSubstr("281.76亿元"));
  EXPECT_THAT(home.body, HasSubstr("{\"section\":\"progress\",\"state\":\"FAILED\","
                                   "\"message\":\"the store is away\"}"));
}

TEST_F(GatewayToServices, DoesNotWaitForASectionThatHangs) {
  hang_progress_ = true;
  config_.section_timeout = absl::Seconds(1);
  StartGateway();
  const absl::Time start = absl::Now();
  const RawResponse home = Ask(Get("/v1/home"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  EXPECT_EQ(home.status, 200);
  EXPECT_THAT(home.body, HasSubstr("{\"section\":\"progress\",\"state\":\"FAILED\""));
}

TEST_F(GatewayToServices, ComposesAnArticleWithItsHighlights) {
  StartGateway();
  const RawResponse page = Ask(Get("/v1/articles/7/page"));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("\"highlights\":[{\"block\":0,\"start\":\"2\",\"end\":\"7\","
                                   "\"figures\":[0]}]"));
  EXPECT_THAT(Ask(Get("/v1/articles/8/page")), IsError(404, "ARTICLE_NOT_FOUND"));
}

TEST_F(GatewayToServices, ASlowServiceIsATimeoutAndIsTold) {
  hang_progress_ = true;
  config_.request_timeout = absl::Seconds(1);
  StartGateway();
  EXPECT_THAT(Ask(Get("/v1/progress")), IsError(504, "UPSTREAM_DEADLINE_EXCEEDED"));
  EXPECT_TRUE(WaitUntil([&] { return progress_cancelled_.load(); }));
}

TEST_F(GatewayToServices, AClientThatGoesAwayCancelsItsCall) {
  hang_progress_ = true;
  StartGateway();
  {
    RawClient client(app_->http_port());
    client.Send(Get("/v1/progress"));
    ASSERT_TRUE(WaitUntil([&] { return !metrics_.contexts().empty(); }));
  }
  EXPECT_TRUE(WaitUntil([&] { return progress_cancelled_.load(); }));
}

TEST_F(GatewayToServices, AServiceThatIsAwayIsUnavailable) {
  StartGateway();
  ASSERT_TRUE(WaitForStatus("ok"));
  articles_.Stop();
  const RawResponse response = Ask(Get("/v1/articles"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.Field("retry-after"), "1");
  EXPECT_THAT(response.body, Not(HasSubstr("127.0.0.1"))) << "no addresses to the outside";
  EXPECT_EQ(Ask(Get("/v1/home")).status, 200) << "the other sections are served";
  EXPECT_TRUE(WaitForStatus("down"));
  EXPECT_EQ(Ask(Get("/readyz")).status, 503);
  EXPECT_EQ(Ask(Get("/healthz")).status, 200);
}

TEST_F(GatewayToServices, OnlyReadsAreTriedAgain) {
  fail_progress_ = true;
  fail_create_ = true;
  StartGateway();
  EXPECT_THAT(Ask(Get("/v1/progress")), IsError(503, "NO_STORE"));
  EXPECT_EQ(metrics_.contexts().size(), 3u);
  EXPECT_THAT(Ask(WithBody("POST", "/v1/articles", "{}", Key("editor"))), IsError(503, "BUSY"));
  EXPECT_EQ(created_, 1);
}

TEST_F(GatewayToServices, PassesOnThatACacheIsAway) {
  metrics_.health().Register("redis", /*required=*/false);
  metrics_.health().Set("redis", health::State::kOk);
  StartGateway();
  ASSERT_TRUE(WaitForStatus("ok"));
  metrics_.health().Set("redis", health::State::kDegraded, "gone");
  EXPECT_TRUE(WaitForStatus("degraded"));
  const RawResponse ready = Ask(Get("/readyz"));
  EXPECT_EQ(ready.status, 200) << "a cache never gates readiness";
  EXPECT_THAT(ready.body, HasSubstr("{\"name\":\"redis\",\"state\":\"degraded\""));
}

TEST_F(GatewayToServices, GivesTheNewestArticlesAway) {
  StartGateway();
  const RawResponse atom = Ask(Get("/feeds/articles.atom"));
  EXPECT_EQ(atom.status, 200);
  EXPECT_EQ(atom.Field("content-type"), "application/atom+xml; charset=utf-8");
  EXPECT_EQ(atom.Field("last-modified"), "Tue, 01 Dec 2026 00:00:00 GMT");
  EXPECT_EQ(atom.Field("cache-control"), "public, max-age=2");
  EXPECT_EQ(atom.Field("vary"), "authorization");
  EXPECT_THAT(atom.body, AllOf(HasSubstr("<title>size 30</title>"), HasSubstr("全文。"),
                               HasSubstr("href=\"/#/articles/7\"")));
  const RawResponse known =
      Ask(Get("/feeds/articles.atom", absl::StrCat("If-None-Match: ", atom.Field("etag"), "\r\n")));
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(known.Field("etag"), atom.Field("etag"));
  const RawResponse json = Ask(Get("/feeds/articles.json?size=2&tag=x"));
  EXPECT_EQ(json.Field("content-type"), "application/feed+json");
  EXPECT_THAT(json.body, HasSubstr("\"title\":\"size 2\""));
  const RawResponse ninjs = Ask(Get("/feeds/articles.ninjs?tag=%E7%A9%BA"));
  EXPECT_EQ(ninjs.Field("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(ninjs.body, "[]\n");
  EXPECT_EQ(ninjs.Field("last-modified"), "") << "nothing has no date";
  EXPECT_EQ(Ask(Get("/feeds/articles.atom", Key("editor"))).Field("cache-control"),
            "private, no-store");
}

TEST_F(GatewayToServices, FeedsFailAsEverythingElse) {
  StartGateway();
  EXPECT_THAT(Ask(Get("/feeds/articles.atom?colour=red")), IsError(400, "UNKNOWN_QUERY_PARAMETER"));
  EXPECT_THAT(Ask(Get("/feeds/articles.json?size=-1")), IsError(400, "INVALID_QUERY_PARAMETER"));
  EXPECT_THAT(Ask(Get("/feeds/articles.ninjs?place=9")), IsError(400, "INVALID_PLACE"));
  EXPECT_THAT(Ask(Get("/feeds/articles.rss")), IsError(404, "ROUTE_NOT_FOUND"));
  EXPECT_THAT(Ask(Get("/feeds/articles.atom", "Authorization: Bearer city_wrong\r\n")),
              IsError(401, "UNKNOWN_KEY"));
  const RawResponse post = Ask(WithBody("POST", "/feeds/articles.atom", "x"));
  EXPECT_THAT(post, IsError(405, "METHOD_NOT_ALLOWED"));
  EXPECT_EQ(post.Field("allow"), "GET, HEAD");
  ASSERT_TRUE(WaitForStatus("ok"));
  articles_.Stop();
  EXPECT_EQ(Ask(Get("/feeds/articles.atom")).status, 503);
}

TEST_F(GatewayToServices, LinksOfFeedsComeFromTheSettingsNotFromTheRequest) {
  config_.public_url = "https://city.example";
  StartGateway();
  const RawResponse feed =
      Ask("GET /feeds/articles.json HTTP/1.1\r\nHost: evil.example\r\n"
          "X-Forwarded-Host: evil.example\r\n\r\n");
  EXPECT_THAT(feed.body,
              AllOf(HasSubstr("\"url\":\"https://city.example/#/articles/7\""),
                    HasSubstr("\"feed_url\":\"https://city.example/feeds/articles.json\""),
                    Not(HasSubstr("evil"))));
}

TEST_F(GatewayToServices, CarriesItsWebPage) {
  StartGateway();
  const RawResponse page = Ask(Get("/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.Field("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("app.js"));
  EXPECT_THAT(page.body, HasSubstr("<link rel=\"alternate\" type=\"application/atom+xml\""));
  EXPECT_EQ(Ask(Get("/", absl::StrCat("If-None-Match: ", page.Field("etag"), "\r\n"))).status, 304);
  for (const char* script :
       {"app", "article", "chart", "home", "indicator", "search", "timeline"}) {
    EXPECT_THAT(page.body, HasSubstr(absl::StrCat("src=\"/", script, ".js\"")));
    EXPECT_EQ(Ask(Get(absl::StrCat("/", script, ".js"))).status, 200) << script;
  }
  EXPECT_EQ(Ask(Get("/style.css")).status, 200);
  EXPECT_EQ(Ask(WithBody("POST", "/", "x")).status, 405);
}

TEST_F(GatewayToServices, TellsWhatItOffers) {
  StartGateway();
  const RawResponse document = Ask(Get("/openapi.json"));
  EXPECT_EQ(document.Field("content-type"), "application/json; charset=utf-8");
  const auto openapi = nlohmann::json::parse(document.body);
  EXPECT_EQ(openapi["openapi"], "3.1.0");
  EXPECT_TRUE(openapi["paths"]["/v1/articles/{article}:publish"].contains("post"));
  const RawResponse page = Ask(Get("/docs"));
  EXPECT_EQ(page.Field("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("id=\"QueryObservations\""));
  EXPECT_EQ(Ask(Get("/docs.css")).status, 200);
}

}  // namespace
}  // namespace cityinfo::gateway
