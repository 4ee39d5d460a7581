#include "bench/articles/pair_tokenizer.h"

#include <string>

#include "absl/status/status.h"
#include "bench/baseline/must.h"
#include "platform/base/utf8.h"

namespace cityinfo::bench {
namespace {

// There is nothing to remember, but FTS5 wants an object.
int Create(void*, const char**, int, Fts5Tokenizer** tokenizer) {
  static char nothing = 0;
  *tokenizer = reinterpret_cast<Fts5Tokenizer*>(&nothing);
  return SQLITE_OK;
}

void Delete(Fts5Tokenizer*) {}

using Emit = int (*)(void*, int, const char*, int, int, int);

int Tokenize(Fts5Tokenizer*, void* context, int, const char* bytes, int size, Emit emit) {
  const absl::string_view text(bytes, static_cast<size_t>(size));
  size_t before = 0, at = 0;  // The character before and this one.
  for (bool first = true; at < text.size();) {
    size_t end = at;
    const bool line_break = base::DecodeCodePoint(text, &end) == '\n';
    if (!first && !line_break) {
      const int code = emit(context, 0, bytes + before, static_cast<int>(end - before), 0, 0);
      if (code != SQLITE_OK) return code;
    }
    first = line_break;
    before = at;
    at = end;
  }
  return SQLITE_OK;
}

fts5_api* ApiOf(sqlite3* db) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  if (api == nullptr) Must(absl::InternalError("SQLite without FTS5"));
  return api;
}

}  // namespace

void RegisterPairTokenizer(sqlite3* db) {
  fts5_api* api = ApiOf(db);
  fts5_tokenizer functions = {.xCreate = Create, .xDelete = Delete, .xTokenize = Tokenize};
  api->xCreateTokenizer(api, kPairTokenizer, nullptr, &functions, nullptr);
}

}  // namespace cityinfo::bench
