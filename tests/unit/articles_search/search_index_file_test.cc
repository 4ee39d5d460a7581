#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "platform/base/error.h"
#include "platform/sqlite/connection.h"
#include "services/articles/search/feed_mark.h"
#include "tests/unit/articles_search/search_index_fixture.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

class SearchIndexFileTest : public SearchIndexTest {
 protected:
  void Reopen() {
    index_.reset();
    index_ = Open();
    ASSERT_NE(index_, nullptr);
  }
  void ExpectEmptyBecause(absl::string_view why) {
    EXPECT_THAT(std::string(index_->fresh_because()), HasSubstr(std::string(why)));
    EXPECT_EQ(index_->position(), 0);
    EXPECT_EQ(index_->mark(), "");
    EXPECT_THAT(Newest("步道"), IsEmpty());
    feed_ = 0;
    Add(Published(1, "步道", {}));
    EXPECT_THAT(Newest("步道"), ElementsAre(1));
  }
  // Changes the closed file as another program would.
  void Execute(absl::string_view sql) {
    auto connection = sqlite::Connection::Open(Path());
    ASSERT_OK(connection);
    ASSERT_OK((*connection)->Execute(sql));
  }
};

TEST_F(SearchIndexFileTest, KeepsWhatItHas) {
  ExpectEmptyBecause("there was none");
  const ArticleChange change = Next(Published(2, "步道二", {}));
  Apply({change});
  Reopen();
  EXPECT_EQ(index_->fresh_because(), "");
  EXPECT_EQ(index_->position(), 2);
  EXPECT_EQ(index_->mark(), MarkOf(change));
  EXPECT_GT(index_->file_bytes(), 0);
  EXPECT_THAT(Newest("步道"), ElementsAre(2, 1));
}

TEST_F(SearchIndexFileTest, IsForOneAlone) {
  EXPECT_EQ(base::ErrorReason(SearchIndex::Open(Options()).status()), "STORE_IN_USE");
  Add(Published(1, "步道", {}));
  EXPECT_THAT(Newest("步道"), ElementsAre(1));
}

