// What the stores do when the volume they are on is full: every write says so, what was
// acknowledged stays, reads go on, and with more space everything works again without a restart.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "platform/postgres/database.h"
#include "platform/sql/run_transaction.h"
#include "platform/sqlite/backup.h"
#include "platform/sqlite/database.h"
#include "tests/support/postgres_server.h"
#include "tests/support/small_volume.h"
#include "tests/support/status_matchers.h"

namespace cityinfo {
namespace {

using testing::SmallVolume;

constexpr int64_t kSize = 4 << 20;

absl::Status Insert(sql::Database& database, int64_t id) {
  return sql::InWrite(database, absl::Now() + absl::Seconds(60), [&](sql::Connection& connection) {
    return connection.Run("INSERT INTO note(id, text) VALUES (?, ?)", id,
                          std::string(64 << 10, 'x'));
  });
}

int64_t Count(sql::Database& database) {
  return *(*database.Read())->QueryInt64("SELECT count(*) FROM note");
}

// Writes until the volume is full; how many rows were acknowledged.
int64_t Fill(sql::Database& database) {
  for (int64_t id = 0; id < 1000; ++id) {
    const absl::Status status = Insert(database, id);
    if (status.ok()) continue;
    EXPECT_EQ(base::ErrorReason(status), "STORE_FULL") << base::ErrorText(status);
    EXPECT_TRUE(absl::IsResourceExhausted(status));
    return id;
  }
  ADD_FAILURE() << "the volume does not fill up";
  return 0;
}

// Deletes what can be deleted and writes again, once there is space.
void GoOn(sql::Database& database, SmallVolume& volume, int64_t acknowledged) {
  EXPECT_GT(acknowledged, 5);
  EXPECT_EQ(Count(database), acknowledged) << "reads go on, and nothing is lost or half there";
  EXPECT_EQ(base::ErrorReason(Insert(database, 5000)), "STORE_FULL") << "it stays so";
  ASSERT_OK(volume.Resize(kSize * 4));
  EXPECT_OK(Insert(database, 5000));
  EXPECT_EQ(Count(database), acknowledged + 1);
}

const char* const kTable = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)";

TEST(FullVolume, Sqlite) {
  const auto volume = SmallVolume::Mount(kSize);
  ASSERT_OK(volume);
  const std::string path = (*volume)->path() / "city.db";
  const sqlite::Database::Options options = {.path = path, .migrations = {{"notes", kTable}}};
  int64_t acknowledged = 0;
  {
    auto database = sqlite::Database::Open(options);
    ASSERT_OK(database);
    acknowledged = Fill(**database);
    GoOn(**database, **volume, acknowledged);
  }
  auto again = sqlite::Database::Open(options);
  ASSERT_OK(again);
  EXPECT_EQ(Count(**again), acknowledged + 1) << "and after a restart";
}

TEST(ReadOnlyVolume, IsSaidAtTheStart) {
  const auto volume = SmallVolume::Mount(kSize);
  ASSERT_OK(volume);
  const std::string path = (*volume)->path() / "city.db";
  const sqlite::Database::Options options = {.path = path, .migrations = {{"notes", kTable}}};
  ASSERT_OK(sqlite::Database::Open(options));
  ASSERT_OK((*volume)->MakeReadOnly());
  const absl::Status status = sqlite::Database::Open(options).status();
  EXPECT_THAT(status, testing::StatusIs(absl::StatusCode::kFailedPrecondition,
                                        ::testing::HasSubstr("Read-only file system")));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(path));
}

TEST(FullVolume, BackupLeavesNothingThatLooksLikeOne) {
  const testing::TempDir folder;
  const std::string path = folder.File("city.db");
  auto database = sqlite::Database::Open({.path = path, .migrations = {{"notes", kTable}}});
  ASSERT_OK(database);
  for (int64_t id = 0; id < 200; ++id) ASSERT_OK(Insert(**database, id));
  const auto volume = SmallVolume::Mount(kSize);
  ASSERT_OK(volume);
  const std::string to = (*volume)->path() / "backup.db";
  EXPECT_EQ(base::ErrorReason(sqlite::Backup(path, to)), "STORE_FULL");
  EXPECT_FALSE(std::filesystem::exists(to));
  ASSERT_OK((*volume)->Resize(kSize * 16));
  EXPECT_OK(sqlite::Backup(path, to)) << "what the first attempt left is in nobody's way";
}

TEST(FullVolume, Postgres) {
  const auto volume = SmallVolume::Mount(kSize);
  ASSERT_OK(volume);
  const auto server = testing::PostgresServer::Start();
  ASSERT_OK(server);
  // The data alone are on the small volume: a full disk under the server's own log stops the
  // server, which is what the tests of a server that is gone are about.
  const std::string folder = (*volume)->path() / "space";
  ASSERT_OK((*server)->MakeFolder(folder));
  ASSERT_OK((*server)->Query((*server)->url("postgres"),
                             absl::StrCat("CREATE TABLESPACE small LOCATION '", folder, "'")));
  const auto url = (*server)->NewDatabase();
  ASSERT_OK(url);
  const auto database = postgres::Database::Open(
      {.primary = *postgres::Endpoint::Parse(*url),
       .schema = "notes",
       .migrations = {{"notes",
                       "CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT NOT NULL);"
                       "ALTER TABLE note ALTER text SET STORAGE EXTERNAL;"
                       "ALTER TABLE note SET TABLESPACE small"}}});
  ASSERT_OK(database);
  const int64_t acknowledged = Fill(**database);
  GoOn(**database, **volume, acknowledged);
}

}  // namespace
}  // namespace cityinfo
