#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "platform/sqlite/backup.h"
#include "tests/unit/platform/sqlite_fixture.h"

namespace cityinfo::sqlite {
namespace {

using sql::Blob;
using sql::Lease;
using sql::Transaction;
using ::testing::HasSubstr;

int64_t CountIn(const std::string& path) {
  auto copy = Connection::Open(path, {.readonly = true});
  EXPECT_TRUE(copy.ok()) << base::ErrorText(copy.status());
  return *(*copy)->QueryInt64("SELECT count(*) FROM note");
}

TEST_F(SqliteTest, ABackupIsOneMomentOfADatabaseThatIsBeingWritten) {
  std::unique_ptr<Database> database = Open();
  std::atomic<bool> done = false;
  std::atomic<int64_t> committed = 0;
  std::jthread writer([&] {
    while (!done) {
      Lease lease = *database->Write();
      Transaction transaction = *Transaction::Begin(*lease);
      for (int row = 0; row < 2; ++row) {
        ASSERT_TRUE(
            lease->Run("INSERT INTO note(raw) VALUES (?)", Blob{std::string(5000, 'x')}).ok());
      }
      ASSERT_TRUE(transaction.Commit().ok());
      committed += 2;
    }
  });
  for (int i = 0; i < 5; ++i) {
    const std::string copy = folder_.File(absl::StrCat("copy", i));
    const int64_t before = committed;
    const absl::Status status = Backup(Path(), copy);
    ASSERT_TRUE(status.ok()) << base::ErrorText(status);
    const int64_t rows = CountIn(copy);
    EXPECT_EQ(rows % 2, 0) << "half a transaction was copied";
    EXPECT_GE(rows, before) << "what was acknowledged is missing";
    EXPECT_LE(rows, committed + 2);
    EXPECT_FALSE(std::filesystem::exists(copy + "-wal")) << "a backup is one file";
  }
  done = true;
}

TEST_F(SqliteTest, ABackupIsRestoredByPuttingItInPlace) {
  ASSERT_TRUE((*Open()->Write())->Run("INSERT INTO note(id) VALUES (1)").ok());
  ASSERT_TRUE(Backup(Path(), folder_.File("copy")).ok()) << "nobody has it open";
  std::filesystem::remove_all(folder_.path() / "deep");
  std::filesystem::create_directory(folder_.path() / "deep");
  std::filesystem::copy(folder_.File("copy"), Path());
  std::unique_ptr<Database> database = Open();
  EXPECT_EQ(Count(*database), 1);
  EXPECT_EQ(*(*database->Read())->QueryInt64("PRAGMA user_version"), 2);
}

TEST_F(SqliteTest, ABackupOverwritesNothingAndSaysWhatIsWrong) {
  std::unique_ptr<Database> database = Open();
  const absl::Status exists = Backup(Path(), Path());
  EXPECT_EQ(base::ErrorReason(exists), "BACKUP_EXISTS");
  EXPECT_THAT(std::string(exists.message()), HasSubstr(Path()));
  const absl::Status missing = Backup(folder_.File("none"), folder_.File("copy"));
  EXPECT_EQ(base::ErrorReason(missing), "STORE_CANNOT_OPEN");
  EXPECT_EQ(std::string(missing.message()),
            absl::StrCat(folder_.File("none"), " does not exist; nothing was copied"));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("none"))) << "a backup makes no store";
  EXPECT_EQ(base::ErrorReason(Backup(Path(), folder_.File("no/folder/copy"))), "STORE_CANNOT_OPEN");
}

TEST_F(SqliteTest, ABackupIsItsOwnersAlone) {
  std::unique_ptr<Database> database = Open();
  const mode_t before = umask(0);
  const absl::Status status = Backup(Path(), folder_.File("copy"));
  umask(before);
  ASSERT_TRUE(status.ok()) << base::ErrorText(status);
  EXPECT_EQ(std::filesystem::status(folder_.File("copy")).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::set<std::string> FilesIn(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

TEST_F(SqliteTest, ABackupThatFailsLeavesNothingAndOneThatWasKilledIsNoHindrance) {
  const std::string garbage = folder_.Write("garbage", std::string(4096, 'x'));
  std::filesystem::create_directory(folder_.File("backups"));
  const std::string copy = folder_.File("backups/copy");
  EXPECT_EQ(base::ErrorReason(Backup(garbage, copy)), "STORE_CORRUPT");
  EXPECT_EQ(FilesIn(folder_.File("backups")), std::set<std::string>());
  std::unique_ptr<Database> database = Open();
  folder_.Write("backups/copy.part", "half a ");
  folder_.Write("backups/copy.part-journal", "copy");
  const absl::Status status = Backup(Path(), copy);
  EXPECT_TRUE(status.ok()) << base::ErrorText(status);
  EXPECT_EQ(FilesIn(folder_.File("backups")), std::set<std::string>{"copy"});
}

// Every page is read well, so only the full check, which compares an index with its table, sees it.
TEST_F(SqliteTest, ABackupOfAStoreWithAWrongIndexIsNone) {
  {
    std::unique_ptr<Database> database = Open();
    Lease lease = *database->Write();
    ASSERT_TRUE(lease->Run("INSERT INTO note(id, text) VALUES (1, 'a')").ok());
    ASSERT_TRUE(lease->Run("INSERT INTO link(note) VALUES (1)").ok());
    // From now on the index is said to hold something else than it does.
    ASSERT_TRUE(lease
                    ->Execute("PRAGMA writable_schema = ON;"
                              "UPDATE sqlite_schema SET sql = 'CREATE INDEX link_note ON "
                              "link(note + 1)' WHERE name = 'link_note';"
                              "PRAGMA writable_schema = OFF")
                    .ok());
  }
  const absl::Status damaged = Backup(Path(), folder_.File("copy"));
  EXPECT_EQ(base::ErrorReason(damaged), "STORE_CORRUPT");
  EXPECT_THAT(std::string(damaged.message()), HasSubstr("link_note"));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("copy")));
}

}  // namespace
}  // namespace cityinfo::sqlite
