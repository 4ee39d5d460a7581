#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/article_store/postgres_city.h"

// PostgreSQL away for a while, in each way it can be.
namespace cityinfo::articles {
namespace {

using ::testing::AnyOf;

class Outage : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, testing::PostgresServer::Start());
    ASSERT_OK_AND_ASSIGN(url_, server_->NewDatabase("outage"));
    store_ = OpenReplica(url_);
    ASSERT_NE(store_, nullptr);
    article_ = Publish(*store_, 1);
  }

  // Every kind of request fails as it should, within its deadline.
  void ExpectUnavailable() {
    const std::vector<std::function<absl::Status(absl::Time)>> requests = {
        [&](absl::Time by) { return store_->Get(article_.id, 0, ArticleView::kFull, by).status(); },
        [&](absl::Time by) { return store_->List({}, {}, ArticleView::kBasic, by).status(); },
        [&](absl::Time by) { return store_->ReadChanges(0, {}, by).status(); },
        [&](absl::Time by) { return store_->Create({.content = SampleContent(2)}, by).status(); },
        [&](absl::Time by) { return store_->ImportPage(SamplePage(3, 2), by).status(); },
        [&](absl::Time by) { return store_->Check(by); },
    };
    for (size_t i = 0; i < requests.size(); ++i) {
      const absl::Time deadline = absl::Now() + absl::Seconds(1);
      EXPECT_THAT(requests[i](deadline),
                  AnyOf(testing::StatusIs(absl::StatusCode::kUnavailable),
                        testing::StatusIs(absl::StatusCode::kDeadlineExceeded)))
          << "request " << i;
      EXPECT_LT(absl::Now(), deadline + absl::Seconds(1)) << "request " << i;
    }
  }

  // The same store works, its watch too, and nothing is lost.
  void ExpectWorks() {
    ASSERT_OK_AND_ASSIGN(const Article read,
                         store_->Get(article_.id, 0, ArticleView::kFull, Soon()));
    EXPECT_EQ(read, article_);
    ASSERT_OK(store_->Check(Soon()));
    const int64_t before = Newest();
    EXPECT_OK(store_->ImportPage(SamplePage(4, 2), Soon()));
    EXPECT_EQ(Newest(), before + 2);
    const std::unique_ptr<ArticleStore> other = OpenReplica(url_);
    ASSERT_NE(other, nullptr);
    Publish(*other, 9);
    EXPECT_TRUE(store_->change_signal().WaitBeyond(before + 2, Soon(), [] { return false; }));
  }

  int64_t Newest() {
    const auto feed = store_->ReadChanges(0, {.changes = 1000}, Soon());
    EXPECT_OK(feed);
    return feed.ok() && !feed->empty() ? feed->back().position : -1;
  }

  std::unique_ptr<testing::PostgresServer> server_;
  std::string url_;
  std::unique_ptr<ArticleStore> store_;
  Article article_;
};

TEST_F(Outage, AStoppedServerComesBack) {
  server_->Stop();
  ExpectUnavailable();
  ASSERT_OK(server_->StartAgain());
  ExpectWorks();
}

TEST_F(Outage, AKilledServerComesBack) {
  server_->Kill();
  ExpectUnavailable();
  ASSERT_OK(server_->StartAgain());
  ExpectWorks();
}

TEST_F(Outage, AFrozenServerComesBack) {
  server_->Freeze();
  ExpectUnavailable();
  server_->Thaw();
  ExpectWorks();
}

TEST_F(Outage, WhatWasAcknowledgedIsThereAfterAKill) {
  std::vector<std::string> acknowledged;
  std::jthread writer([&](const std::stop_token& stop) {
    for (int i = 10; !stop.stop_requested(); ++i) {
      const auto made =
          store_->Create({.content = SampleContent(i)}, absl::Now() + absl::Seconds(1));
      if (made.ok()) acknowledged.push_back(made->id);
    }
  });
  ASSERT_TRUE(store_->change_signal().WaitBeyond(30, Soon(), [] { return false; }));
  server_->Kill();
  ASSERT_OK(server_->StartAgain());
  const int64_t seen = store_->change_signal().newest();
  EXPECT_TRUE(store_->change_signal().WaitBeyond(seen + 5, Soon(), [] { return false; }));
  writer.request_stop();
  writer.join();
  EXPECT_GE(acknowledged.size(), 30);
  EXPECT_OK(store_->BatchGet(acknowledged, ArticleView::kBasic, Soon()));
  // What was not acknowledged may be there, but whole: its position follows the one before.
  ASSERT_OK_AND_ASSIGN(const std::vector<ArticleChange> feed,
                       store_->ReadChanges(0, {.changes = 100'000}, Soon()));
  for (size_t i = 0; i < feed.size(); ++i) ASSERT_EQ(feed[i].position, i + 1);
  EXPECT_GE(feed.size(), acknowledged.size() + 1);
}

}  // namespace
}  // namespace cityinfo::articles
