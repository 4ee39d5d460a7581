// What recording values does, says that it does, and would do.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr base::Date kWinter{2021, 12, 30};
constexpr base::Date kSpring{2022, 3, 10};

LoadedValue Value(const std::string& yi_yuan, base::Date publish_date, int year = 2020,
                  const std::string& indicator = "gdp") {
  return {.key = {.indicator = indicator, .place = "522601", .period = Period::Year(year)},
          .value = GdpFigure(yi_yuan).value,
          .publish_date = publish_date};
}

LoadedBatch Batch(std::vector<LoadedValue> values, const std::string& source = "统计年鉴") {
  return {.source = source, .values = std::move(values)};
}

// "281.8亿元 -> 281.9亿元", "- -> 281.8亿元", "281.8亿元 =".
std::vector<std::string> Edits(const std::vector<RecordedValue>& recorded) {
  std::vector<std::string> edits;
  for (const RecordedValue& value : recorded) {
    const std::string before =
        value.before.has_value() ? value.before->vintage.value.printed : std::string("-");
    edits.push_back(value.changed ? absl::StrCat(before, " -> ", value.after.vintage.value.printed)
                                  : absl::StrCat(before, " ="));
  }
  return edits;
}

// Everything of an answer that a rehearsal must foresee: all but the record times.
std::string WithoutTimes(std::vector<RecordedValue> recorded) {
  std::string text;
  for (RecordedValue& value : recorded) {
    value.after.vintage.record_time = absl::InfinitePast();
    absl::StrAppend(&text, value.changed, " ", Describe({value.after}));
    if (!value.before.has_value()) continue;
    value.before->vintage.record_time = absl::InfinitePast();
    absl::StrAppend(&text, "  was ", Describe({*value.before}));
  }
  return text;
}

TEST_P(MetricStoreTest, RecordingSaysWhatStoodBeforeAndAfter) {
  const auto record = [&](LoadedBatch batch) {
    clock_.Advance(absl::Seconds(1));
    const auto recorded = store_->Record(batch);
    EXPECT_OK(recorded);
    return recorded.ok() ? Edits(*recorded) : std::vector<std::string>();
  };
  EXPECT_THAT(record(Batch({Value("281.8", kWinter), Value("290", kWinter, 2021)})),
              ElementsAre("- -> 281.8亿元", "- -> 290亿元"));
  EXPECT_THAT(record(Batch({Value("281.8", kWinter), Value("291", kWinter, 2021),
                            Value("300", kWinter, 2022)})),
              ElementsAre("281.8亿元 =", "290亿元 -> 291亿元", "- -> 300亿元"));
  // Published later it takes the place of what another source said; published earlier it does not,
  // and is compared with its own day.
  EXPECT_THAT(record(Batch({Value("281.9", kSpring), Value("280", {2021, 3, 1})}, "公报")),
              ElementsAre("281.8亿元 -> 281.9亿元", "- -> 280亿元"));
  EXPECT_EQ(Query().front().vintage.value.printed, "281.9亿元");
  // Another source that says the same backs what stands.
  EXPECT_THAT(record(Batch({Value("281.9", kSpring)}, "快报")),
              ElementsAre("281.9亿元 -> 281.9亿元"));
  EXPECT_THAT(record(Batch({Value("281.9", kSpring)}, "快报")), ElementsAre("281.9亿元 ="));
}

TEST_P(MetricStoreTest, WhatAnArticleSaidStandsBeforeWithItsCitation) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const auto recorded = store_->Record(Batch({Value("281.8", kWinter)}));
  ASSERT_OK(recorded);
  ASSERT_TRUE(recorded->front().before.has_value());
  ASSERT_THAT(recorded->front().before->vintage.citations, SizeIs(1));
  EXPECT_EQ(recorded->front().before->vintage.citations[0].article, "articles/a");
  EXPECT_THAT(recorded->front().after.vintage.citations, IsEmpty());
  EXPECT_EQ(recorded->front().after.vintage.source, "统计年鉴");
  EXPECT_EQ(Describe({recorded->front().after}), Describe(Query()));
}

