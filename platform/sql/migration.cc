#include "platform/sql/migration.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::sql {

absl::Status SchemaTooNew(int64_t version, int64_t known) {
  return base::FailedPrecondition(
      "SCHEMA_TOO_NEW",
      absl::StrCat("the store has schema version ", version, ", but this release knows only up to ",
                   known, "; run the release that wrote it, or a newer one"));
}

absl::Status SchemaOutOfDate(int64_t version, int64_t known) {
  return base::FailedPrecondition(
      "SCHEMA_OUT_OF_DATE",
      absl::StrCat("the store has schema version ", version, ", this release needs ", known,
                   "; run it once with --migrate=only"));
}

absl::Status NameStep(const absl::Status& status, const Migration& step, int64_t version) {
  if (status.ok()) return status;
  return base::WithDetail(status, absl::StrCat("migration ", version, ", ", step.name, ": ",
                                               base::ErrorDetail(status)));
}

}  // namespace cityinfo::sql
