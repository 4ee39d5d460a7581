// Readers and a writer at the same time.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

constexpr int kWrites = 40;
constexpr size_t kMaxAnswers = 500;  // per reader

// Time really passes here, so that reads and writes fall together.
TEST_P(MetricStoreTest, AnAnswerAsOfNowIsFinalWhileOthersWrite) {
  versions_ = std::make_unique<DataVersions>();
  store_.reset();
  store_ = harness_->Open(base::SystemClock(), *versions_);
  ASSERT_NE(store_, nullptr);

  std::atomic<bool> done = false;
  std::vector<std::vector<std::pair<ObservationQuery, std::string>>> answers(3);
  std::vector<std::jthread> readers;
  for (auto& mine : answers) {
    readers.emplace_back([&] {
      while (!done && mine.size() < kMaxAnswers) {
        ObservationQuery query{.as_of = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()))};
        mine.emplace_back(query, Describe(Query(query)));
      }
    });
  }
  for (int i = 0; i < kWrites; ++i) {
    const auto applied =
        ApplyOne(*store_, Publish(absl::StrCat("articles/", i % 7), i,
                                  {GdpFigure(absl::StrCat(i)), GdpFigure("1", 2021)}));
    ASSERT_OK(applied);
    // Whoever saw the write acknowledged sees its versions and its value.
    ASSERT_EQ(versions_->Latest(), store_->ReadChanges(0, 10'000, Soon())->back().sequence);
    ASSERT_EQ(Query().front().vintage.value.printed, absl::StrCat(i, "亿元"));
  }
  done = true;
  readers.clear();
  for (const auto& mine : answers) {
    for (const auto& [query, answer] : mine) ASSERT_EQ(Describe(Query(query)), answer);
  }
}

}  // namespace
}  // namespace cityinfo::metrics
