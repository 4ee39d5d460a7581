#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/sqlite/connection.h"
#include "services/articles/storage/open_article_store.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/integration/articles/articles_process.h"
#include "tests/support/wait_until.h"

// The search of a real service: what is published is found, what is taken back is not, and the
// index may be lost, broken or behind at any time.
namespace cityinfo::articles {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kFromNothing[] = "the search is built from nothing";

class SearchProcess : public ::testing::Test {
 protected:
  std::string index_path() const { return service_.data_dir() + "/articles-search.db"; }

  v1::Article Create(const std::string& title, bool publish = true) {
    v1::CreateArticleRequest request = SampleArticle(1);
    request.clear_request_id();
    request.set_publish(publish);
    request.mutable_article()->set_title(title);
    auto article = service_.Call(&Stub::CreateArticle, request);
    EXPECT_OK(article);
    return article.ok() ? *article : v1::Article();
  }

  v1::SearchArticlesResponse Search(const std::string& query) {
    v1::SearchArticlesRequest request;
    request.set_query(query);
    auto response = service_.Call(&Stub::SearchArticles, request, "reader");
    EXPECT_OK(response);
    return response.ok() ? *response : v1::SearchArticlesResponse();
  }
  bool Finds(const std::string& query) { return Search(query).results_size() > 0; }
  // Nothing that was committed before is missing in answers from now on.
  bool CatchUp() {
    return testing::WaitUntil([&] { return Search("字").changes_behind() == 0; },
                              absl::Seconds(60));
  }

