#include "services/articles/search/ngram_tokenizer.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/sqlite/connection.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::articles {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class NgramTokenizerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened =
        sqlite::Connection::Open(folder_.File("tokens.db"), {.on_open = RegisterNgramTokenizer});
    ASSERT_OK(opened);
    connection_ = *std::move(opened);
    ASSERT_OK(connection_->Execute(
        absl::StrCat("CREATE VIRTUAL TABLE t USING fts5(text, content='', columnsize=0,"
                     " detail=none, tokenize='",
                     kNgramTokenizer, "'); CREATE VIRTUAL TABLE v USING fts5vocab(t, row)")));
  }
  void Add(int64_t row, absl::string_view text) {
    EXPECT_OK(connection_->Run("INSERT INTO t(rowid, text) VALUES(?, ?)", row, text));
  }
  std::vector<std::string> Tokens() {
    std::vector<std::string> tokens;
    auto terms = connection_->Prepare("SELECT term FROM v");
    EXPECT_OK(terms);
    EXPECT_OK(terms->ForEach([&](sql::Statement& row) { tokens.push_back(row.ColumnString(0)); }));
    return tokens;
  }
  std::vector<int64_t> Match(absl::string_view expression) {
    std::vector<int64_t> rows;
    auto matches = connection_->Prepare("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid");
    EXPECT_OK(matches);
    EXPECT_OK(matches->BindAll(expression).ForEach([&](sql::Statement& row) {
      rows.push_back(row.ColumnInt64(0));
    }));
    return rows;
  }

  const testing::TempDir folder_;
  std::unique_ptr<sqlite::Connection> connection_;
};

TEST_F(NgramTokenizerTest, GivesCharactersAndPairsOfEachLine) {
  Add(1, "a桥,\n😀b\n\n\x01sAb c\nd");
  EXPECT_THAT(Tokens(),
              UnorderedElementsAre("a", "桥", ",", "a桥", "桥,", "😀", "b", "😀b", "\x01sAb c", "d"));
}

TEST_F(NgramTokenizerTest, TakesAStringOfAQueryAsItIs) {
  Add(1, "步道 \"桥\"");
  Add(2, "道 步\n\x01t步道");
  EXPECT_THAT(Match("\"步道\""), UnorderedElementsAre(1));
  EXPECT_THAT(Match("\"道 \""), UnorderedElementsAre(1, 2));
  EXPECT_THAT(Match("\"\"\"桥\""), UnorderedElementsAre(1));
  EXPECT_THAT(Match("\"\x01t步道\""), UnorderedElementsAre(2));
  EXPECT_THAT(Match("\"步道桥\""), IsEmpty());
}

TEST_F(NgramTokenizerTest, TakesOutWhatItPutIn) {
  std::string text;
  for (int i = 0; i < 5000; ++i) absl::StrAppend(&text, i % 70, "步", i % 9, "道");
  Add(1, text);
  Add(2, "步道");
  ASSERT_OK(connection_->Run("INSERT INTO t(t, rowid, text) VALUES('delete', ?, ?)", 1, text));
  EXPECT_THAT(Tokens(), UnorderedElementsAre("步", "道", "步道"));
  EXPECT_THAT(Match("\"步\""), UnorderedElementsAre(2));
}

TEST_F(NgramTokenizerTest, KnowsOneDocumentFromTheNext) {
  for (int row = 1; row <= 50; ++row) Add(row, "步道步道");
  EXPECT_EQ(Match("\"步道\"").size(), 50);
  EXPECT_EQ(Match("\"道步\"").size(), 50);
}

}  // namespace
}  // namespace cityinfo::articles
