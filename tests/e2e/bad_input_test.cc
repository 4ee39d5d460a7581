// What bad input gets: a clear error that names the field and the reason, from the door to the CLI.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::e2e {
namespace {

using ::testing::HasSubstr;

class BadInput : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto suite = Suite::Start({.redis = false});
    ASSERT_OK(suite);
    suite_ = *std::move(suite);
  }
  static void TearDownTestSuite() { suite_.reset(); }

  struct Answer {
    int http = 0;
    Json error;
  };

  static Answer Send(const std::string& method, const std::string& target,
                     const std::string& body = "", bool with_key = true) {
    auto client = suite_->Client(with_key);
    auto response = client.http().Send(method, target, body);
    EXPECT_OK(response) << method << " " << target;
    if (!response.ok()) return {};
    const Json json = Json::parse(response->body, nullptr, false);
    EXPECT_TRUE(json.is_object() && json.contains("error")) << response->body;
    return {response->status,
            json.is_object() ? json.value("error", Json::object()) : Json::object()};
  }

  // The one error form, the status, and words that say which field and why.
  static void Expect(const Answer& answer, int http, const std::string& status,
                     const std::string& words) {
    EXPECT_EQ(answer.http, http) << answer.error.dump();
    EXPECT_EQ(answer.error.value("code", 0), http);
    EXPECT_EQ(answer.error.value("status", ""), status);
    EXPECT_THAT(answer.error.value("message", ""), HasSubstr(words));
    EXPECT_TRUE(answer.error.contains("details"));
  }

  static std::string ImportBody(Json change) {
    Json body{{"text", "标题在这里\n\n○通讯员 甲乙\n\n这是一段完整的话，说的是城里的事。\n"},
              {"publication", "测试报"},
              {"publishDate", {{"year", 2021}, {"month", 12}, {"day", 20}}},
              {"place", "522601"}};
    body.update(change);
    return body.dump();
  }

  static std::unique_ptr<Suite> suite_;
};

std::unique_ptr<Suite> BadInput::suite_;

TEST_F(BadInput, Pages) {
  const std::string import = "/v1/pages:import";
  Expect(Send("POST", import, ImportBody({{"text", ""}})), 400, "INVALID_ARGUMENT", "text");
  Expect(Send("POST", import, ImportBody({{"text", " \n\n "}})), 400, "INVALID_ARGUMENT", "text");
  Expect(Send("POST", import, ImportBody({{"text", "12 34\n--\n56\n"}})), 400, "INVALID_ARGUMENT",
         "text");
  Expect(Send("POST", import, ImportBody({{"place", "999999"}})), 400, "INVALID_ARGUMENT", "place");
  Expect(Send("POST", import, ImportBody({{"publication", ""}})), 400, "INVALID_ARGUMENT",
         "publication");
  Expect(Send("POST", import,
              ImportBody({{"publishDate", {{"year", 2021}, {"month", 13}, {"day", 40}}}})),
         400, "INVALID_ARGUMENT", "publish_date");
  EXPECT_EQ(Send("POST", import, ImportBody({{"text", std::string(5 << 20, 'x')}})).http, 413);
}

TEST_F(BadInput, ReadsAndLists) {
  Expect(Send("GET", "/v1/articles/nobody"), 404, "NOT_FOUND", "nobody");
  Expect(Send("GET", "/v1/articles?page_size=-1"), 400, "INVALID_ARGUMENT", "page_size");
  Expect(Send("GET", "/v1/articles?page_size=ten"), 400, "INVALID_ARGUMENT", "page_size");
  Expect(Send("GET", "/v1/articles?page_token=bogus"), 400, "INVALID_ARGUMENT", "page_token");
  Expect(Send("GET", "/v1/articles?publish_date_from=2021-13-40"), 400, "INVALID_ARGUMENT",
         "publish_date_from");
  Expect(Send("GET", "/v1/articles?colour=red"), 400, "INVALID_ARGUMENT", "colour");
  Expect(Send("GET", "/v1/observations?places=999999"), 400, "INVALID_ARGUMENT", "places");
  Expect(Send("GET", "/v1/observations?indicators=happiness"), 400, "INVALID_ARGUMENT",
         "indicators");
  Expect(Send("GET", "/v1/observations?period_from=soon"), 400, "INVALID_ARGUMENT", "period_from");
  auto coerced = suite_->Get("/v1/articles", {{"page_size", "1000000000"}});
  EXPECT_OK(coerced);
}

