#include "platform/sqlite/backup.h"

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "platform/sqlite/connection.h"
#include "services/articles/storage/open_article_store.h"
#include "tests/integration/article_store/postgres_city.h"
#include "tests/support/temp_dir.h"

// SQLite's backup while the service writes.
namespace cityinfo::articles {
namespace {

using ::testing::HasSubstr;

class SqliteBackup : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<ArticleStore>> Open(const std::string& path) {
    return OpenArticleStore(
        {.database = {.store = "sqlite:" + path, .synchronous = sqlite::Synchronous::kNormal}});
  }
  static std::vector<ArticleChange> FeedOf(ArticleStore& store) {
    auto feed = store.ReadChanges(0, {.changes = 1'000'000, .text_bytes = 1 << 30}, Soon());
    EXPECT_OK(feed);
    return feed.ok() ? *std::move(feed) : std::vector<ArticleChange>{};
  }
  static std::string Integrity(const std::string& path) {
    auto connection = sqlite::Connection::Open(path, {.readonly = true});
    EXPECT_OK(connection);
    if (!connection.ok()) return "";
    auto check = (*connection)->Prepare("PRAGMA integrity_check");
    EXPECT_OK(check);
    if (!check.ok() || !check->Step().ok()) return "";
    return check->ColumnString(0);
  }
  std::vector<std::string> FilesIn(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  testing::TempDir dir_;
  const std::string path_ = dir_.File("articles.db");
};

TEST_F(SqliteBackup, TakenWhileOthersWriteIsAPrefixOfTheFeed) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<ArticleStore> store, Open(path_));
  std::atomic<int> failed{0};
  std::jthread writer([&](const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested(); ++i) {
      if (!store->ImportPage(SamplePage(i, 5), Soon()).ok()) ++failed;
    }
  });
  std::filesystem::create_directory(dir_.File("backups"));
  for (int i = 1; i <= 5; ++i) {
    // The writer is never waited for, nor does it wait.
    ASSERT_TRUE(store->change_signal().WaitBeyond(store->change_signal().newest() + 20, Soon(),
                                                  [] { return false; }));
    const int64_t before = store->change_signal().newest();
    const std::string copy = dir_.File("backups/" + std::to_string(i) + ".db");
    ASSERT_OK(sqlite::Backup(path_, copy));
    EXPECT_EQ(Integrity(copy), "ok");
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<ArticleStore> restored, Open(copy));
    const std::vector<ArticleChange> copied = FeedOf(*restored);
    EXPECT_GE(copied.size(), before) << "what was acknowledged before is in it";
    EXPECT_EQ(copied.size() % 5, 0) << "pages are there wholly or not at all";
    const std::vector<ArticleChange> feed = FeedOf(*store);
    ASSERT_GE(feed.size(), copied.size());
    for (size_t k = 0; k < copied.size(); ++k) {
      ASSERT_EQ(copied[k].position, feed[k].position);
      ASSERT_EQ(copied[k].article, feed[k].article);
    }
    // And a restored store goes on from there.
    EXPECT_OK(restored->ImportPage(SamplePage(1'000'000, 1), Soon()));
  }
  writer.request_stop();
  writer.join();
  EXPECT_EQ(failed, 0);
}

TEST_F(SqliteBackup, IsOneFile) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<ArticleStore> store, Open(path_));
  Publish(*store, 1);
  std::filesystem::create_directory(dir_.File("backups"));
  ASSERT_OK(sqlite::Backup(path_, dir_.File("backups/a.db")));
  EXPECT_THAT(FilesIn(dir_.File("backups")), ::testing::ElementsAre("a.db"));
}

TEST_F(SqliteBackup, NeverWritesOverAnything) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<ArticleStore> store, Open(path_));
  Publish(*store, 1);
  EXPECT_THAT(sqlite::Backup(path_, path_), HasReason("BACKUP_EXISTS"));
  const std::string other = dir_.Write("precious.txt", "precious");
  EXPECT_THAT(sqlite::Backup(path_, other), HasReason("BACKUP_EXISTS"));
  EXPECT_EQ(testing::ReadFile(other), "precious");
  EXPECT_EQ(FeedOf(*store).size(), 1);
}

TEST_F(SqliteBackup, SaysWhatIsWrongAndGivesNoBackup) {
  std::filesystem::create_directory(dir_.File("backups"));
  const std::string copy = dir_.File("backups/a.db");
  const auto message = [](const absl::Status& status) {
    EXPECT_FALSE(status.ok());
    return std::string(status.message());
  };
  EXPECT_THAT(message(sqlite::Backup(path_, copy)), HasSubstr("articles.db"));
  EXPECT_THAT(message(sqlite::Backup(dir_.Write("no.db", std::string(8192, 'x')), copy)),
              HasSubstr("no.db"));
  EXPECT_FALSE(std::filesystem::exists(copy));
  EXPECT_FALSE(std::filesystem::exists(path_)) << "a backup makes no store";
  ASSERT_OK(Open(path_));
  EXPECT_THAT(message(sqlite::Backup(path_, dir_.File("nowhere/a.db"))), HasSubstr("nowhere/a.db"));
  // What an attempt that failed has left is in no later one's way.
  EXPECT_OK(sqlite::Backup(path_, copy));
  EXPECT_EQ(Integrity(copy), "ok");
}

}  // namespace
}  // namespace cityinfo::articles
