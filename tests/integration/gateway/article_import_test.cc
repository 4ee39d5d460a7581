#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "platform/base/error.h"
#include "tests/integration/gateway/gateway_fixture.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

// POST /v1/articles:import: JSON lines become a stream to the articles service.
namespace cityinfo::gateway {
namespace {

using rpc::RequestContext;
using ::testing::HasSubstr;
using testing::WaitUntil;
namespace av1 = articles::v1;
using Json = nlohmann::json;
using Answer = absl::StatusOr<av1::ImportArticlesResponse>;
using Reader = rpc::ServerReader<av1::ImportArticlesRequest>;

constexpr char kLines[] = "Content-Type: application/x-ndjson\r\n";

class ArticleImportTest : public GatewayTest {
 protected:
  // "Stores" everything but articles without a title.
  void TakeAll() {
    articles_.OnStream<av1::ImportArticlesRequest, av1::ImportArticlesResponse>(
        kImportArticles, [this](const RequestContext& context, Reader& reader) -> Answer {
          role_ = context.role;
          av1::ImportArticlesResponse response;
          av1::ImportArticlesRequest request;
          while (reader.Read(&request)) {
            ++taken_;
            auto* result = response.add_results();
            result->set_item(reader.count());
            if (request.article().title().empty()) {
              result->set_outcome(av1::ImportArticleResult::FAILED);
              result->mutable_error()->set_message("article.title: is required");
              response.set_failed_count(response.failed_count() + 1);
            } else {
              result->set_outcome(av1::ImportArticleResult::CREATED);
              result->set_name("articles/" + request.article().title());
              response.set_created_count(response.created_count() + 1);
            }
          }
          ++ended_;
          if (!reader.status().ok()) return reader.status();
          return response;
        });
  }

  RawResponse Import(absl::string_view body, absl::string_view lines) {
    return Ask(WithBody("POST", "/v1/articles:import", body, lines));
  }
  RawResponse Import(absl::string_view body) {
    return Import(body, absl::StrCat(Key("editor"), kLines));
  }
  static std::string ReasonOf(const RawResponse& response) {
    const Json json = Json::parse(response.body, nullptr, false);
    return json.is_object() ? json["error"]["details"][0].value("reason", "") : response.body;
  }

