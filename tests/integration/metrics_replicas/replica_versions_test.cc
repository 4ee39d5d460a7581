// What one replica writes, the others know of.
#include <gmock/gmock.h>

#include "platform/telemetry/metrics.h"
#include "services/metrics/cache/caching_metric_reader.h"
#include "services/metrics/cache/memory_metric_cache.h"
#include "services/metrics/domain/store_metric_reader.h"
#include "tests/integration/metrics_replicas/replica.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::WaitUntil;
using ::testing::SizeIs;

class ReplicaVersionsTest : public ReplicasTest {
 protected:
  void SetUp() override {
    ReplicasTest::SetUp();
    here_.Open({.store = url_});
    there_.Open({.store = url_});
  }

  // A cached reader over a replica, as app.cc builds it.
  struct Cached {
    explicit Cached(Replica& replica)
        : source(*replica.store,
                 [](const ObservationQuery&, const ObservationPage& page)
                     -> absl::StatusOr<std::string> { return Describe(page.observations); }),
          reader(source, replica.versions,
                 [&replica](absl::Time deadline) {
                   return replica.store->RefreshDataVersions(deadline);
                 },
                 memory, nullptr, metrics, {.data_set = replica.store->identity()}) {}

    std::string Ask(ObservationQuery query) {
      query.Normalize();
      const auto answer = reader.QueryObservations(query, Soon());
      EXPECT_OK(answer);
      return answer.ok() ? **answer : "";
    }

    telemetry::Metrics metrics;
    MemoryMetricCache memory{{.max_bytes = 1 << 20}};
    StoreMetricReader source;
    CachingMetricReader reader;
  };

  Replica here_;
  Replica there_;
};

TEST_F(ReplicaVersionsTest, AnothersWriteIsKnownWithinTheFeedsLag) {
  ASSERT_OK(there_.Load("281.76"));
  EXPECT_TRUE(WaitUntil([&] { return here_.versions.Latest() == there_.versions.Latest(); }));
  EXPECT_EQ(here_.versions.Snapshot(std::vector<std::string>{"gdp"}),
            there_.versions.Snapshot(std::vector<std::string>{"gdp"}));
  EXPECT_EQ(here_.store->identity(), there_.store->identity());
}

TEST_F(ReplicaVersionsTest, ACachedAnswerFollowsAnothersWrite) {
  Cached cached(here_);
  const ObservationQuery query{.indicators = {"gdp"}};
  ASSERT_OK(here_.Load("281.76"));
  const std::string before = cached.Ask(query);
  ASSERT_OK(there_.Load("290"));
  ObservationQuery strong = query;
  strong.strong = true;
  EXPECT_NE(cached.Ask(strong), before) << "a strong question sees it at once";
  EXPECT_TRUE(WaitUntil([&] { return cached.Ask(query) != before; }));
}

TEST_F(ReplicaVersionsTest, TheNextPageNeverShowsAnOlderStateThanTheOneBefore) {
  Cached cached(here_);
  for (int year = 2018; year <= 2020; ++year) ASSERT_OK(here_.Load("1", year));
  ObservationQuery query{.indicators = {"gdp"}, .page_size = 2};
  query.after = here_.Query(query).back().key;
  const std::string before = cached.Ask(query);

  ASSERT_OK(there_.Load("2", 2020));
  const auto first =
      there_.store->QueryObservations({.indicators = {"gdp"}, .page_size = 2}, Soon());
  ASSERT_OK(first);
  ASSERT_TRUE(first->more);
  EXPECT_EQ(first->seen, there_.versions.Latest());
  query.seen = first->seen;
  EXPECT_NE(cached.Ask(query), before);
}

TEST_F(ReplicaVersionsTest, ARequestRetriedElsewhereGetsTheFirstAnswerAndItsVersions) {
  const Figure figure = GdpFigure("281.76");
  const LoadedBatch batch{
      .source = "年鉴",
      .request_id = "r-1",
      .digest = "d",
      .values = {{.key = {.indicator = "gdp", .place = "522601", .period = Period::Year(2020)},
                  .value = figure.value,
                  .publish_date = figure.publish_date}}};
  const auto first = here_.store->Record(batch);
  ASSERT_OK(first);
  const auto again = there_.store->Record(batch);
  ASSERT_OK(again);
  EXPECT_EQ(DescribeAfter(*again), DescribeAfter(*first));
  EXPECT_EQ(there_.versions.Latest(), here_.versions.Latest());
  const auto changes = there_.store->ReadChanges(0, 10, Soon());
  ASSERT_OK(changes);
  EXPECT_THAT(*changes, SizeIs(1));
}

}  // namespace
}  // namespace cityinfo::metrics
