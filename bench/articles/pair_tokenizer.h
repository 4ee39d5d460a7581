#pragma once

#include <sqlite3.h>

namespace cityinfo::bench {

// The name to give in fts5(…, tokenize = '…').
inline constexpr char kPairTokenizer[] = "bench_pairs";

// Teaches a connection's FTS5 the tokens of the usual index of Chinese text: every two neighbouring
// characters of a line, and nothing else. The text must be folded already.
void RegisterPairTokenizer(sqlite3* db);

}  // namespace cityinfo::bench
