#include "services/metrics/domain/figure.h"

#include <gtest/gtest.h>

#include "services/metrics/domain/figure_from_extraction.h"
#include "services/metrics/domain/place_code.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::IsOkAndHolds;
using ::cityinfo::testing::StatusIs;

Figure Stated(const std::string& quote, const std::string& printed, int block) {
  Figure figure;
  figure.citation.quote = quote;
  figure.citation.block = block;
  figure.value.printed = printed;
  return figure;
}

TEST(FigureIdTest, AFigureKeepsItsIdWhenItMoves) {
  std::vector<Figure> before = {Stated("全年完成11座。", "11座", 0),
                                Stated("投资4.7亿元。", "4.7亿元", 1)};
  std::vector<Figure> after = {Stated("新的一句3个。", "3个", 0),
                               Stated("投资4.7 亿元。", "4.7 亿元", 4),
                               Stated("全年完成　11座。", "11座", 5)};
  AssignFigureIds("articles/a", before);
  AssignFigureIds("articles/a", after);
  EXPECT_EQ(before[0].id, after[2].id);
  EXPECT_EQ(before[1].id, after[1].id);
  EXPECT_NE(after[0].id, after[1].id);
  AssignFigureIds("articles/b", after);
  EXPECT_NE(before[0].id, after[2].id);
}

TEST(FigureIdTest, EqualStatementsOfOneArticleAreToldApart) {
  std::vector<Figure> figures(3, Stated("增长8%。", "8%", 0));
  AssignFigureIds("articles/a", figures);
  EXPECT_NE(figures[0].id, figures[1].id);
  EXPECT_NE(figures[1].id, figures[2].id);
}

TEST(FigureTest, AnIncompleteOrRejectedFigureBacksNothing) {
  Figure figure;
  EXPECT_FALSE(figure.BacksObservation());
  figure.indicator = "gdp";
  figure.place = "52";
  EXPECT_FALSE(figure.BacksObservation());
  figure.period = Period::Year(2020);
  EXPECT_TRUE(figure.BacksObservation());
  figure.review_state = ReviewState::kRejected;
  EXPECT_FALSE(figure.BacksObservation());
  figure.review_state = ReviewState::kConfirmed;
  figure.unit_fits = false;
  EXPECT_FALSE(figure.BacksObservation());
}

TEST(FigureFromExtractionTest, TheUnitMustBeTheIndicators) {
  const Catalogue& catalogue = Catalogue::Embedded();
  ExtractedFigure extracted;
  extracted.indicator = "gdp";
  extracted.base_unit = "元";
  extracted.doubt = 0.3;
  extracted.reasons = {Doubt::kAssumedPeriod};
  const Figure figure = FigureFromExtraction(extracted, catalogue, {2021, 12, 20});
  EXPECT_TRUE(figure.unit_fits);
  EXPECT_DOUBLE_EQ(figure.confidence, 0.7);
  EXPECT_EQ(figure.doubts, std::vector<std::string>{"ASSUMED_PERIOD"});
  extracted.base_unit = "座";
  EXPECT_FALSE(FigureFromExtraction(extracted, catalogue, {2021, 12, 20}).unit_fits);
  extracted.measure = Measure::kYoyGrowth;
  extracted.base_unit = "%";
  EXPECT_TRUE(FigureFromExtraction(extracted, catalogue, {2021, 12, 20}).unit_fits);
}

TEST(StatedValueTest, NumbersAreComparedNotTheirTexts) {
  const StatedValue a{.printed = "5.90%", .exact_value = "5.90", .unit = "%"};
  StatedValue b{.printed = "5.9个百分点", .exact_value = "5.9", .unit = "%"};
  EXPECT_TRUE(a.SaysTheSameAs(b));
  b.exact_value = "5.91";
  EXPECT_FALSE(a.SaysTheSameAs(b));
  EXPECT_DOUBLE_EQ(b.ToDouble(), 5.91);
}

TEST(PlaceCodeTest, TrailingZerosGo) {
  EXPECT_THAT(NormalizePlaceCode("522601"), IsOkAndHolds(std::string("522601")));
  EXPECT_THAT(NormalizePlaceCode("522600"), IsOkAndHolds(std::string("5226")));
  EXPECT_THAT(NormalizePlaceCode("520000"), IsOkAndHolds(std::string("52")));
  EXPECT_THAT(NormalizePlaceCode("5200"), IsOkAndHolds(std::string("52")));
  EXPECT_THAT(NormalizePlaceCode("100000"), IsOkAndHolds(std::string("100000")));
  EXPECT_THAT(NormalizePlaceCode("522601105"), IsOkAndHolds(std::string("522601105")));
  EXPECT_THAT(NormalizePlaceCode("522601105000"), IsOkAndHolds(std::string("522601105")));
  EXPECT_THAT(NormalizePlaceCode("522601105201"), IsOkAndHolds(std::string("522601105201")));
  EXPECT_THAT(NormalizePlaceCode("522601000000"), IsOkAndHolds(std::string("522601")));
  for (const char* bad : {"", "5", "522", "52260", "5226011", "５２", "5226a1", "012345", "凯里"}) {
    EXPECT_THAT(NormalizePlaceCode(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace cityinfo::metrics
