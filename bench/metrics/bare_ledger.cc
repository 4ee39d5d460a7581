#include "bench/metrics/bare_ledger.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/baseline/must.h"
#include "services/metrics/storage/schema.h"

namespace cityinfo::bench {
namespace {

constexpr std::int64_t kForever = metrics::kForever;

void Bind(sqlite3_stmt* statement, int index, std::int64_t value) {
  sqlite3_bind_int64(statement, index, value);
}
void Bind(sqlite3_stmt* statement, int index, const std::string& value) {
  sqlite3_bind_text(statement, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}
template <typename... Args>
void BindAll(sqlite3_stmt* statement, const Args&... args) {
  int index = 0;
  (Bind(statement, ++index, args), ...);
}

}  // namespace

BareLedger::BareLedger(const std::string& path) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open(path.c_str(), &db);
  db_.reset(db);
  if (code != SQLITE_OK) Must(absl::UnavailableError(sqlite3_errmsg(db)));
  Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF");
  for (const sql::Migration& step : metrics::SqliteMetricSchema()) Execute(std::string(step.sql));
  series_ = Prepare("INSERT INTO series (indicator, place, measure, kind) VALUES (?, ?, 1, 1)");
  observation_ = Prepare(
      "INSERT INTO observations (series_id, period_last, period_first, period) VALUES (?, ?, ?, "
      "?)");
  statement_ = Prepare(
      "INSERT INTO statements (figure_id, observation_id, ordinal, source, indicator, "
      "indicator_text, place, measure, kind, period, printed, exact_value, exact_value_high, unit, "
      "qualifier, printed_unit, unit_fits, confidence, doubts, article, revision, block, "
      "quote_start, quote_end, quote, value_start, value_end, article_title, publication, page, "
      "publish_day, review_state, learned_at, record_from, superseded_at, stage) VALUES "
      "(?, ?, ?, ?, ?, '', ?, 1, 1, ?, ?, ?, '', ?, 1, '', 1, 1, '', '', 0, 0, 0, 0, '', 0, 0, "
      "'', '', '', ?, 1, ?, ?, ?, 0)");
  vintage_ = Prepare(
      "INSERT INTO vintages (observation_id, number, printed, exact_value, exact_value_high, unit, "
      "qualifier, publish_day, record_from, superseded_at, stage) VALUES "
      "(?, 1, ?, ?, '', ?, 1, ?, ?, ?, 0)");
  link_ = Prepare("INSERT INTO vintage_statements VALUES (?, ?, ?, ?)");
  change_ = Prepare(
      "INSERT INTO changes (sequence, observation_id, vintage_id, retracted, commit_time) "
      "VALUES (?, ?, ?, 0, ?)");
  version_ = Prepare("INSERT OR REPLACE INTO data_versions (indicator, sequence) VALUES (?, ?)");
}

void BareLedger::Add(const std::vector<Row>& rows) {
  Execute("BEGIN IMMEDIATE");
  std::int64_t ordinal = 0;
  absl::flat_hash_map<absl::string_view, std::int64_t> versions;
  for (const Row& row : rows) {
    std::int64_t& series = series_ids_[absl::StrCat(row.indicator, "\n", row.place)];
    if (row.new_series) {
      BindAll(series_.get(), row.indicator, row.place);
      Step(series_);
      series = NewRow();
    }
    BindAll(observation_.get(), series, row.period_last, row.period_first, row.period);
    Step(observation_);
    const std::int64_t observation = NewRow();
    BindAll(statement_.get(), row.figure_id, observation, ordinal++, row.source, row.indicator,
            row.place, row.period, row.printed, row.exact_value, row.unit, row.publish_day,
            row.moment, row.moment, kForever);
    Step(statement_);
    const std::int64_t statement = NewRow();
    BindAll(vintage_.get(), observation, row.printed, row.exact_value, row.unit, row.publish_day,
            row.moment, kForever);
    Step(vintage_);
    const std::int64_t vintage = NewRow();
    BindAll(link_.get(), vintage, statement, row.moment, kForever);
    Step(link_);
    BindAll(change_.get(), ++changes_, observation, vintage, row.moment);
    Step(change_);
    versions[row.indicator] = changes_;
  }
  for (const auto& [indicator, sequence] : versions) {
    BindAll(version_.get(), std::string(indicator), sequence);
    Step(version_);
  }
  Execute("COMMIT");
}

void BareLedger::Execute(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    Must(absl::InternalError(absl::StrCat(sql.substr(0, 200), ": ", sqlite3_errmsg(db_.get()))));
  }
}

BareLedger::Statement BareLedger::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    Must(absl::InternalError(absl::StrCat(sql, ": ", sqlite3_errmsg(db_.get()))));
  }
  return Statement(statement);
}

void BareLedger::Step(const Statement& statement) {
  if (sqlite3_step(statement.get()) != SQLITE_DONE) {
    Must(absl::InternalError(sqlite3_errmsg(db_.get())));
  }
  sqlite3_reset(statement.get());
}

}  // namespace cityinfo::bench
