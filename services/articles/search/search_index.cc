#include "services/articles/search/search_index.h"

#include <sqlite3.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/sql/transaction.h"
#include "platform/sqlite/connection.h"
#include "platform/sqlite/sqlite_error.h"
#include "services/articles/search/index_reader.h"
#include "services/articles/search/index_schema.h"
#include "services/articles/search/index_writer.h"
#include "services/articles/search/ngram_tokenizer.h"

namespace cityinfo::articles {
namespace {

namespace fs = std::filesystem;

// What SQLite keeps a database in.
constexpr const char* kFileEndings[] = {"", "-wal", "-shm"};

constexpr int kPageBytes = 8192;
// Pages of the writer: the tops of the trees, and what a transaction touches before it is written.
constexpr size_t kWriterShare = 4;  // A quarter of all.

absl::Status SetUp(sqlite3* connection, size_t cache_bytes) {
  const std::string settings = absl::StrCat("PRAGMA page_size = ", kPageBytes,
                                            "; PRAGMA cache_size = -", cache_bytes / 1024);
  const int result = sqlite3_exec(connection, settings.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return sqlite::MapError(result, sqlite3_errmsg(connection));
  return RegisterNgramTokenizer(connection);
}

sql::Pool::Options PoolOf(const SearchIndex::Options& options, bool writer) {
  const int size = writer ? 1 : options.readers;
  const size_t share = writer ? options.cache_bytes / kWriterShare
                              : options.cache_bytes * (kWriterShare - 1) / kWriterShare /
                                    static_cast<size_t>(options.readers);
  sqlite::ConnectionOptions connection = {
      .readonly = !writer,
      // What a power cut takes away is read from the change feed once more.
      .synchronous = sqlite::Synchronous::kNormal,
      .on_open = [share](sqlite3* handle) { return SetUp(handle, share); }};
  return {.size = size, .open = [path = options.path, connection](absl::Time) {
            return sqlite::Connection::Open(path, connection);
          }};
}

absl::Status NameFile(const absl::Status& status, const std::string& path) {
  if (status.ok()) return status;
  return base::WithDetail(base::MakeError(status.code(), base::ErrorReason(status),
                                          absl::StrCat(path, ": ", status.message())),
                          base::ErrorDetail(status));
}

bool IsDamage(const absl::Status& status) {
  return absl::IsDataLoss(status) && base::ErrorReason(status) == "STORE_CORRUPT";
}

// A connection that goes back to its pool.
class Borrowed {
 public:
  static absl::StatusOr<Borrowed> Take(sql::Pool& pool, absl::Time deadline) {
    CITY_ASSIGN_OR_RETURN(std::unique_ptr<sql::Connection> connection, pool.Take(deadline));
    return Borrowed(pool, std::move(connection));
  }
  Borrowed(Borrowed&&) = default;
  ~Borrowed() {
    if (connection_) pool_.Give(std::move(connection_));
  }
  sql::Connection& operator*() const { return *connection_; }

 private:
  Borrowed(sql::Pool& pool, std::unique_ptr<sql::Connection> connection)
      : pool_(pool), connection_(std::move(connection)) {}

  sql::Pool& pool_;
  std::unique_ptr<sql::Connection> connection_;
};

// Whether the lists can be read at all; what else is damaged a question will find.
absl::Status LookIntoLists(sql::Connection& connection) {
  for (const absl::string_view table : {"body_tokens", "title_tokens"}) {
    const absl::StatusOr<int64_t> row = connection.QueryInt64(
        absl::StrCat("SELECT rowid FROM ", table, " WHERE ", table, " MATCH '\"a\"' LIMIT 1"));
    if (!row.ok() && !absl::IsNotFound(row.status())) return row.status();
  }
  return absl::OkStatus();
}

}  // namespace

SearchIndex::File::File(const Options& options)
    : writer(PoolOf(options, /*writer=*/true)), readers(PoolOf(options, /*writer=*/false)) {}

SearchIndex::SearchIndex(Options options, sqlite::FileLock lock)
    : options_(std::move(options)), lock_(std::move(lock)) {}

SearchIndex::~SearchIndex() = default;

absl::StatusOr<std::unique_ptr<SearchIndex>> SearchIndex::Open(const Options& options) {
  std::error_code error;
  const fs::path folder = fs::path(options.path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error) {
    return base::FailedPrecondition(
        "STORE_CANNOT_OPEN",
        absl::StrCat("cannot create the folder ", folder.string(), ": ", error.message()));
  }
  CITY_ASSIGN_OR_RETURN(sqlite::FileLock lock, sqlite::FileLock::Acquire(options.path));
  std::unique_ptr<SearchIndex> index(new SearchIndex(options, std::move(lock)));
  absl::MutexLock guard(&index->mutex_);
  absl::StatusOr<std::string> fresh = index->OpenFile();
  if (IsDamage(fresh.status())) fresh = std::string("it is damaged or no database");
  if (!fresh.ok()) return NameFile(fresh.status(), options.path);
  if (!fresh->empty()) {
    CITY_RETURN_IF_ERROR(NameFile(index->BeginFile(options.layout), options.path));
  }
  index->fresh_because_ = *std::move(fresh);
  return index;
}

absl::StatusOr<std::string> SearchIndex::OpenFile() {
  std::error_code error;
  if (!fs::exists(options_.path, error) && !error) return std::string("there was none");
  file_ = std::make_unique<File>(options_);
  CITY_ASSIGN_OR_RETURN(const Borrowed writer,
                        Borrowed::Take(file_->writer, absl::InfiniteFuture()));
  CITY_ASSIGN_OR_RETURN(std::string why, WhyUnusable(*writer));
  if (!why.empty()) return why;
  CITY_RETURN_IF_ERROR(LookIntoLists(*writer));
  CITY_ASSIGN_OR_RETURN(const IndexState state, ReadState(*writer));
  TakeUp(state);
  return std::string();
}

absl::Status SearchIndex::BeginFile(const RowLayout& layout) {
  ++generation_;
  file_.reset();
  TakeUp({.layout = layout});
  for (const char* ending : kFileEndings) {
    std::error_code error;
    fs::remove(options_.path + ending, error);
    if (error) {
      return base::Unavailable("STORE_IO_ERROR", absl::StrCat("the search index cannot be taken "
                                                              "away: ",
                                                              error.message()));
    }
  }
  auto file = std::make_unique<File>(options_);
  {
    CITY_ASSIGN_OR_RETURN(const Borrowed writer,
                          Borrowed::Take(file->writer, absl::InfiniteFuture()));
    CITY_RETURN_IF_ERROR(CreateIndex(*writer, layout));
  }
  file_ = std::move(file);
  return absl::OkStatus();
}

void SearchIndex::TakeUp(const IndexState& state) {
  layout_ = state.layout;
  absl::MutexLock lock(&mark_mutex_);
  mark_ = state.mark;
  position_ = state.position;
}

absl::Status SearchIndex::ReplaceFile(int64_t generation, const RowLayout& layout) {
  absl::MutexLock lock(&mutex_);
  if (generation_ != generation) return absl::OkStatus();
  return BeginFile(layout);
}

std::string SearchIndex::mark() const {
  absl::MutexLock lock(&mark_mutex_);
  return mark_;
}

int64_t SearchIndex::file_bytes() const {
  int64_t bytes = 0;
  for (const char* ending : kFileEndings) {
    std::error_code error;
    const auto size = fs::file_size(options_.path + ending, error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

absl::Status SearchIndex::Apply(const std::vector<ArticleChange>& changes, int64_t position,
                                absl::Time deadline) {
  absl::StatusOr<bool> written = false;
  int64_t generation = 0;
  RowLayout layout;
  {
    absl::ReaderMutexLock lock(&mutex_);
    generation = generation_;
    layout = layout_;
    if (file_ != nullptr) written = Write(changes, position, deadline);
    if (file_ != nullptr && written.ok() && !*written) layout.day_bits += RowLayout::kMoreDayBits;
  }
  if (IsDamage(written.status())) {
    CITY_RETURN_IF_ERROR(ReplaceFile(generation, layout));
    return written.status();
  }
  if (!written.ok()) return written.status();
  if (*written) return absl::OkStatus();
  if (layout.day_bits > RowLayout::kMaxDayBits) {
    return base::ResourceExhausted("STORE_FULL", "a day has too many articles");
  }
  return ReplaceFile(generation, layout);
}

absl::StatusOr<bool> SearchIndex::Write(const std::vector<ArticleChange>& changes, int64_t position,
                                        absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(const Borrowed writer, Borrowed::Take(file_->writer, deadline));
  CITY_ASSIGN_OR_RETURN(sql::Transaction transaction, sql::Transaction::Begin(*writer));
  CITY_ASSIGN_OR_RETURN(IndexState state, ReadState(*writer));
  CITY_ASSIGN_OR_RETURN(const bool room, WriteChanges(*writer, changes, position, &state));
  if (!room) return false;
  CITY_RETURN_IF_ERROR(transaction.Commit());
  absl::MutexLock lock(&mark_mutex_);
  mark_ = state.mark;
  position_ = state.position;
  return true;
}

absl::Status SearchIndex::Clear(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  if (absl::Now() > deadline)
    return base::DeadlineExceeded("questions were under way for too long");
  return BeginFile(layout_);
}

absl::Status SearchIndex::Ask(absl::Time now, absl::Time deadline, const Question& question) {
  if (absl::Now() >= deadline) return base::DeadlineExceeded("there was no time left to search");
  absl::Status status;
  int64_t generation = 0;
  RowLayout layout;
  {
    absl::ReaderMutexLock lock(&mutex_);
    generation = generation_;
    layout = layout_;
    status = AskFile(now, deadline, question);
  }
  if (IsDamage(status)) CITY_RETURN_IF_ERROR(ReplaceFile(generation, layout));
  return status;
}

absl::Status SearchIndex::AskFile(absl::Time now, absl::Time deadline, const Question& question) {
  if (file_ == nullptr) return base::Unavailable("STORE_IO_ERROR", "there is no search index");
  CITY_ASSIGN_OR_RETURN(const Borrowed borrowed, Borrowed::Take(file_->readers, deadline));
  CITY_ASSIGN_OR_RETURN(const sql::Transaction moment,
                        sql::Transaction::Begin(*borrowed, sql::Transaction::Mode::kRead));
  CITY_ASSIGN_OR_RETURN(IndexReader reader, IndexReader::Open(*borrowed, now));
  return question(reader);
}

absl::StatusOr<FoundPage> SearchIndex::Find(const SearchQuery& query, absl::Time now,
                                            absl::Time deadline) {
  const ParsedQuery parsed = ParseQuery(query.text);
  if (parsed.words.empty()) {
    return base::InvalidArgument("query", "is required: one or more words to find", "QUERY_EMPTY");
  }
  FoundPage page;
  CITY_RETURN_IF_ERROR(Ask(now, deadline, [&](IndexReader& reader) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(page, FindPage(reader, query, parsed));
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<std::vector<std::string>> SearchIndex::TitlesWith(absl::string_view text, int limit,
                                                                 absl::Time now,
                                                                 absl::Time deadline) {
  std::vector<std::string> ids;
  CITY_RETURN_IF_ERROR(Ask(now, deadline, [&](IndexReader& reader) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(ids, FindTitlesWith(reader, text, limit));
    return absl::OkStatus();
  }));
  return ids;
}

absl::StatusOr<std::vector<LabelCount>> SearchIndex::TagsWithPrefix(absl::string_view prefix,
                                                                    int limit,
                                                                    absl::Time deadline) {
  std::vector<LabelCount> tags;
  CITY_RETURN_IF_ERROR(Ask(absl::Now(), deadline, [&](IndexReader& reader) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(tags, FindTagsWithPrefix(reader, prefix, limit));
    return absl::OkStatus();
  }));
  return tags;
}

absl::StatusOr<std::vector<ScoredArticle>> SearchIndex::BestFor(
    const std::vector<WeightedTerm>& terms, absl::string_view except, int limit, absl::Time now,
    absl::Time deadline) {
  std::vector<ScoredArticle> articles;
  CITY_RETURN_IF_ERROR(Ask(now, deadline, [&](IndexReader& reader) -> absl::Status {
    CITY_ASSIGN_OR_RETURN(articles, FindBestFor(reader, terms, except, limit));
    return absl::OkStatus();
  }));
  return articles;
}

absl::Status SearchIndex::Checkpoint() {
  absl::ReaderMutexLock lock(&mutex_);
  if (file_ == nullptr) return absl::OkStatus();
  CITY_ASSIGN_OR_RETURN(const Borrowed writer,
                        Borrowed::Take(file_->writer, absl::InfiniteFuture()));
  return (*writer).Execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace cityinfo::articles
