#pragma once

#include <functional>

#include "absl/status/status.h"
#include "platform/database/open.h"
#include "platform/host/store_options.h"

namespace cityinfo::host {

// What --migrate=only and --backup-to ask for. `open` opens the store, which migrates it, and
// closes it again.
absl::Status RunStoreTask(const StoreOptions& store, const database::Options& database,
                          const std::function<absl::Status()>& open);

}  // namespace cityinfo::host
