#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "services/metrics/storage/sql_metric_store.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/contract/metric_store/postgres_environment.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics {

// One process of the service, as far as the store goes: a clock, what it knows of versions, and its
// own connections to the database that all share.
struct Replica {
  base::FakeClock clock;
  DataVersions versions;
  std::unique_ptr<SqlMetricStore> store;

  void Open(const database::Options& options) {
    auto opened = OpenMetricStore(options, clock, versions);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store = *std::move(opened);
  }

  std::vector<Observation> Query(ObservationQuery query = {}) {
    query.Normalize();
    const auto page = store->QueryObservations(query, Soon());
    EXPECT_OK(page);
    return page.ok() ? page->observations : std::vector<Observation>();
  }

  // Loads "<yi_yuan>亿元" as an indicator's value of a year, under a source of its own.
  absl::Status Load(const std::string& yi_yuan, int year = 2020,
                    const std::string& indicator = "gdp") {
    const Figure figure = GdpFigure(yi_yuan, year);
    return store
        ->Record({.source = "年鉴",
                  .values = {{.key = {.indicator = indicator,
                                      .place = "522601",
                                      .period = Period::Year(year)},
                              .value = figure.value,
                              .publish_date = figure.publish_date}}})
        .status();
  }
};

// Tests over one database of the binary's PostgreSQL and several replicas.
class ReplicasTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(url_, PostgresEnvironment::Server().NewDatabase("metrics"));
  }

  std::string url_;
};

}  // namespace cityinfo::metrics
