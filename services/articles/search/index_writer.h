#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article.h"
#include "services/articles/search/index_schema.h"

namespace cityinfo::articles {

// Takes changes into the index, within a transaction that the caller began and commits. Changes up
// to `state->position` are there already and do not count. Updates `state`, its position too, and
// writes it. False when a day has no room left: the caller rolls back and begins a new file with
// more bits for it.
absl::StatusOr<bool> WriteChanges(sql::Connection& connection,
                                  const std::vector<ArticleChange>& changes, int64_t position,
                                  IndexState* state);

}  // namespace cityinfo::articles