TEST_P(MetricStoreTest, ARehearsalForeseesTheRecordingAndStoresNothing) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(store_->Record(Batch({Value("290", kWinter, 2021), Value("300", kWinter, 2022)})));
  clock_.Advance(absl::Seconds(1));
  LoadedBatch batch =
      Batch({Value("281.8", kWinter), Value("290", kWinter, 2021), Value("301", kWinter, 2022),
             Value("302", kWinter, 2022), Value("7", kSpring, 2023, "retail_sales")});
  batch.request_id = "r-1";
  batch.digest = "d";
  batch.validate_only = true;

  const std::string known = Describe(Query());
  const std::int64_t version = versions_->Latest();
  const auto foreseen = store_->Record(batch);
  ASSERT_OK(foreseen);
  EXPECT_THAT(Edits(*foreseen),
              ElementsAre("281.76亿元 -> 281.8亿元", "290亿元 =", "300亿元 -> 301亿元",
                          "301亿元 -> 302亿元", "- -> 7亿元"));
  EXPECT_EQ(foreseen->front().after.vintage.record_time, absl::InfinitePast());
  EXPECT_NE(foreseen->front().before->vintage.record_time, absl::InfinitePast());
  EXPECT_EQ(foreseen->at(3).before->vintage.record_time, absl::InfinitePast());

  EXPECT_EQ(Describe(Query()), known);
  EXPECT_EQ(versions_->Latest(), version);
  const auto changes = store_->ReadChanges(0, 100, Soon());
  ASSERT_OK(changes);
  EXPECT_EQ(changes->back().sequence, version);
  for (const LoadedValue& value : batch.values) {
    const auto history = store_->ListVintages(value.key, Soon());
    ASSERT_OK(history);
    for (const Observation& vintage : *history) {
      EXPECT_EQ(vintage.vintage.superseded_at, absl::InfiniteFuture());
    }
  }
  Reopen();
  EXPECT_EQ(Describe(Query()), known);
  EXPECT_EQ(versions_->Latest(), version);

  batch.validate_only = false;
  const auto recorded = store_->Record(batch);
  ASSERT_OK(recorded);
  EXPECT_EQ(WithoutTimes(*recorded), WithoutTimes(*foreseen));
  // No record time was taken by the rehearsal: the clock stands, so the write has the clock's own.
  EXPECT_EQ(recorded->front().after.vintage.record_time,
            absl::FromUnixMicros(absl::ToUnixMicros(clock_.Now())));
}

TEST_P(MetricStoreTest, ARehearsedRequestIdIsNotRemembered) {
  LoadedBatch batch = Batch({Value("281.8", kWinter)});
  batch.request_id = "r-1";
  batch.digest = "d1";
  batch.validate_only = true;
  ASSERT_OK(store_->Record(batch));
  batch.digest = "d2";
  ASSERT_OK(store_->Record(batch));
  batch.validate_only = false;
  const auto first = store_->Record(batch);
  ASSERT_OK(first);
  EXPECT_TRUE(first->front().changed);
  // And a rehearsal of an answered request is one of its own.
  batch.validate_only = true;
  const auto foreseen = store_->Record(batch);
  ASSERT_OK(foreseen);
  EXPECT_THAT(Edits(*foreseen), ElementsAre("281.8亿元 ="));
}

TEST_P(MetricStoreTest, OfValuesForOneKeyEachIsRecordedAfterTheOneBefore) {
  const auto recorded =
      store_->Record(Batch({Value("1", kWinter), Value("9", kWinter, 2021), Value("2", kWinter),
                            Value("3", kSpring), Value("3", kSpring)}));
  ASSERT_OK(recorded);
  EXPECT_THAT(Edits(*recorded), ElementsAre("- -> 1亿元", "- -> 9亿元", "1亿元 -> 2亿元",
                                            "2亿元 -> 3亿元", "3亿元 ="));
  // Each had its moment.
  const auto history = store_->ListVintages(Value("1", kWinter).key, Soon());
  ASSERT_OK(history);
  ASSERT_THAT(*history, SizeIs(3));
  const absl::Time first = history->at(2).vintage.record_time;
  EXPECT_EQ(history->at(2).vintage.value.printed, "1亿元");
  EXPECT_EQ(history->at(2).vintage.superseded_at, history->at(1).vintage.record_time);
  EXPECT_EQ(Query({.as_of = first}).front().vintage.value.printed, "1亿元");
  EXPECT_EQ(Query({.published_as_of = kWinter}).front().vintage.value.printed, "2亿元");
  EXPECT_EQ(Query().front().vintage.value.printed, "3亿元");
  // A later write still records later.
  const auto next = store_->Record(Batch({Value("4", kSpring)}));
  ASSERT_OK(next);
  EXPECT_GT(next->front().after.vintage.record_time, history->at(0).vintage.record_time);
}

