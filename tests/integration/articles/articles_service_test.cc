#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"
#include "tests/integration/articles/articles_process.h"
#include "tests/support/wait_until.h"

// The service as its clients meet it: over gRPC, as a process of its own.
namespace cityinfo::articles {
namespace {

using absl::StatusCode;
using ::testing::HasSubstr;

class ArticlesServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(service_.Start()); }

  v1::Article ImportFirst() {
    auto page = service_.Call(&Stub::ImportPage, SamplePage());
    EXPECT_OK(page);
    return page.ok() && page->articles_size() > 0 ? page->articles(0) : v1::Article();
  }
  absl::StatusOr<v1::Article> Get(const std::string& name, const std::string& role = "editor") {
    v1::GetArticleRequest request;
    request.set_name(name);
    return service_.Call(&Stub::GetArticle, request, role);
  }
  absl::StatusOr<v1::Article> Publish(const std::string& name) {
    v1::PublishArticleRequest request;
    request.set_name(name);
    return service_.Call(&Stub::PublishArticle, request);
  }

  ArticlesProcess service_;
};

TEST_F(ArticlesServiceTest, APageGoesFromPrintToReaders) {
  ASSERT_OK_AND_ASSIGN(const auto page, service_.Call(&Stub::ImportPage, SamplePage()));
  ASSERT_EQ(page.articles_size(), 2);
  const v1::Article& article = page.articles(0);
  EXPECT_EQ(article.title(), "滨江步道全线贯通 居民散步少绕路");
  EXPECT_EQ(article.byline(), "通讯员 杨晓岚");
  EXPECT_EQ(page.articles(1).title(), "老粮仓变身社区书房");
  EXPECT_EQ(article.page(), "A2");
  EXPECT_EQ(article.source_page(), page.page());

  // Every block stands on the page where it says.
  const std::string text = SamplePageText();
  const base::CodePointIndex index(text);
  for (const v1::Article& each : page.articles()) {
    ASSERT_GT(each.blocks_size(), 0);
    for (const v1::Block& block : each.blocks()) {
      ASSERT_GT(block.source_spans_size(), 0);
      const int64_t begin = block.source_spans(0).begin();
      EXPECT_EQ(index.Substr(begin, begin + 5), base::SubstrCodePoints(block.text(), 0, 5));
    }
  }

  EXPECT_THAT(Get(article.name(), "reader"), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const v1::Article published, Publish(article.name()));
  EXPECT_EQ(published.state(), v1::PUBLISHED);
  ASSERT_OK_AND_ASSIGN(const v1::Article read, Get(article.name(), "reader"));
  EXPECT_EQ(read.SerializeAsString(), published.SerializeAsString());

  ASSERT_OK_AND_ASSIGN(const auto list, service_.Call(&Stub::ListArticles, {}, "reader"));
  ASSERT_EQ(list.articles_size(), 1);
  EXPECT_EQ(list.articles(0).name(), article.name());

  v1::SearchArticlesRequest search;
  search.set_query("步道 驿站");
  // The search follows the change feed.
  v1::SearchArticlesResponse found;
  ASSERT_TRUE(testing::WaitUntil([&] {
    const auto answer = service_.Call(&Stub::SearchArticles, search, "reader");
    if (answer.ok()) found = *answer;
    return found.results_size() > 0;
  }));
  ASSERT_EQ(found.results_size(), 1);
  EXPECT_THAT(found.results(0).excerpt(), HasSubstr("驿站"));

  ASSERT_OK_AND_ASSIGN(const auto again, service_.Call(&Stub::ImportPage, SamplePage()));
  EXPECT_TRUE(again.already_imported());
  EXPECT_EQ(again.articles(0).name(), article.name());
}

TEST_F(ArticlesServiceTest, SplittingNeedsNoKeyAndStoresNothing) {
  v1::SplitPageRequest request;
  request.set_text(SamplePageText());
  ASSERT_OK_AND_ASSIGN(const auto split, service_.Call(&Stub::SplitPage, request, "reader"));
  ASSERT_EQ(split.articles_size(), 2);
  EXPECT_EQ(split.articles(0).name(), "");
  v1::ListArticlesRequest drafts;
  drafts.set_state(v1::DRAFT);
  ASSERT_OK_AND_ASSIGN(const auto list, service_.Call(&Stub::ListArticles, drafts));
  EXPECT_EQ(list.articles_size(), 0);
}

