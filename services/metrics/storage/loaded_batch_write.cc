#include "services/metrics/storage/loaded_batch_write.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/metrics/storage/ledger_write.h"
#include "services/metrics/storage/loaded_statement_table.h"
#include "services/metrics/storage/new_observation_write.h"
#include "services/metrics/storage/observation_table.h"
#include "services/metrics/storage/row_numbers.h"
#include "services/metrics/storage/schema.h"
#include "services/metrics/storage/vintage_table.h"

namespace cityinfo::metrics {
namespace {

using Standing = VintageTable::Standing;

// The vintage that counts on a day: the newest published up to it. 0 when there is none.
std::int64_t CountingOn(const base::Date& day, const std::vector<Standing>& standing) {
  std::int64_t counting = 0;
  for (const Standing& vintage : standing) {
    if (vintage.publish_date <= day) counting = vintage.id;
  }
  return counting;
}

// What was recorded from `first` on was not recorded.
void ForgetTimes(Observation& observation, absl::Time first) {
  absl::Time& recorded = observation.vintage.record_time;
  if (recorded >= first) recorded = absl::InfinitePast();
}

// A batch being written.
class BatchWrite {
 public:
  static absl::StatusOr<BatchWrite> Prepare(sql::Connection& connection, ChangeAppender& feed,
                                            const LoadedBatch& batch) {
    CITY_ASSIGN_OR_RETURN(auto statements, LoadedStatementTable::Appender::Prepare(connection));
    return BatchWrite(connection, feed, batch, std::move(statements));
  }

  // Values of different keys, all at one record time.
  absl::Status WriteRound(const std::vector<size_t>& round, absl::Time now) {
    std::vector<const ObservationKey*> keys;
    for (const size_t i : round) keys.push_back(&batch_.values[i].key);
    CITY_ASSIGN_OR_RETURN(const auto rows, ObservationTable(connection_).FindOrAddAll(keys));
    std::vector<Row> known;
    std::vector<Row> added;
    for (size_t i = 0; i < round.size(); ++i) {
      (rows[i].added ? added : known)
          .push_back({.value = round[i],
                      .observation_id = rows[i].id,
                      .name = LoadedStatementId(batch_.source, batch_.values[round[i]])});
    }
    // In the order of rows, which is that of the feed: what was there has the lower ones.
    if (!known.empty()) CITY_RETURN_IF_ERROR(WriteKnown(known, now));
    return WriteAdded(added, now);
  }

  absl::Status Remember(absl::Time last) {
    CITY_RETURN_IF_ERROR(
        connection_.Run("INSERT INTO requests (request_id, digest, record_time) VALUES (?, ?, ?)",
                        batch_.request_id, batch_.digest, ToStored(last)));
    CITY_ASSIGN_OR_RETURN(sql::Statement insert,
                          connection_.Prepare("INSERT INTO request_vintages (request_id, ordinal, "
                                              "vintage_id) VALUES (?, ?, ?)"));
    for (size_t i = 0; i < vintages_.size(); ++i) {
      CITY_RETURN_IF_ERROR(insert.BindAll(batch_.request_id, i, vintages_[i]).Run());
    }
    return absl::OkStatus();
  }

  std::vector<RecordedValue> TakeAnswer() { return std::move(answer_); }

 private:
  // One value of a round.
  struct Row {
    size_t value = 0;  // its place in the batch
    std::int64_t observation_id = 0;
    std::string name;  // of its statement
  };

  BatchWrite(sql::Connection& connection, ChangeAppender& feed, const LoadedBatch& batch,
             LoadedStatementTable::Appender statements)
      : connection_(connection),
        feed_(feed),
        batch_(batch),
        statements_(std::move(statements)),
        answer_(batch.values.size()),
        vintages_(batch.values.size()) {}

  absl::Status WriteAdded(const std::vector<Row>& rows, absl::Time now) {
    if (rows.empty()) return absl::OkStatus();
    CITY_ASSIGN_OR_RETURN(auto write,
                          NewObservationWrite::Prepare(connection_, statements_, feed_));
    const auto count = static_cast<std::int64_t>(rows.size());
    CITY_ASSIGN_OR_RETURN(std::int64_t statement_id,
                          DrawRowNumbers(connection_, "statements", "statement_id", count));
    CITY_ASSIGN_OR_RETURN(std::int64_t vintage_id,
                          DrawRowNumbers(connection_, "vintages", "vintage_id", count));
    for (const Row& row : rows) {
      const LoadedValue& value = batch_.values[row.value];
      CITY_RETURN_IF_ERROR(write.Add(
          {.observation = row.observation_id, .statement = statement_id++, .vintage = vintage_id},
          row.name, batch_.source, value, static_cast<int>(row.value), now));
      vintages_[row.value] = vintage_id++;
      answer_[row.value] = {.changed = true,
                            .after = {.key = value.key,
                                      .vintage = {.number = 1,
                                                  .value = value.value,
                                                  .publish_date = value.publish_date,
                                                  .record_time = now,
                                                  .source = batch_.source,
                                                  .stage = value.stage}}};
    }
    return absl::OkStatus();
  }

