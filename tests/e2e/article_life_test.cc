// The life of an article as an editor and a reader see it, from the first draft through search,
// suggestions, diffs and feeds to its end.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/suite.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::WaitUntil;

Json Draft(const std::string& title, const std::vector<std::string>& paragraphs) {
  Json blocks = Json::array();
  for (const std::string& text : paragraphs) {
    blocks.push_back({{"kind", "PARAGRAPH"}, {"text", text}});
  }
  return {{"title", title},
          {"publication", "河畔报"},
          {"section", "综合新闻"},
          {"tags", {"交通"}},
          {"place", "522601"},
          {"page", "A1"},
          {"publishDate", {{"year", 2026}, {"month", 11}, {"day", 20}}},
          {"blocks", blocks}};
}

class ArticleLife : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto suite = Suite::Start({.redis = false});
    ASSERT_OK(suite);
    suite_ = *std::move(suite);
  }
  static void TearDownTestSuite() { suite_.reset(); }

  // The id of a new article.
  static std::string Create(const Json& article, bool publish = false) {
    auto created =
        suite_->Client().Post("/v1/articles", article, {{"publish", publish ? "true" : ""}});
    EXPECT_OK(created);
    return created.ok() ? created->value("id", "") : "";
  }

  static Json Get(const std::string& id, bool with_key = true) {
    auto article = suite_->Client(with_key).Get("/v1/articles/" + id);
    return article.ok() ? *article : Json{{"state", article.status().ToString()}};
  }

  static absl::StatusOr<Json> Patch(const std::string& id, const Json& body) {
    auto client = suite_->Client();
    auto response = client.http().Send("PATCH", "/v1/articles/" + id, body.dump());
    if (!response.ok()) return response.status();
    if (response->status >= 300) return cli::StatusOfError(*response);
    return Json::parse(response->body);
  }

  // What cityctl prints when it ends well.
  static std::string Cityctl(std::vector<std::string> args) {
    args.insert(args.begin(), "articles");
    const auto result = suite_->Cityctl(args);
    EXPECT_EQ(result.exit_code, 0) << ::testing::PrintToString(args) << result.out << result.err;
    return result.out;
  }

  static std::string Feed(const std::string& format, const std::string& query = "") {
    auto text = suite_->Client(/*with_key=*/false)
                    .GetText("/feeds/articles." + format, {{"section", query}});
    return text.ok() ? *text : text.status().ToString();
  }

  // The search follows the change feed, a moment later.
  static bool Found(const std::string& words, const std::string& id) {
    auto found = suite_->Get("/v1/articles:search", {{"query", words}});
    return found.ok() &&
           found->dump().find(absl::StrCat("\"articles/", id, "\"")) != std::string::npos;
  }

  static std::unique_ptr<Suite> suite_;
};

std::unique_ptr<Suite> ArticleLife::suite_;

