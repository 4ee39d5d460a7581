#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/storage/write.h"

// The steps of ArticleStore::KeepUp. Each is a write of its own with a bound of its own, so that
// nobody waits long for the write lock and a step that fails holds up no other.
namespace cityinfo::articles {

// How long what is gone is kept.
struct Retention {
  absl::Duration deleted;  // Deleted articles, from their deletion.
  absl::Duration changes;  // Changes of the feed, from when a newer one replaced them.
};

// What there is to do. Looking takes no lock; most of the time there is nothing.
struct UpkeepNeeds {
  bool settle = false;
  bool purge = false;
  bool trim = false;
  absl::Time next_due = absl::InfiniteFuture();
};
absl::StatusOr<UpkeepNeeds> LookForUpkeep(sql::Connection& connection, absl::Time now,
                                          const Retention& retention);

// Each counts what it has done.
absl::StatusOr<Upkeep> SettleDue(Write& write);
absl::StatusOr<Upkeep> PurgeDeleted(Write& write, const Retention& retention);
absl::StatusOr<Upkeep> TrimChanges(Write& write, const Retention& retention);

}  // namespace cityinfo::articles