  absl::Status WriteKnown(const std::vector<Row>& rows, absl::Time now) {
    std::vector<std::int64_t> observations;
    for (const Row& row : rows) observations.push_back(row.observation_id);
    VintageTable vintages(connection_);
    CITY_ASSIGN_OR_RETURN(auto before, vintages.LoadStanding(observations));
    CITY_RETURN_IF_ERROR(Describe(rows, before, now - absl::Microseconds(1),
                                  [](RecordedValue& value, Observation standing) {
                                    value.before = standing;
                                    value.after = std::move(standing);
                                  }));
    CITY_ASSIGN_OR_RETURN(const std::vector<Row> changed, StateKnown(rows, now));
    if (changed.empty()) return absl::OkStatus();
    observations.clear();
    for (const Row& row : changed) observations.push_back(row.observation_id);
    CITY_ASSIGN_OR_RETURN(auto after, vintages.LoadStanding(observations));
    return Describe(changed, after, now, [](RecordedValue& value, Observation standing) {
      value.changed = true;
      value.after = std::move(standing);
    });
  }

  // Writes the statements that say something new and brings their observations up to date; returns
  // the rows that did.
  absl::StatusOr<std::vector<Row>> StateKnown(const std::vector<Row>& rows, absl::Time now) {
    std::vector<std::string> names;
    for (const Row& row : rows) names.push_back(row.name);
    LoadedStatementTable statements(connection_);
    CITY_ASSIGN_OR_RETURN(const auto standing, statements.LoadStanding(names));
    CITY_ASSIGN_OR_RETURN(std::int64_t statement_id,
                          DrawRowNumbers(connection_, "statements", "statement_id",
                                         static_cast<std::int64_t>(rows.size())));
    LedgerWrite ledger(connection_, feed_, now);
    std::vector<Row> changed;
    for (const Row& row : rows) {
      const LoadedValue& value = batch_.values[row.value];
      const auto said = standing.find(row.name);
      absl::Time learned_at = now;
      if (said != standing.end()) {
        const LoadedStatement& statement = said->second;
        if (statement.value == value.value && statement.stage == value.stage) continue;
        if (statement.value.SaysTheSameAs(value.value)) learned_at = statement.learned_at;
        CITY_RETURN_IF_ERROR(statements.Supersede(statement.id, now));
      }
      CITY_RETURN_IF_ERROR(statements_.Add(statement_id++, row.name, batch_.source, value,
                                           row.observation_id, static_cast<int>(row.value),
                                           learned_at, now));
      ledger.Touch(row.observation_id, value.key.indicator);
      changed.push_back(row);
    }
    CITY_RETURN_IF_ERROR(ledger.Finish());
    return changed;
  }

  // Calls `set(RecordedValue&, Observation)` with the observation that counts on the day of each
  // row's value, as it stood at `moment`; not for rows for which none does.
  template <typename Set>
  absl::Status Describe(const std::vector<Row>& rows,
                        const VintageTable::StandingByObservation& standing, absl::Time moment,
                        Set set) {
    std::vector<std::int64_t> ids;
    std::vector<const Row*> described;
    for (const Row& row : rows) {
      const auto found = standing.find(row.observation_id);
      if (found == standing.end()) continue;
      const std::int64_t id = CountingOn(batch_.values[row.value].publish_date, found->second);
      if (id == 0) continue;
      vintages_[row.value] = id;
      ids.push_back(id);
      described.push_back(&row);
    }
    CITY_ASSIGN_OR_RETURN(std::vector<Vintage> loaded, VintageTable(connection_).Load(ids, moment));
    for (size_t i = 0; i < loaded.size(); ++i) {
      const size_t value = described[i]->value;
      set(answer_[value], {.key = batch_.values[value].key, .vintage = std::move(loaded[i])});
    }
    return absl::OkStatus();
  }

