#pragma once

#include "absl/status/status.h"

struct sqlite3;

namespace cityinfo::articles {

// The name to give in fts5(…, tokenize = '…').
inline constexpr char kNgramTokenizer[] = "cityinfo_ngram";

// Teaches a connection's FTS5 our tokens. Of a document, which must be well-formed UTF-8: from each
// line every character and every two neighbouring ones, whatever they are, most of them once
// however often they stand there (so it is for tables with detail=none); a line that begins with a
// control character (below U+0020) is one token as it stands. Of a string in a query: one token, as
// it stands.
absl::Status RegisterNgramTokenizer(sqlite3* connection);

}  // namespace cityinfo::articles
