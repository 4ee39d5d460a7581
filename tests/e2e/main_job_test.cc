// From a newspaper page to a cited figure: what an editor, a phone and an operator see.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/utf8.h"
#include "tests/e2e/suite.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::SourcePath;
using testing::WaitUntil;

// One suite for all tests of this file: each only reads what SetUpTestSuite imported.
class MainJob : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto suite = Suite::Start();
    ASSERT_OK(suite);
    suite_ = *std::move(suite);
    for (const char* page : {"a1", "b2"}) {
      const auto import = suite_->Cityctl(
          {"import", "page",
           SourcePath(absl::StrCat("data/sample/kaili-2021-12-20-", page, ".txt")), "--publication",
           "测试报", "--date", "2021-12-20", "--place", "522601", "--page", page, "--publish"});
      ASSERT_EQ(import.exit_code, 0) << import.err << import.out;
    }
    published_ = absl::Now();
    harvested_ = WaitUntil(
        [] {
          auto found = suite_->Get("/v1/observations", {{"indicators", "sewage_works"}});
          return found.ok() && !(*found)["observations"].empty();
        },
        absl::Seconds(20));
    readable_ = absl::Now();
  }
  static void TearDownTestSuite() { suite_.reset(); }

  // The one observation of a key; an empty object when it is not there.
  static Json Observation(const std::string& indicator, const std::string& measure,
                          const std::string& kind, const std::string& period) {
    auto answer =
        suite_->Get("/v1/observations", {{"indicators", indicator}, {"places", "522601"}});
    EXPECT_OK(answer);
    if (!answer.ok()) return Json::object();
    for (const Json& o : (*answer)["observations"]) {
      if (o["measure"] == measure && o["kind"] == kind && o["period"] == period) return o;
    }
    ADD_FAILURE() << indicator << " " << measure << " " << kind << " " << period << " is not in "
                  << answer->dump(1);
    return Json::object();
  }

  // The quote stands at its offsets in the cited revision, and so does the printed value.
  static void ExpectCited(const Json& observation) {
    ASSERT_TRUE(observation.contains("citations") && !observation["citations"].empty());
    for (const Json& citation : observation["citations"]) {
      auto article = suite_->Get("/v1/" + citation["article"].get<std::string>(),
                                 {{"revision", citation["revision"]}});
      ASSERT_OK(article);
      const std::string text = (*article)["blocks"][citation["block"].get<int>()]["text"];
      auto cut = [&](const char* from, const char* to) {
        return std::string(base::SubstrCodePoints(text,
                                                  std::stoll(citation[from].get<std::string>()),
                                                  std::stoll(citation[to].get<std::string>())));
      };
      EXPECT_EQ(cut("start", "end"), citation["quote"]);
      EXPECT_EQ(cut("valueStart", "valueEnd"), observation["printed"]);
    }
  }

  static void Expect(const Json& observation, const std::string& printed, const std::string& exact,
                     const std::string& qualifier = "EXACT") {
    EXPECT_EQ(observation.value("printed", ""), printed);
    EXPECT_EQ(observation.value("exactValue", ""), exact);
    EXPECT_EQ(observation.value("qualifier", ""), qualifier);
    ExpectCited(observation);
  }

  static std::unique_ptr<Suite> suite_;
  static absl::Time published_, readable_;
  static bool harvested_;
};

std::unique_ptr<Suite> MainJob::suite_;
absl::Time MainJob::published_, MainJob::readable_;
bool MainJob::harvested_ = false;

TEST_F(MainJob, FiguresAreReadableSoonAfterPublishing) { EXPECT_TRUE(harvested_); }

TEST_F(MainJob, EveryFigureIsAnObservationWithItsSentence) {
  Expect(Observation("gdp", "LEVEL", "ACTUAL", "2020"), "281.76亿元", "28176000000");
  Expect(Observation("gdp", "LEVEL", "TARGET", "2025"), "500亿元", "50000000000");
  Expect(Observation("gdp", "AVERAGE_GROWTH", "ACTUAL", "2016/2020"), "5.9%", "5.9");
  Expect(Observation("gdp", "AVERAGE_GROWTH", "TARGET", "2021/2025"), "12%", "12", "ABOUT");
  Expect(Observation("urban_disposable_income", "AVERAGE_GROWTH", "ACTUAL", "2016/2020"), "8.2%",
         "8.2");
  Expect(Observation("rural_disposable_income", "AVERAGE_GROWTH", "ACTUAL", "2016/2020"), "10%",
         "10");
  Expect(Observation("retail_sales", "AVERAGE_GROWTH", "ACTUAL", "2016/2020"), "9.6%", "9.6");
  Expect(Observation("fixed_asset_investment", "LEVEL", "ACTUAL", "2020"), "119.29亿元",
         "11929000000");
  Expect(Observation("sewage_works", "LEVEL", "ACTUAL", "2016/2020"), "11座", "11");
  Expect(Observation("sewage_works_upgraded", "LEVEL", "ACTUAL", "2016/2020"), "5座", "5");
  Expect(Observation("sewage_works_investment", "LEVEL", "ACTUAL", "2016/2020"), "4.7亿元",
         "470000000");
  Expect(Observation("primacy_ratio", "SHARE", "TARGET", "2025"), "30%", "30");
}