  sql::Connection& connection_;
  ChangeAppender& feed_;
  const LoadedBatch& batch_;
  LoadedStatementTable::Appender statements_;
  std::vector<RecordedValue> answer_;
  std::vector<std::int64_t> vintages_;  // of the answer's `after`s
};

// Vintages as they stood when they were answered, at the latest at `moment`.
absl::StatusOr<std::vector<Vintage>> LoadAsAnswered(sql::Connection& connection,
                                                    const std::vector<std::int64_t>& ids,
                                                    absl::Time moment) {
  VintageTable table(connection);
  CITY_ASSIGN_OR_RETURN(std::vector<Vintage> vintages, table.Load(ids, moment));
  for (size_t i = 0; i < vintages.size(); ++i) {
    if (vintages[i].superseded_at <= moment) {
      // A later value of the same batch took its place.
      CITY_ASSIGN_OR_RETURN(
          std::vector<Vintage> standing,
          table.Load(std::span(&ids[i], 1), vintages[i].superseded_at - absl::Microseconds(1)));
      vintages[i] = std::move(standing.front());
    }
    vintages[i].superseded_at = absl::InfiniteFuture();
    vintages[i].superseded_reason = SupersededReason::kNone;
  }
  return vintages;
}

}  // namespace

absl::StatusOr<std::optional<std::vector<RecordedValue>>> FindLoadedAnswer(
    sql::Connection& connection, const LoadedBatch& batch) {
  if (batch.request_id.empty() || batch.validate_only) return std::nullopt;
  absl::Time moment;
  {
    CITY_ASSIGN_OR_RETURN(
        sql::Statement request,
        connection.Prepare("SELECT digest, record_time FROM requests WHERE request_id = ?"));
    CITY_ASSIGN_OR_RETURN(const bool known, request.BindAll(batch.request_id).Step());
    if (!known) return std::nullopt;
    if (request.ColumnText(0) != batch.digest) {
      return base::AlreadyExists("request_id", batch.request_id, "REQUEST_ID_REUSED");
    }
    moment = FromStored(request.ColumnInt64(1));
  }
  std::vector<std::int64_t> vintage_ids;
  {
    CITY_ASSIGN_OR_RETURN(sql::Statement rows,
                          connection.Prepare("SELECT vintage_id FROM request_vintages "
                                             "WHERE request_id = ? ORDER BY ordinal"));
    rows.BindAll(batch.request_id);
    CITY_RETURN_IF_ERROR(
        rows.ForEach([&](sql::Statement& row) { vintage_ids.push_back(row.ColumnInt64(0)); }));
  }
  CITY_ASSIGN_OR_RETURN(std::vector<Vintage> vintages,
                        LoadAsAnswered(connection, vintage_ids, moment));
  std::vector<RecordedValue> answer;
  for (size_t i = 0; i < vintages.size(); ++i) {
    answer.push_back({.after = {.key = batch.values[i].key, .vintage = std::move(vintages[i])}});
  }
  return answer;
}

LoadedRounds RoundsOf(const LoadedBatch& batch) {
  absl::flat_hash_map<std::string, size_t> seen;
  LoadedRounds rounds;
  for (size_t i = 0; i < batch.values.size(); ++i) {
    const size_t round = seen[batch.values[i].key.ToId()]++;
    if (round == rounds.size()) rounds.emplace_back();
    rounds[round].push_back(i);
  }
  return rounds;
}

absl::StatusOr<std::vector<RecordedValue>> WriteLoadedBatch(sql::Connection& connection,
                                                            ChangeAppender& feed,
                                                            const LoadedBatch& batch,
                                                            const LoadedRounds& rounds,
                                                            absl::Time first) {
  CITY_ASSIGN_OR_RETURN(BatchWrite write, BatchWrite::Prepare(connection, feed, batch));
  absl::Time now = first;
  for (const std::vector<size_t>& round : rounds) {
    CITY_RETURN_IF_ERROR(write.WriteRound(round, now));
    now += absl::Microseconds(1);
  }
  if (!batch.request_id.empty() && !batch.validate_only) {
    CITY_RETURN_IF_ERROR(write.Remember(now - absl::Microseconds(1)));
  }
  std::vector<RecordedValue> answer = write.TakeAnswer();
  for (RecordedValue& value : answer) {
    if (value.after.vintage.number == 0) {
      return base::DataLoss("STORE_CORRUPT", "a recorded value has no vintage");
    }
    if (!batch.validate_only) continue;
    ForgetTimes(value.after, first);
    if (value.before.has_value()) ForgetTimes(*value.before, first);
  }
  return answer;
}

}  // namespace cityinfo::metrics
