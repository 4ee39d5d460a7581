// kill -9 of each service in turn, again and again, while articles are imported: every acknowledged
// article is there once, every figure once, and the feed ends complete.
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/digest.h"
#include "tests/e2e/suite.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

constexpr int kArticles = 1000;
constexpr int kMostTriesAnArticle = 400;

std::string TitleOf(int i) { return absl::StrFormat("第%d号简报", i); }

// Each article states one figure no other states: the observation of its own year and month.
Json ArticleOf(int i) {
  const std::string period = absl::StrFormat("%d年%d月", 1900 + i / 12, 1 + i % 12);
  return Json{
      {"title", TitleOf(i)},
      {"publication", "测试报"},
      {"publishDate", {{"year", 2021}, {"month", 12}, {"day", 20}}},
      {"place", "522601"},
      {"blocks",
       {{{"kind", "PARAGRAPH"},
         {"text", absl::StrFormat("%s，全市社会消费品零售总额%d.5亿元。", period, 100 + i)}}}}};
}

// Sends until it is acknowledged; the request id makes the repeats harmless.
absl::StatusOr<std::string> CreateUntilAcknowledged(cli::ApiClient& client, int i) {
  const Json article = ArticleOf(i);
  absl::StatusOr<Json> answer;
  for (int attempt = 0; attempt < kMostTriesAnArticle; ++attempt) {
    answer = client.Post("/v1/articles", article,
                         {{"request_id", absl::StrCat("crash-test-", i)}, {"publish", "true"}});
    if (answer.ok()) return (*answer)["name"].get<std::string>();
    if (absl::IsInvalidArgument(answer.status())) break;
  }
  return answer.status();
}

std::multiset<std::string> AllOf(Suite& suite, const std::string& path, const std::string& field,
                                 const std::string& key) {
  std::multiset<std::string> values;
  auto all = suite.Client(false).GetAll(path, {{"page_size", "200"}}, field, 100000);
  EXPECT_OK(all);
  if (!all.ok()) return values;
  for (const Json& entry : (*all)[field]) values.insert(entry[key].get<std::string>());
  return values;
}

TEST(Crash, NothingAcknowledgedIsLostAndNothingIsDoubled) {
  ASSERT_OK_AND_ASSIGN(auto suite, Suite::Start());
  std::map<int, std::string> acknowledged;
  std::atomic<int> done{0};
  std::thread importer([&] {
    cli::ApiClient client = suite->Client();
    for (int i = 0; i < kArticles; ++i) {
      auto name = CreateUntilAcknowledged(client, i);
      EXPECT_OK(name);
      if (!name.ok()) break;
      acknowledged[i] = *name;
      ++done;
    }
    done = kArticles;
  });
  int kills = 0;
  while (done < kArticles) {
    for (const char* service : {"articles", "metrics", "gateway"}) {
      suite->Kill(service);
      ++kills;
      EXPECT_OK(suite->Launch(service));
      // Let some articles through, so that the next kill meets the suite at work.
      const int before = done;
      testing::WaitUntil([&] { return done >= std::min(kArticles, before + 15); });
    }
  }
  importer.join();
  RecordProperty("kills", kills);
  EXPECT_GE(kills, 15) << "the import was over before the suite was tried";
  ASSERT_EQ(acknowledged.size(), static_cast<size_t>(kArticles));

  const auto names = AllOf(*suite, "/v1/articles", "articles", "name");
  EXPECT_EQ(names.size(), static_cast<size_t>(kArticles));
  for (const auto& [i, name] : acknowledged) EXPECT_EQ(names.count(name), 1u) << TitleOf(i);

  // The harvest ends complete: one figure and one observation an article.
  EXPECT_TRUE(testing::WaitUntil(
      [&] {
        return AllOf(*suite, "/v1/figures", "figures", "name").size() >=
               static_cast<size_t>(kArticles);
      },
      absl::Seconds(60)));
  const auto figures = AllOf(*suite, "/v1/figures", "figures", "name");
  EXPECT_EQ(figures.size(), static_cast<size_t>(kArticles));
  EXPECT_EQ(std::set<std::string>(figures.begin(), figures.end()).size(), figures.size());
  const auto printed = AllOf(*suite, "/v1/observations", "observations", "printed");
  EXPECT_EQ(printed.size(), static_cast<size_t>(kArticles));
  for (int i = 0; i < kArticles; ++i)
    EXPECT_EQ(printed.count(absl::StrFormat("%d.5亿元", 100 + i)), 1u) << i;
}

}  // namespace
}  // namespace cityinfo::e2e
