#include <array>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/articles/articles_process.h"
#include "tests/support/postgres_server.h"
#include "tests/support/wait_until.h"

// Three replicas over one PostgreSQL, each with an index of its own.
namespace cityinfo::articles {
namespace {

constexpr int kReplicas = 3;

class SearchReplicas : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, testing::PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(url_, server_->NewDatabase("articles"));
    for (ArticlesProcess& replica : replicas_) ASSERT_OK(replica.Start({"--store=" + url_}));
  }

  // Publishes through this replica.
  void Publish(int replica, int number) {
    v1::CreateArticleRequest request = SampleArticle(number);
    request.mutable_article()->mutable_blocks(0)->set_text(
        number % 3 == 0 ? "步道，又是步道。" : absl::StrCat("编号", number, "，步道。"));
    ASSERT_OK(replicas_[replica].Call(&Stub::CreateArticle, request));
  }

  absl::StatusOr<v1::SearchArticlesResponse> Search(int replica,
                                                    const v1::SearchArticlesRequest& request) {
    return replicas_[replica].Call(&Stub::SearchArticles, request, "reader");
  }

  bool CatchUp() {
    v1::SearchArticlesRequest request;
    request.set_query("步道");
    for (int replica = 0; replica < kReplicas; ++replica) {
      const bool caught_up = testing::WaitUntil([&] {
        const auto response = Search(replica, request);
        return response.ok() && response->changes_behind() == 0;
      });
      if (!caught_up) return false;
    }
    return true;
  }

  std::unique_ptr<testing::PostgresServer> server_;
  std::string url_;
  std::array<ArticlesProcess, kReplicas> replicas_;
};

TEST_F(SearchReplicas, EachFindsWhatWasPublishedThroughAnother) {
  for (int i = 0; i < kReplicas; ++i) Publish(i, i);
  v1::SearchArticlesRequest request;
  request.set_query("步道");
  for (int replica = 0; replica < kReplicas; ++replica) {
    EXPECT_TRUE(testing::WaitUntil([&] {
      const auto response = Search(replica, request);
      return response.ok() && response->results_size() == kReplicas;
    })) << replica;
  }
}

TEST_F(SearchReplicas, AWalkOverAllOfThemNeitherSkipsNorRepeats) {
  constexpr int kArticles = 40;
  for (int i = 0; i < kArticles; ++i) Publish(i % kReplicas, i);
  ASSERT_TRUE(CatchUp());
  int added = kArticles;
  for (const auto order :
       {v1::SearchArticlesRequest::NEWEST, v1::SearchArticlesRequest::RELEVANCE}) {
    v1::SearchArticlesRequest request;
    request.set_query("步道");
    request.set_order(order);
    request.set_page_size(3);
    std::vector<std::string> walked;
    int page = 0;
    do {
      ASSERT_OK_AND_ASSIGN(const auto response, Search(page++ % kReplicas, request));
      for (const auto& result : response.results()) walked.push_back(result.article().title());
      request.set_page_token(response.next_page_token());
      // Some are added meanwhile, through another one.
      if (page <= 3) Publish(page % kReplicas, added++);
    } while (!request.page_token().empty() && page < 100);
    const std::set<std::string> once(walked.begin(), walked.end());
    EXPECT_EQ(once.size(), walked.size()) << "repeated";
    for (int i = 0; i < kArticles; ++i) {
      EXPECT_TRUE(once.contains(SampleArticle(i).article().title())) << i << " was skipped";
    }
    ASSERT_TRUE(CatchUp());
  }
}

TEST_F(SearchReplicas, FollowsAgainWhenPostgresIsBack) {
  Publish(0, 1);
  ASSERT_TRUE(CatchUp());
  server_->Stop();
  v1::SearchArticlesRequest request;
  request.set_query("步道");
  EXPECT_THAT(Search(1, request), testing::StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_OK(server_->StartAgain());
  Publish(0, 2);
  EXPECT_TRUE(testing::WaitUntil([&] {
    const auto response = Search(1, request);
    return response.ok() && response->results_size() == 2;
  }));
}

}  // namespace
}  // namespace cityinfo::articles
