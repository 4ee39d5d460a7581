#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/status_macros.h"
#include "platform/database/open.h"
#include "platform/sql/run_transaction.h"
#include "services/articles/storage/open_article_store.h"
#include "services/articles/storage/schema.h"
#include "tests/integration/article_store/postgres_city.h"
#include "tests/support/temp_dir.h"

// A store of the first release, which knew neither schedules nor purges nor bulk imports, opened by
// this one.
namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kThen = absl::FromUnixSeconds(1'640'000'000);
constexpr char kDraftId[] = "0123456789abcdefghj1";
constexpr char kPublicId[] = "0123456789abcdefghj2";
constexpr char kDeletedId[] = "0123456789abcdefghj3";

// What the first release stored of SampleContent(number).
absl::Status InsertRevision(sql::Connection& connection, int64_t seq, int64_t revision, int number,
                            const std::string& page, bool was_public) {
  const ArticleContent content = SampleContent(number);
  CITY_RETURN_IF_ERROR(connection.Run(
      "INSERT INTO revisions (article_seq, revision, title, subtitle, byline, section, tags, "
      "publication, publish_day, page, place, continued_from, excerpt, author, summary, "
      "was_public, create_time, text, layout) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '摘要', 'yang', 'created', ?, ?, ?, ?)",
      seq, revision, content.title, content.subtitle, content.byline, content.section, "民生\n交通",
      content.publication, base::DaysSinceEpoch(content.publish_date), page, content.place,
      was_public, absl::ToUnixMicros(kThen),
      content.blocks[0].text + "\n" + content.blocks[1].text + "\n" + content.blocks[2].text,
      R"({"blocks":[["h",[],[]],["p",[],[]],["c",[],[]]],"doubts":[]})"));
  return absl::OkStatus();
}

absl::Status InsertArticle(sql::Connection& connection, int64_t seq, const char* id,
                           int64_t version, int64_t revision, ArticleState state) {
  const ArticleContent content = SampleContent();
  const int64_t day = base::DaysSinceEpoch(content.publish_date);
  const bool was_public = state != ArticleState::kDraft;
  CITY_RETURN_IF_ERROR(connection.Run(
      "INSERT INTO articles (id, version, revision, state, publish_day, section, publication, "
      "place, create_time, first_publish_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      id, version, revision, static_cast<int64_t>(state), day, content.section, content.publication,
      content.place, absl::ToUnixMicros(kThen),
      was_public ? std::optional<int64_t>(absl::ToUnixMicros(kThen)) : std::nullopt));
  for (const char* tag : {"民生", "交通"}) {
    CITY_RETURN_IF_ERROR(
        connection.Run("INSERT INTO article_tags (tag, publish_day, article_seq) VALUES (?, ?, ?)",
                       tag, day, seq));
  }
  return absl::OkStatus();
}

absl::Status InsertChange(sql::Connection& connection, int64_t position, int64_t seq,
                          int64_t revision, int64_t version, ArticleState state,
                          absl::Duration after) {
  return connection.Run(
      "INSERT INTO changes (position, article_seq, revision, version, state, commit_time) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      position, seq, revision, version, static_cast<int64_t>(state),
      absl::ToUnixMicros(kThen + after));
}

// A draft that was retitled and moved from page A2 to B1, a public article, a deleted one.
absl::Status FillAsTheFirstReleaseDid(sql::Connection& connection) {
  using enum ArticleState;
  CITY_RETURN_IF_ERROR(InsertArticle(connection, 1, kDraftId, 2, 2, kDraft));
  CITY_RETURN_IF_ERROR(InsertRevision(connection, 1, 1, 1, "A2", false));
  CITY_RETURN_IF_ERROR(InsertRevision(connection, 1, 2, 11, "B1", false));
  CITY_RETURN_IF_ERROR(InsertArticle(connection, 2, kPublicId, 2, 1, kPublished));
  CITY_RETURN_IF_ERROR(InsertRevision(connection, 2, 1, 2, "A2", true));
  CITY_RETURN_IF_ERROR(InsertArticle(connection, 3, kDeletedId, 3, 1, kDeleted));
  CITY_RETURN_IF_ERROR(InsertRevision(connection, 3, 1, 3, "A2", true));
  CITY_RETURN_IF_ERROR(InsertChange(connection, 1, 1, 1, 1, kDraft, absl::ZeroDuration()));
  CITY_RETURN_IF_ERROR(InsertChange(connection, 2, 2, 1, 2, kPublished, absl::Seconds(1)));
  CITY_RETURN_IF_ERROR(InsertChange(connection, 3, 1, 2, 2, kDraft, absl::Seconds(2)));
  CITY_RETURN_IF_ERROR(InsertChange(connection, 4, 3, 1, 2, kPublished, absl::Seconds(3)));
  CITY_RETURN_IF_ERROR(InsertChange(connection, 5, 3, 1, 3, kDeleted, absl::Seconds(4)));
  return connection.Run(
      "INSERT INTO request_ids (request_id, fingerprint, position, create_time) "
      "VALUES ('before', ?, 2, ?)",
      ContentFingerprint(SampleContent(2)) + "+published", absl::ToUnixMicros(kThen));
}

void MakeOldStore(const std::string& address) {
  ASSERT_OK_AND_ASSIGN(const auto database,
                       database::Open({.store = address}, {.name = "articles",
                                                           .sqlite = {SqliteMigrations()[0]},
                                                           .postgres = {PostgresMigrations()[0]}}));
  ASSERT_OK(sql::InWrite(*database, Soon(), FillAsTheFirstReleaseDid));
}

std::vector<std::string> Ids(ArticleStore& store, const ArticleFilter& filter) {
  std::vector<std::string> ids;
  const auto page = store.List(filter, {}, ArticleView::kBasic, Soon());
  EXPECT_OK(page);
  if (page.ok()) {
    for (const Article& article : page->articles) ids.push_back(article.id);
  }
  return ids;
}

void ExpectReadsRight(ArticleStore& store) {
  ASSERT_OK_AND_ASSIGN(const Article draft, store.Get(kDraftId, 0, ArticleView::kFull, Soon()));
  EXPECT_EQ(draft.content.title, SampleContent(11).title);
  EXPECT_EQ(draft.content.blocks, SampleContent(11).blocks);
  EXPECT_EQ(draft.version, 2);
  EXPECT_FALSE(draft.publish_time || draft.unpublish_time || draft.delete_time);
  ASSERT_OK_AND_ASSIGN(const Article deleted, store.Get(kDeletedId, 0, ArticleView::kFull, Soon()));
  EXPECT_EQ(deleted.delete_time, kThen + absl::Seconds(4)) << "as the feed knows it";
  EXPECT_THAT(Ids(store, {}), ElementsAre(kPublicId));
  EXPECT_THAT(Ids(store, {.page = "A2"}), ElementsAre(kPublicId));
  EXPECT_THAT(Ids(store, {.state = ArticleState::kDraft, .page = "B1"}), ElementsAre(kDraftId));
  EXPECT_THAT(Ids(store, {.state = ArticleState::kDraft, .page = "A2"}), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto feed, store.ReadChanges(0, {}, Soon()));
  ASSERT_EQ(feed.size(), 5);
  for (size_t i = 0; i < feed.size(); ++i) EXPECT_EQ(feed[i].position, i + 1);
  EXPECT_EQ(feed[0].article.content.title, SampleContent(1).title);
  EXPECT_EQ(feed[2].article.content.title, SampleContent(11).title);
  EXPECT_EQ(feed[4].article.delete_time, kThen + absl::Seconds(4));
  EXPECT_EQ(feed[3].article.delete_time, std::nullopt);
}

void ExpectGoesOn(ArticleStore& store, base::FakeClock& clock) {
  // A request that was sent before the upgrade is known after it.
  ASSERT_OK_AND_ASSIGN(
      const Article replayed,
      store.Create({.content = SampleContent(2), .publish = true, .request_id = "before"}, Soon()));
  EXPECT_EQ(replayed.id, kPublicId);
  ASSERT_OK(
      store.ChangeState({.id = kDraftId, .publish_time = clock.Now() + absl::Hours(1)}, Soon()));
  clock.Advance(absl::Hours(24 * 31));
  EXPECT_THAT(Ids(store, {.page = "B1"}), ElementsAre(kDraftId));
  ASSERT_OK_AND_ASSIGN(const Upkeep upkeep, store.KeepUp(Soon()));
  EXPECT_EQ(upkeep.settled, 1);
  EXPECT_EQ(upkeep.purged, 1);
  EXPECT_THAT(store.Get(kDeletedId, 0, ArticleView::kFull, Soon()), HasReason("ARTICLE_NOT_FOUND"));
  ASSERT_OK_AND_ASSIGN(const auto imported,
                       store.ImportArticles({{.content = SampleContent(2)}}, "", Soon()));
  EXPECT_FALSE(imported[0].existing) << "the first release kept no fingerprints";
  ASSERT_OK_AND_ASSIGN(const auto feed, store.ReadChanges(5, {}, Soon()));
  ASSERT_EQ(feed.size(), 4);
  EXPECT_EQ(feed[0].article.state, ArticleState::kScheduled);
  EXPECT_EQ(feed[1].article.state, ArticleState::kPublished);
  EXPECT_TRUE(feed[2].purged);
  EXPECT_EQ(feed[3].position, 9);
}

void UpgradeAt(const std::string& address) {
  ASSERT_NO_FATAL_FAILURE(MakeOldStore(address));
  base::FakeClock clock(kThen + absl::Hours(2));
  ASSERT_OK_AND_ASSIGN(const auto store,
                       OpenArticleStore({.database = {.store = address}, .clock = &clock}));
  ExpectReadsRight(*store);
  ExpectGoesOn(*store, clock);
}

TEST(AStoreOfTheFirstRelease, OpensOnSqlite) {
  const testing::TempDir dir;
  UpgradeAt("sqlite:" + dir.File("articles.db"));
}

TEST(AStoreOfTheFirstRelease, OpensOnPostgres) {
  testing::PostgresServer* server = SharedServer();
  ASSERT_NE(server, nullptr);
  ASSERT_OK_AND_ASSIGN(const std::string url, server->NewDatabase("upgrade"));
  UpgradeAt(url);
}

TEST(AStoreOfTheFirstRelease, IsNotToBeUsedBesideThisOne) {
  const testing::TempDir dir;
  const std::string address = "sqlite:" + dir.File("articles.db");
  ASSERT_OK(OpenArticleStore({.database = {.store = address}}));
  const auto old = database::Open(
      {.store = address}, {.name = "articles", .sqlite = {SqliteMigrations()[0]}, .postgres = {}});
  EXPECT_THAT(old, HasReason("SCHEMA_TOO_NEW"));
}

}  // namespace
}  // namespace cityinfo::articles
