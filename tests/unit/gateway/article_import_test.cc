#include "services/gateway/imports/article_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "platform/base/error.h"
#include "services/gateway/imports/json_lines.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::StatusIs;
namespace av1 = articles::v1;
using Result = av1::ImportArticleResult;

std::vector<std::pair<int64_t, std::string>> LinesOf(absl::string_view body) {
  std::vector<std::pair<int64_t, std::string>> lines;
  JsonLines reader(body);
  while (const auto line = reader.Next()) lines.emplace_back(line->number, line->text);
  return lines;
}

TEST(JsonLines, PassesOverBlankLinesButCountsThem) {
  EXPECT_THAT(LinesOf("a\n\n \t\r\nb\r\n\r\nc"),
              ElementsAre(Pair(1, "a"), Pair(4, "b"), Pair(6, "c")));
  EXPECT_THAT(LinesOf("a\n"), ElementsAre(Pair(1, "a")));
  EXPECT_THAT(LinesOf(""), IsEmpty());
  EXPECT_THAT(LinesOf("\n\r\n  "), IsEmpty());
}

TEST(JsonLines, IsKnownByItsContentType) {
  for (const char* type : {"application/x-ndjson", "Application/JSONL", "application/json",
                           "application/x-ndjson; charset=utf-8"}) {
    EXPECT_TRUE(IsJsonLinesType(type)) << type;
  }
  for (const char* type : {"application/x-www-form-urlencoded", "text/plain", "", "application/js",
                           "application/jsonlines"}) {
    EXPECT_FALSE(IsJsonLinesType(type)) << type;
  }
}

// Takes all messages; their titles.
std::vector<std::string> Titles(ArticleImport& import) {
  std::vector<std::string> titles;
  while (const auto bytes = import.NextMessage()) {
    av1::ImportArticlesRequest request;
    EXPECT_TRUE(request.ParseFromString(*bytes));
    titles.push_back(request.article().title());
  }
  return titles;
}

// What the service says of `count` messages: all are new, but for the numbers in `failed`.
std::string ServiceAnswer(int count, const std::vector<int>& failed = {}) {
  av1::ImportArticlesResponse response;
  for (int i = 1; i <= count; ++i) {
    Result* result = response.add_results();
    result->set_item(i);
    result->set_outcome(Result::CREATED);
    result->set_name(absl::StrCat("articles/", i));
  }
  for (int item : failed) {
    response.mutable_results(item - 1)->set_outcome(Result::FAILED);
    response.mutable_results(item - 1)->clear_name();
  }
  response.set_created_count(count - static_cast<int>(failed.size()));
  response.set_failed_count(static_cast<int>(failed.size()));
  return response.SerializeAsString();
}

av1::ImportArticlesResponse Parse(const absl::StatusOr<std::string>& bytes) {
  av1::ImportArticlesResponse response;
  EXPECT_OK(bytes);
  EXPECT_TRUE(bytes.ok() && response.ParseFromString(*bytes));
  return response;
}

TEST(ArticleImport, NumbersResultsByLine) {
  ArticleImport import(
      "{\"article\":{\"title\":\"甲\"},\"publish\":true}\n"
      "\n"
      "not json\n"
      "{\"article\":{\"title\":\"乙\"}}\n"
      "{\"article\":{\"headline\":\"丙\"}}\n");
  EXPECT_THAT(Titles(import), ElementsAre("甲", "乙"));
  const av1::ImportArticlesResponse answer = Parse(import.Answer(ServiceAnswer(2, {2})));
  ASSERT_EQ(answer.results_size(), 4);
  EXPECT_EQ(answer.created_count(), 1);
  EXPECT_EQ(answer.failed_count(), 3);

  EXPECT_EQ(answer.results(0).item(), 1);
  EXPECT_EQ(answer.results(0).name(), "articles/1");
  EXPECT_EQ(answer.results(1).item(), 3);
  EXPECT_EQ(answer.results(1).outcome(), Result::FAILED);
  EXPECT_THAT(answer.results(1).error().message(), HasSubstr("line 3, column 1"));
  EXPECT_EQ(answer.results(2).item(), 4);
  EXPECT_EQ(answer.results(2).outcome(), Result::FAILED);
  EXPECT_EQ(answer.results(3).item(), 5);
  EXPECT_THAT(answer.results(3).error().message(),
              HasSubstr("article.headline: there is no such field (line 5, column 24)"));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(answer.results(3).error().details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "UNKNOWN_FIELD");
}

TEST(ArticleImport, AMessageSaysWhatItsLineSays) {
  ArticleImport import(R"({"article":{"title":"甲"},"publish":true,"validateOnly":true})");
  av1::ImportArticlesRequest request;
  ASSERT_TRUE(request.ParseFromString(import.NextMessage().value_or("?")));
  EXPECT_EQ(request.article().title(), "甲");
  EXPECT_TRUE(request.publish());
  EXPECT_TRUE(request.validate_only());
  EXPECT_EQ(import.NextMessage(), std::nullopt);
}

TEST(ArticleImport, WhatIsNoMessageIsNotSent) {
  ArticleImport import(
      "[]\n\"text\"\n{\"article\":\"text\"}\n{} {}\n{\"article\":{\"title\":\"\xff\"}}\n");
  EXPECT_THAT(Titles(import), IsEmpty());
  const av1::ImportArticlesResponse answer = Parse(import.Answer(ServiceAnswer(0)));
  ASSERT_EQ(answer.results_size(), 5);
  EXPECT_EQ(answer.failed_count(), 5);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(answer.results(i).item(), i + 1);
    EXPECT_EQ(answer.results(i).error().code(),
              static_cast<int>(absl::StatusCode::kInvalidArgument));
  }
}

TEST(ArticleImport, AnAnswerThatLeavesItemsOutIsNoAnswer) {
  ArticleImport import("{}\n{}\n");
  Titles(import);
  EXPECT_THAT(import.Answer(ServiceAnswer(1)), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(import.Answer("\xff"), StatusIs(absl::StatusCode::kInternal));
}

TEST(ArticleImport, ChecksBeforeAnythingIsSent) {
  const auto reason = [](absl::string_view query, absl::string_view body) {
    return base::ErrorReason(ArticleImport::Check(query, body));
  };
  std::string body;
  for (int i = 0; i < kMaxImportLines; ++i) body += "{}\n\n";
  EXPECT_OK(ArticleImport::Check("", body));
  EXPECT_EQ(reason("", body + "{}"), "TOO_MANY_ITEMS");
  EXPECT_EQ(reason("publish=true", "{}"), "UNKNOWN_QUERY_PARAMETER");
  EXPECT_OK(ArticleImport::Check("", ""));
}

TEST(ArticleImport, ABodyThatSaysItIsSomethingElseIsRefused) {
  const auto status_for = [](const std::string& type) {
    RequestHead head;
    if (!type.empty()) head.fields = {{"content-type", type}};
    const auto rejection = ArticleImport::CheckContentType(head);
    return rejection.has_value() ? rejection->http_status : 200;
  };
  EXPECT_EQ(status_for(""), 200);
  EXPECT_EQ(status_for("application/x-ndjson"), 200);
  EXPECT_EQ(status_for("application/x-www-form-urlencoded"), 415);
}

}  // namespace
}  // namespace cityinfo::gateway
