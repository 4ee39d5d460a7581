#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "platform/sqlite/connection.h"
#include "tests/integration/articles/admin_page.h"
#include "tests/integration/articles/articles_process.h"
#include "tests/support/postgres_server.h"
#include "tests/support/wait_until.h"

// What time does to articles, as clients see it: one service over SQLite, and three over one
// PostgreSQL.
namespace cityinfo::articles {
namespace {

using absl::StatusCode;
using testing::WaitUntil;

constexpr int64_t kMicrosPerDay = 86'400'000'000;

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp proto;
  const int64_t micros = absl::ToUnixMicros(time);
  proto.set_seconds(micros / 1'000'000);
  proto.set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
  return proto;
}

class LifecycleTest : public ::testing::TestWithParam<bool> {
 protected:
  static bool over_postgres() { return GetParam(); }

  void SetUp() override {
    if (over_postgres()) {
      ASSERT_OK_AND_ASSIGN(server_, testing::PostgresServer::Start());
      ASSERT_OK_AND_ASSIGN(url_, server_->NewDatabase("articles"));
    }
    for (int i = 0; i < (over_postgres() ? 3 : 1); ++i) {
      replicas_.push_back(std::make_unique<ArticlesProcess>());
    }
    ASSERT_OK(StartAll());
  }
  absl::Status StartAll() {
    for (const auto& replica : replicas_) {
      absl::Status started =
          replica->Start(over_postgres() ? std::vector<std::string>{"--store=" + url_}
                                         : std::vector<std::string>());
      if (!started.ok()) return started;
    }
    return absl::OkStatus();
  }

  // The how-manieth replica, round and round.
  ArticlesProcess& Replica(size_t i) { return *replicas_[i % replicas_.size()]; }
  ArticlesProcess& Last() { return *replicas_.back(); }

  std::string CreateDraft(int number = 1) {
    v1::CreateArticleRequest request = SampleArticle(number);
    request.set_publish(false);
    const auto draft = Replica(0).Call(&Stub::CreateArticle, request);
    EXPECT_OK(draft);
    return draft.ok() ? draft->name() : "";
  }
  static absl::StatusOr<v1::Article> Get(ArticlesProcess& replica, const std::string& name,
                                         const std::string& role) {
    v1::GetArticleRequest request;
    request.set_name(name);
    return replica.Call(&Stub::GetArticle, request, role);
  }
  bool PublicEverywhere(const std::string& name) {
    for (const auto& replica : replicas_) {
      if (!Get(*replica, name, "reader").ok()) return false;
    }
    return true;
  }
  bool HiddenEverywhere(const std::string& name) {
    for (const auto& replica : replicas_) {
      if (!absl::IsNotFound(Get(*replica, name, "reader").status())) return false;
    }
    return true;
  }

  // The whole feed as one replica streams it, up to now.
  static std::vector<v1::ArticleChange> ReadFeed(ArticlesProcess& replica,
                                                 const std::string& token = "") {
    v1::WatchArticlesRequest request;
    request.set_resume_token(token);
    auto reader = rpc::StreamReader<v1::ArticleChange>::Open(
        replica.stub(), &Stub::WatchArticles, {.deadline = absl::Now() + absl::Seconds(30)},
        request);
    std::vector<v1::ArticleChange> changes;
    v1::ArticleChange change;
    // The first heartbeat says that everything has come.
    while (reader->Read(&change) && !change.heartbeat()) changes.push_back(change);
    return changes;
  }
  // How a watch with this token ends; OK when it is still open after its first message.
  static absl::Status WatchFrom(ArticlesProcess& replica, const std::string& token) {
    v1::WatchArticlesRequest request;
    request.set_resume_token(token);
    auto reader = rpc::StreamReader<v1::ArticleChange>::Open(
        replica.stub(), &Stub::WatchArticles, {.deadline = absl::Now() + absl::Seconds(30)},
        request);
    v1::ArticleChange change;
    if (reader->Read(&change)) return absl::OkStatus();
    return reader->Finish();
  }
  // Changes that the slowest watcher of the first replica has not been sent.
  int WatcherLag() {
    static constexpr absl::string_view kName = "\ncityinfo_articles_watcher_lag_changes ";
    const std::string shown = AdminGet(Replica(0).admin_port(), "/metrics");
    const size_t at = shown.find(kName.data(), 0, kName.size());
    return at == std::string::npos ? -1 : std::atoi(shown.c_str() + at + kName.size());
  }
  // The states of an article in the order in which the feed tells of them.
  static std::vector<v1::ArticleState> StatesOf(const std::string& name,
                                                const std::vector<v1::ArticleChange>& feed) {
    std::vector<v1::ArticleState> states;
    for (const v1::ArticleChange& change : feed) {
      if (change.article().name() == name) states.push_back(change.article().state());
    }
    return states;
  }