TEST_F(BadInput, ATokenOfAnotherQuery) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(suite_->Client().Post(
        "/v1/articles",
        Json::parse(absl::StrCat(
            R"({"title":"第)", i,
            R"(篇","publication":"测试报","place":"522601","publishDate":{"year":2021,"month":1,"day":2},)",
            R"("blocks":[{"kind":"PARAGRAPH","text":"正文。"}]})")),
        {{"publish", "true"}}));
  }
  auto first = suite_->Get("/v1/articles", {{"page_size", "1"}});
  ASSERT_OK(first);
  const std::string token = (*first)["nextPageToken"];
  ASSERT_FALSE(token.empty());
  EXPECT_OK(suite_->Get("/v1/articles", {{"page_size", "1"}, {"page_token", token}}));
  Expect(
      Send("GET", cli::Target("/v1/articles", {{"publication", "别的报"}, {"page_token", token}})),
      400, "INVALID_ARGUMENT", "page_token");
}

TEST_F(BadInput, Json) {
  Expect(Send("POST", "/v1/articles", "{\"title\": "), 400, "INVALID_ARGUMENT", "");
  Expect(Send("POST", "/v1/articles", R"({"titel": "x"})"), 400, "INVALID_ARGUMENT", "titel");
  Expect(Send("POST", "/v1/articles", R"({"title": {"a": 1}})"), 400, "INVALID_ARGUMENT", "title");
  Expect(Send("POST", "/v1/articles", R"({"title": ""})"), 400, "INVALID_ARGUMENT", "title");
}

TEST_F(BadInput, KeysMethodsAndRoutes) {
  Expect(Send("POST", "/v1/articles", "{}", /*with_key=*/false), 401, "UNAUTHENTICATED", "key");
  auto stranger = cli::ApiClient({.base_url = suite_->url(), .key = "wrong"})
                      .Post("/v1/articles", Json::object());
  EXPECT_THAT(stranger, testing::StatusIs(absl::StatusCode::kUnauthenticated));
  Expect(Send("PUT", "/v1/articles"), 405, "UNIMPLEMENTED", "PUT");
  Expect(Send("GET", "/v2/nothing"), 404, "NOT_FOUND", "/v2/nothing");
}

TEST_F(BadInput, CityctlNamesTheFileAndTheWayOut) {
  const auto& dir = suite_->dir();
  auto import = [&](const std::string& file, const std::string& date = "2021-12-20") {
    return suite_->Cityctl(
        {"import", "page", file, "--publication", "报", "--date", date, "--place", "522601"});
  };
  auto gbk = import(dir.Write("gbk.txt", "\xbf\xad\xc0\xef\xca\xd0\n"));
  EXPECT_EQ(gbk.exit_code, 4);
  EXPECT_THAT(gbk.err, HasSubstr("iconv"));
  EXPECT_THAT(import(dir.Write("empty.txt", "")).err, HasSubstr("is empty"));
  EXPECT_THAT(import(dir.Write("big.txt", std::string(5 << 20, 'x'))).err, HasSubstr("2 MiB"));
  EXPECT_THAT(import(dir.File("missing.txt")).err, HasSubstr("missing.txt"));
  EXPECT_THAT(import(dir.Write("a.txt", "标题\n"), "2021-13-40").err, HasSubstr("2021-13-40"));
  EXPECT_EQ(suite_->Cityctl({"articles", "get", "nobody"}).exit_code, 3);
  EXPECT_EQ(suite_->Cityctl({"articles", "fly"}).exit_code, 2);
  EXPECT_EQ(suite_->Cityctl({"--url", "http://127.0.0.1:1", "articles", "list"}).exit_code, 6);
}

}  // namespace
}  // namespace cityinfo::e2e
