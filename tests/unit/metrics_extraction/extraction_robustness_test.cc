// Whatever the bytes: no crash, the same answer every time, and large inputs come to an end.
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "platform/base/utf8.h"
#include "tests/unit/metrics_extraction/extracted.h"

namespace cityinfo::metrics {
namespace {

constexpr char kSentence[] =
    "2023年，全市地区生产总值达318.6亿元，年均增长5.9%，城镇和农村居民人均可支配收入分别增长8.2%"
    "、10%；"
    "三次产业结构比为6:30:64（2022年为7:30:"
    "63），到2025年力争突破500亿元，由二十万户提高到3—5万户。\n";

std::string Repeat(const std::string& piece, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

// Every span must be in the text and in order, or a citation would break.
void ExpectSound(const std::string& text) {
  const auto size = base::CountCodePoints(text);
  for (const ExtractedFigure& figure : Extract(text)) {
    ASSERT_LE(0, figure.quote_span.start);
    ASSERT_LE(figure.quote_span.start, figure.value.span.start);
    ASSERT_LT(figure.value.span.start, figure.value.span.end);
    ASSERT_LE(figure.value.span.end, figure.quote_span.end);
    ASSERT_LE(figure.quote_span.end, size);
    ASSERT_GE(figure.doubt, 0);
    ASSERT_LE(figure.doubt, 1);
    ASSERT_TRUE(Period::Parse(figure.period.ToString()).ok()) << figure.period.ToString();
  }
}

TEST(ExtractionRobustnessTest, EmptyAndBlankTexts) {
  for (const char* text : {"", " ", "\n\n\n", "。", "，，，", "　", "第", "到", "“", "百分之"}) {
    EXPECT_TRUE(Extract(text).empty()) << text;
  }
}

TEST(ExtractionRobustnessTest, EveryTruncationOfASentence) {
  const std::string sentence = kSentence;
  for (size_t bytes = 0; bytes <= sentence.size(); ++bytes) ExpectSound(sentence.substr(0, bytes));
}

TEST(ExtractionRobustnessTest, RandomBytes) {
  std::mt19937 random(20211220);
  for (int round = 0; round < 50; ++round) {
    std::string text(2000, '\0');
    for (char& c : text) c = static_cast<char>(random());
    ExpectSound(text);
  }
}

TEST(ExtractionRobustnessTest, ShuffledCharactersOfStatistics) {
  const std::string alphabet = kSentence;
  std::vector<std::string> characters;
  for (size_t pos = 0; pos < alphabet.size();) {
    const size_t begin = pos;
    base::DecodeCodePoint(alphabet, &pos);
    characters.push_back(alphabet.substr(begin, pos - begin));
  }
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 400; ++i) text += characters[random() % characters.size()];
    ExpectSound(text);
  }
}

// One megabyte of what is hard to read in linear time: the last sentence is still found, and the
// test's own time limit is the only clock.
TEST(ExtractionRobustnessTest, LargeRepetitionsEnd) {
  const std::string last = "。\n2023年城镇化率达到58.2%。";
  for (const char* piece : {"1",
                            "1,",
                            "5 ",
                            "5—",
                            "(5",
                            "1:",
                            "(",
                            "一",
                            "亿",
                            "、",
                            "甲和乙",
                            "分别",
                            "高于",
                            "占",
                            "地区生产总值",
                            "2020年",
                            "连续5年",
                            "第",
                            "\"",
                            "实现",
                            "产值5\n亿元\n",
                            "增长5%、6%和",
                            "甲、乙、丙分别增长1%、2%、3%，"}) {
    const std::string text = Repeat(piece, 1 << 20) + last;
    const auto figures = Extract(text);
    ASSERT_FALSE(figures.empty()) << piece;
    EXPECT_EQ(Summary(figures.back()), "urbanization_rate SHARE ACTUAL 2023 58.2 %") << piece;
  }
}

TEST(ExtractionRobustnessTest, ManySentencesGiveManyFigures) {
  const size_t once = Extract(kSentence).size();
  ASSERT_GE(once, 10u);
  std::string text;
  for (int i = 0; i < 1000; ++i) text += kSentence;
  EXPECT_EQ(Extract(text).size(), once * 1000);
}

TEST(ExtractionRobustnessTest, QuotesOfEndlessSentencesAreBounded) {
  const std::string text = Repeat("产值5亿元，", 1 << 18);
  for (const ExtractedFigure& figure : Extract(text)) ASSERT_LE(figure.quote.size(), 2000u);
}

TEST(ExtractionRobustnessTest, TheSameTextGivesTheSameFigures) {
  const std::string text = Repeat(kSentence, 20000);
  const auto first = Extract(text);
  const auto second = Extract(text);
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) {
    ASSERT_EQ(Summary(first[i]), Summary(second[i]));
    ASSERT_EQ(first[i].value.span, second[i].value.span);
    ASSERT_EQ(first[i].doubt, second[i].doubt);
  }
}

}  // namespace
}  // namespace cityinfo::metrics
