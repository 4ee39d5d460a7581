// What differs between two revisions, as text for a terminal.
#pragma once

#include <string>

#include "cli/api_client.h"

namespace cityinfo::cli {

// The answer to DiffArticleRevisions, one line a field and one a block:
//   revision 2 -> 3
//   ~ title: 新桥[-将-]通车
//     第一段。                          unchanged; of many only those beside a change
//     ... 12 blocks unchanged
//   - what only the older one has
//   + what only the newer one has
//   ~ 桥长[-三百-]{+三百二十+}米。        [-gone-] {+come+}
//   ~ (PARAGRAPH -> HEADING) 新桥通车
std::string RevisionDiffText(const Json& diff);

}  // namespace cityinfo::cli
