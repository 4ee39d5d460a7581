#include "services/articles/search/text_folding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "platform/base/utf8.h"

namespace cityinfo::articles {
namespace {

std::string Folded(absl::string_view text) {
  std::string utf8;
  AppendUtf8(FoldText(text), &utf8);
  return utf8;
}

TEST(TextFolding, MakesOneOfWhatReadsTheSame) {
  EXPECT_EQ(Folded("ＧＤＰ１２．６％"), "gdp12.6%");
  EXPECT_EQ(Folded("鄉村振興，臺灣"), "乡村振兴,台湾");
  EXPECT_EQ(Folded("「好」"), "“好”");
  EXPECT_EQ(Folded("Straße"), "strasse");
  EXPECT_EQ(Folded("㎡与㈱、①"), "m2与(株)、1");
  EXPECT_EQ(Folded("ｶﾞ"), "ガ");
  EXPECT_EQ(Folded("Cafe\u0301"), "caf\u00E9");
  EXPECT_EQ(Folded("\u1100\u1161"), "\uAC00");
  EXPECT_EQ(Folded("\uF900"), "岂");  // By way of 豈: a compatibility form, traditional.
  EXPECT_EQ(Folded("😀𠮷"), "😀𠮷");
  EXPECT_EQ(Folded(""), "");
}

TEST(TextFolding, SpacesAndControlsAreSpaces) {
  EXPECT_EQ(Folded("a\u3000b\u00A0c\td\ne\u2028f"), "a b c d e f");
  EXPECT_EQ(Folded(absl::string_view("\0\x7F", 2)), "  ");
}

TEST(TextFolding, InvisibleCharactersGo) {
  EXPECT_EQ(Folded("北\u200B京\uFEFF\u00AD"), "北京");
  EXPECT_EQ(Folded("\u200D"), "");
}

TEST(TextFolding, IllFormedBytesAreReplaced) {
  EXPECT_EQ(Folded("好\xFF坏"), "好\uFFFD坏");
  EXPECT_EQ(Folded("\xE4\xBD"), "\uFFFD");
  EXPECT_EQ(Folded("\u0301\xFF\u0301"), "\u0301\uFFFD\u0301");
}

TEST(TextFolding, SpansPointIntoTheOriginal) {
  const FoldedText folded = FoldWithOrigins("Ａ㎡é国e\u0301x");
  EXPECT_EQ(folded.text, u"am2\u00E9国\u00E9x");
  EXPECT_EQ(folded.original_size, 7);
  EXPECT_EQ(folded.Original(0, 1), (Span{0, 1}));
  EXPECT_EQ(folded.Original(1, 2), (Span{1, 2}));  // Half of ㎡ is all of it.
  EXPECT_EQ(folded.Original(1, 3), (Span{1, 2}));
  EXPECT_EQ(folded.Original(3, 5), (Span{2, 4}));
  EXPECT_EQ(folded.Original(5, 6), (Span{4, 6}));  // The letter and its mark.
  EXPECT_EQ(folded.Original(6, 7), (Span{6, 7}));
}

// Characters of every kind that folding treats in its own way, and any others.
char32_t RandomCodePoint(std::mt19937& random) {
  static const std::u32string kInteresting =
      U"aZéß０Ａ％　ｶﾞガ国國臺㎡㈱①İıſﬁ\u0301\u0327\u3099\u200B\u200D\uFE0F\uFEFF\u1100\u1161\u11A8"
      U"\uAC00각\u0344\u0F73\u0958𠮷😀\U0001D400\U000E0100\n\t\u2028";
  if (random() % 3 != 0) return kInteresting[random() % kInteresting.size()];
  const char32_t c = random() % 0x110000;
  return c >= 0xD800 && c < 0xE000 ? U'国' : c;
}

TEST(TextFolding, RandomTextsFoldOnceAndKnowWhereTheyCameFrom) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = random() % 12; i > 0; --i) base::AppendUtf8(RandomCodePoint(random), &text);
    SCOPED_TRACE(text);
    const FoldedText folded = FoldWithOrigins(text);
    ASSERT_EQ(folded.text, FoldText(text));
    ASSERT_EQ(Folded(Folded(text)), Folded(text));
    ASSERT_EQ(folded.original_size, base::CountCodePoints(text));
    ASSERT_EQ(folded.origins.size(), folded.text.size());
    for (size_t i = 0; i < folded.text.size(); ++i) {
      ASSERT_LE(folded.origins[i == 0 ? 0 : i - 1], folded.origins[i]);
      const Span span = folded.Original(i, i + 1);
      ASSERT_LT(span.begin, span.end);
      ASSERT_LE(span.end, folded.original_size);
      // What the unit came from folds to something that has it.
      const std::u16string again = FoldText(base::SubstrCodePoints(text, span.begin, span.end));
      ASSERT_NE(again.find(folded.text[i]), std::u16string::npos);
    }
  }
}

TEST(TextFolding, RandomBytesDoNoHarm) {
  std::mt19937 random(2);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (size_t i = random() % 20; i > 0; --i) bytes.push_back(static_cast<char>(random()));
    const FoldedText folded = FoldWithOrigins(bytes);
    ASSERT_TRUE(base::IsValidUtf8(Folded(bytes)));
    ASSERT_EQ(folded.original_size, base::CountCodePoints(bytes));
  }
}

// What stands alone folds as it does among others, so that a word is found in a text.
TEST(TextFolding, PiecesOfChineseFoldAsTheWhole) {
  const std::string text = "《鄉村振興》２０２１年ＧＤＰ增长１２．６％，北京“臺灣”。";
  const std::u16string whole = FoldText(text);
  const int64_t size = base::CountCodePoints(text);
  for (int64_t begin = 0; begin < size; ++begin) {
    for (int64_t end = begin + 1; end <= size; ++end) {
      const std::u16string piece = FoldText(base::SubstrCodePoints(text, begin, end));
      EXPECT_NE(whole.find(piece), std::u16string::npos);
    }
  }
}

}  // namespace
}  // namespace cityinfo::articles
