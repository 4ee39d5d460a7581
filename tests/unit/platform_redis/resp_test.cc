#include "platform/redis/resp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/support/status_matchers.h"

namespace cityinfo::redis {
namespace {

using testing::StatusIs;

void Feed(ReplyParser& parser, absl::string_view bytes) { parser.Feed(bytes.data(), bytes.size()); }

TEST(RespTest, FormatsCommandsOfAnyBytes) {
  const std::string value("a\0\r\n", 4);
  EXPECT_EQ(FormatCommand(std::array<absl::string_view, 3>{"SET", "键", value}),
            "*3\r\n$3\r\nSET\r\n$3\r\n键\r\n$4\r\n" + value + "\r\n");
}

TEST(RespTest, ParsesRepliesCutAtAnyByte) {
  const std::string wire = "+OK\r\n$5\r\nhello\r\n:7\r\n$-1\r\n-ERR no\r\n$0\r\n\r\n";
  for (size_t cut = 0; cut <= wire.size(); ++cut) {
    ReplyParser parser;
    std::string seen;
    for (const absl::string_view part :
         {absl::string_view(wire).substr(0, cut), absl::string_view(wire).substr(cut)}) {
      Feed(parser, part);
      for (;;) {
        ASSERT_OK_AND_ASSIGN(std::optional<Reply> reply, parser.Next());
        if (!reply) break;
        seen += std::to_string(static_cast<int>(reply->type)) + reply->text +
                std::to_string(reply->integer) + ";";
      }
    }
    EXPECT_EQ(seen, "1OK0;0hello0;37;40;2ERR no0;00;") << "cut at " << cut;
    EXPECT_EQ(parser.buffered(), 0u);
  }
}

TEST(RespTest, RefusesWhatIsNoResp) {
  ReplyParser parser;
  Feed(parser, "HTTP/1.1 200 OK\r\n");
  EXPECT_THAT(parser.Next(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(RespTest, RefusesArraysWithoutMakingRoomForThem) {
  ReplyParser parser;
  Feed(parser, "*2000000000\r\n");
  EXPECT_THAT(parser.Next(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(RespTest, ParsesArraysWithinArraysCutAtAnyByte) {
  const std::string wire =
      "*3\r\n$6\r\nmaster\r\n:42\r\n*2\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n$-1\r\n*-1\r\n";
  for (size_t cut = 0; cut <= wire.size(); ++cut) {
    ReplyParser parser;
    std::vector<Reply> replies;
    for (const absl::string_view part :
         {absl::string_view(wire).substr(0, cut), absl::string_view(wire).substr(cut)}) {
      Feed(parser, part);
      for (;;) {
        ASSERT_OK_AND_ASSIGN(std::optional<Reply> reply, parser.Next());
        if (!reply) break;
        replies.push_back(*std::move(reply));
      }
    }
    ASSERT_EQ(replies.size(), 2u) << "cut at " << cut;
    const std::vector<Reply>& role = replies[0].elements;
    ASSERT_EQ(role.size(), 3u);
    EXPECT_EQ(role[0].text, "master");
    EXPECT_EQ(role[1].integer, 42);
    ASSERT_EQ(role[2].elements.size(), 2u);
    ASSERT_EQ(role[2].elements[0].elements.size(), 2u);
    EXPECT_EQ(role[2].elements[0].elements[1].text, "b");
    EXPECT_EQ(role[2].elements[1].type, Reply::Type::kNil);
    EXPECT_EQ(replies[1].type, Reply::Type::kNil);
  }
}

TEST(RespTest, BoundsTheElementsOfAReplyInnerArraysCounted) {
  ReplyParser parser;
  for (int i = 0; i < 3; ++i) {
    // Each reply has a bound of its own.
    Feed(parser, "*2\r\n*1000\r\n");
    for (int k = 0; k < 1000; ++k) Feed(parser, ":1\r\n");
    Feed(parser, "$2\r\nok\r\n");
    ASSERT_OK_AND_ASSIGN(const std::optional<Reply> reply, parser.Next());
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(reply->elements[0].elements.size(), 1000u);
  }
  Feed(parser, "*2\r\n*1000\r\n");
  for (int k = 0; k < 1000; ++k) Feed(parser, ":1\r\n");
  Feed(parser, "*100\r\n");
  EXPECT_THAT(parser.Next(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace cityinfo::redis
