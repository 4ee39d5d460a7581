#include "services/articles/domain/revision_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"
#include "services/articles/domain/text_difference.h"
#include "tests/contract/article_store/sample_content.h"

namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;

ArticleContent WithBlocks(const std::vector<std::string>& texts) {
  ArticleContent content = SampleContent();
  content.blocks.clear();
  for (const std::string& text : texts) content.blocks.push_back({.text = text});
  return content;
}

// "=0,0 -1 +1 ~2,2": one word per block.
std::string Shape(const ContentDifference& difference) {
  std::string shape;
  for (const BlockDifference& block : difference.blocks) {
    if (!shape.empty()) shape += ' ';
    switch (block.operation) {
      case BlockOperation::kEqual:
        absl::StrAppend(&shape, "=", block.before_index, ",", block.after_index);
        break;
      case BlockOperation::kInserted:
        absl::StrAppend(&shape, "+", block.after_index);
        break;
      case BlockOperation::kRemoved:
        absl::StrAppend(&shape, "-", block.before_index);
        break;
      case BlockOperation::kChanged:
        absl::StrAppend(&shape, "~", block.before_index, ",", block.after_index);
        break;
    }
  }
  return shape;
}

std::string Shape(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  return Shape(DiffContents(WithBlocks(before), WithBlocks(after)));
}

// `text` without the spans, which must lie in it, ascend and not touch.
std::string Without(const std::string& text, const std::vector<Span>& spans) {
  std::string rest;
  int64_t end = 0;
  for (const Span& span : spans) {
    EXPECT_TRUE(span.begin > end || (span.begin == 0 && end == 0)) << "spans touch";
    EXPECT_LT(span.begin, span.end);
    EXPECT_LE(span.end, base::CountCodePoints(text));
    const absl::string_view kept = base::SubstrCodePoints(text, end, span.begin);
    rest.append(kept.data(), kept.size());
    end = span.end;
  }
  const absl::string_view kept = base::SubstrCodePoints(text, end, base::CountCodePoints(text));
  return rest.append(kept.data(), kept.size());
}

// Follows `difference` from `before`; what it says must hold of both, and `after` must come out.
void ExpectApplies(const std::vector<Block>& before, const std::vector<Block>& after,
                   const ContentDifference& difference) {
  int next_before = 0;
  std::vector<Block> made;
  for (const BlockDifference& block : difference.blocks) {
    const bool in_before = block.operation != BlockOperation::kInserted;
    const bool in_after = block.operation != BlockOperation::kRemoved;
    ASSERT_EQ(block.before_index, in_before ? next_before++ : -1);
    ASSERT_EQ(block.after_index, in_after ? static_cast<int>(made.size()) : -1);
    if (block.operation == BlockOperation::kEqual) {
      made.push_back(before.at(block.before_index));
    } else if (in_after) {
      made.push_back(after.at(block.after_index));
    }
    if (block.operation == BlockOperation::kChanged) {
      ASSERT_EQ(Without(before.at(block.before_index).text, block.before_spans),
                Without(after.at(block.after_index).text, block.after_spans));
    } else {
      ASSERT_TRUE(block.before_spans.empty() && block.after_spans.empty());
    }
  }
  ASSERT_EQ(next_before, before.size());
  ASSERT_EQ(made.size(), after.size());
  for (size_t i = 0; i < made.size(); ++i) {
    ASSERT_EQ(made[i].text, after[i].text);
    ASSERT_EQ(made[i].kind, after[i].kind);
  }
}

TEST(DiffContents, OfTheSameIsEqualThroughout) {
  const ArticleContent content = SampleContent();
  const ContentDifference difference = DiffContents(content, content);
  EXPECT_TRUE(difference.fields.empty());
  EXPECT_EQ(Shape(difference), "=0,0 =1,1 =2,2");
  EXPECT_EQ(Shape(DiffContents({}, {})), "");
}

TEST(DiffContents, NamesTheFieldsInTheirOrder) {
  const ArticleContent before = SampleContent();
  ArticleContent after = before;
  after.continued_from = "B1版";
  after.printed_date = base::Date{2021, 12, 19};
  after.place = "52";
  after.publish_date.day = 21;
  after.tags = {"民生", "桥梁"};
  after.title = "新桥通行";
  EXPECT_THAT(DiffContents(before, after).fields,
              ElementsAre(FieldDifference{"title", before.title, "新桥通行"},
                          FieldDifference{"tags", "民生\n交通", "民生\n桥梁"},
                          FieldDifference{"publish_date", "2021-12-20", "2021-12-21"},
                          FieldDifference{"place", "522601", "52"},
                          FieldDifference{"printed_date", "", "2021-12-19"},
                          FieldDifference{"continued_from", "", "B1版"}));
}