  std::string role_;
  std::atomic<int> taken_{0};
  std::atomic<int> ended_{0};
};

TEST_F(ArticleImportTest, LinesGoInAndResultsComeBackByLine) {
  TakeAll();
  StartGateway();
  const RawResponse response = Import(
      "{\"article\":{\"title\":\"a\"}}\r\n"
      "\r\n"
      "{\"article\":{\"title\":}}\n"
      "{\"article\":{\"titel\":\"c\"}}\n"
      "{\"article\":{}}\n"
      "{\"article\":{\"title\":\"e\"}}");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.Field("cache-control"), "no-store");
  const Json json = Json::parse(response.body);
  EXPECT_EQ(json["createdCount"], "2");
  EXPECT_EQ(json["existingCount"], "0");
  EXPECT_EQ(json["failedCount"], "3");
  const Json& results = json["results"];
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(results[0], (Json{{"item", "1"}, {"outcome", "CREATED"}, {"name", "articles/a"}}));
  EXPECT_EQ(results[1]["item"], "3");
  EXPECT_EQ(results[1]["outcome"], "FAILED");
  EXPECT_EQ(results[1]["error"]["details"][0]["reason"], "MALFORMED_JSON");
  EXPECT_THAT(std::string(results[1]["error"]["message"]), HasSubstr("line 3, column 21"));
  EXPECT_EQ(results[2]["item"], "4");
  EXPECT_EQ(results[2]["error"]["details"][1]["fieldViolations"][0]["field"], "article.titel");
  EXPECT_EQ(results[3]["item"], "5");
  EXPECT_EQ(results[3]["error"]["message"], "article.title: is required");
  EXPECT_EQ(results[4]["item"], "6");
  EXPECT_EQ(results[4]["name"], "articles/e");
  EXPECT_EQ(role_, "editor");
}

TEST_F(ArticleImportTest, ManyLinesAndNone) {
  TakeAll();
  StartGateway();
  std::string body;
  for (int i = 0; i < 10'000; ++i)
    absl::StrAppend(&body, "{\"article\":{\"title\":\"", i, "\"}}\n");
  const RawResponse many = Import(body);
  ASSERT_EQ(many.status, 200);
  const Json json = Json::parse(many.body);
  EXPECT_EQ(json["createdCount"], "10000");
  EXPECT_EQ(json["results"][9'999]["name"], "articles/9999");
  const RawResponse none = Import("");
  ASSERT_EQ(none.status, 200);
  EXPECT_EQ(Json::parse(none.body)["results"], Json::array());
}

TEST_F(ArticleImportTest, WhatIsRefusedNeverReachesTheService) {
  TakeAll();
  StartGateway();
  const std::string line = "{\"article\":{\"title\":\"a\"}}\n";
  EXPECT_EQ(Import(line, kLines).status, 401);
  EXPECT_EQ(Import(line, absl::StrCat(Key("reader"), kLines)).status, 403);
  const RawResponse form = Import(
      line, absl::StrCat(Key("editor"), "Content-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_EQ(form.status, 415);
  EXPECT_EQ(ReasonOf(form), "UNSUPPORTED_MEDIA_TYPE");
  std::string many;
  for (int i = 0; i < 10'001; ++i) many += "{}\n";
  const RawResponse too_many = Import(many);
  EXPECT_EQ(too_many.status, 400);
  EXPECT_EQ(ReasonOf(too_many), "TOO_MANY_ITEMS");
  EXPECT_EQ(Import(std::string(5'000'000, ' ')).status, 413);
  EXPECT_EQ(Ask(Get("/v1/articles:import", Key("editor"))).status, 405);
  EXPECT_EQ(taken_, 0);
  EXPECT_EQ(ended_, 0);
}

TEST_F(ArticleImportTest, AServiceThatGivesUpIsTheAnswer) {
  articles_.OnStream<av1::ImportArticlesRequest, av1::ImportArticlesResponse>(
      kImportArticles, [](const RequestContext&, Reader& reader) -> Answer {
        av1::ImportArticlesRequest request;
        reader.Read(&request);
        return base::Unavailable("STORE_UNREACHABLE", "the store is away");
      });
  StartGateway();
  std::string body;
  for (int i = 0; i < 5'000; ++i) absl::StrAppend(&body, "{\"article\":{\"title\":\"", i, "\"}}\n");
  const RawResponse response = Import(body);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(ReasonOf(response), "STORE_UNREACHABLE");
}

TEST_F(ArticleImportTest, AServiceThatIsTooSlowIsNotWaitedFor) {
  config_.request_timeout = absl::Milliseconds(300);
  articles_.OnStream<av1::ImportArticlesRequest, av1::ImportArticlesResponse>(
      kImportArticles, [this](const RequestContext& context, Reader&) -> Answer {
        WaitUntil([&] { return context.cancelled(); }, absl::Seconds(20));
        ++ended_;
        return base::Cancelled("gone");
      });
  StartGateway();
  EXPECT_EQ(Import("{\"article\":{\"title\":\"a\"}}\n").status, 504);
  EXPECT_TRUE(WaitUntil([&] { return ended_ == 1; }));
}

TEST_F(ArticleImportTest, AClientThatLeavesEndsTheStream) {
  config_.request_timeout = absl::Seconds(60);
  std::atomic<bool> began{false};
  articles_.OnStream<av1::ImportArticlesRequest, av1::ImportArticlesResponse>(
      kImportArticles, [&](const RequestContext& context, Reader& reader) -> Answer {
        began = true;
        WaitUntil([&] { return context.cancelled(); }, absl::Seconds(20));
        av1::ImportArticlesRequest request;
        while (reader.Read(&request)) ++taken_;
        if (absl::IsCancelled(reader.status())) ++ended_;
        return base::Cancelled("gone");
      });
  StartGateway();
  {
    RawClient client(app_->http_port());
    ASSERT_TRUE(
        client.Send(WithBody("POST", "/v1/articles:import", "{\"article\":{\"title\":\"a\"}}\n",
                             absl::StrCat(Key("editor"), kLines))));
    ASSERT_TRUE(WaitUntil([&] { return began.load(); }));
  }
  EXPECT_TRUE(WaitUntil([&] { return ended_ == 1; }));
  EXPECT_EQ(taken_, 0);
}

}  // namespace
}  // namespace cityinfo::gateway
