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

}  // namespace
}  // namespace cityinfo::redis
