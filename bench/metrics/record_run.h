#pragma once

#include <string>

namespace cityinfo::bench {

// Records values, a thousand to a transaction, in turn with bare SQLite inserts of the same rows
// into the same tables: series by series, as a yearbook has them, and year by year. Then what it
// costs to record the same again, and to correct it. `folder` takes both files. Prints Markdown.
void RunRecord(const std::string& folder);

}  // namespace cityinfo::bench
