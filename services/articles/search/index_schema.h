#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/sql/connection.h"
#include "services/articles/search/row_layout.h"

namespace cityinfo::articles {

// What the index says of itself.
struct IndexState {
  int64_t position = 0;    // The change feed is taken up to here,
  std::string mark;        // where it has this mark (feed_mark.h); empty when that is not known.
  int64_t documents = 0;   // How many there are,
  int64_t text_units = 0;  // and how many UTF-16 units their texts have together.
  RowLayout layout;
};

// Creates the tables in an empty file.
absl::Status CreateIndex(sql::Connection& connection, const RowLayout& layout);

// A sentence about why the file has to be built anew; empty when it is as this program makes it.
// FAILED_PRECONDITION (NOT_A_SEARCH_INDEX) when it is a database of something else, which is not
// ours to take away; an error when it cannot be read.
absl::StatusOr<std::string> WhyUnusable(sql::Connection& connection);

absl::StatusOr<IndexState> ReadState(sql::Connection& connection);
absl::Status WriteState(sql::Connection& connection, const IndexState& state);

}  // namespace cityinfo::articles
