#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/health/health.h"
#include "platform/rpc/channel.h"
#include "platform/telemetry/metrics.h"
#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/harvest/harvester.h"
#include "services/metrics/storage/sql_metric_store.h"
#include "tests/integration/harvest/article_feed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

namespace cityinfo::metrics::testing {

// A feed, a real store and a harvester between them.
class HarvestCity : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(feed_.Start());
    ASSERT_OK_AND_ASSIGN(
        store_, OpenMetricStore({.store = absl::StrCat("sqlite:", dir_.File("metrics.db"))},
                                base::SystemClock(), versions_));
  }
  void TearDown() override { harvester_ = nullptr; }

  static Harvester::Options Quick() {
    Harvester::Options options;
    options.reconnect = {.initial = absl::Milliseconds(1), .max = absl::Milliseconds(20)};
    options.store_retry = {.initial = absl::Milliseconds(1), .max = absl::Milliseconds(20)};
    return options;
  }

  void StartHarvest(const Harvester::Options& options = Quick()) { StartHarvest(*store_, options); }
  void StartHarvest(MetricStore& store, const Harvester::Options& options = Quick(),
                    FigureExtractor extractor = ExtractFigures) {
    harvester_ = std::make_unique<Harvester>(
        rpc::MakeChannel(feed_.target(), {.reconnect_initial = absl::Milliseconds(10),
                                          .reconnect_max = absl::Milliseconds(50)}),
        store, ChangeReader(Catalogue::Embedded(), std::move(extractor)), health_, metrics_,
        options);
  }

  // Waits until the store has applied the change at `position`.
  [[nodiscard]] bool Harvested(std::int64_t position, absl::Duration bound = absl::Seconds(30)) {
    return cityinfo::testing::WaitUntil(
        [&] {
          const absl::StatusOr<std::int64_t> reached = store_->HarvestPosition();
          return reached.ok() && *reached >= position;
        },
        bound);
  }

  std::vector<Figure> Figures(const FigureQuery& filter) {
    std::vector<Figure> figures;
    FigureQuery query = filter;
    query.page_size = 1000;
    for (;;) {
      absl::StatusOr<FigurePage> page = store_->ListFigures(query, absl::InfiniteFuture());
      EXPECT_OK(page);
      if (!page.ok()) return figures;
      figures.insert(figures.end(), page->figures.begin(), page->figures.end());
      if (!page->next.has_value()) return figures;
      query.after = page->next;
    }
  }
  std::vector<Figure> FiguresOf(absl::string_view id) {
    return Figures({.article = absl::StrCat("articles/", id)});
  }

  std::vector<Observation> Observations(std::vector<std::string> indicators = {}) {
    ObservationQuery query;
    query.indicators = std::move(indicators);
    query.page_size = 1000;
    query.Normalize();
    const absl::StatusOr<ObservationPage> page =
        store_->QueryObservations(query, absl::InfiniteFuture());
    EXPECT_OK(page);
    return page.ok() ? page->observations : std::vector<Observation>();
  }

  health::State HealthState() {
    for (const health::Component& component : health_.GetSnapshot().components) {
      if (component.name == "harvest") return component.state;
    }
    return health::State::kDown;
  }

  ArticleFeed feed_;
  cityinfo::testing::TempDir dir_;
  DataVersions versions_;
  std::unique_ptr<SqlMetricStore> store_;
  health::Health health_;
  telemetry::Metrics metrics_;
  std::unique_ptr<Harvester> harvester_;
};

}  // namespace cityinfo::metrics::testing
