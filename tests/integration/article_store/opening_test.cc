#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "platform/sqlite/connection.h"
#include "services/articles/storage/open_article_store.h"
#include "tests/integration/article_store/postgres_city.h"
#include "tests/support/temp_dir.h"

// What an operator reads when the store cannot be opened: one line that says what is wrong.
namespace cityinfo::articles {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The error of opening `options`, checked to be one line with a reason and without secrets.
absl::Status OpeningFails(const database::Options& options) {
  const auto store = OpenArticleStore({.database = options});
  EXPECT_FALSE(store.ok());
  const std::string message(store.status().message());
  EXPECT_FALSE(absl::StrContains(message, "\n")) << message;
  EXPECT_FALSE(absl::StrContains(message, "secret")) << message;
  EXPECT_FALSE(message.empty());
  return store.status();
}

MATCHER_P(Says, text, "") {
  *result_listener << "which is " << base::ErrorText(arg);
  return absl::StrContains(arg.message(), text);
}

TEST(Opening, AnAddressOfNoKnownKind) {
  for (const char* address : {"", "oracle:somewhere", "articles.db", "sqlite:", "postgresql:x"}) {
    EXPECT_THAT(OpeningFails({.store = address}), Says("--store")) << address;
  }
}

TEST(Opening, SqliteWhereNothingCanBeWritten) {
  EXPECT_THAT(OpeningFails({.store = "sqlite:/proc/nowhere/articles.db"}), Says("/proc/nowhere"));
}

TEST(Opening, SqliteThatIsInUse) {
  const testing::TempDir dir;
  const std::string address = "sqlite:" + dir.File("articles.db");
  const auto first = OpenArticleStore({.database = {.store = address}});
  ASSERT_OK(first);
  EXPECT_THAT(OpeningFails({.store = address}),
              AllOf(HasReason("STORE_IN_USE"), Says("articles.db")));
}

TEST(Opening, SqliteThatIsNone) {
  const testing::TempDir dir;
  const std::string path = dir.File("articles.db");
  // Text, a file that only begins like one, and one whose pages are somebody else's.
  const std::string magic("SQLite format 3\0", 16);
  for (const std::string& bytes :
       {std::string("第一版 综合新闻\n清水江畔\n"), std::string(100'000, '\xA5'),
        magic + std::string(100'000, '\x5A')}) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    EXPECT_THAT(OpeningFails({.store = "sqlite:" + path}),
                AllOf(HasReason("STORE_CORRUPT"), Says("articles.db")));
    std::ifstream file(path, std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), bytes) << "it was touched";
  }
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_THAT(OpeningFails({.store = "sqlite:" + path}), Says("articles.db"));
}

TEST(Opening, SqliteWhosePagesAreDamagedLaterFailsCleanly) {
  const testing::TempDir dir;
  const std::string path = dir.File("articles.db");
  std::string id;
  {
    ASSERT_OK_AND_ASSIGN(const auto store,
                         OpenArticleStore({.database = {.store = "sqlite:" + path}}));
    id = Publish(*store, 1).id;
    ASSERT_OK(store->ImportPage(SamplePage(1, 100), Soon()));
  }
  {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4096);
    file << std::string(std::filesystem::file_size(path) - 4096, '\xA5');
  }
  const auto store = OpenArticleStore({.database = {.store = "sqlite:" + path}});
  const absl::Status status =
      store.ok() ? (*store)->Get(id, 0, ArticleView::kFull, Soon()).status() : store.status();
  EXPECT_THAT(status, HasReason("STORE_CORRUPT"));
}

TEST(Opening, SqliteOfANewerRelease) {
  const testing::TempDir dir;
  const std::string path = dir.File("articles.db");
  ASSERT_OK(OpenArticleStore({.database = {.store = "sqlite:" + path}}));
  {
    ASSERT_OK_AND_ASSIGN(const auto connection, sqlite::Connection::Open(path));
    ASSERT_OK(connection->Execute("PRAGMA user_version = 4000"));
  }
  EXPECT_THAT(OpeningFails({.store = "sqlite:" + path}),
              AllOf(HasReason("SCHEMA_TOO_NEW"), Says("articles.db")));
}

TEST(Opening, SqliteThatMayNotBeMigratedHere) {
  const testing::TempDir dir;
  EXPECT_THAT(OpeningFails({.store = "sqlite:" + dir.File("articles.db"),
                            .migrate = database::Options::Migrate::kCheck}),
              HasReason("SCHEMA_OUT_OF_DATE"));
}

class OpeningPostgres : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = SharedServer();
    ASSERT_NE(server_, nullptr);
    ASSERT_OK_AND_ASSIGN(url_, server_->NewDatabase("opening"));
    ASSERT_OK_AND_ASSIGN(database_, server_->Query(url_, "SELECT current_database()"));
  }
  testing::PostgresServer* server_ = nullptr;
  std::string url_;
  std::string database_;
};

TEST_F(OpeningPostgres, WhichIsNotThere) {
  EXPECT_THAT(OpeningFails({.store = "postgresql://postgres@127.0.0.1:1/articles"}),
              testing::StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(OpeningFails({.store = server_->url("no_such_database")}), Says("no_such_database"));
}

TEST_F(OpeningPostgres, APasswordInTheAddressIsRefused) {
  EXPECT_THAT(OpeningFails({.store = "postgresql://editor:secret@127.0.0.1/articles"}),
              Says("--store"));
}

TEST_F(OpeningPostgres, OfANewerRelease) {
  ASSERT_NE(OpenReplica(url_), nullptr);
  ASSERT_OK(server_->Query(url_,
                           "INSERT INTO articles.schema_migrations (version, name, compatible) "
                           "VALUES (4000, 'from the future', false)"));
  EXPECT_THAT(OpeningFails({.store = url_}), HasReason("SCHEMA_TOO_NEW"));
}

TEST_F(OpeningPostgres, ThatMayNotBeMigratedHere) {
  EXPECT_THAT(OpeningFails({.store = url_, .migrate = database::Options::Migrate::kCheck}),
              HasReason("SCHEMA_OUT_OF_DATE"));
}

TEST_F(OpeningPostgres, ThatMayOnlyBeRead) {
  ASSERT_OK(server_->Query(
      url_, "ALTER DATABASE \"" + database_ + "\" SET default_transaction_read_only = on"));
  EXPECT_THAT(OpeningFails({.store = url_}), HasReason("STORE_READ_ONLY"));
}

}  // namespace
}  // namespace cityinfo::articles