TEST_F(ArticlesServiceTest, BadPagesGetErrorsThatNameTheField) {
  const auto import = [&](auto spoil) {
    v1::ImportPageRequest request = SamplePage();
    spoil(request);
    return service_.Call(&Stub::ImportPage, request);
  };
  EXPECT_THAT(import([](auto& r) { r.clear_text(); }),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_EMPTY"));
  EXPECT_THAT(import([](auto& r) { r.set_text(std::string(5 << 20, 'x')); }),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_TOO_LARGE"));
  EXPECT_THAT(import([](auto& r) { r.set_text("- - -\n...\n"); }),
              FailsWith(StatusCode::kInvalidArgument, "NO_ARTICLE_FOUND"));
  EXPECT_THAT(import([](auto& r) {
                r.mutable_publish_date()->set_month(13);
                r.mutable_publish_date()->set_day(40);
              }),
              BlamesField("publish_date"));
  EXPECT_THAT(import([](auto& r) { r.set_place("999999"); }), BlamesField("place"));
  EXPECT_THAT(import([](auto& r) { r.clear_publication(); }), BlamesField("publication"));
  const absl::StatusOr<v1::ImportPageResponse> denied =
      service_.Call(&Stub::ImportPage, SamplePage(), "reader");
  EXPECT_THAT(denied, FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
}

TEST_F(ArticlesServiceTest, BadReadsGetErrorsThatNameTheField) {
  EXPECT_THAT(Get("articles/nobody"), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  EXPECT_THAT(Get("nobody"), BlamesField("name"));
  v1::ListArticlesRequest request;
  request.set_page_size(-1);
  EXPECT_THAT(service_.Call(&Stub::ListArticles, request), BlamesField("page_size"));
  request.set_page_size(1'000'000'000);
  EXPECT_OK(service_.Call(&Stub::ListArticles, request));
  for (int i = 0; i < 3; ++i) ASSERT_OK(service_.Call(&Stub::CreateArticle, SampleArticle(i)));
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto list, service_.Call(&Stub::ListArticles, request));
  request.set_page_token(list.next_page_token());
  EXPECT_OK(service_.Call(&Stub::ListArticles, request));
  request.set_tag("交通");
  EXPECT_THAT(service_.Call(&Stub::ListArticles, request),
              FailsWith(StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH"));
}

TEST_F(ArticlesServiceTest, AChangeReachesAWatcherAtOnce) {
  auto reader =
      rpc::StreamReader<v1::ArticleChange>::Open(service_.stub(), &Stub::WatchArticles, {}, {});
  v1::ArticleChange change;
  ASSERT_TRUE(reader->Read(&change));  // The first word of an empty feed is a heartbeat.
  EXPECT_TRUE(change.heartbeat());
  const v1::Article article = ImportFirst();
  ASSERT_OK(Publish(article.name()));
  std::vector<v1::ArticleChange> changes;
  while (changes.size() < 3 && reader->Read(&change)) {
    if (!change.heartbeat()) changes.push_back(change);
  }
  ASSERT_EQ(changes.size(), 3);
  EXPECT_EQ(changes[0].article().SerializeAsString(), article.SerializeAsString());
  EXPECT_EQ(changes[2].article().state(), v1::PUBLISHED);
  EXPECT_EQ(changes[2].resume_token(), "3");
}

TEST_F(ArticlesServiceTest, WatchersAreForOurOwnServices) {
  auto reader = rpc::StreamReader<v1::ArticleChange>::Open(service_.stub(), &Stub::WatchArticles,
                                                           ArticlesProcess::As("reader"), {});
  EXPECT_THAT(reader->Finish(), FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
  v1::WatchArticlesRequest request;
  request.set_resume_token("77");
  reader = rpc::StreamReader<v1::ArticleChange>::Open(service_.stub(), &Stub::WatchArticles, {},
                                                      request);
  EXPECT_THAT(reader->Finish(), FailsWith(StatusCode::kInvalidArgument, "RESUME_TOKEN_AHEAD"));
}

TEST_F(ArticlesServiceTest, EndsCleanlyWhileWatchersListen) {
  auto reader =
      rpc::StreamReader<v1::ArticleChange>::Open(service_.stub(), &Stub::WatchArticles, {}, {});
  v1::ArticleChange change;
  ASSERT_TRUE(reader->Read(&change));
  const testing::ExitState exit = service_.process().TerminateAndWait();
  EXPECT_EQ(exit.code, 0) << service_.process().Stderr();
  EXPECT_EQ(exit.signal, 0);
  EXPECT_THAT(reader->Finish(), testing::StatusIs(StatusCode::kUnavailable));
}

}  // namespace
}  // namespace cityinfo::articles
