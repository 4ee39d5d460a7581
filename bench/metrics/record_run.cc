#include "bench/metrics/record_run.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "bench/baseline/must.h"
#include "bench/baseline/process_figures.h"
#include "bench/baseline/samples.h"
#include "bench/metrics/bare_ledger.h"
#include "platform/base/clock.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/sql_metric_store.h"

namespace cityinfo::bench {
namespace {

using metrics::LoadedBatch;
using metrics::LoadedValue;
using metrics::Period;

constexpr size_t kBatch = 1000;
constexpr int kIndicators = 50;
constexpr int kPlaces = 25;
constexpr int kYears = 80;
constexpr base::Date kPublished{2021, 12, 30};

enum class Layout { kSeriesBySeries, kYearByYear };

LoadedValue ValueOf(int indicator, int place, int year, int edition) {
  const std::string number = absl::StrCat(100 + indicator, ".", 10 + place, edition + year % 10);
  return {.key = {.indicator = absl::StrCat("bench_indicator_", indicator),
                  .place = absl::StrCat(522601100 + place),
                  .period = Period::Year(1940 + year)},
          .value = {.printed = absl::StrCat(number, "亿元"),
                    .exact_value = absl::StrCat(number.substr(0, 3), number.substr(4), "00000"),
                    .unit = "元"},
          .publish_date = kPublished};
}

std::vector<LoadedBatch> Batches(Layout layout, int edition) {
  std::vector<LoadedValue> values;
  if (layout == Layout::kSeriesBySeries) {
    for (int i = 0; i < kIndicators; ++i)
      for (int p = 0; p < kPlaces; ++p)
        for (int y = 0; y < kYears; ++y) values.push_back(ValueOf(i, p, y, edition));
  } else {
    for (int y = 0; y < kYears; ++y)
      for (int i = 0; i < kIndicators; ++i)
        for (int p = 0; p < kPlaces; ++p) values.push_back(ValueOf(i, p, y, edition));
  }
  std::vector<LoadedBatch> batches;
  for (size_t i = 0; i < values.size(); i += kBatch) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i);
    batches.push_back({.source = "试验年鉴", .values = {begin, begin + kBatch}});
  }
  return batches;
}

std::vector<BareLedger::Row> RowsOf(const LoadedBatch& batch,
                                    absl::flat_hash_set<std::string>& series) {
  std::vector<BareLedger::Row> rows;
  for (const LoadedValue& value : batch.values) {
    const metrics::ObservationKey& key = value.key;
    const std::string text = key.period.ToString();
    rows.push_back(
        {.figure_id = absl::StrCat(
             "loaded-", absl::Hex(std::hash<std::string>()(key.ToId()), absl::kZeroPad16),
             "00000000"),
         .source = batch.source,
         .indicator = key.indicator,
         .place = key.place,
         .period = text,
         .printed = value.value.printed,
         .exact_value = value.value.exact_value,
         .unit = value.value.unit,
         .period_last = metrics::LastDayNumber(key.period),
         .period_first = metrics::FirstDayNumber(key.period),
         .publish_day = base::DaysSinceEpoch(value.publish_date),
         .moment = absl::ToUnixMicros(absl::Now()),
         .new_series = series.insert(absl::StrCat(key.indicator, "\n", key.place)).second});
  }
  return rows;
}

struct Side {
  double seconds = 0;
  double cpu_seconds = 0;
  double rows = 0;

  void Take(const std::function<void()>& write) {
    const double cpu_before = CpuSecondsOfThisThread();
    const Stopwatch watch;
    write();
    seconds += watch.Seconds();
    cpu_seconds += CpuSecondsOfThisThread() - cpu_before;
    rows += kBatch;
  }
  double Rate() const { return rows / seconds; }
};

void Print(const char* what, const Side& side, const Side& bare) {
  std::printf("| %s | %.0f | %.2f | %.1f | %.2f |\n", what, side.Rate(), side.Rate() / bare.Rate(),
              side.cpu_seconds / side.rows * 1e6,
              (bare.cpu_seconds / bare.rows) / (side.cpu_seconds / side.rows));
}

// The store over a new file of its own.
struct NewStore {
  explicit NewStore(const std::string& path)
      : store(Must(metrics::OpenMetricStore({.store = absl::StrCat("sqlite:", path)},
                                            base::SystemClock(), versions))) {}
  metrics::DataVersions versions;
  std::unique_ptr<metrics::SqlMetricStore> store;
};

void RecordAgain(const char* what, metrics::MetricStore& store, Layout layout, int edition,
                 const Side& bare) {
  Side side;
  for (const LoadedBatch& batch : Batches(layout, edition)) {
    side.Take([&] { Must(store.Record(batch).status()); });
  }
  Print(what, side, bare);
}

void RunLayout(const std::string& folder, Layout layout) {
  const bool by_series = layout == Layout::kSeriesBySeries;
  std::filesystem::create_directories(folder);
  Side own;
  Side bare;
  {
    NewStore opened(folder + "/store.db");
    BareLedger ledger(folder + "/bare.db");
    absl::flat_hash_set<std::string> series;
    bool own_first = false;
    for (const LoadedBatch& batch : Batches(layout, 0)) {
      const std::vector<BareLedger::Row> rows = RowsOf(batch, series);
      const auto take_bare = [&] { bare.Take([&] { ledger.Add(rows); }); };
      if (!own_first) take_bare();
      own.Take([&] { Must(opened.store->Record(batch).status()); });
      if (own_first) take_bare();
      own_first = !own_first;
    }
    Print(by_series ? "bare, series by series" : "bare, year by year", bare, bare);
    Print(by_series ? "the store, series by series" : "the store, year by year", own, bare);
    if (by_series) {
      RecordAgain("the same again, nothing new", *opened.store, layout, 0, bare);
      RecordAgain("all of it corrected", *opened.store, layout, 1, bare);
    }
  }
  std::filesystem::remove_all(folder);
}

}  // namespace

void RunRecord(const std::string& folder) {
  std::printf(
      "\n## Recording\n\n%d new values, %zu to a transaction; the ratios are to bare inserts.\n\n"
      "| what | rows/s | ratio | CPU us a row | ratio |\n|---|---|---|---|---|\n",
      kIndicators * kPlaces * kYears, kBatch);
  RunLayout(folder + "/series", Layout::kSeriesBySeries);
  RunLayout(folder + "/years", Layout::kYearByYear);
  std::fflush(stdout);
}

}  // namespace cityinfo::bench