TEST_F(MainJob, ProgressSaysWhatGrowthIsStillNeeded) {
  auto answer = suite_->Get("/v1/progress", {{"places", "522601"}, {"indicators", "gdp"}});
  ASSERT_OK(answer);
  ASSERT_EQ((*answer)["progress"].size(), 1u) << answer->dump(1);
  const Json& progress = (*answer)["progress"][0];
  EXPECT_EQ(progress["target"]["printed"], "500亿元");
  EXPECT_EQ(progress["actual"]["printed"], "281.76亿元");
  EXPECT_EQ(progress["yearsLeft"], 5);
  EXPECT_NEAR(progress["attainedShare"], 0.56352, 1e-5);
  // (500 / 281.76) ^ (1 / 5) - 1, by hand.
  EXPECT_NEAR(progress["requiredAnnualGrowth"], 12.1556, 1e-2);
}

TEST_F(MainJob, AnArticlePageGivesTheSpansToHighlight) {
  const Json cited = Observation("gdp", "LEVEL", "ACTUAL", "2020")["citations"][0];
  auto page = suite_->Get("/v1/" + cited["article"].get<std::string>() + "/page");
  ASSERT_OK(page);
  bool found = false;
  for (const Json& highlight : (*page)["highlights"]) {
    const std::string text = (*page)["article"]["blocks"][highlight["block"].get<int>()]["text"];
    const auto span =
        base::SubstrCodePoints(text, std::stoll(highlight["start"].get<std::string>()),
                               std::stoll(highlight["end"].get<std::string>()));
    found |= std::string(span) == "281.76亿元";
  }
  EXPECT_TRUE(found) << page->dump(1);
}

TEST_F(MainJob, HomeIsOneAnswerForAPhone) {
  auto home = suite_->Get("/v1/home");
  ASSERT_OK(home);
  EXPECT_EQ((*home)["place"], "522601");
  EXPECT_EQ((*home)["articles"].size(), 4u);
  EXPECT_FALSE((*home)["headlines"].empty());
  EXPECT_FALSE((*home)["progress"].empty());
  for (const Json& section : (*home)["sections"])
    EXPECT_EQ(section["state"], "OK") << section.dump();
}

TEST_F(MainJob, CityctlShowsItToPeopleAndScripts) {
  auto query = suite_->Cityctl(
      {"observations", "query", "--indicators", "gdp", "--places", "522601"}, false);
  EXPECT_EQ(query.exit_code, 0) << query.err;
  EXPECT_THAT(query.out, HasSubstr("281.76亿元"));
  EXPECT_THAT(query.out, HasSubstr("█"));
  auto json = suite_->Cityctl({"--json", "observations", "query", "--indicators", "gdp"}, false);
  EXPECT_FALSE(Json::parse(json.out)["observations"].empty());
  EXPECT_THAT(suite_->Cityctl({"articles", "list"}).out, HasSubstr("定下新坐标 五年再登攀"));
  EXPECT_THAT(suite_->Cityctl({"articles", "search", "污水处理厂"}).out,
              HasSubstr("一河清水绕城流"));
  EXPECT_THAT(suite_->Cityctl({"figures", "list", "--indicator", "gdp"}).out, HasSubstr("500亿元"));
  EXPECT_THAT(suite_->Cityctl({"progress", "--places", "522601"}).out, HasSubstr("500亿元"));
  EXPECT_EQ(suite_->Cityctl({"status"}).exit_code, 0);
}

TEST_F(MainJob, ExtractAndSplitStoreNothingAndNeedNoKey) {
  const std::string page = SourcePath("data/sample/kaili-2021-12-20-b2.txt");
  auto split = suite_->Cityctl({"split", page}, false);
  ASSERT_EQ(split.exit_code, 0) << split.err;
  const Json articles = Json::parse(split.out)["articles"];
  ASSERT_EQ(articles.size(), 2u);
  EXPECT_EQ(articles[0]["title"], "一河清水绕城流");
  EXPECT_EQ(articles[0]["byline"], "通讯员 吴清水");
  auto extract =
      suite_->Cityctl({"extract", page, "--date", "2021-12-20", "--place", "522601"}, false);
  ASSERT_EQ(extract.exit_code, 0) << extract.err;
  EXPECT_THAT(extract.out, HasSubstr("\"printed\":\"11座\""));
}

TEST_F(MainJob, ImportingAPageAgainChangesNothing) {
  const auto before = suite_->Get("/v1/articles");
  const auto again = suite_->Cityctl(
      {"import", "page", SourcePath("data/sample/kaili-2021-12-20-a1.txt"), "--publication",
       "测试报", "--date", "2021-12-20", "--place", "522601", "--page", "a1", "--publish"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("already there"));
  EXPECT_EQ(suite_->Get("/v1/articles")->dump(), before->dump());
}

}  // namespace
}  // namespace cityinfo::e2e
