#include "bench/metrics/grown_store.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/baseline/must.h"
#include "services/metrics/storage/sql_metric_store.h"

namespace cityinfo::bench {
namespace {

using metrics::LoadedBatch;
using metrics::Measure;
using metrics::Period;

// A connection past the store, for one thread. Ends the program when a statement fails.
class RawDatabase {
 public:
  explicit RawDatabase(const std::string& path) {
    Check(sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr), "open");
  }
  ~RawDatabase() { sqlite3_close(db_); }
  RawDatabase(const RawDatabase&) = delete;
  RawDatabase& operator=(const RawDatabase&) = delete;

  void Run(const std::string& sql) {
    Check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), sql);
  }

  // Every row's columns as texts.
  std::vector<std::vector<std::string>> Rows(const std::string& sql) {
    std::vector<std::vector<std::string>> rows;
    const auto add = [](void* all, int count, char** values, char**) {
      auto& row = static_cast<decltype(&rows)>(all)->emplace_back();
      for (int i = 0; i < count; ++i) row.emplace_back(values[i] == nullptr ? "" : values[i]);
      return 0;
    };
    Check(sqlite3_exec(db_, sql.c_str(), add, &rows, nullptr), sql);
    return rows;
  }

  // A statement with the parameters ?1, a number, ?2 and ?3, texts.
  class Statement {
   public:
    Statement(RawDatabase& database, const std::string& sql) : database_(database) {
      database.Check(sqlite3_prepare_v2(database.db_, sql.c_str(), -1, &statement_, nullptr), sql);
    }
    Statement(Statement&& other) noexcept
        : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
    ~Statement() { sqlite3_finalize(statement_); }

    void Run(int64_t number, const std::string& first, const std::string& second) {
      sqlite3_bind_int64(statement_, 1, number);
      const int texts = sqlite3_bind_parameter_count(statement_);
      if (texts > 1) Bind(2, first);
      if (texts > 2) Bind(3, second);
      const int done = sqlite3_step(statement_);
      database_.Check(done == SQLITE_DONE ? SQLITE_OK : done, sqlite3_sql(statement_));
      sqlite3_reset(statement_);
    }

   private:
    void Bind(int at, const std::string& text) {
      sqlite3_bind_text(statement_, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }

    RawDatabase& database_;
    sqlite3_stmt* statement_ = nullptr;
  };

 private:
  void Check(int code, const std::string& what) {
    if (code == SQLITE_OK) return;
    Must(absl::InternalError(absl::StrCat(what, ": ", sqlite3_errmsg(db_))));
  }

  sqlite3* db_ = nullptr;
};

metrics::LoadedValue Value(const std::string& indicator, const std::string& place, Measure measure,
                           const Period& period, std::string exact, std::string unit) {
  return {.key = {.indicator = indicator, .place = place, .measure = measure, .period = period},
          .value = {.printed = absl::StrCat(exact, unit), .exact_value = exact, .unit = unit},
          .publish_date = base::DateFromDays(period.last_day() - absl::CivilDay(1970, 1, 1) + 20)};
}

// What the service itself records: everything about one indicator and place.
void RecordTemplate(const std::string& path, const std::string& indicator,
                    const std::string& place) {
  metrics::DataVersions versions;
  const auto store = Must(metrics::OpenMetricStore({.store = absl::StrCat("sqlite:", path)},
                                                   base::SystemClock(), versions));
  LoadedBatch batch{.source = "统计年鉴"};
  for (int i = 0; i < kYears; ++i) {
    batch.values.push_back(Value(indicator, place, Measure::kLevel, Period::Year(kFirstYear + i),
                                 absl::StrCat(1'000'000 + i * 7919), "元"));
  }
  for (int i = 0; i < kQuarters; ++i) {
    batch.values.push_back(Value(indicator, place, Measure::kYoyGrowth,
                                 Period::Quarter(kFirstQuarterYear + i / 4, i % 4 + 1),
                                 absl::StrCat(3 + i % 9, ".", 1 + i % 8), "%"));
  }
  Must(store->Record(batch).status());
  Must(store->Checkpoint());
}

