#include "services/metrics/domain/observation_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;

TEST(ObservationQueryTest, EqualQuestionsHaveOneText) {
  ObservationQuery a{.indicators = {"retail", "gdp", "retail"},
                     .kinds = {Kind::kTarget, Kind::kActual}};
  ObservationQuery b{.indicators = {"gdp", "retail"}, .kinds = {Kind::kActual, Kind::kTarget}};
  a.Normalize();
  b.Normalize();
  EXPECT_THAT(a.indicators, ElementsAre("gdp", "retail"));
  EXPECT_EQ(a.CanonicalText(), b.CanonicalText());
  b.strong = true;
  EXPECT_EQ(a.CanonicalText(), b.CanonicalText()) << "the same question, however fresh the answer";
}

TEST(ObservationQueryTest, EveryFieldIsPartOfTheText) {
  const std::vector<std::function<void(ObservationQuery&)>> changes = {
      [](auto&) {},
      [](auto& query) { query.indicators = {"gdp"}; },
      [](auto& query) {
        query.indicators = {"g", "dp"};
      },
      [](auto& query) { query.indicators = {"g,2:dp"}; },
      [](auto& query) { query.places = {"gdp"}; },
      [](auto& query) { query.measures = {Measure::kShare}; },
      [](auto& query) { query.kinds = {Kind::kTarget}; },
      [](auto& query) { query.period_from = Period::Year(2020); },
      [](auto& query) { query.period_to = Period::Year(2020); },
      [](auto& query) { query.last_n = 1; },
      [](auto& query) { query.as_of = absl::FromUnixMicros(1); },
      [](auto& query) { query.as_of = absl::FromUnixMicros(2); },
      [](auto& query) {
        query.published_as_of = base::Date{2020, 1, 1};
      },
      [](auto& query) { query.page_size = 1; },
      [](auto& query) { query.places = {kNoPlace}; },
      [](auto& query) { query.granularities = {Granularity::kYearly}; },
      [](auto& query) {
        query.granularities = {Granularity::kYearly, Granularity::kCumulativeMonths};
      },
      [](auto& query) { query.units = Units::kPc1; },
      [](auto& query) { query.units = Units::kPch; },
      [](auto& query) {
        query.units = Units::kNbd;
        query.index_period = Period::Year(2015);
      },
      [](auto& query) {
        query.units = Units::kNbd;
        query.index_period = Period::Year(2016);
      },
      [](auto& query) { query.after = *ObservationKey::FromId("gdp.52.LEVEL.ACTUAL.2020"); },
  };
  std::set<std::string> texts;
  for (const auto& change : changes) {
    ObservationQuery query;
    change(query);
    query.Normalize();
    EXPECT_TRUE(texts.insert(query.CanonicalText()).second) << query.CanonicalText();
  }
}

TEST(ObservationQueryTest, TheLatestValueIsNeverAPromise) {
  ObservationQuery latest{.last_n = 1};
  latest.Normalize();
  EXPECT_THAT(latest.kinds, ElementsAre(Kind::kActual));
  ObservationQuery targets{.kinds = {Kind::kTarget}, .last_n = 1};
  targets.Normalize();
  EXPECT_THAT(targets.kinds, ElementsAre(Kind::kTarget));
  ObservationQuery all;
  all.Normalize();
  EXPECT_THAT(all.kinds, ::testing::IsEmpty());
}

TEST(ObservationQueryTest, APageTokenIsNotBoundToThePage) {
  ObservationQuery a{.indicators = {"gdp"}, .page_size = 5};
  ObservationQuery b{.indicators = {"gdp"},
                     .page_size = 50,
                     .after = *ObservationKey::FromId("gdp.52.LEVEL.ACTUAL.2020")};
  EXPECT_EQ(a.FilterText(), b.FilterText());
  EXPECT_NE(a.CanonicalText(), b.CanonicalText());
}

TEST(ObservationKeyTest, IdsAreReadBack) {
  for (const char* id :
       {"gdp.522601.LEVEL.ACTUAL.2020", "gdp.5226.AVERAGE_GROWTH.TARGET.2021_2025",
        "retail.100000.YOY_GROWTH.ACTUAL.2021-01_2021-09", "x.52.RANK.FORECAST.2021-Q3"}) {
    const auto key = ObservationKey::FromId(id);
    ASSERT_OK(key);
    EXPECT_EQ(key->ToId(), id);
  }
  for (const char* id :
       {"", "gdp", "gdp.52.LEVEL.ACTUAL", "gdp.52.LEVEL.ACTUAL.2020.1", "gdp.52.level.ACTUAL.2020",
        "gdp.52.LEVEL.ACTUAL.2021-13", ".52.LEVEL.ACTUAL.2020", "gdp..LEVEL.ACTUAL.2020"}) {
    EXPECT_THAT(ObservationKey::FromId(id),
                cityinfo::testing::StatusIs(absl::StatusCode::kInvalidArgument))
        << id;
  }
}

}  // namespace
}  // namespace cityinfo::metrics
