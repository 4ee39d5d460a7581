#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"

// What is scheduled and not written down yet: `articles.next_time` is NextMoment of each row.
namespace cityinfo::articles {

// The next moment at which an article changes by itself, past or to come; InfiniteFuture when none
// does.
absl::StatusOr<absl::Time> ReadNextMoment(sql::Connection& connection);

// Ids of articles whose moment has come, the earliest first.
absl::StatusOr<std::vector<std::string>> ReadDue(sql::Connection& connection, absl::Time now,
                                                 int limit);

}  // namespace cityinfo::articles
