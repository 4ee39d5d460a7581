#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::postgres {

struct NumberedSql {
  std::string text;    // with $1, $2 …
  int parameters = 0;  // the highest number
};

// PostgreSQL numbers parameters where our SQL has ? and ?1; a bare ? gets the number after the
// highest so far, as in SQLite. What stands in literals, quoted names and comments is left alone.
NumberedSql NumberParameters(absl::string_view sql);

}  // namespace cityinfo::postgres
