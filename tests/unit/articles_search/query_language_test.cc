#include "services/articles/search/query_language.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

struct Case {
  const char* typed;
  std::vector<std::u16string> words;
  std::vector<std::u16string> excluded;
};

class QueryLanguage : public ::testing::TestWithParam<Case> {};

TEST_P(QueryLanguage, IsReadAsMeant) {
  const ParsedQuery query = ParseQuery(GetParam().typed);
  EXPECT_THAT(query.words, ElementsAreArray(GetParam().words)) << GetParam().typed;
  EXPECT_THAT(query.excluded, ElementsAreArray(GetParam().excluded)) << GetParam().typed;
}

INSTANTIATE_TEST_SUITE_P(
    All, QueryLanguage,
    ::testing::Values(
        Case{"", {}, {}}, Case{" \u3000\t\n", {}, {}}, Case{"桥", {u"桥"}, {}},
        Case{"  桥 步道\u3000通行\t桥\n", {u"桥", u"步道", u"通行"}, {}},
        Case{"ＧＤＰ 鄉村", {u"gdp", u"乡村"}, {}}, Case{"GDP gdp ＧＤＰ", {u"gdp"}, {}},
        // Phrases.
        Case{"\"清水江 步道\"", {u"清水江 步道"}, {}},
        Case{"＂清水江 步道＂", {u"清水江 步道"}, {}},
        Case{"\" 清水江 \"步道", {u"清水江", u"步道"}, {}},
        Case{"\"清水江 步道", {u"清水江 步道"}, {}}, Case{"\"", {}, {}},
        Case{"\"\" 桥", {u"桥"}, {}}, Case{"5\"屏", {u"5\"屏"}, {}},
        // Printed quotation marks.
        Case{"“清水江 步道”", {u"清水江 步道"}, {}}, Case{"「清水江」 桥", {u"清水江", u"桥"}, {}},
        Case{"“一带一路”倡议", {u"“一带一路”倡议"}, {}},
        Case{"的“一带一路”", {u"的“一带一路”"}, {}}, Case{"“没有 结尾", {u"“没有", u"结尾"}, {}},
        Case{"“「桥」”", {u"“桥”"}, {}},
        // Exclusions.
        Case{"桥 -步道", {u"桥"}, {u"步道"}}, Case{"桥 －步道", {u"桥"}, {u"步道"}},
        Case{"-\"清水江 步道\" 桥", {u"桥"}, {u"清水江 步道"}},
        Case{"桥 -“清水江 步道”", {u"桥"}, {u"清水江 步道"}}, Case{"-桥", {}, {u"桥"}},
        Case{"桥 --步道", {u"桥"}, {u"-步道"}}, Case{"桥 - 步道", {u"桥", u"步道"}, {}},
        Case{"-", {u"-"}, {}}, Case{"- -", {u"-"}, {}}, Case{"- -桥", {}, {u"桥"}},
        Case{"COVID-19", {u"covid-19"}, {}}, Case{"-\"\"", {}, {}},
        // Anything else is a word.
        Case{"。", {u"。"}, {}}, Case{"😀", {u"😀"}, {}}, Case{"*", {u"*"}, {}},
        Case{"NOT (a OR b)", {u"not", u"(a", u"or", u"b)"}, {}},
        Case{"title:桥*", {u"title:桥*"}, {}},
        Case{"'; DROP TABLE texts; --", {u"';", u"drop", u"table", u"texts;"}, {u"-"}},
        Case{"\u200B", {}, {}}, Case{"好\xFF", {u"好\uFFFD"}, {}}));

TEST(QueryLanguage, TakesABoundedNumberOfWords) {
  std::string typed;
  for (int i = 0; i < 100; ++i) typed += (i % 2 == 0 ? "w" : "-x") + std::to_string(i) + " ";
  const ParsedQuery query = ParseQuery(typed);
  EXPECT_EQ(query.words.size() + query.excluded.size(), kMaxQueryWords);
  EXPECT_EQ(query.words.size(), kMaxQueryWords / 2);
}

TEST(QueryLanguage, AnyBytesAreAQuery) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {"\"",   "-",    "－",     "“",  "”", "「",
                                           "」",   " ",    "\u3000", "桥", "a", "\u0301",
                                           "\xE4", "\xFF", "\u200B", "＂", "\n"};
  for (int round = 0; round < 30'000; ++round) {
    std::string typed;
    for (size_t i = random() % 20; i > 0; --i) typed += pieces[random() % pieces.size()];
    const ParsedQuery query = ParseQuery(typed);
    ASSERT_LE(query.words.size() + query.excluded.size(), kMaxQueryWords);
    for (const auto* words : {&query.words, &query.excluded}) {
      for (const std::u16string& word : *words) {
        ASSERT_FALSE(word.empty());
        ASSERT_EQ(word.find(u'\n'), std::u16string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace cityinfo::articles
