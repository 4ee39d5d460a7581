#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "platform/base/error.h"
#include "services/metrics/storage/sql_metric_store.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/contract/metric_store/postgres_environment.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

const ::testing::Environment* const kPostgres =
    ::testing::AddGlobalTestEnvironment(new PostgresEnvironment);

// A database of its own on the binary's server.
class PostgresHarness final : public StoreHarness {
 public:
  PostgresHarness() {
    const auto url = PostgresEnvironment::Server().NewDatabase("metrics");
    EXPECT_OK(url);
    url_ = url.value_or("");
  }

  std::unique_ptr<MetricStore> Open(const base::Clock& clock, DataVersions& versions) override {
    auto store = OpenMetricStore({.store = url_}, clock, versions);
    EXPECT_OK(store);
    return store.ok() ? *std::move(store) : nullptr;
  }

 private:
  std::string url_;
};

INSTANTIATE_TEST_SUITE_P(Postgres, MetricStoreTest,
                         ::testing::Values(StoreKind{
                             .name = "Postgres",
                             .make = [] { return std::make_unique<PostgresHarness>(); }}),
                         [](const auto& info) { return info.param.name; });

class PostgresMetricStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(url_, PostgresEnvironment::Server().NewDatabase("metrics"));
  }
  absl::Status WhyNot(const database::Options& options) {
    return OpenMetricStore(options, clock_, versions_).status();
  }
  void Execute(const std::string& sql) {
    ASSERT_OK(PostgresEnvironment::Server().Query(url_, sql).status());
  }

  base::FakeClock clock_;
  DataVersions versions_;
  std::string url_;
};

void ExpectOneLine(const absl::Status& status) {
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
}

TEST_F(PostgresMetricStoreTest, TheIdentityIsMadeOnceWithTheData) {
  const auto identity = [&] {
    auto store = OpenMetricStore({.store = url_}, clock_, versions_);
    EXPECT_OK(store);
    return store.ok() ? (*store)->identity() : "";
  };
  const std::string first = identity();
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(identity(), first);
  ASSERT_OK_AND_ASSIGN(url_, PostgresEnvironment::Server().NewDatabase("metrics"));
  EXPECT_NE(identity(), first);
}

TEST_F(PostgresMetricStoreTest, ANewerSchemaIsRefusedAndLeftAlone) {
  ASSERT_OK(WhyNot({.store = url_}));
  Execute(
      "INSERT INTO metrics.schema_migrations (version, name, compatible, applied_at) "
      "SELECT version + 1, 'of tomorrow', false, applied_at FROM metrics.schema_migrations "
      "ORDER BY version DESC LIMIT 1");
  const absl::Status refused = WhyNot({.store = url_});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("newer")));
  EXPECT_EQ(base::ErrorReason(refused), "SCHEMA_TOO_NEW");
  ExpectOneLine(refused);
}

TEST_F(PostgresMetricStoreTest, AnEmptyDatabaseIsRefusedWhenItMayNotBeMigrated) {
  const absl::Status refused =
      WhyNot({.store = url_, .migrate = database::Options::Migrate::kCheck});
  EXPECT_EQ(base::ErrorReason(refused), "SCHEMA_OUT_OF_DATE");
  ExpectOneLine(refused);
}

TEST_F(PostgresMetricStoreTest, AReadOnlyDatabaseSaysSoAtTheStart) {
  ASSERT_OK(WhyNot({.store = url_}));
  Execute("ALTER ROLE postgres IN DATABASE " +
          url_.substr(url_.find("@/") + 2, url_.find('?') - url_.find("@/") - 2) +
          " SET default_transaction_read_only = on");
  const absl::Status refused = WhyNot({.store = url_});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ErrorReason(refused), "STORE_READ_ONLY");
  ExpectOneLine(refused);
}

}  // namespace
}  // namespace cityinfo::metrics
