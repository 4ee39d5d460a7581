#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "services/metrics/domain/data_versions.h"
#include "services/metrics/domain/metric_store.h"

namespace cityinfo::metrics {

// One store under test: where its data lies outlives the store, so that it can be opened again.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  // Opens the store over the harness's data. The one before has been destroyed.
  virtual std::unique_ptr<MetricStore> Open(const base::Clock& clock, DataVersions& versions) = 0;
};

// What the suite is run over: name and maker of each adapter.
struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreHarness>()> make;

  friend void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }
};

// The promises of MetricStore, held against every adapter.
class MetricStoreTest : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override;
  // As after a restart of the service: nothing in memory is left.
  void Reopen();

  // The change that publishes these figures as a revision of an article; feed positions count up.
  ArticleChange Publish(const std::string& article, std::int64_t revision,
                        std::vector<Figure> figures);
  // The change that takes the article back.
  ArticleChange Unpublish(const std::string& article, std::int64_t revision);
  AppliedChange Apply(const ArticleChange& change);

  std::vector<Observation> Query(ObservationQuery query = {});
  std::vector<Figure> Figures(FigureQuery query = {});

  base::FakeClock clock_;
  std::unique_ptr<StoreHarness> harness_;
  std::unique_ptr<DataVersions> versions_;
  std::unique_ptr<MetricStore> store_;
  std::int64_t feed_position_ = 0;
};

// "281.76亿元" of 2020 for 522601, from an article of 2021-12-20; change what a test is about.
Figure GdpFigure(const std::string& yi_yuan, int year = 2020);

// Every field of an answer as text, for comparing answers as a whole.
std::string Describe(const std::vector<Observation>& observations);
// Of what was recorded, what stands after.
std::string DescribeAfter(const std::vector<RecordedValue>& recorded);

// Applies one change.
absl::StatusOr<AppliedChange> ApplyOne(MetricStore& store, const ArticleChange& change,
                                       const HarvestLease& lease = {});

absl::Time Soon();

}  // namespace cityinfo::metrics
