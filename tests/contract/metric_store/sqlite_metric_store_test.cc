#include <gmock/gmock.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/sql_metric_store.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class SqliteHarness final : public StoreHarness {
 public:
  std::unique_ptr<MetricStore> Open(const base::Clock& clock, DataVersions& versions) override {
    auto store =
        OpenMetricStore({.store = absl::StrCat("sqlite:", dir_.File("m.db"))}, clock, versions);
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

class SqliteMetricStoreTest : public ::testing::Test {
 protected:
  database::Options At(const char* name) const {
    return {.store = absl::StrCat("sqlite:", dir_.File(name))};
  }

  testing::TempDir dir_;
  base::FakeClock clock_;
  DataVersions versions_;
};

TEST_F(SqliteMetricStoreTest, ASecondStoreOverTheSameFileIsRefused) {
  auto first = OpenMetricStore(At("m.db"), clock_, versions_);
  ASSERT_OK(first);
  EXPECT_THAT(OpenMetricStore(At("m.db"), clock_, versions_),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SqliteMetricStoreTest, TheIdentityStaysWithTheFile) {
  const auto identity_of = [&](const char* name) {
    auto store = OpenMetricStore(At(name), clock_, versions_);
    EXPECT_OK(store);
    return store.ok() ? (*store)->identity() : "";
  };
  const std::string first = identity_of("a.db");
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(identity_of("a.db"), first);
  EXPECT_NE(identity_of("b.db"), first);
}

// Whoever held the lease cannot live: the file was his alone.
TEST_F(SqliteMetricStoreTest, ADeadProcesssLeaseIsFreeAtOnce) {
  auto store = OpenMetricStore(At("m.db"), clock_, versions_);
  ASSERT_OK(store);
  const auto dead = (*store)->AcquireHarvest("dead", absl::Seconds(6), Soon());
  ASSERT_OK(dead);
  ASSERT_TRUE(dead->has_value());
  store->reset();
  store = OpenMetricStore(At("m.db"), clock_, versions_);
  ASSERT_OK(store);
  const auto next = (*store)->AcquireHarvest("next", absl::Seconds(6), Soon());
  ASSERT_OK(next);
  ASSERT_TRUE(next->has_value());
  EXPECT_GT((*next)->term, (*dead)->term);
}

// What the first release wrote: the first step of the schema and rows as it wrote them.
TEST_F(SqliteMetricStoreTest, AFileOfTheFirstReleaseIsReadAndWrittenOn) {
  {
    auto old =
        database::Open(At("old.db"), {.name = "metrics", .sqlite = {SqliteMetricSchema()[0]}});
    ASSERT_OK(old);
    ASSERT_OK_AND_ASSIGN(sql::Lease writer, (*old)->Write());
    ASSERT_OK(writer->Execute(
        "INSERT INTO series VALUES (1, 'gdp', '522601', 1, 1);"
        "INSERT INTO observations VALUES (1, 1, 18627, 18262, '2020');"
        "INSERT INTO statements VALUES (1, 'f1', 1, 0, '', 'gdp', '生产总值', '522601', 1, 1, "
        "'2020',"
        " '281.76亿元', '28176000000', '', '元', 1, '亿元', 1, 1.0, '', 'articles/a', 1, 0, 0, 20,"
        " '2020年完成生产总值281.76亿元。', 11, 19, '答卷', '日报', 'A1', 18981, 1, 5000, 5000,"
        " 9223372036854775807);"
        "INSERT INTO figures VALUES ('f1', 1, 0, 1, 'gdp', '522601', 18981, 'articles/a', 0, 11);"
        "INSERT INTO vintages VALUES (1, 1, 1, '281.76亿元', '28176000000', '', '元', 1, 18981, "
        "5000,"
        " 9223372036854775807);"
        "INSERT INTO vintage_statements VALUES (1, 1, 5000, 9223372036854775807);"
        "INSERT INTO changes VALUES (7, 1, 1, 0, 5000);"
        "INSERT INTO data_versions VALUES ('gdp', 7);"
        "UPDATE progress SET harvest_position = 3, last_record_time = 5000;"));
  }
  auto store = OpenMetricStore(At("old.db"), clock_, versions_);
  ASSERT_OK(store);
  EXPECT_EQ(*(*store)->HarvestPosition(), 3);
  EXPECT_EQ(versions_.Latest(), 7);
  ObservationQuery query{.as_of = absl::FromUnixMicros(5000)};
  auto page = (*store)->QueryObservations(query, Soon());
  ASSERT_OK(page);
  ASSERT_THAT(page->observations, SizeIs(1));
  EXPECT_EQ(page->observations[0].vintage.value.printed, "281.76亿元");
  EXPECT_THAT(page->observations[0].vintage.citations, SizeIs(1));

  ArticleChange change{.feed_position = 4, .article = "articles/a", .revision = 2};
  ASSERT_OK(ApplyOne(**store, change));
  const auto changes = (*store)->ReadChanges(0, 10, Soon());
  ASSERT_OK(changes);
  ASSERT_THAT(*changes, SizeIs(2));
  EXPECT_EQ((*changes)[1].sequence, 8);
  EXPECT_TRUE((*changes)[1].retracted);
}

TEST_F(SqliteMetricStoreTest, AnAddressThatIsNoneIsNamed) {
  EXPECT_THAT(OpenMetricStore({.store = "mysql://db/metrics"}, clock_, versions_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--store")));
}

}  // namespace
}  // namespace cityinfo::metrics