TEST(DiffContents, KeepsParagraphsThatStay) {
  const std::string a = "清晨的江面上起了薄雾。";
  const std::string b = "老街的豆腐坊五点开门。";
  const std::string c = "孩子们沿着石阶去上学。";
  EXPECT_EQ(Shape({a, b, c}, {a, c}), "=0,0 -1 =2,1");
  EXPECT_EQ(Shape({a, c}, {a, b, c}), "=0,0 +1 =1,2");
  EXPECT_EQ(Shape({a, b, c}, {c, a, b}), "+0 =0,1 =1,2 -2");
  EXPECT_EQ(Shape({a, a, a}, {a, a}), "=0,0 =1,1 -2");
  EXPECT_EQ(Shape({}, {a, b}), "+0 +1");
  EXPECT_EQ(Shape({a, b}, {}), "-0 -1");
}

TEST(DiffContents, TellsRewordedFromReplaced) {
  const std::string before = "新桥长三百米，总投资一亿元。";
  EXPECT_EQ(Shape({before}, {"新桥长三百二十米，总投资一亿元。"}), "~0,0");
  EXPECT_EQ(Shape({before}, {"本周末多云，气温回升。"}), "-0 +0");
  // The reworded one finds its own, past what is new and what is gone.
  EXPECT_EQ(Shape({"天气晴好。", before},
                  {"广场上搭起了戏台。", "夜里灯火通明。", "新桥长三百米，总投资两亿元。"}),
            "-0 +0 +1 ~1,2");
  // A paragraph that was cut in two lives on in the longer half.
  EXPECT_EQ(Shape({"第一句话说的是桥。第二句话要长得多，说的是路和路灯。"},
                  {"第一句话说的是桥。", "第二句话要长得多，说的是路和路灯。"}),
            "+0 ~0,1");
}

TEST(DiffContents, MarksWhatChangedInside) {
  const ContentDifference difference = DiffContents(WithBlocks({"新桥长300米，投资1亿元。"}),
                                                    WithBlocks({"新桥长320米，总投资1亿元。"}));
  ASSERT_EQ(Shape(difference), "~0,0");
  EXPECT_THAT(difference.blocks[0].before_spans, ElementsAre(Span{4, 5}));
  EXPECT_THAT(difference.blocks[0].after_spans, ElementsAre(Span{4, 5}, Span{8, 9}));
}

TEST(DiffContents, AnotherKindIsAChangeWithoutSpans) {
  const ArticleContent before = WithBlocks({"一、桥"});
  ArticleContent after = before;
  after.blocks[0].kind = BlockKind::kHeading;
  const ContentDifference difference = DiffContents(before, after);
  ASSERT_EQ(Shape(difference), "~0,0");
  EXPECT_TRUE(difference.blocks[0].before_spans.empty());
  EXPECT_TRUE(difference.blocks[0].after_spans.empty());
}

TEST(DiffContents, WhereItStandsOnThePageDoesNotCount) {
  const ArticleContent before = WithBlocks({"江边的步道。"});
  ArticleContent after = before;
  after.blocks[0].spans = {{.begin = 5, .end = 11}};
  after.blocks[0].quality = {QualityReason::kMoved};
  EXPECT_EQ(Shape(DiffContents(before, after)), "=0,0");
}

TEST(DifferenceOf, DoesNotKeepChanceApart) {
  int64_t steps = kMaxStepsPerText;
  // "的" stands in both by chance.
  const TextDifference difference =
      DifferenceOf("会上，旧城区的改造方案获得通过。", "会上，新公园的选址报告获得通过。", &steps);
  EXPECT_THAT(difference.before, ElementsAre(Span{3, 11}));
  EXPECT_THAT(difference.after, ElementsAre(Span{3, 11}));
}

TEST(DifferenceOf, WithoutStepsTheWholeMiddleDiffers) {
  int64_t steps = 0;
  const TextDifference difference = DifferenceOf("甲乙丙丁戊己", "甲子丙丁丑己", &steps);
  EXPECT_THAT(difference.before, ElementsAre(Span{1, 5}));
  EXPECT_THAT(difference.after, ElementsAre(Span{1, 5}));
}

// Random articles and random edits of them, small ones often and large ones sometimes.
class Editing {
 public:
  explicit Editing(uint32_t seed) : random_(seed) {}

