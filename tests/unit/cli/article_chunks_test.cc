#include "cli/article_chunks.h"

#include <sstream>

#include "absl/strings/str_cat.h"
#include "cli/api_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<ArticleChunk> ChunksOf(const std::string& text, ArticleChunks::Options options = {}) {
  std::istringstream in(text);
  ArticleChunks reader(in, options);
  std::vector<ArticleChunk> chunks;
  ArticleChunk chunk;
  while (reader.Next(&chunk)) chunks.push_back(chunk);
  EXPECT_EQ(reader.bytes_read(), static_cast<int64_t>(text.size()));
  return chunks;
}

// An article whose request line has `size` bytes.
std::string ArticleOfSize(size_t size) {
  const size_t around = ChunksOf("{\"title\":\"\"}\n")[0].body.size();
  return absl::StrCat("{\"title\":\"", std::string(size - around, 'x'), "\"}\n");
}

TEST(ArticleChunks, WrapsEachLineAndRemembersItsNumber) {
  const auto chunks = ChunksOf("{\"title\":\"a\"}\r\n\n  \n{\"title\":\"b\"}");
  ASSERT_THAT(chunks, SizeIs(1));
  EXPECT_EQ(chunks[0].body, "{\"article\":{\"title\":\"a\"}}\n{\"article\":{\"title\":\"b\"}}\n");
  EXPECT_THAT(chunks[0].lines, ElementsAre(1, 4));
  EXPECT_THAT(chunks[0].refused, IsEmpty());
  EXPECT_THAT(ChunksOf(""), IsEmpty());
  EXPECT_THAT(ChunksOf("\n \n"), IsEmpty());
}

TEST(ArticleChunks, SaysWhatIsToBecomeOfThem) {
  EXPECT_EQ(ChunksOf("{}", {.publish = true})[0].body, "{\"publish\":true,\"article\":{}}\n");
  EXPECT_EQ(ChunksOf("{}", {.publish = true, .validate_only = true})[0].body,
            "{\"publish\":true,\"validateOnly\":true,\"article\":{}}\n");
}

TEST(ArticleChunks, ADateMayBeWrittenShort) {
  EXPECT_EQ(ChunksOf(R"({"publishDate":"2021-12-20","title":"甲"})")[0].body,
            "{\"article\":{\"publishDate\":{\"year\":2021,\"month\":12,\"day\":20},"
            "\"title\":\"甲\"}}\n");
  EXPECT_EQ(ChunksOf(R"({"publish_date":{"year": 2021}})")[0].body,
            "{\"article\":{\"publish_date\":{\"year\": 2021}}}\n");
}

TEST(ArticleChunks, WhatIsNoArticleIsLeftOutAndNamed) {
  const auto chunks = ChunksOf(
      "{\"title\":\n{\"title\":\"a\"}\n[1]\n{\"title\":\"\xb9\xab\"}\n{\"publishDate\":\"soon\"}"
      "\n");
  ASSERT_THAT(chunks, SizeIs(1));
  EXPECT_THAT(chunks[0].lines, ElementsAre(2));
  std::vector<std::string> refused;
  for (const auto& [line, why] : chunks[0].refused) {
    refused.push_back(absl::StrCat(line, " ", base::ErrorReason(why)));
  }
  EXPECT_THAT(refused,
              ElementsAre("1 INVALID_JSON", "3 INVALID_JSON", "4 INVALID_JSON", "5 INVALID_DATE"));
}

TEST(ArticleChunks, AChunkHasABoundedNumberOfLines) {
  std::string text;
  for (size_t i = 0; i < 2 * kMaxChunkLines + 1; ++i) text += i % 3 == 1 ? "no\n" : "{}\n";
  const auto chunks = ChunksOf(text);
  ASSERT_THAT(chunks, SizeIs(3));
  for (const ArticleChunk& chunk : chunks) {
    EXPECT_LE(chunk.lines.size() + chunk.refused.size(), kMaxChunkLines);
  }
  EXPECT_EQ(chunks[1].lines.back(), static_cast<int64_t>(2 * kMaxChunkLines));
}

TEST(ArticleChunks, AChunkHasABoundedNumberOfBytes) {
  const std::string text =
      ArticleOfSize(kMaxChunkBytes) + ArticleOfSize(1'000'000) + ArticleOfSize(1'400'000) + "{}\n";
  const auto chunks = ChunksOf(text);
  ASSERT_THAT(chunks, SizeIs(3));
  EXPECT_EQ(chunks[0].body.size(), kMaxChunkBytes);
  EXPECT_THAT(chunks[0].lines, ElementsAre(1));
  EXPECT_EQ(chunks[1].body.size(), kMaxChunkBytes);
  EXPECT_THAT(chunks[1].lines, ElementsAre(2, 3));
  EXPECT_THAT(chunks[2].lines, ElementsAre(4));
}

TEST(ArticleChunks, ALineTooLongIsNamedAndTheNextIsRead) {
  const auto chunks = ChunksOf(ArticleOfSize(kMaxChunkBytes + 1) + "{\"title\":\"b\"}\n" +
                               std::string(3 * kMaxChunkBytes, ' ') + "\n{}");
  ASSERT_THAT(chunks, SizeIs(1));
  EXPECT_THAT(chunks[0].lines, ElementsAre(2, 4));
  ASSERT_THAT(chunks[0].refused, SizeIs(2));
  EXPECT_EQ(chunks[0].refused[0].line, 1);
  EXPECT_EQ(base::ErrorReason(chunks[0].refused[0].why), "TEXT_TOO_LARGE");
  EXPECT_EQ(chunks[0].refused[1].line, 3);
}

TEST(ArticleChunks, AByteOrderMarkIsNoPartOfTheFirstLine) {
  EXPECT_EQ(ChunksOf("\xEF\xBB\xBF{}\n")[0].body, "{\"article\":{}}\n");
}

}  // namespace
}  // namespace cityinfo::cli
