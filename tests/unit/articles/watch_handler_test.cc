#include "services/articles/rpc/watch_handler.h"

#include <thread>

#include "absl/synchronization/mutex.h"
#include "tests/support/collecting_sink.h"
#include "tests/unit/articles/handler_test.h"

namespace cityinfo::articles {
namespace {

using absl::StatusCode;

using FakeSink = testing::CollectingSink<v1::ArticleChange>;

class WatchHandlerTest : public HandlerTest {
 protected:
  // A watcher on a thread of its own, ended with the object.
  class Watcher {
   public:
    Watcher(ArticleStore& store, const std::string& token, absl::Duration heartbeat)
        : handler_(store, {.heartbeat = heartbeat, .batch = {.changes = 2}}) {
      thread_ = std::jthread([this, token] {
        v1::WatchArticlesRequest request;
        request.set_resume_token(token);
        rpc::ServerWriter<v1::ArticleChange> writer(sink);
        status_ = handler_.WatchArticles(Internal(), request, writer);
      });
    }
    ~Watcher() { EXPECT_OK(Finish()); }
    absl::Status Finish() {
      sink.End();
      if (thread_.joinable()) thread_.join();
      return status_;
    }
    FakeSink sink;

   private:
    WatchHandler handler_;
    absl::Status status_;
    std::jthread thread_;
  };
};

TEST_F(WatchHandlerTest, SendsWhatWasAndWhatComes) {
  const v1::Article a = Create(1);
  const v1::Article b = Create(2);
  Watcher watcher(*store_, "", absl::Minutes(1));
  watcher.sink.WaitFor(2);
  const v1::Article c = Create(3, true);
  const auto changes = watcher.sink.WaitFor(3);
  ASSERT_EQ(changes.size(), 3);
  EXPECT_EQ(changes[0].resume_token(), "1");
  EXPECT_EQ(changes[0].article().SerializeAsString(), a.SerializeAsString());
  EXPECT_EQ(changes[2].resume_token(), "3");
  EXPECT_EQ(changes[2].article().SerializeAsString(), c.SerializeAsString());
  EXPECT_TRUE(changes[2].has_commit_time());
  EXPECT_OK(watcher.Finish());
}

TEST_F(WatchHandlerTest, ResumesBehindTheToken) {
  for (int i = 1; i <= 4; ++i) Create(i);
  Watcher watcher(*store_, "3", absl::Minutes(1));
  const auto changes = watcher.sink.WaitFor(1);
  EXPECT_EQ(changes[0].resume_token(), "4");
}

TEST_F(WatchHandlerTest, AHeartbeatSaysHowFarTheStreamIs) {
  Create(1);
  Watcher watcher(*store_, "", absl::Milliseconds(5));
  const auto beats = watcher.sink.WaitFor(2, /*heartbeats=*/true);
  EXPECT_EQ(beats[0].resume_token(), "1");
  EXPECT_FALSE(beats[0].has_article());
}

TEST_F(WatchHandlerTest, APurgedArticleGoesWithAWord) {
  const v1::Article article = Create(1);
  v1::DeleteArticleRequest remove;
  remove.set_name(article.name());
  ASSERT_OK(write_->DeleteArticle(Editor(), remove));
  clock_.Advance(absl::Hours(31 * 24));
  ASSERT_OK_AND_ASSIGN(const Upkeep upkeep, store_->KeepUp(absl::Now() + absl::Seconds(20)));
  EXPECT_EQ(upkeep.purged, 1);
  Watcher watcher(*store_, "", absl::Minutes(1));
  const auto changes = watcher.sink.WaitFor(1);
  EXPECT_TRUE(changes.back().purged());
  EXPECT_EQ(changes.back().article().name(), article.name());
  EXPECT_EQ(changes.back().article().state(), v1::DELETED);
  EXPECT_EQ(changes.back().article().title(), "");
}

TEST_F(WatchHandlerTest, ATokenThatIsTooOldIsRefused) {
  const std::string name = Create(1).name();
  for (const char* title : {"二", "三"}) {
    v1::UpdateArticleRequest update;
    update.mutable_article()->set_name(name);
    update.mutable_article()->set_title(title);
    ASSERT_OK(write_->UpdateArticle(Editor(), update));
  }
  clock_.Advance(absl::Hours(91 * 24));
  Create(2);
  ASSERT_OK_AND_ASSIGN(const Upkeep upkeep, store_->KeepUp(absl::Now() + absl::Seconds(20)));
  EXPECT_EQ(upkeep.trimmed, 2);
  FakeSink sink;
  rpc::ServerWriter<v1::ArticleChange> writer(sink);
  v1::WatchArticlesRequest request;
  request.set_resume_token("1");
  WatchHandler handler(*store_, {});
  EXPECT_THAT(handler.WatchArticles(Internal(), request, writer),
              FailsWith(StatusCode::kOutOfRange, "RESUME_TOKEN_TOO_OLD"));
  // Whoever begins again gets every article, and goes on from there.
  Watcher anew(*store_, "", absl::Minutes(1));
  const auto changes = anew.sink.WaitFor(2);
  EXPECT_EQ(changes[0].article().title(), "三");
  Watcher later(*store_, changes[0].resume_token(), absl::Minutes(1));
  EXPECT_EQ(later.sink.WaitFor(1)[0].resume_token(), changes[1].resume_token());
}

// What a failover to a standby that trailed leaves: the database lacks what was announced before.
TEST_F(WatchHandlerTest, AFeedBehindWhatWasAnnouncedIsAskedAtTheHeartbeatsPace) {
  Create(1);
  store_->change_signal().Announce(100);
  Watcher watcher(*store_, "", absl::Milliseconds(5));
  EXPECT_EQ(watcher.sink.WaitFor(2, /*heartbeats=*/true)[0].resume_token(), "1");
  Create(2);
  EXPECT_EQ(watcher.sink.WaitFor(2)[1].resume_token(), "2");
}

TEST_F(WatchHandlerTest, EndsAtOnceWhenTheReaderGoesAway) {
  Watcher watcher(*store_, "", absl::Hours(1));
  EXPECT_OK(watcher.Finish());
}

TEST_F(WatchHandlerTest, AWatcherThatDoesNotReadHoldsUpNobody) {
  Watcher slow(*store_, "", absl::Minutes(1));
  slow.sink.Block();
  Watcher quick(*store_, "", absl::Minutes(1));
  for (int i = 1; i <= 20; ++i) Create(i);
  EXPECT_EQ(quick.sink.WaitFor(20).size(), 20);
}

TEST_F(WatchHandlerTest, BadTokensAreRefused) {
  WatchHandler handler(*store_, {});
  FakeSink sink;
  rpc::ServerWriter<v1::ArticleChange> writer(sink);
  for (const char* token : {"x", "-1", "1.5", " 1", "99999999999999999999"}) {
    v1::WatchArticlesRequest request;
    request.set_resume_token(token);
    EXPECT_THAT(handler.WatchArticles(Internal(), request, writer), BlamesField("resume_token"))
        << token;
  }
  v1::WatchArticlesRequest ahead;
  ahead.set_resume_token("7");
  EXPECT_THAT(handler.WatchArticles(Internal(), ahead, writer),
              FailsWith(StatusCode::kInvalidArgument, "RESUME_TOKEN_AHEAD"));
  EXPECT_THAT(handler.WatchArticles(Reader(), {}, writer),
              FailsWith(StatusCode::kPermissionDenied, "EDITOR_REQUIRED"));
}

}  // namespace
}  // namespace cityinfo::articles