  std::vector<Block> Article(int max_blocks) {
    std::vector<Block> blocks;
    const int count = Below(max_blocks + 1);
    for (int i = 0; i < count; ++i) blocks.push_back(NewBlock());
    return blocks;
  }

  std::vector<Block> Edit(std::vector<Block> blocks) {
    const int edits = Below(6);
    for (int i = 0; i < edits; ++i) {
      const int where = Below(static_cast<int>(blocks.size()) + 1);
      switch (blocks.empty() ? 0 : Below(5)) {
        case 0:
          blocks.insert(blocks.begin() + where, NewBlock());
          break;
        case 1:
          blocks.erase(blocks.begin() + where % static_cast<int>(blocks.size()));
          break;
        case 2:
          std::swap(blocks[where % blocks.size()], blocks[Below(static_cast<int>(blocks.size()))]);
          break;
        case 3:
          blocks[where % blocks.size()].kind = BlockKind::kHeading;
          break;
        default:
          Reword(&blocks[where % blocks.size()].text);
      }
    }
    return blocks;
  }

 private:
  int Below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  std::string Words(int max) {
    static constexpr absl::string_view kCharacters[] = {"桥", "路", "江", "城", "a",  "7",
                                                        "，", "的", "é",  "𠮷", "灯", "人"};
    std::string text;
    const int count = 1 + Below(max);
    for (int i = 0; i < count; ++i) {
      const absl::string_view next = kCharacters[Below(std::size(kCharacters))];
      text.append(next.data(), next.size());
    }
    return text;
  }
  Block NewBlock() { return {.text = Words(Below(4) == 0 ? 300 : 12)}; }
  void Reword(std::string* text) {
    const auto length = static_cast<int>(base::CountCodePoints(*text));
    const int begin = Below(length + 1);
    const int end = std::min(length, begin + Below(8));
    *text = absl::StrCat(base::SubstrCodePoints(*text, 0, begin), Words(6),
                         base::SubstrCodePoints(*text, end, length));
  }

  std::mt19937 random_;
};

TEST(DiffContents, AppliedToTheOlderGivesTheNewer) {
  Editing editing(20211220);
  for (int round = 0; round < 2000; ++round) {
    ArticleContent before;
    ArticleContent after;
    before.blocks = editing.Article(round % 10 == 0 ? 120 : 15);
    after.blocks = round % 7 == 0 ? editing.Article(15) : editing.Edit(before.blocks);
    const ContentDifference difference = DiffContents(before, after);
    ASSERT_NO_FATAL_FAILURE(ExpectApplies(before.blocks, after.blocks, difference))
        << "round " << round;
  }
}

TEST(DiffContents, HoldsForArticlesAsLargeAsTheyMayBe) {
  // 2,000 blocks of a kilobyte each, all reworded or all other.
  std::mt19937 random(3);
  const auto text = [&random](int first, int count) {
    std::string words;
    for (int i = 0; i < count; ++i) {
      base::AppendUtf8(first + std::uniform_int_distribution<int>(0, 2999)(random), &words);
    }
    return words;
  };
  ArticleContent before;
  ArticleContent reworded;
  ArticleContent other;
  for (int i = 0; i < 2000; ++i) {
    const std::string words = text(0x4E00, 340);
    before.blocks.push_back({.text = words});
    reworded.blocks.push_back({.text = "另外，" + words + "就是这样。"});
    other.blocks.push_back({.text = text(0x6000, 340)});
  }
  const ContentDifference changed = DiffContents(before, reworded);
  ASSERT_NO_FATAL_FAILURE(ExpectApplies(before.blocks, reworded.blocks, changed));
  EXPECT_EQ(std::count_if(changed.blocks.begin(), changed.blocks.end(),
                          [](const BlockDifference& block) {
                            return block.operation == BlockOperation::kChanged;
                          }),
            2000);
  ASSERT_NO_FATAL_FAILURE(ExpectApplies(before.blocks, other.blocks, DiffContents(before, other)));
  // One block that has grown beyond what is compared inside.
  ArticleContent long_before;
  ArticleContent long_after;
  long_before.blocks.push_back({.text = "开头" + text(0x4E00, 19'000)});
  long_after.blocks.push_back({.text = "开头" + text(0x6000, 19'000)});
  ASSERT_NO_FATAL_FAILURE(
      ExpectApplies(long_before.blocks, long_after.blocks, DiffContents(long_before, long_after)));
}

}  // namespace
}  // namespace cityinfo::articles
