#include "platform/base/utf8.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace cityinfo::base {
namespace {

TEST(Utf8, TellsWellFormedFromIllFormed) {
  for (absl::string_view good :
       {"", "a", "凯里市", "é", "𠮷", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsValidUtf8(good)) << good;
  }
  for (absl::string_view bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE5\x87", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(IsValidUtf8(bad));
  }
  // GBK for 凯里, as an old page may be saved.
  EXPECT_EQ(FirstInvalidByte("ok \xBF\xAD\xC0\xEF"), 3);
}

TEST(Utf8, DecodingAlwaysEnds) {
  const std::string text = "a\xE5\x87凯\xFF";
  std::vector<char32_t> code_points;
  for (size_t at = 0; at < text.size();) code_points.push_back(DecodeCodePoint(text, &at));
  EXPECT_THAT(code_points,
              ::testing::ElementsAre(U'a', kReplacementCharacter, U'凯', kReplacementCharacter));
  EXPECT_EQ(CountCodePoints(text), 4);
}

TEST(Utf8, EncodesEveryLengthAndReplacesWhatIsNoCharacter) {
  std::string text;
  for (char32_t c : {U'a', U'é', U'凯', U'𠮷'}) AppendUtf8(c, &text);
  EXPECT_EQ(text, "aé凯𠮷");
  text.clear();
  AppendUtf8(0xD800, &text);
  AppendUtf8(0x110000, &text);
  EXPECT_EQ(text, "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8, CutsByCodePoints) {
  const absl::string_view text = "凯里市2020年";
  EXPECT_EQ(SubstrCodePoints(text, 0, 3), "凯里市");
  EXPECT_EQ(SubstrCodePoints(text, 3, 7), "2020");
  EXPECT_EQ(SubstrCodePoints(text, 7, 1000), "年");
  EXPECT_EQ(SubstrCodePoints(text, 5, 2), "");
  EXPECT_EQ(SubstrCodePoints(text, -3, 1), "凯");
}

TEST(CodePointIndex, HandlesTheEnds) {
  const CodePointIndex empty("");
  EXPECT_EQ(empty.size(), 0);
  EXPECT_EQ(empty.CodePointAtByte(0), 0);
  EXPECT_EQ(empty.ByteAtCodePoint(0), 0);
  const CodePointIndex index("凯里");
  EXPECT_EQ(index.CodePointAtByte(2), 0);
  EXPECT_EQ(index.CodePointAtByte(3), 1);
  EXPECT_EQ(index.CodePointAtByte(6), 2);
  EXPECT_EQ(index.CodePointAtByte(999), 2);
  EXPECT_EQ(index.ByteAtCodePoint(-1), 0);
  EXPECT_EQ(index.ByteAtCodePoint(2), 6);
  EXPECT_EQ(index.Substr(1, 9), "里");
  EXPECT_EQ(index.Substr(2, 1), "");
}

// Whatever the bytes, the index says the same as walking through the text.
TEST(CodePointIndex, AgreesWithAPlainWalk) {
  std::mt19937 random(1);
  const std::vector<std::string> pieces = {"a", "é", "凯", "𠮷", "\xFF", "\xE5\x87", "\n"};
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (size_t n = random() % 200; n > 0; --n) text += pieces[random() % pieces.size()];
    const CodePointIndex index(text);
    int64_t code_point = 0;
    for (size_t at = 0; at < text.size(); ++code_point) {
      const size_t start = at;
      ASSERT_EQ(index.ByteAtCodePoint(code_point), start);
      DecodeCodePoint(text, &at);
      for (size_t byte = start; byte < at; ++byte)
        ASSERT_EQ(index.CodePointAtByte(byte), code_point);
    }
    ASSERT_EQ(index.size(), code_point);
    ASSERT_EQ(index.Substr(0, code_point), text);
  }
}

}  // namespace
}  // namespace cityinfo::base
