#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace cityinfo::sql {

// One step of a schema's history in one dialect. Steps are never changed once released, only added
// at the end; the number of steps a database has taken is kept in it.
struct Migration {
  const char* name;  // for messages: "create articles"
  const char* sql;   // one or several statements, run in one transaction
  // Whether programs that know only the steps before go on working beside this one: it adds, and
  // takes nothing away and changes no meaning. Needed for a rolling upgrade; see docs/runbook.md.
  bool compatible = false;
};

// What opening a database does when it lacks steps.
enum class MigrationPolicy {
  kAuto,   // take them
  kCheck,  // refuse: SCHEMA_OUT_OF_DATE
};

// What the drivers answer, written for operators. `version` is the database's, `known` ours.
absl::Status SchemaTooNew(int64_t version, int64_t known);
absl::Status SchemaOutOfDate(int64_t version, int64_t known);
// Says in the detail of an error which step it stopped.
absl::Status NameStep(const absl::Status& status, const Migration& step, int64_t version);

}  // namespace cityinfo::sql
