#include "services/metrics/cache/cache_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <vector>

namespace cityinfo::metrics {
namespace {

std::vector<DataState> Versions(std::initializer_list<std::int64_t> sequences) {
  std::vector<DataState> states;
  for (const std::int64_t sequence : sequences) states.push_back({sequence, 100 + sequence});
  return states;
}

ObservationQuery Question() {
  ObservationQuery query;
  query.indicators = {"gdp", "retail_sales"};
  query.places = {"522601"};
  query.Normalize();
  return query;
}

TEST(CacheKeyTest, EqualQuestionsOnEqualDataHaveOneKey) {
  ObservationQuery other = Question();
  other.indicators = {"retail_sales", "gdp", "gdp"};
  other.Normalize();
  EXPECT_EQ(CacheKey("city", Versions({3, 7}), Question()),
            CacheKey("city", Versions({3, 7}), other));
}

TEST(CacheKeyTest, HowFreshAnAnswerMustBeIsNoPartOfTheQuestion) {
  ObservationQuery strong = Question();
  strong.strong = true;
  EXPECT_EQ(CacheKey("city", Versions({3, 7}), Question()),
            CacheKey("city", Versions({3, 7}), strong));
}

TEST(CacheKeyTest, WhateverChangesTheAnswerChangesTheKey) {
  const std::vector<std::function<void(ObservationQuery&)>> changes = {
      [](auto& query) {
        query.indicators = {"gdp", "tourists"};
      },
      [](auto& query) { query.places = {"5226"}; },
      [](auto& query) {
        query.places = {"522601", "5226"};
      },
      [](auto& query) { query.measures = {Measure::kLevel}; },
      [](auto& query) { query.kinds = {Kind::kTarget}; },
      [](auto& query) { query.period_from = Period::Year(2020); },
      [](auto& query) { query.period_to = Period::Year(2020); },
      [](auto& query) { query.last_n = 1; },
      [](auto& query) { query.as_of = absl::FromUnixSeconds(1640000000); },
      [](auto& query) { query.as_of = absl::FromUnixMicros(1640000000000001); },
      [](auto& query) {
        query.published_as_of = base::Date{2021, 12, 20};
      },
      [](auto& query) { query.page_size = 20; },
      [](auto& query) {
        query.after =
            ObservationKey{.indicator = "gdp", .place = "522601", .period = Period::Year(2020)};
      },
  };
  std::set<std::string> keys = {CacheKey("city", Versions({3, 7}), Question()),
                                CacheKey("city", Versions({3, 8}), Question()),
                                CacheKey("city", Versions({37}), Question()),
                                CacheKey("other", Versions({3, 7}), Question())};
  ASSERT_EQ(keys.size(), 4u);
  for (const auto& change : changes) {
    ObservationQuery query = Question();
    change(query);
    query.Normalize();
    EXPECT_TRUE(keys.insert(CacheKey("city", Versions({3, 7}), query)).second)
        << CacheKey("city", Versions({3, 7}), query);
  }
}

TEST(CacheKeyTest, AVersionReachedASecondTimeIsAnotherState) {
  const std::vector<DataState> before = {{3, 17}, {7, 18}};
  const std::vector<DataState> after_a_restore = {{3, 17}, {7, 19}};
  EXPECT_NE(CacheKey("city", before, Question()), CacheKey("city", after_a_restore, Question()));
}

TEST(CacheKeyTest, ValuesCannotRunIntoEachOther) {
  ObservationQuery one = Question();
  one.places = {"52", "26"};
  ObservationQuery two = Question();
  two.places = {"52,2:26"};
  EXPECT_NE(CacheKey("city", Versions({1, 2}), one), CacheKey("city", Versions({1, 2}), two));
  EXPECT_NE(CacheKey("a|1:", Versions({1}), one), CacheKey("a", Versions({1}), one));
}

}  // namespace
}  // namespace cityinfo::metrics
