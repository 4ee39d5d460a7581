#include "services/articles/search/search_token.h"

#include <random>

#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

SearchToken Ranked() {
  return {
      .after = {.publish_date = {2021, 12, 20}, .sequence = 77},
      .total = 1000,
      .total_is_lower_bound = true,
      .ranked = RankedWalk{.model = {.rarity = {4100, 2300}, .typical_units = 560, .today = 19000},
                           .text_end = ListPosition{{1899, 1, 2}, 5},
                           .after_score = 123456789}};
}

TEST(SearchToken, ComesBackAsItWas) {
  const std::string encoded = EncodeSearchToken(Ranked());
  ASSERT_OK_AND_ASSIGN(const SearchToken token, DecodeSearchToken(encoded, 2));
  EXPECT_EQ(token.after, Ranked().after);
  EXPECT_EQ(token.total, 1000);
  EXPECT_TRUE(token.total_is_lower_bound);
  ASSERT_TRUE(token.ranked);
  EXPECT_EQ(token.ranked->model.rarity, Ranked().ranked->model.rarity);
  EXPECT_EQ(token.ranked->text_end, Ranked().ranked->text_end);
  EXPECT_EQ(token.ranked->title_end, std::nullopt);
  EXPECT_EQ(token.ranked->after_score, 123456789);
  EXPECT_EQ(EncodeSearchToken(token), encoded);
  ASSERT_OK_AND_ASSIGN(const SearchToken newest,
                       DecodeSearchToken(EncodeSearchToken({.after = {{2021, 1, 1}, 3}}), 2));
  EXPECT_FALSE(newest.ranked);
}

TEST(SearchToken, IsNotTrusted) {
  const std::string good = EncodeSearchToken(Ranked());
  for (const std::string& bad :
       {std::string(), std::string("x"), std::string("1"), good + ".1", good + ".", "." + good,
        std::string("99999999.1.0.0.0"), std::string("1.-1.0.0.0"), std::string("1.1.1.2.0"),
        std::string("1.1.99999999999999999999.0.0"), std::string(10'000, '.')}) {
    const auto token = DecodeSearchToken(bad, 2);
    EXPECT_EQ(base::ErrorReason(token.status()), "INVALID_PAGE_TOKEN") << bad;
  }
  // Of another number of words.
  EXPECT_FALSE(DecodeSearchToken(good, 3).ok());
}

TEST(SearchToken, AnyBytesAreReadOrRefused) {
  std::mt19937 random(4);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = EncodeSearchToken(Ranked());
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = ".-0123456789x"[random() % 13];
    const auto token = DecodeSearchToken(text, 2);
    if (token.ok()) {
      ASSERT_EQ(EncodeSearchToken(*token).empty(), false);
    } else {
      ASSERT_EQ(base::ErrorReason(token.status()), "INVALID_PAGE_TOKEN");
    }
  }
}

}  // namespace
}  // namespace cityinfo::articles