TEST_P(MetricStoreTest, ARetryOfARepeatedKeyGetsTheFirstAnswer) {
  LoadedBatch batch = Batch({Value("1", kSpring), Value("1", kWinter), Value("2", kSpring)});
  batch.request_id = "r-1";
  batch.digest = "d";
  const auto first = store_->Record(batch);
  ASSERT_OK(first);
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(store_->Record(Batch({Value("5", kSpring)})));
  const auto again = store_->Record(batch);
  ASSERT_OK(again);
  EXPECT_EQ(DescribeAfter(*again), DescribeAfter(*first));
  for (const RecordedValue& value : *again) {
    EXPECT_FALSE(value.changed);
    EXPECT_FALSE(value.before.has_value());
    EXPECT_EQ(value.after.vintage.superseded_at, absl::InfiniteFuture());
  }
}

TEST_P(MetricStoreTest, ALoadedValueHasItsRoundOfAccounting) {
  LoadedValue value = Value("281.8", kWinter);
  value.stage = RevisionStage::kPreliminary;
  const auto first = store_->Record(Batch({value}));
  ASSERT_OK(first);
  EXPECT_EQ(first->front().after.vintage.stage, RevisionStage::kPreliminary);
  EXPECT_FALSE(store_->Record(Batch({value}))->front().changed);
  value.stage = RevisionStage::kFinal;
  const auto second = store_->Record(Batch({value}));
  ASSERT_OK(second);
  EXPECT_TRUE(second->front().changed);
  EXPECT_EQ(second->front().after.vintage.stage, RevisionStage::kFinal);
  EXPECT_EQ(Query().front().vintage.stage, RevisionStage::kFinal);
}

TEST_P(MetricStoreTest, ManyValuesOfManySeriesAreRecordedTogether) {
  std::vector<LoadedValue> values;
  for (int year = 1950; year < 2020; ++year) {
    for (const char* indicator : {"gdp", "retail_sales", "fixed_asset_investment"}) {
      values.push_back(Value(absl::StrCat(year), kWinter, year, indicator));
    }
  }
  const auto first = store_->Record(Batch(values));
  ASSERT_OK(first);
  ASSERT_THAT(*first, SizeIs(values.size()));
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_TRUE((*first)[i].changed);
    EXPECT_EQ((*first)[i].after.key, values[i].key);
  }
  const std::int64_t version = versions_->Latest();
  EXPECT_EQ(version, static_cast<std::int64_t>(values.size()));
  const auto again = store_->Record(Batch(values));
  ASSERT_OK(again);
  EXPECT_EQ(DescribeAfter(*again), DescribeAfter(*first));
  for (const RecordedValue& value : *again) EXPECT_FALSE(value.changed);
  EXPECT_EQ(versions_->Latest(), version);
  // Half of them known, in another order, some said otherwise.
  std::reverse(values.begin(), values.end());
  values.resize(30);
  values[3].value = GdpFigure("5").value;
  values.push_back(Value("8", kWinter, 2030));
  const auto mixed = store_->Record(Batch(values));
  ASSERT_OK(mixed);
  int changed = 0;
  for (const RecordedValue& value : *mixed) changed += value.changed ? 1 : 0;
  EXPECT_EQ(changed, 2);
  EXPECT_EQ(mixed->at(3).after.vintage.number, 2);
}

}  // namespace
}  // namespace cityinfo::metrics
