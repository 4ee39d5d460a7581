#include "services/metrics/storage/sqlite_metric_store.h"

#include <memory>

#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {
namespace {

class SqliteHarness final : public StoreHarness {
 public:
  std::unique_ptr<MetricStore> Open(const base::Clock& clock, DataVersions& versions) override {
    auto store = SqliteMetricStore::Open({.path = dir_.File("metrics.db")}, clock, versions);
    EXPECT_OK(store);
    return store.ok() ? *std::move(store) : nullptr;
  }

 private:
  testing::TempDir dir_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, MetricStoreTest,
                         ::testing::Values(StoreKind{
                             .name = "Sqlite",
                             .make = [] { return std::make_unique<SqliteHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

TEST(SqliteMetricStoreTest, ASecondStoreOverTheSameFileIsRefused) {
  testing::TempDir dir;
  DataVersions versions;
  auto first = SqliteMetricStore::Open({.path = dir.File("m.db")}, base::SystemClock(), versions);
  ASSERT_OK(first);
  EXPECT_THAT(SqliteMetricStore::Open({.path = dir.File("m.db")}, base::SystemClock(), versions),
              testing::StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(SqliteMetricStoreTest, TheIdentityStaysWithTheFile) {
  testing::TempDir dir;
  const auto identity_of = [&](const char* name) {
    DataVersions versions;
    auto store = SqliteMetricStore::Open({.path = dir.File(name)}, base::SystemClock(), versions);
    EXPECT_OK(store);
    return store.ok() ? (*store)->identity() : "";
  };
  const std::string first = identity_of("a.db");
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(identity_of("a.db"), first);
  EXPECT_NE(identity_of("b.db"), first);
}

}  // namespace
}  // namespace cityinfo::metrics
