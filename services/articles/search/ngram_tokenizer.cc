#include "services/articles/search/ngram_tokenizer.h"

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

#include "platform/base/error.h"

namespace cityinfo::articles {
namespace {

using TokenCallback = int (*)(void* context, int flags, const char* token, int size, int begin,
                              int end);

// Which tokens of a document were given lately. With detail=none FTS5 only wants to know that a
// token is there, and looking it up costs FTS5 far more than this costs us. Forgetting one, when
// another takes its place, does no harm: it is given again.
class GivenTokens {
 public:
  void Clear() { ++document_; }

  // False when the token, one or two characters, was given before.
  bool Note(const char* token, size_t size) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, token, size);
    Place& place = places_[(bytes * 0x9E3779B97F4A7C15u) >> (64 - kBits)];
    if (place.bytes == bytes && place.document == document_) return false;
    place = {.bytes = bytes, .document = document_};
    return true;
  }

 private:
  static constexpr int kBits = 12;
  struct Place {
    uint64_t bytes = 0;  // Of the token: at most two characters of at most four.
    uint64_t document = 0;
  };

  std::array<Place, size_t{1} << kBits> places_;
  uint64_t document_ = 0;
};

int CreateTokenizer(void*, const char**, int, Fts5Tokenizer** tokenizer) {
  auto* const given = new (std::nothrow) GivenTokens();
  *tokenizer = reinterpret_cast<Fts5Tokenizer*>(given);
  return given == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

void DeleteTokenizer(Fts5Tokenizer* tokenizer) { delete reinterpret_cast<GivenTokens*>(tokenizer); }

int SizeOfCharacter(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

class LineReader {
 public:
  LineReader(GivenTokens* given, void* context, TokenCallback emit)
      : given_(*given), context_(context), emit_(emit) {}

  int Read(const char* line, const char* end) {
    if (line == end) return SQLITE_OK;
    if (static_cast<unsigned char>(*line) < 0x20) {
      return emit_(context_, 0, line, static_cast<int>(end - line), 0, 0);
    }
    const char* before = nullptr;
    for (const char* at = line; at < end;) {
      const char* const next = end - at > SizeOfCharacter(*at) ? at + SizeOfCharacter(*at) : end;
      int result = Give(at, next);
      if (result == SQLITE_OK && before != nullptr) result = Give(before, next);
      if (result != SQLITE_OK) return result;
      before = at;
      at = next;
    }
    return SQLITE_OK;
  }

 private:
  int Give(const char* begin, const char* end) {
    if (!given_.Note(begin, static_cast<size_t>(end - begin))) return SQLITE_OK;
    return emit_(context_, 0, begin, static_cast<int>(end - begin), 0, 0);
  }

  GivenTokens& given_;
  void* const context_;
  const TokenCallback emit_;
};

int Tokenize(Fts5Tokenizer* tokenizer, void* context, int flags, const char* text, int size,
             TokenCallback emit) {
  // 'delete' passes the text with the flags of a document, a query with those of a query.
  if ((flags & FTS5_TOKENIZE_QUERY) != 0) return emit(context, 0, text, size, 0, size);
  auto* const given = reinterpret_cast<GivenTokens*>(tokenizer);
  given->Clear();
  LineReader reader(given, context, emit);
  const char* const end = text + size;
  for (const char* line = text; line < end;) {
    const auto* const line_break =
        static_cast<const char*>(std::memchr(line, '\n', static_cast<size_t>(end - line)));
    const char* const line_end = line_break == nullptr ? end : line_break;
    if (const int result = reader.Read(line, line_end); result != SQLITE_OK) return result;
    line = line_end + 1;
  }
  return SQLITE_OK;
}

absl::Status Failed(sqlite3* connection) {
  return base::WithDetail(
      base::Internal("SEARCH_TOKENIZER", "the search index cannot be used with this SQLite"),
      sqlite3_errmsg(connection));
}

}  // namespace

absl::Status RegisterNgramTokenizer(sqlite3* connection) {
  // How FTS5 hands out its functions: by a pointer bound to a query.
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nullptr) != SQLITE_OK) {
    return Failed(connection);
  }
  sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (api == nullptr) return Failed(connection);
  fts5_tokenizer tokenizer = {
      .xCreate = CreateTokenizer, .xDelete = DeleteTokenizer, .xTokenize = Tokenize};
  if (api->xCreateTokenizer(api, kNgramTokenizer, nullptr, &tokenizer, nullptr) != SQLITE_OK) {
    return Failed(connection);
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::articles
