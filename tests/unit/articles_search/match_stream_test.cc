#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/sqlite/connection.h"
#include "services/articles/search/index_reader.h"
#include "services/articles/search/ngram_tokenizer.h"
#include "tests/unit/articles_search/search_index_fixture.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;

// The stream itself, over a file that nobody else has open.
class MatchStreamTest : public SearchIndexTest {
 protected:
  void SetUp() override {
    SearchIndexTest::SetUp();
    for (int64_t i = 1; i <= 4; ++i) Add(Published(i, "消息", {"新的步道桥通车。"}));
    index_.reset();
    auto connection = sqlite::Connection::Open(
        Path(), {.readonly = true,
                 .on_open = [](sqlite3* handle) { return RegisterNgramTokenizer(handle); }});
    ASSERT_OK(connection);
    connection_ = *std::move(connection);
    auto reader = IndexReader::Open(*connection_, kNow);
    ASSERT_OK(reader);
    reader_.emplace(*std::move(reader));
  }

  // A word of three characters is looked up in the texts.
  absl::StatusOr<MatchStream> OpenStream() {
    return MatchStream::Open(*reader_, plan_, MatchStream::In::kBody,
                             RowsOf({}, reader_->layout()));
  }
  // Sequences of the next matches, until there is nothing.
  std::vector<int64_t> Walk(MatchStream& stream) {
    std::vector<int64_t> sequences;
    for (;;) {
      const auto row = stream.Next();
      EXPECT_OK(row);
      if (!row.ok() || !row->has_value()) return sequences;
      const auto sequence = reader_->Sequence(**row);
      EXPECT_OK(sequence);
      sequences.push_back(sequence.value_or(0));
    }
  }

  const MatchPlan plan_ = PlanBodyMatch({.words = {u"步道桥"}}, {});
  std::unique_ptr<sql::Connection> connection_;
  std::optional<IndexReader> reader_;
};

TEST_F(MatchStreamTest, EndsOnce) {
  ASSERT_OK_AND_ASSIGN(MatchStream stream, OpenStream());
  EXPECT_THAT(Walk(stream), ElementsAre(4, 3, 2, 1));
  // And does not begin again from the top.
  EXPECT_THAT(Walk(stream), ElementsAre());
  EXPECT_FALSE(stream.gave_up());
}

TEST_F(MatchStreamTest, GoesOnWhereItGaveUp) {
  ASSERT_OK_AND_ASSIGN(MatchStream stream, OpenStream());
  stream.LimitTexts(1);
  EXPECT_THAT(Walk(stream), ElementsAre(4));
  EXPECT_TRUE(stream.gave_up());
  EXPECT_THAT(Walk(stream), ElementsAre());
  EXPECT_TRUE(stream.gave_up());
  stream.LimitTexts(2);
  EXPECT_THAT(Walk(stream), ElementsAre(3, 2));
  EXPECT_TRUE(stream.gave_up());
  stream.LimitTexts(100);
  EXPECT_THAT(Walk(stream), ElementsAre(1));
  EXPECT_FALSE(stream.gave_up());
}

}  // namespace
}  // namespace cityinfo::articles
