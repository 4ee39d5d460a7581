#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::articles::testing {

// What must hold for the articles of any page, whatever its bytes: texts are valid UTF-8 and no
// longer than the page; spans lie inside the page, in order, and no two blocks claim the same
// place; a block says what stands in its spans, white space and control characters apart; a doubt
// names a block that exists; no line of the page is lost without a word; and the same page gives
// the same answer. Gives the first fault in words, empty when there is none.
//
// Shared by the unit tests and the fuzz target.
std::string FirstFaultOfSplitting(absl::string_view page);

}  // namespace cityinfo::articles::testing