TEST_F(SearchIndexFileTest, AFileThatIsNoDatabaseIsReplaced) {
  index_.reset();
  std::ofstream(Path(), std::ios::trunc) << std::string(100'000, 'x');
  Reopen();
  ExpectEmptyBecause("no database");
}

TEST_F(SearchIndexFileTest, AnEmptyFileIsAFreshOne) {
  index_.reset();
  std::filesystem::remove(Path() + "-wal");
  std::ofstream(Path(), std::ios::trunc).flush();
  Reopen();
  ExpectEmptyBecause("there was none");
}

TEST_F(SearchIndexFileTest, AnotherSchemaIsReplaced) {
  Add(Published(1, "步道", {}));
  index_.reset();
  Execute("PRAGMA user_version = 77");
  Reopen();
  ExpectEmptyBecause("schema 77");
}

TEST_F(SearchIndexFileTest, AnotherFoldingIsReplaced) {
  Add(Published(1, "步道", {}));
  index_.reset();
  Execute("UPDATE state SET rules = 'icu 1'");
  Reopen();
  ExpectEmptyBecause("folds");
}

TEST_F(SearchIndexFileTest, ADatabaseOfSomethingElseIsLeftAlone) {
  index_.reset();
  std::filesystem::remove(Path());
  Execute("CREATE TABLE invoices(id INTEGER PRIMARY KEY)");
  EXPECT_EQ(base::ErrorReason(SearchIndex::Open(Options()).status()), "NOT_A_SEARCH_INDEX");
  Execute("SELECT * FROM invoices");
}

TEST_F(SearchIndexFileTest, AFolderThatCannotBeIsAnError) {
  const std::string file = folder_.Write("file", "");
  EXPECT_EQ(base::ErrorReason(SearchIndex::Open({.path = file + "/search.db"}).status()),
            "STORE_CANNOT_OPEN");
}

// Overwrites everything behind the first page.
void Damage(const std::string& path) {
  const auto size = static_cast<int64_t>(std::filesystem::file_size(path));
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  const std::string garbage(static_cast<size_t>(size - 8192), '\xA5');
  EXPECT_EQ(pwrite(file, garbage.data(), garbage.size(), 8192),
            static_cast<ssize_t>(garbage.size()));
  close(file);
}

TEST_F(SearchIndexFileTest, ADamagedFileIsReplacedWhenItIsOpened) {
  for (int i = 1; i <= 50; ++i) Add(Published(i, "步道", {"正文很长"}));
  ASSERT_OK(index_->Checkpoint());
  index_.reset();
  Damage(Path());
  Reopen();
  ExpectEmptyBecause("damaged");
}

TEST_F(SearchIndexFileTest, ADamagedFileIsReplacedWhenAQuestionFindsIt) {
  for (int i = 1; i <= 50; ++i) Add(Published(i, "步道", {"正文很长"}));
  ASSERT_OK(index_->Checkpoint());
  Damage(Path());
  EXPECT_THAT(Find({.text = "步道"}), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(index_->position(), 0);
  EXPECT_THAT(Newest("步道"), IsEmpty());
  feed_ = 0;
  Add(Published(1, "步道", {}));
  EXPECT_THAT(Newest("步道"), ElementsAre(1));
}

TEST_F(SearchIndexFileTest, ADamagedFileIsReplacedWhenAChangeFindsIt) {
  for (int i = 1; i <= 50; ++i) Add(Published(i, "步道", {"正文很长"}));
  ASSERT_OK(index_->Checkpoint());
  index_.reset();
  Execute("DELETE FROM texts WHERE sequence = 7");
  Reopen();
  EXPECT_EQ(index_->position(), 50);
  EXPECT_THAT(index_->Apply({Next(Published(7, "新的", {}))}, feed_, absl::InfiniteFuture()),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(index_->position(), 0);
  feed_ = 0;
  Add(Published(1, "步道", {}));
  EXPECT_THAT(Newest("步道"), ElementsAre(1));
}

TEST_F(SearchIndexFileTest, ClearBeginsAnew) {
  Add(Published(1, "步道", {}));
  ASSERT_OK(index_->Clear(absl::InfiniteFuture()));
  EXPECT_EQ(index_->position(), 0);
  EXPECT_THAT(Newest("步道"), IsEmpty());
  feed_ = 0;
  Add(Published(2, "步道", {}));
  EXPECT_THAT(Newest("步道"), ElementsAre(2));
}

TEST_F(SearchIndexFileTest, ADayThatIsFullGetsMoreRoom) {
  index_.reset();
  std::filesystem::remove(Path());
  auto small = SearchIndex::Open({.path = Path(), .layout = {.day_bits = 3}});
  ASSERT_OK(small);
  index_ = *std::move(small);
  std::vector<ArticleChange> feed;
  for (int i = 1; i <= 20; ++i) feed.push_back(Next(Published(i, "步道", {})));
  Apply({feed.begin(), feed.begin() + 8});
  EXPECT_EQ(index_->position(), 20);  // As Apply says, whatever changes it was given.
  ASSERT_OK(index_->Clear(absl::InfiniteFuture()));
  ASSERT_OK(index_->Apply({feed.begin(), feed.begin() + 8}, 8, absl::InfiniteFuture()));
  EXPECT_EQ(index_->position(), 8);
  ASSERT_OK(index_->Apply({feed.begin() + 8, feed.end()}, 20, absl::InfiniteFuture()));
  EXPECT_EQ(index_->position(), 0);
  Apply(feed);
  EXPECT_EQ(index_->position(), 20);
  EXPECT_EQ(Newest("步道").size(), 20);
  Reopen();
  EXPECT_EQ(index_->fresh_because(), "");
  EXPECT_EQ(Newest("步道").size(), 20);
}

TEST_F(SearchIndexFileTest, QuestionsGoOnWhileItIsWrittenAndBegunAnew) {
  std::atomic<bool> stop = false;
  std::atomic<int> answers = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto page = Find({.text = "步道", .limit = 100});
        ASSERT_OK(page);
        // Whole Apply calls only: five articles each.
        EXPECT_EQ(page->total % 5, 0);
        ++answers;
      }
    });
  }
  for (int round = 0; round < 40 || answers < 20; ++round) {
    std::vector<ArticleChange> changes;
    for (int i = 1; i <= 5; ++i) {
      changes.push_back(Next(Published(round % 10 * 5 + i, "步道", {"正文"})));
    }
    Apply(changes);
    if (round % 10 == 9) {
      ASSERT_OK(index_->Clear(absl::InfiniteFuture()));
    }
  }
  stop = true;
}

}  // namespace
}  // namespace cityinfo::articles
