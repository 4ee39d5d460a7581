#include "platform/host/store_task.h"

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "platform/sqlite/backup.h"

namespace cityinfo::host {

absl::Status RunStoreTask(const StoreOptions& store, const database::Options& database,
                          const std::function<absl::Status()>& open) {
  if (!store.backup_to.empty()) {
    const std::string path(absl::StripPrefix(database.store, "sqlite:"));
    CITY_RETURN_IF_ERROR(sqlite::Backup(path, store.backup_to));
    log::Info("store copied", {{"from", path}, {"to", store.backup_to}});
    return absl::OkStatus();
  }
  CITY_RETURN_IF_ERROR(open());
  log::Info("store migrated", {{"store", database.store}});
  return absl::OkStatus();
}

}  // namespace cityinfo::host