  // Fills the store while no service has it.
  void Fill(int articles) {
    constexpr int kEach = 500;
    std::filesystem::create_directories(service_.data_dir());
    auto store = OpenArticleStore(
        {.database = {.store = absl::StrCat("sqlite:", service_.data_dir(), "/articles.db"),
                      .synchronous = sqlite::Synchronous::kNormal}});
    ASSERT_OK(store);
    for (int from = 0; from < articles; from += kEach) {
      PageImport page{.text = absl::StrCat("从", from, "起"),
                      .publication = "样例晚报",
                      .publish_date = base::DateFromDays(18'000 + from / kEach),
                      .label = "A2",
                      .place = "522601",
                      .publish = true};
      for (int i = from; i < from + kEach; ++i) {
        ArticleContent content = SampleContentOf(i, page.publish_date);
        for (int repeat = 0; repeat < 10; ++repeat) {
          content.blocks.push_back({.text = absl::StrCat("第", i * 10 + repeat, "段，再说一遍。")});
        }
        page.articles.push_back(std::move(content));
      }
      ASSERT_OK((*store)->ImportPage(page, absl::Now() + absl::Seconds(20)));
    }
  }

  ArticlesProcess service_;
};

TEST_F(SearchProcess, FindsWhatIsPublishedUntilItIsTakenBack) {
  ASSERT_OK(service_.Start());
  const v1::Article draft = Create("没有发表的步道", false);
  const v1::Article article = Create("已经发表的书房");
  EXPECT_TRUE(testing::WaitUntil([&] { return Finds("书房"); }));
  ASSERT_TRUE(CatchUp());
  EXPECT_FALSE(Finds("步道"));

  v1::PublishArticleRequest publish;
  publish.set_name(draft.name());
  ASSERT_OK(service_.Call(&Stub::PublishArticle, publish));
  EXPECT_TRUE(testing::WaitUntil([&] { return Finds("步道"); }));

  v1::UpdateArticleRequest update;
  update.mutable_article()->set_name(article.name());
  update.mutable_article()->set_title("改过的粮仓");
  ASSERT_OK(service_.Call(&Stub::UpdateArticle, update));
  EXPECT_FALSE(Finds("书房")) << "what is shown is what is there now";
  EXPECT_TRUE(testing::WaitUntil([&] { return Finds("粮仓"); }));

  v1::UnpublishArticleRequest unpublish;
  unpublish.set_name(draft.name());
  ASSERT_OK(service_.Call(&Stub::UnpublishArticle, unpublish));
  EXPECT_FALSE(Finds("步道"));
  v1::DeleteArticleRequest remove;
  remove.set_name(article.name());
  ASSERT_OK(service_.Call(&Stub::DeleteArticle, remove));
  EXPECT_FALSE(Finds("粮仓"));
  ASSERT_TRUE(CatchUp());
  EXPECT_EQ(Search("粮仓").total_size(), 0);
}

TEST_F(SearchProcess, AScheduledArticleIsFoundFromItsMomentOnUntilItsEnd) {
  ASSERT_OK(service_.Start());
  const v1::Article article = Create("定时发表的步道", false);
  const absl::Time begin = absl::Now() + absl::Seconds(2);
  const absl::Time end = begin + absl::Seconds(2);
  v1::PublishArticleRequest publish;
  publish.set_name(article.name());
  publish.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(begin));
  publish.mutable_unpublish_time()->set_seconds(absl::ToUnixSeconds(end));
  ASSERT_OK(service_.Call(&Stub::PublishArticle, publish));
  // A moment in whole seconds may be up to one earlier than asked for.
  const absl::Time opens = absl::FromUnixSeconds(absl::ToUnixSeconds(begin));
  ASSERT_TRUE(CatchUp());
  const bool found_early = Finds("步道");
  if (absl::Now() < opens) {
    EXPECT_FALSE(found_early);
  }
  ASSERT_TRUE(testing::WaitUntil([&] { return Finds("步道"); }));
  EXPECT_GE(absl::Now(), opens);
  EXPECT_TRUE(testing::WaitUntil([&] { return !Finds("步道"); }));
  EXPECT_GE(absl::Now(), absl::FromUnixSeconds(absl::ToUnixSeconds(end)));
}

TEST_F(SearchProcess, SuggestsAndRelates) {
  ASSERT_OK(service_.Start());
  const v1::Article one = Create("滨江步道全线贯通");
  const v1::Article other = Create("滨江步道新添路灯");
  ASSERT_TRUE(CatchUp());
  v1::SuggestArticlesRequest suggest;
  suggest.set_prefix("滨江");
  ASSERT_OK_AND_ASSIGN(const auto suggestions,
                       service_.Call(&Stub::SuggestArticles, suggest, "reader"));
  EXPECT_EQ(suggestions.suggestions_size(), 2);
  v1::ListRelatedArticlesRequest related;
  related.set_name(one.name());
  ASSERT_OK_AND_ASSIGN(const auto close,
                       service_.Call(&Stub::ListRelatedArticles, related, "reader"));
  ASSERT_EQ(close.articles_size(), 1);
  EXPECT_EQ(close.articles(0).name(), other.name());
}

TEST_F(SearchProcess, KilledWhileItCatchesUpItGoesOnFromThere) {
  constexpr int kArticles = 10'000;
  Fill(kArticles);
  ASSERT_OK(service_.Start());
  int64_t behind = 0;
  ASSERT_TRUE(testing::WaitUntil([&] {
    behind = Search("步道").changes_behind();
    return behind < kArticles;
  }));
  EXPECT_GT(behind, 0) << "it had caught up already";
  service_.Kill();
  ASSERT_OK(service_.Start());
  EXPECT_LE(Search("步道").changes_behind(), behind);
  ASSERT_TRUE(CatchUp());
  EXPECT_THAT(service_.process().Stderr(), Not(HasSubstr(kFromNothing)));

  // Every article once, by their numbers.
  for (int i : {0, 1, 4'999, 5'000, kArticles - 1}) {
    const v1::SearchArticlesResponse found = Search(absl::StrCat("编号", i, "的"));
    ASSERT_EQ(found.results_size(), 1) << i;
    EXPECT_EQ(found.results(0).article().title(), SampleContent(i).title);
  }
}

TEST_F(SearchProcess, ALostIndexIsBuiltAgainWhileItServes) {
  constexpr int kArticles = 5'000;
  Fill(kArticles);
  ASSERT_OK(service_.Start());
  ASSERT_TRUE(CatchUp());
  EXPECT_EQ(service_.process().TerminateAndWait().code, 0);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(index_path() + suffix);
  ASSERT_OK(service_.Start());
  const v1::SearchArticlesResponse early = Search("编号4999的");
  EXPECT_GT(early.changes_behind(), 0);
  ASSERT_TRUE(CatchUp());
  EXPECT_EQ(Search("编号4999的").results_size(), 1);
}

TEST_F(SearchProcess, AFileThatIsNoIndexOfThisProgramIsReplaced) {
  ASSERT_OK(service_.Start());
  Create("滨江步道全线贯通");
  ASSERT_TRUE(CatchUp());
  service_.process().TerminateAndWait();
  {
    auto connection = sqlite::Connection::Open(index_path());
    ASSERT_OK(connection);
    ASSERT_OK((*connection)->Execute("PRAGMA user_version = 1000000"));
  }
  ASSERT_OK(service_.Start());
  ASSERT_TRUE(CatchUp());
  EXPECT_TRUE(Finds("步道"));
  EXPECT_THAT(service_.process().Stderr(), HasSubstr(kFromNothing)) << "another schema";

  service_.process().TerminateAndWait();
  std::ofstream(index_path(), std::ios::trunc) << std::string(20'000, 'x');
  ASSERT_OK(service_.Start());
  ASSERT_TRUE(CatchUp());
  EXPECT_TRUE(Finds("步道"));
  EXPECT_THAT(service_.process().Stderr(), HasSubstr(kFromNothing)) << "garbage";
}

TEST_F(SearchProcess, TwoServicesDoNotShareAnIndex) {
  ASSERT_OK(service_.Start());
  ArticlesProcess other;
  EXPECT_FALSE(other.Start({"--search-index=" + index_path()}).ok());
  EXPECT_THAT(other.process().Stderr(), HasSubstr("STORE_IN_USE"));
  EXPECT_TRUE(CatchUp());
}

TEST_F(SearchProcess, TheIndexIsNotTheStore) {
  ArticlesProcess confused;
  const std::string path = confused.data_dir() + "/articles.db";
  EXPECT_FALSE(confused.Start({"--store=sqlite:" + path, "--search-index=" + path}).ok());
  EXPECT_THAT(confused.process().Stderr(), HasSubstr("--search-index"));
}

}  // namespace
}  // namespace cityinfo::articles
