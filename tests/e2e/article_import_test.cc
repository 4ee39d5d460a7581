// A newsroom's archive goes in from a file of JSON lines: cityctl, gateway, service, store.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Lines(const std::string& section, int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) {
    const Json line = {
        {"title", absl::StrCat(section, "第", i, "条")},
        {"publication", "河畔报"},
        {"section", section},
        {"place", "522601"},
        {"publishDate", absl::StrCat("2020-0", 1 + i % 9, "-", 10 + i % 18)},
        {"blocks", {{{"text", absl::StrCat("编号", i, "，河上的风把旗子吹得直响。")}}}}};
    text += line.dump() + "\n";
  }
  return text;
}

class ArticleImport : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto suite = Suite::Start({.redis = false});
    ASSERT_OK(suite);
    suite_ = *std::move(suite);
  }
  static void TearDownTestSuite() { suite_.reset(); }

  static size_t Count(const std::string& section, const std::string& state) {
    auto list = suite_->Client().GetAll("/v1/articles", {{"section", section}, {"state", state}},
                                        "articles", 100'000);
    EXPECT_OK(list);
    return list.ok() ? (*list)["articles"].size() : 0;
  }
  static Suite::CommandResult Import(const std::string& text,
                                     std::vector<std::string> options = {}) {
    std::vector<std::string> args = {"import", "articles", suite_->dir().Write("lines", text)};
    args.insert(args.end(), options.begin(), options.end());
    return suite_->Cityctl(args);
  }

  static std::unique_ptr<Suite> suite_;
};

std::unique_ptr<Suite> ArticleImport::suite_;

TEST_F(ArticleImport, AFileGoesInOnceHoweverOftenItIsSent) {
  const std::string text = Lines("副刊", 1'203);
  const auto checked = Import(text, {"--publish", "--dry-run"});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_EQ(checked.out, "1203 would be imported, 0 already there, 0 would fail\n");
  EXPECT_EQ(Count("副刊", "PUBLISHED"), 0u);
  const auto first = Import(text, {"--publish"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(first.out, "1203 imported, 0 already there, 0 failed\n");
  EXPECT_EQ(Count("副刊", "PUBLISHED"), 1'203u);
  const auto second = Import(text, {"--publish"});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(second.out, "0 imported, 1203 already there, 0 failed\n");
  EXPECT_EQ(Import(text, {"--publish", "--dry-run"}).out,
            "0 would be imported, 1203 already there, 0 would fail\n");
  EXPECT_EQ(Count("副刊", "PUBLISHED"), 1'203u);
}

TEST_F(ArticleImport, WhatIsWrongIsNamedByItsLineAndTheOthersGoIn) {
  Json untitled = Json::parse(Lines("民生", 1));
  untitled["title"] = "";
  Json misspelt = Json::parse(Lines("民生", 2).substr(Lines("民生", 1).size()));
  misspelt["titel"] = "x";
  const std::string good = Lines("民生", 700);
  const std::string text =
      absl::StrCat(untitled.dump(), "\n\nnot json\n", good, misspelt.dump(), "\n");
  const auto result = Import(text);
  EXPECT_EQ(result.exit_code, 4) << "refused input";
  EXPECT_THAT(result.out, StartsWith("line 1: article.title: "));
  EXPECT_THAT(result.out, HasSubstr("\nline 3: line: is not a JSON object\n"));
  EXPECT_THAT(result.out, HasSubstr("\nline 704: article.titel: there is no such field"));
  EXPECT_THAT(result.out, HasSubstr("\n700 imported, 0 already there, 3 failed\n"));
  EXPECT_THAT(result.err, HasSubstr("3 of 703 failed; the first: line 1: article.title"));
  EXPECT_EQ(Count("民生", "DRAFT"), 700u);

  const auto json =
      suite_->Cityctl({"--json", "import", "articles", suite_->dir().Write("j", text)});
  const Json report = Json::parse(json.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << json.out.substr(0, 500);
  EXPECT_EQ(report["existing"], 700);
  EXPECT_EQ(report["failed"], 3);
  ASSERT_EQ(report["results"].size(), 703u);
  EXPECT_EQ(report["results"][1]["line"], 3);
  EXPECT_EQ(report["results"][2]["outcome"], "EXISTING");
  EXPECT_EQ(report["results"][702]["line"], 704);
}

TEST_F(ArticleImport, WithoutAKeyOrAFileNothingGoesIn) {
  const auto stranger = suite_->Cityctl(
      {"import", "articles", suite_->dir().Write("s", Lines("外稿", 3))}, /*with_key=*/false);
  EXPECT_EQ(stranger.exit_code, 5);
  EXPECT_THAT(stranger.err, HasSubstr("stopped at line 1"));
  EXPECT_EQ(Count("外稿", "DRAFT"), 0u);
  EXPECT_EQ(suite_->Cityctl({"import", "articles", suite_->dir().File("none")}).exit_code, 4);
}

TEST_F(ArticleImport, GoesOnWhenTheServiceComesBack) {
  const std::string text = Lines("转载", 600);
  suite_->Kill("articles");
  Suite::CommandResult result;
  std::jthread importer([&] { result = Import(text); });
  EXPECT_OK(suite_->Launch("articles"));
  importer.join();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Count("转载", "DRAFT"), 600u);
}

}  // namespace
}  // namespace cityinfo::e2e