  // Makes rows of the store older than they are, as if they had waited long. `where` may be empty.
  void Age(absl::string_view table, absl::string_view column, int days, absl::string_view where) {
    const std::string sql =
        absl::StrCat("UPDATE ", over_postgres() ? "articles." : "", table, " SET ", column, " = ",
                     column, " - ", days * kMicrosPerDay, where.empty() ? "" : " WHERE ", where);
    if (over_postgres()) {
      ASSERT_OK(server_->Query(url_, sql));
      return;
    }
    // A SQLite file belongs to the service alone.
    ASSERT_EQ(Replica(0).process().TerminateAndWait().code, 0);
    {
      auto connection = sqlite::Connection::Open(Replica(0).data_dir() + "/articles.db");
      ASSERT_OK(connection);
      ASSERT_OK((*connection)->Execute(sql));
    }
    ASSERT_OK(StartAll());
  }

  std::unique_ptr<testing::PostgresServer> server_;
  std::string url_;
  std::vector<std::unique_ptr<ArticlesProcess>> replicas_;
};

INSTANTIATE_TEST_SUITE_P(Stores, LifecycleTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Postgres" : "Sqlite"; });

TEST_P(LifecycleTest, AScheduledArticleAppearsAtItsMomentAndGoesAtAnother) {
  const std::string name = CreateDraft();
  // Far enough away for a slow machine to look at every replica before.
  const absl::Time appears = absl::Now() + absl::Seconds(4);
  const absl::Time goes = appears + absl::Seconds(4);
  v1::PublishArticleRequest publish;
  publish.set_name(name);
  *publish.mutable_publish_time() = ToTimestamp(appears);
  *publish.mutable_unpublish_time() = ToTimestamp(goes);
  ASSERT_OK_AND_ASSIGN(const v1::Article scheduled, Last().Call(&Stub::PublishArticle, publish));
  EXPECT_EQ(scheduled.state(), v1::SCHEDULED);
  for (const auto& replica : replicas_) {
    EXPECT_THAT(Get(*replica, name, "reader"),
                FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
    ASSERT_OK_AND_ASSIGN(const v1::Article seen, Get(*replica, name, "editor"));
    EXPECT_EQ(seen.state(), v1::SCHEDULED);
    EXPECT_EQ(seen.etag(), scheduled.etag());
    ASSERT_OK_AND_ASSIGN(const auto list, replica->Call(&Stub::ListArticles, {}, "reader"));
    EXPECT_EQ(list.articles_size(), 0);
  }

  std::optional<v1::Article> published;
  ASSERT_TRUE(WaitUntil([&] {
    const auto article = Get(Last(), name, "reader");
    if (article.ok()) published = *article;
    return article.ok();
  }));
  EXPECT_GE(absl::Now(), appears);
  EXPECT_EQ(published->state(), v1::PUBLISHED);
  EXPECT_EQ(published->first_publish_time().SerializeAsString(),
            publish.publish_time().SerializeAsString());
  EXPECT_TRUE(PublicEverywhere(name) || absl::Now() >= goes);

  ASSERT_TRUE(WaitUntil([&] { return HiddenEverywhere(name); }));
  EXPECT_GE(absl::Now(), goes);
  ASSERT_OK_AND_ASSIGN(const v1::Article taken_back, Get(Last(), name, "editor"));
  EXPECT_EQ(taken_back.state(), v1::UNPUBLISHED);
  EXPECT_EQ(taken_back.first_publish_time().SerializeAsString(),
            publish.publish_time().SerializeAsString());

  // The feed tells of each step once, however many replicas look after it.
  const std::vector<v1::ArticleState> steps = {v1::DRAFT, v1::SCHEDULED, v1::PUBLISHED,
                                               v1::UNPUBLISHED};
  ASSERT_TRUE(WaitUntil([&] { return StatesOf(name, ReadFeed(Last())).size() >= steps.size(); }));
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Replica(i).Call(&Stub::CreateArticle, SampleArticle(100 + i)));
  }
  for (const auto& replica : replicas_) EXPECT_EQ(StatesOf(name, ReadFeed(*replica)), steps);
  // Writing a step down does not make another version of it.
  ASSERT_OK_AND_ASSIGN(const v1::Article after, Get(Last(), name, "editor"));
  EXPECT_EQ(after.etag(), taken_back.etag());
}

TEST_P(LifecycleTest, AWatcherHearsOfAMomentThatNobodyAskedAbout) {
  const std::string name = CreateDraft();
  auto reader = rpc::StreamReader<v1::ArticleChange>::Open(
      Last().stub(), &Stub::WatchArticles, {.deadline = absl::Now() + absl::Seconds(60)}, {});
  v1::PublishArticleRequest publish;
  publish.set_name(name);
  *publish.mutable_publish_time() = ToTimestamp(absl::Now() + absl::Seconds(2));
  ASSERT_OK(Replica(0).Call(&Stub::PublishArticle, publish));
  v1::ArticleChange change;
  while (reader->Read(&change)) {
    if (change.article().state() == v1::PUBLISHED) break;
  }
  EXPECT_EQ(change.article().name(), name);
  EXPECT_EQ(change.article().state(), v1::PUBLISHED);
  EXPECT_EQ(change.article().first_publish_time().SerializeAsString(),
            publish.publish_time().SerializeAsString());
}

TEST_P(LifecycleTest, ARequestIdGivesTheFirstAnswerOnEveryReplica) {
  const std::string name = CreateDraft();
  v1::UpdateArticleRequest update;
  update.mutable_article()->set_name(name);
  update.mutable_article()->set_title("改过的标题");
  update.set_request_id("update-once");
  v1::PublishArticleRequest publish;
  publish.set_name(name);
  publish.set_request_id("publish-once");
  ASSERT_OK_AND_ASSIGN(const v1::Article updated, Replica(0).Call(&Stub::UpdateArticle, update));
  ASSERT_OK_AND_ASSIGN(const v1::Article published,
                       Replica(1).Call(&Stub::PublishArticle, publish));
  for (const auto& replica : replicas_) {
    ASSERT_OK_AND_ASSIGN(const v1::Article again, replica->Call(&Stub::UpdateArticle, update));
    EXPECT_EQ(again.SerializeAsString(), updated.SerializeAsString()) << "a draft, as it was then";
    ASSERT_OK_AND_ASSIGN(const v1::Article twice, replica->Call(&Stub::PublishArticle, publish));
    EXPECT_EQ(twice.SerializeAsString(), published.SerializeAsString());
    v1::UpdateArticleRequest other = update;
    other.mutable_article()->set_title("另一个标题");
    EXPECT_THAT(replica->Call(&Stub::UpdateArticle, other),
                FailsWith(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
    other = update;
    other.set_request_id("publish-once");
    EXPECT_THAT(replica->Call(&Stub::UpdateArticle, other),
                FailsWith(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
  }
  EXPECT_EQ(StatesOf(name, ReadFeed(Last())),
            (std::vector<v1::ArticleState>{v1::DRAFT, v1::DRAFT, v1::PUBLISHED}));
}

TEST_P(LifecycleTest, ATokenOfLongAgoTellsTheWatcherToBeginAgain) {
  const std::string name = CreateDraft();
  for (const char* title : {"第二稿", "第三稿"}) {
    v1::UpdateArticleRequest update;
    update.mutable_article()->set_name(name);
    update.mutable_article()->set_title(title);
    ASSERT_OK(Replica(0).Call(&Stub::UpdateArticle, update));
  }
  const std::vector<v1::ArticleChange> whole = ReadFeed(Last());
  ASSERT_EQ(whole.size(), 3);
  EXPECT_OK(WatchFrom(Last(), whole[0].resume_token()));
  ASSERT_NO_FATAL_FAILURE(Age("changes", "commit_time", 100, ""));
  // A commit wakes the upkeep.
  ASSERT_OK(Replica(1).Call(&Stub::CreateArticle, SampleArticle(7)));
  ASSERT_TRUE(WaitUntil([&] { return ReadFeed(Last()).size() == 2; }));
  for (const auto& replica : replicas_) {
    EXPECT_THAT(WatchFrom(*replica, whole[0].resume_token()),
                FailsWith(StatusCode::kOutOfRange, "RESUME_TOKEN_TOO_OLD"));
    const std::vector<v1::ArticleChange> anew = ReadFeed(*replica);
    ASSERT_EQ(anew.size(), 2) << "each article once";
    EXPECT_EQ(anew[0].article().title(), "第三稿");
    EXPECT_EQ(anew[0].resume_token(), whole[2].resume_token());
    EXPECT_EQ(ReadFeed(*replica, anew[0].resume_token()).size(), 1);
  }
}

TEST_P(LifecycleTest, ADeletedArticleCanBeBroughtBackUntilItIsPurged) {
  const std::string kept = CreateDraft(1);
  const std::string gone = CreateDraft(2);
  v1::DeleteArticleRequest remove;
  for (const std::string& name : {kept, gone}) {
    remove.set_name(name);
    ASSERT_OK_AND_ASSIGN(const v1::Article deleted, Replica(1).Call(&Stub::DeleteArticle, remove));
    EXPECT_EQ(deleted.state(), v1::DELETED);
    EXPECT_EQ(deleted.purge_time().seconds() - deleted.delete_time().seconds(), 30 * 86'400);
    EXPECT_THAT(Get(Last(), name, "reader"), FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
    ASSERT_OK_AND_ASSIGN(const v1::Article seen, Get(Last(), name, "editor"));
    EXPECT_EQ(seen.SerializeAsString(), deleted.SerializeAsString());
  }
  v1::UndeleteArticleRequest undelete;
  undelete.set_name(kept);
  ASSERT_OK_AND_ASSIGN(const v1::Article back, Last().Call(&Stub::UndeleteArticle, undelete));
  EXPECT_EQ(back.state(), v1::DRAFT);
  ASSERT_NO_FATAL_FAILURE(Age("articles", "delete_time", 31, "delete_time IS NOT NULL"));
  ASSERT_OK(Replica(0).Call(&Stub::CreateArticle, SampleArticle(7)));
  ASSERT_TRUE(WaitUntil([&] { return absl::IsNotFound(Get(Last(), gone, "editor").status()); }));
  EXPECT_OK(Get(Last(), kept, "editor"));
  undelete.set_name(gone);
  EXPECT_THAT(Last().Call(&Stub::UndeleteArticle, undelete),
              FailsWith(StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  for (const auto& replica : replicas_) {
    int told = 0;
    for (const v1::ArticleChange& change : ReadFeed(*replica)) {
      if (change.article().name() != gone) continue;
      EXPECT_TRUE(change.purged()) << "nothing else of it is left";
      EXPECT_EQ(change.article().state(), v1::DELETED);
      ++told;
    }
    EXPECT_EQ(told, 1);
  }
}

TEST_P(LifecycleTest, TextsAreComparedAndRolledBack) {
  v1::CreateArticleRequest create = SampleArticle(1);
  create.mutable_article()->clear_blocks();
  for (const char* text : {"清晨的江面起了雾。", "步道长三公里。"}) {
    create.mutable_article()->add_blocks()->set_text(text);
  }
  ASSERT_OK_AND_ASSIGN(const v1::Article first, Replica(0).Call(&Stub::CreateArticle, create));
  v1::UpdateArticleRequest update;
  update.mutable_article()->set_name(first.name());
  for (const char* text : {"清晨的江面起了雾。", "步道长五公里。", "沿途有八座驿站。"}) {
    update.mutable_article()->add_blocks()->set_text(text);
  }
  ASSERT_OK(Replica(1).Call(&Stub::UpdateArticle, update));

  v1::DiffArticleRevisionsRequest request;
  request.set_name(first.name());
  ASSERT_OK_AND_ASSIGN(auto diff, Last().Call(&Stub::DiffArticleRevisions, request, "reader"));
  EXPECT_EQ(diff.from_revision(), 1);
  EXPECT_EQ(diff.to_revision(), 2);
  ASSERT_EQ(diff.blocks_size(), 3);
  EXPECT_EQ(diff.blocks(0).operation(), v1::BlockChange::EQUAL);
  EXPECT_EQ(diff.blocks(1).operation(), v1::BlockChange::CHANGED);
  ASSERT_EQ(diff.blocks(1).after_spans_size(), 1);
  EXPECT_EQ(diff.blocks(1).after_spans(0).begin(), 3);
  EXPECT_EQ(diff.blocks(1).after_spans(0).end(), 4);
  EXPECT_EQ(diff.blocks(2).operation(), v1::BlockChange::INSERTED);

  v1::RollbackArticleRequest rollback;
  rollback.set_name(first.name());
  rollback.set_revision(9);
  EXPECT_THAT(Last().Call(&Stub::RollbackArticle, rollback),
              FailsWith(StatusCode::kNotFound, "REVISION_NOT_FOUND"));
  rollback.set_revision(1);
  ASSERT_OK_AND_ASSIGN(const v1::Article back, Last().Call(&Stub::RollbackArticle, rollback));
  EXPECT_EQ(back.revision(), 3);
  EXPECT_EQ(back.blocks_size(), 2);
  request.set_from_revision(1);
  request.set_to_revision(3);
  ASSERT_OK_AND_ASSIGN(diff, Replica(0).Call(&Stub::DiffArticleRevisions, request, "reader"));
  for (const v1::BlockChange& block : diff.blocks()) {
    EXPECT_EQ(block.operation(), v1::BlockChange::EQUAL);
  }
}

TEST_P(LifecycleTest, AWatcherThatNeverReadsHoldsUpNobody) {
  const auto idle = rpc::StreamReader<v1::ArticleChange>::Open(
      Replica(0).stub(), &Stub::WatchArticles, {.deadline = absl::Now() + absl::Seconds(120)}, {});
  // More than any buffer between the two takes.
  constexpr int kArticles = 60;
  std::string text;
  while (text.size() < 50'000) text += "清水江畔的步道又长了一截。";
  for (int i = 0; i < kArticles; ++i) {
    v1::CreateArticleRequest request = SampleArticle(i);
    for (int block = 0; block < 6; ++block) {
      request.mutable_article()->add_blocks()->set_text(text);
    }
    ASSERT_OK(Replica(i).Call(&Stub::CreateArticle, request));
  }
  // It is stuck, and its service does not gather what it does not take.
  ASSERT_TRUE(WaitUntil([&] {
    return WatcherLag() > 0 && AdminGet(Replica(0).admin_port(), "/metrics")
                                       .find(absl::StrCat("cityinfo_articles_change_position ",
                                                          kArticles)) != std::string::npos;
  }));
  EXPECT_GT(WatcherLag(), kArticles / 4);
  // It can still have them all, in order.
  v1::ArticleChange change;
  int64_t next = 0;
  while (next < kArticles && idle->Read(&change)) {
    if (change.heartbeat()) continue;
    EXPECT_EQ(change.resume_token(), absl::StrCat(++next));
  }
  EXPECT_EQ(next, kArticles);
}

}  // namespace
}  // namespace cityinfo::articles