// The statement that copies the template's rows of a table for the ?1th indicator ?2 and place ?3.
std::string CopyStatement(RawDatabase& database, const std::string& table, int64_t series,
                          int64_t observations) {
  const std::string shift = absl::StrCat(" + ?1 * ", observations);
  const std::map<std::string, std::string> changed = {
      {"series_id", absl::StrCat("series_id + ?1 * ", series)},
      {"observation_id", absl::StrCat("observation_id", shift)},
      {"statement_id", absl::StrCat("statement_id", shift)},
      {"vintage_id", absl::StrCat("vintage_id", shift)},
      {"sequence", absl::StrCat("sequence", shift)},
      {"indicator", "?2"},
      {"place", "?3"},
      {"figure_id", "figure_id || '-' || ?1"},
      // Other values, so that no answer is another's.
      {"exact_value",
       "CASE WHEN instr(exact_value, '.') THEN exact_value ELSE "
       "CAST(CAST(exact_value AS INTEGER) + ?1 * 1000 AS TEXT) END"}};
  std::vector<std::string> columns, values;
  for (const std::vector<std::string>& column :
       database.Rows(absl::StrCat("SELECT name FROM pragma_table_info('", table, "')"))) {
    columns.push_back(column[0]);
    const auto change = changed.find(column[0]);
    values.push_back(change == changed.end() ? column[0] : change->second);
  }
  return absl::StrCat("INSERT INTO main.", table, " (", absl::StrJoin(columns, ", "), ") SELECT ",
                      absl::StrJoin(values, ", "), " FROM temp.", table, "_template");
}

void CopyAll(RawDatabase& database, const std::vector<std::string>& indicators,
             const std::vector<std::string>& places, int64_t series, int64_t observations) {
  std::vector<RawDatabase::Statement> copies;
  for (const char* table :
       {"series", "observations", "statements", "vintages", "vintage_statements", "changes"}) {
    database.Run(
        absl::StrCat("CREATE TEMP TABLE ", table, "_template AS SELECT * FROM main.", table));
    copies.emplace_back(database, CopyStatement(database, table, series, observations));
  }
  database.Run(
      "CREATE TEMP TABLE data_versions_template AS SELECT * FROM main.data_versions LIMIT 1");
  std::string version = CopyStatement(database, "data_versions", series, observations);
  version.replace(0, 6, "REPLACE");
  RawDatabase::Statement stamp(database, version);
  database.Run("BEGIN");
  int64_t number = 0;
  for (const std::string& indicator : indicators) {
    for (const std::string& place : places) {
      if (number > 0) {
        for (RawDatabase::Statement& copy : copies) copy.Run(number, indicator, place);
      }
      ++number;
    }
    stamp.Run(number - 1, indicator, "");
  }
  database.Run("COMMIT");
}

template <typename List, typename Text>
std::vector<std::string> Sorted(const List& list, Text text) {
  std::vector<std::string> sorted;
  for (const auto& item : list) sorted.push_back(text(item));
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace

int64_t GrowStore(const std::string& path, const metrics::Catalogue& catalogue) {
  const std::vector<std::string> indicators =
      Sorted(catalogue.indicators(), [](const metrics::Indicator& one) { return one.id; });
  const std::vector<std::string> places =
      Sorted(catalogue.places(), [](const metrics::Place& one) { return one.code; });
  RecordTemplate(path, indicators[0], places[0]);
  RawDatabase database(path);
  // Nothing of this need survive a crash.
  database.Run(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; "
      "PRAGMA temp_store = MEMORY; PRAGMA locking_mode = EXCLUSIVE");
  const auto indexes = database.Rows(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name "
      "IN "
      "('statements', 'vintages', 'changes', 'observations', 'series', 'vintage_statements')");
  for (const auto& index : indexes) database.Run(absl::StrCat("DROP INDEX ", index[0]));
  constexpr int64_t kSeries = 2;
  constexpr int64_t kObservations = kYears + kQuarters;
  CopyAll(database, indicators, places, kSeries, kObservations);
  for (const auto& index : indexes) database.Run(index[1]);
  database.Run("PRAGMA journal_mode = WAL");
  return static_cast<int64_t>(indicators.size() * places.size()) * kObservations;
}

}  // namespace cityinfo::bench
