// How much of what editors marked in whole documents is found, and how much of that is right. The
// documents are of the kinds the platform reads: communiques, work reports, budgets, plans,
// profiles of places, broadcast and local news, some with the broken lines and spaces of PDF files.
//
// The floors are what was reached, less a little. A rule that lowers one is worse for whole texts,
// however well it does in a sentence of its own.
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/unit/metrics_extraction/extracted.h"
#include "tests/unit/metrics_extraction/marked_document.h"

namespace cityinfo::metrics {
namespace {

struct Score {
  int marked = 0;
  int extracted = 0;  // without those that match an optional mark
  int found = 0;
  int right = 0;  // of the found: value, unit, measure and kind
  int with_period = 0;
  int period = 0;
  int named = 0;

  double Recall() const { return marked == 0 ? 0 : static_cast<double>(found) / marked; }
  double Precision() const { return extracted == 0 ? 0 : static_cast<double>(found) / extracted; }
  double F1() const {
    const double sum = Precision() + Recall();
    return sum > 0 ? 2 * Precision() * Recall() / sum : 0;
  }
  static double Of(int part, int whole) {
    return whole == 0 ? 1 : static_cast<double>(part) / whole;
  }

  void Add(const Score& other) {
    marked += other.marked;
    extracted += other.extracted;
    found += other.found;
    right += other.right;
    with_period += other.with_period;
    period += other.period;
    named += other.named;
  }
};

std::string Folded(const std::string& text) {
  std::string folded;
  for (char c : text) {
    if (c != ' ' && c != '\n') folded.push_back(c);
  }
  return folded;
}

bool IsMeasure(const MarkedFigure& marked, Measure measure) {
  switch (marked.kind) {
    case 'L':
    case 'C':
      return measure == Measure::kLevel;
    case 'Y':
      return measure == Measure::kYoyGrowth;
    case 'A':
      return measure == Measure::kAverageGrowth;
    case 'S':
      return measure == Measure::kShare || measure == Measure::kLevel;
    default:
      return true;
  }
}

// One name holds the other: 地产生猪存栏 names 生猪存栏.
bool IsNamed(const MarkedFigure& marked, const std::string& name) {
  return !name.empty() &&
         (absl::StrContains(marked.name, name) || absl::StrContains(name, marked.name));
}

Score ScoreOf(const MarkedDocument& document, std::string& misses) {
  const std::vector<ExtractedFigure> figures = Extract(document.text, document.date);
  Score score;
  score.extracted = static_cast<int>(figures.size());
  for (const MarkedFigure& marked : document.figures) {
    const ExtractedFigure* match = nullptr;
    for (const ExtractedFigure& figure : figures) {
      if (figure.value.span.start == marked.start) match = &figure;
    }
    if (marked.optional) {
      score.extracted -= match != nullptr;
      continue;
    }
    ++score.marked;
    const std::string place = absl::StrCat("\n  ", document.name, ": ", marked.name, " ",
                                           marked.printed, " ", marked.period);
    if (match == nullptr) {
      absl::StrAppend(&misses, place, " was missed");
      continue;
    }
    const bool right = Folded(match->value.printed) == marked.printed &&
                       IsMeasure(marked, match->measure) &&
                       (match->kind != Kind::kActual) == marked.target;
    const bool dated = marked.period.empty() || match->period.ToString() == marked.period;
    const bool named = IsNamed(marked, match->indicator_text);
    ++score.found;
    score.right += right;
    score.with_period += !marked.period.empty();
    score.period += !marked.period.empty() && dated;
    score.named += named;
    if (!right || !dated || !named) {
      absl::StrAppend(&misses, place, " became ", match->indicator_text, " ", Summary(*match));
    }
  }
  return score;
}

TEST(MarkedDocumentsTest, WhatEditorsMarkedIsFound) {
  const char* source = std::getenv("CITYINFO_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "set CITYINFO_SOURCE_DIR to the checkout";
  const std::vector<MarkedDocument> documents =
      ReadMarkedDocuments(absl::StrCat(source, "/tests/unit/metrics_extraction/marked_documents"));
  ASSERT_GE(documents.size(), 25u);
  Score total;
  std::string misses;
  for (const MarkedDocument& document : documents) total.Add(ScoreOf(document, misses));
  ASSERT_GE(total.marked, 1100);
  EXPECT_GE(total.F1(), 0.99) << misses;
  EXPECT_GE(Score::Of(total.right, total.found), 0.99) << misses;
  EXPECT_GE(Score::Of(total.period, total.with_period), 0.97) << misses;
  EXPECT_GE(Score::Of(total.named, total.found), 0.985) << misses;
  RecordProperty("f1", std::to_string(total.F1()));
}

TEST(MarkedDocumentsTest, MarksAreReadFromTheText) {
  const MarkedDocument document = ReadMarkedDocument(
      "a.txt", "# 2024-01-20\n收入⟦5亿\n元|收入|TL|2024⟧，居第⟦?2位|收入|O|-⟧。\n");
  EXPECT_EQ(document.date, "2024-01-20");
  EXPECT_EQ(document.text, "收入5亿\n元，居第2位。\n");
  ASSERT_EQ(document.figures.size(), 2u);
  EXPECT_EQ(document.figures[0].start, 2);
  EXPECT_EQ(document.figures[0].printed, "5亿元");
  EXPECT_TRUE(document.figures[0].target);
  EXPECT_EQ(document.figures[0].period, "2024");
  EXPECT_TRUE(document.figures[1].optional);
  EXPECT_EQ(document.figures[1].period, "");
}

}  // namespace
}  // namespace cityinfo::metrics
