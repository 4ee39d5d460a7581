#include "services/articles/search/text_packing.h"

#include <gtest/gtest.h>

#include <random>

#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

std::u16string Unpacked(absl::string_view packed) {
  std::u16string text;
  UnpackText(packed, &text);
  return text;
}

TEST(TextPacking, EveryUnitComesBack) {
  std::u16string all;
  for (uint32_t unit = 0; unit < 0x10000; ++unit) {
    all.push_back(static_cast<char16_t>(unit));
    ASSERT_EQ(Unpacked(PackText(all.substr(unit))), all.substr(unit)) << unit;
  }
  EXPECT_EQ(Unpacked(PackText(all)), all);
  EXPECT_EQ(Unpacked(PackText(u"")), u"");
}

TEST(TextPacking, AppendsToWhatIsThere) {
  std::u16string text = u"前";
  UnpackText(PackText(u"步道"), &text);
  EXPECT_EQ(text, u"前步道");
}

TEST(TextPacking, ChineseTextIsSmall) {
  const std::u16string text = FoldText(
      "清水江畔的步道昨天贯通，全长12.6公里。市民可以从城西走到新区的广场，沿途有休息的地方。");
  EXPECT_LT(PackText(text).size(), text.size() * 7 / 4);
}

TEST(TextPacking, AnyBytesMakeSomeText) {
  std::mt19937 random(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (size_t i = random() % 12; i > 0; --i) bytes.push_back(static_cast<char>(random()));
    const std::u16string text = Unpacked(bytes);
    ASSERT_LE(text.size(), bytes.size());
    ASSERT_EQ(Unpacked(PackText(text)), text);
  }
}

}  // namespace
}  // namespace cityinfo::articles
