#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article_store.h"

// How many articles that are public at `now` carry each tag or section: most frequent first, then
// by label.
namespace cityinfo::articles {

absl::StatusOr<std::vector<LabelCount>> CountTagsAt(sql::Connection& connection, absl::Time now,
                                                    int limit);
absl::StatusOr<std::vector<LabelCount>> CountSectionsAt(sql::Connection& connection, absl::Time now,
                                                        int limit);

}  // namespace cityinfo::articles