TEST_F(ArticleLife, FromDraftToUndeleted) {
  const std::string id =
      Create(Draft("跨江新桥下周试通车", {"新桥全长三百米。", "两岸只要十分钟。"}));
  EXPECT_EQ(Get(id)["state"], "DRAFT");
  EXPECT_THAT(Cityctl({"list", "--state", "DRAFT", "--page", "A1"}), HasSubstr(id));
  EXPECT_THAT(Feed("atom"), Not(HasSubstr(id)));

  // Publish it far from now, then nearer.
  EXPECT_THAT(
      Cityctl({"publish", id, "--at", "2098-01-01 08:00", "--until", "2099-01-01T00:00:00Z"}),
      AllOf(HasSubstr("SCHEDULED"), HasSubstr("public from 2098-01-01 08:00:00"),
            HasSubstr("until       2099-01-01")));
  EXPECT_FALSE(suite_->Get("/v1/articles/" + id).ok()) << "readers do not see it yet";
  const absl::Time moment =
      absl::FromUnixMillis(absl::ToUnixMillis(absl::Now() + absl::Seconds(3)));
  ASSERT_OK(suite_->Client().Post(
      "/v1/articles/" + id + ":publish",
      Json{
          {"publishTime", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", moment, absl::UTCTimeZone())}}));
  ASSERT_TRUE(WaitUntil([&] { return Get(id, /*with_key=*/false)["state"] == "PUBLISHED"; }))
      << Get(id, false).dump();
  EXPECT_GE(absl::Now(), moment);
  const std::string first_public = Get(id)["firstPublishTime"];
  EXPECT_EQ(Get(id).contains("publishTime"), false);

  // Find it.
  ASSERT_TRUE(WaitUntil([&] { return Found("新桥 两岸", id); }));
  EXPECT_THAT(Cityctl({"search", "新桥 两岸"}),
              AllOf(HasSubstr("跨江新桥下周试通车"), HasSubstr("1 article\n"),
                    HasSubstr("sections: 综合新闻 1"), HasSubstr("years: 2026 1")));
  EXPECT_THAT(Cityctl({"search", "新桥 -两岸"}), HasSubstr("0 articles"));
  auto found = suite_->Get("/v1/articles:search", {{"query", "新桥"}, {"page", "A1"}});
  ASSERT_OK(found);
  EXPECT_EQ((*found)["results"][0]["titleSpans"][0]["begin"], "2") << found->dump(2);
  EXPECT_TRUE(WaitUntil([&] {
    auto suggested = suite_->Get("/v1/articles:suggest", {{"prefix", "跨江"}});
    return suggested.ok() && suggested->dump().find("跨江新桥") != std::string::npos;
  }));
  EXPECT_THAT(Cityctl({"suggest", "跨江"}), AllOf(HasSubstr("TITLE"), HasSubstr("articles/" + id)));

  // What speaks of the same.
  const std::string other =
      Create(Draft("新桥通车后公交改线", {"新桥通车，三路公交过江。"}), /*publish=*/true);
  EXPECT_TRUE(WaitUntil([&] {
    auto related = suite_->Get("/v1/articles/" + id + "/related");
    return related.ok() && related->dump().find(other) != std::string::npos;
  }));
  EXPECT_THAT(Cityctl({"related", "articles/" + id}), HasSubstr("公交改线"));

  // Change it, look at the change, take it back.
  const int64_t before = std::stoll(Get(id).value("revision", "0"));
  auto changed = Patch(id, Json{{"blocks", Draft("", {"新桥全长三百二十米。", "两岸只要十分钟。",
                                                      "夜里有灯。"})["blocks"]}});
  ASSERT_OK(changed);
  EXPECT_EQ((*changed)["state"], "PUBLISHED");
  EXPECT_THAT(Cityctl({"diff", id}),
              AllOf(HasSubstr("新桥全长三百{+二十+}米。"), HasSubstr("+ 夜里有灯。"),
                    HasSubstr("  两岸只要十分钟。")));
  EXPECT_TRUE(WaitUntil([&] { return Found("夜里有灯", id); }));
  Cityctl({"rollback", id, "--revision", std::to_string(before)});
  EXPECT_THAT(Get(id).dump(), AllOf(HasSubstr("新桥全长三百米。"), Not(HasSubstr("夜里有灯"))));
  EXPECT_EQ(Get(id)["firstPublishTime"], first_public) << "it never moves";
  EXPECT_THAT(Cityctl({"revisions", id}), HasSubstr(std::to_string(before + 2)));
  EXPECT_TRUE(WaitUntil([&] { return !Found("夜里有灯", id); }));

  // Given away.
  EXPECT_THAT(Feed("atom"), AllOf(HasSubstr("#/articles/" + id), HasSubstr("新桥全长三百米。")));
  EXPECT_THAT(Feed("json"), HasSubstr("跨江新桥下周试通车"));
  EXPECT_THAT(Cityctl({"export", "--format", "ninjs"}), HasSubstr("\"articles/" + id + "\""));
  EXPECT_THAT(Feed("atom", "没有的版"), Not(HasSubstr("<entry>")));

  // The end, and back.
  EXPECT_THAT(Cityctl({"delete", id}), AllOf(HasSubstr("DELETED"), HasSubstr("gone from")));
  EXPECT_EQ(Get(id)["state"], "DELETED");
  EXPECT_THAT(Cityctl({"list"}), Not(HasSubstr(id)));
  EXPECT_THAT(Feed("atom"), AllOf(Not(HasSubstr(id)), HasSubstr(other)));
  EXPECT_TRUE(WaitUntil([&] { return !Found("新桥", id); }));
  EXPECT_THAT(Cityctl({"undelete", id}), HasSubstr("UNPUBLISHED"));
  EXPECT_THAT(Cityctl({"publish", id}), HasSubstr("PUBLISHED"));
  EXPECT_EQ(Get(id)["firstPublishTime"], first_public);
  EXPECT_TRUE(WaitUntil([&] { return Found("新桥", id); }));
}

TEST_F(ArticleLife, TheSameRequestTwiceDoesNothingTwice) {
  const std::string id = Create(Draft("夜市开张", {"夜市今晚开张。"}), /*publish=*/true);
  auto client = suite_->Client();
  const Json body = {{"requestId", "take-back-1"}};
  auto first = client.Post("/v1/articles/" + id + ":unpublish", body);
  ASSERT_OK(first);
  ASSERT_OK(client.Post("/v1/articles/" + id + ":publish", Json::object()));
  auto again = client.Post("/v1/articles/" + id + ":unpublish", body);
  ASSERT_OK(again);
  EXPECT_EQ(again->dump(), first->dump()) << "the first answer";
  EXPECT_EQ(Get(id)["state"], "PUBLISHED") << "and nothing more";
  auto response = client.http().Send("DELETE", "/v1/articles/" + id + "?requestId=take-back-1");
  ASSERT_OK(response);
  EXPECT_EQ(response->status, 409);
  EXPECT_THAT(response->body, HasSubstr("REQUEST_ID_REUSED"));
  auto stale = client.http().Send("DELETE", "/v1/articles/" + id + "?etag=old");
  ASSERT_OK(stale);
  EXPECT_EQ(stale->status, 409);
  EXPECT_THAT(stale->body, AllOf(HasSubstr("ABORTED"), HasSubstr("ETAG_MISMATCH")));
}

TEST_F(ArticleLife, WhatCannotBeIsSaid) {
  const std::string id = Create(Draft("早市搬家", {"早市搬到河边。"}));
  const auto refusal = [&](std::vector<std::string> args) {
    args.insert(args.begin(), "articles");
    const auto result = suite_->Cityctl(args);
    EXPECT_NE(result.exit_code, 0);
    return result.err;
  };
  EXPECT_THAT(refusal({"publish", id, "--at", "2020-01-01T00:00:00Z"}), HasSubstr("publish_time"));
  EXPECT_THAT(refusal({"publish", id, "--at", "2020-01-01"}), HasSubstr("--at"));
  EXPECT_THAT(
      refusal({"publish", id, "--at", "2099-01-02T00:00:00Z", "--until", "2099-01-01T00:00:00Z"}),
      HasSubstr("unpublish_time"));
  EXPECT_THAT(refusal({"rollback", id, "--revision", "99"}), HasSubstr("99"));
  EXPECT_THAT(refusal({"diff", id, "--from", "98", "--to", "99"}), HasSubstr("revision"));
  EXPECT_THAT(refusal({"undelete", id}), HasSubstr("not deleted"));
  EXPECT_THAT(refusal({"search", ""}), HasSubstr("query"));
  EXPECT_EQ(suite_->Cityctl({"articles", "related", "nobody"}).exit_code, 3);
  EXPECT_EQ(suite_->Cityctl({"articles", "export", "--format", "rss"}).exit_code, 2);
  EXPECT_EQ(suite_->Cityctl({"articles", "delete", id}, /*with_key=*/false).exit_code, 5);
}

}  // namespace
}  // namespace cityinfo::e2e
