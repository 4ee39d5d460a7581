#pragma once

#include <vector>

#include "services/articles/pages/column.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles {

// Some engines write several printed lines as one, with a space at each break. Divides such a line
// where a new paragraph begins inside it: the printed line before the break ends a sentence short
// of the column's edge, and a full line follows. Gives the line itself when there is no such place.
std::vector<Span> SplitRunOnLine(const PageText& page, Span line, const Column& column);

}  // namespace cityinfo::articles
