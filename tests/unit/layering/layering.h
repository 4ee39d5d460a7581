// Who may include whom, as DESIGN lays the house out; see ARCHITECTURE.md for the drawing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cityinfo::layering {

// A source file's includes by path relative to the root: "platform/base/date.h". System and library
// headers keep their brackets: "<sqlite3.h>".
using IncludeGraph = std::map<std::string, std::vector<std::string>>;

// Reads every .h and .cc below platform/, services/, cli/ and bench/ of the checkout at `root`.
IncludeGraph ReadIncludes(const std::string& root);

// Says why `from` may not include `to`, or nothing when it may.
std::optional<std::string> BrokenRule(const std::string& from, const std::string& to);

// The same graph between rooms: "platform/base", "services/articles/domain" with all that is below
// it.
IncludeGraph RoomsOf(const IncludeGraph& graph);

// The first circle as "a -> b -> a"; nothing when there is none.
std::optional<std::string> FindCircle(const IncludeGraph& graph);

}  // namespace cityinfo::layering
