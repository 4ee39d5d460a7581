#pragma once

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/metrics/domain/metric_store.h"
#include "services/metrics/storage/change_feed.h"
#include "services/metrics/storage/loaded_statement_table.h"

namespace cityinfo::metrics {

// States loaded values of keys that were never observed before. Nothing can have stood, so nothing
// is read: a statement, a vintage that it backs, and an entry of the change feed are added, as
// LedgerWrite would. Belongs to the thread that holds the writer.
class NewObservationWrite {
 public:
  // `connection`, `statements` and `feed` must outlive it.
  static absl::StatusOr<NewObservationWrite> Prepare(sql::Connection& connection,
                                                     LoadedStatementTable::Appender& statements,
                                                     ChangeAppender& feed);

  // An observation that has just been made, and numbers drawn for the rows of its first statement
  // and its first vintage.
  struct Rows {
    std::int64_t observation = 0;
    std::int64_t statement = 0;
    std::int64_t vintage = 0;
  };
  absl::Status Add(const Rows& rows, absl::string_view name, absl::string_view source,
                   const LoadedValue& value, int ordinal, absl::Time now);

 private:
  NewObservationWrite(LoadedStatementTable::Appender& statements, ChangeAppender& feed,
                      sql::Statement vintage, sql::Statement link)
      : statements_(statements),
        feed_(feed),
        vintage_(std::move(vintage)),
        link_(std::move(link)) {}

  LoadedStatementTable::Appender& statements_;
  ChangeAppender& feed_;
  sql::Statement vintage_;
  sql::Statement link_;
};

}  // namespace cityinfo::metrics
