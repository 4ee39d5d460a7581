#include "platform/postgres/connection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/postgres/cursor.h"
#include "platform/postgres/parameter_marks.h"
#include "platform/postgres/postgres_error.h"

namespace cityinfo::postgres {
namespace {

constexpr int kOldestServer = 140'000;
// How much longer than the server's own timeout we wait for it to act on it.
constexpr absl::Duration kGrace = absl::Seconds(5);

std::string Quoted(absl::string_view name) {
  return absl::StrCat("\"", absl::StrReplaceAll(name, {{"\"", "\"\""}}), "\"");
}

std::string Milliseconds(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Milliseconds(duration));
}

std::string SessionScript(const SessionOptions& options) {
  return absl::StrCat(
      "SET search_path = ", Quoted(options.schema), "; SET TIME ZONE 'UTC'",
      "; SET statement_timeout = ", Milliseconds(options.statement_timeout),
      "; SET lock_timeout = ", Milliseconds(options.lock_timeout),
      "; SET idle_in_transaction_session_timeout = ",
      Milliseconds(options.idle_in_transaction_timeout),
      // A statement whose client has gone away is stopped.
      "; SET client_connection_check_interval = 1000",
      "; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10",
      "; SET tcp_keepalives_count = 3",
      // What our conversions and rewriting rely on.
      "; SET bytea_output = hex; SET extra_float_digits = 1; SET standard_conforming_strings = on",
      // Our statements are short; compiling them takes longer than running them.
      "; SET jit = off", "; SET default_transaction_isolation = 'read committed'",
      "; SHOW transaction_read_only");
}

bool IsError(const Result& result) {
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
      return false;
    default:
      return true;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Endpoint& endpoint,
                                                             const SessionOptions& options,
                                                             absl::Time deadline) {
  const absl::Time give_up = absl::Now() + options.connect_timeout;
  absl::StatusOr<std::unique_ptr<Link>> link = Link::Connect(endpoint, std::min(deadline, give_up));
  if (!link.ok()) {
    if (!absl::IsDeadlineExceeded(link.status()) || deadline <= give_up) return link.status();
    return MapError(
        "", absl::StrCat("no answer within ", absl::FormatDuration(options.connect_timeout)));
  }
  std::unique_ptr<Connection> connection(new Connection(*std::move(link), options));
  connection->SetDeadline(deadline);
  CITY_RETURN_IF_ERROR(connection->SetUp());
  return connection;
}

Connection::Connection(std::unique_ptr<Link> link, const SessionOptions& options)
    : link_(std::move(link)),
      options_(options),
      write_lock_(static_cast<int64_t>(
          base::Fingerprint64(absl::StrCat("cityinfo write ", options.schema)))),
      statement_limit_(options.statement_timeout + kGrace) {}

Connection::~Connection() = default;

absl::Status Connection::SetUp() {
  if (link_->server_version() < kOldestServer) {
    return base::FailedPrecondition("STORE_TOO_OLD",
                                    absl::StrCat("PostgreSQL 14 or newer is needed, this is ",
                                                 link_->server_version() / 10'000));
  }
  if (link_->Reported("server_encoding") != "UTF8") {
    return base::FailedPrecondition(
        "STORE_ENCODING", absl::StrCat("the database's encoding is ",
                                       link_->Reported("server_encoding"), ", UTF8 is needed"));
  }
  const std::string script = SessionScript(options_);
  absl::StatusOr<Result> answer = link_->RunScript(script, Limit());
  if (!answer.ok()) return NotAnswered(answer.status(), script);
  CITY_RETURN_IF_ERROR(Check(*answer, script));
  read_only_ = absl::string_view(PQgetvalue(answer->get(), 0, 0)) == "on";
  return absl::OkStatus();
}

absl::StatusOr<sql::Statement> Connection::Prepare(absl::string_view sql) {
  auto cached = cache_.find(sql);
  if (cached != cache_.end()) {
    cache_order_.splice(cache_order_.begin(), cache_order_, cached->second);
    return sql::Statement(std::make_unique<Cursor>(this, cache_order_.front()));
  }
  auto statement = std::make_shared<PreparedStatement>();
  NumberedSql numbered = NumberParameters(sql);
  statement->sql = std::string(sql);
  statement->text = std::move(numbered.text);
  statement->parameters = numbered.parameters;
  statement->name = absl::StrCat("s", ++names_given_);
  cache_order_.push_front(statement);
  cache_.emplace(sql, cache_order_.begin());
  auto cursor = std::make_unique<Cursor>(this, std::move(statement));
  MakeRoomInCache();  // not for the price of the new one, which is in use now
  return sql::Statement(std::move(cursor));
}

void Connection::MakeRoomInCache() {
  auto entry = cache_order_.end();
  while (cache_order_.size() > static_cast<size_t>(options_.max_cached_statements) &&
         entry != cache_order_.begin()) {
    --entry;
    if (entry->use_count() > 1) continue;  // a cursor is using it
    if ((*entry)->known_to_server) link_->Add("DEALLOCATE " + (*entry)->name);
    cache_.erase((*entry)->sql);
    entry = cache_order_.erase(entry);
  }
}

absl::StatusOr<Result> Connection::RunPrepared(PreparedStatement& statement,
                                               const std::vector<Parameter>& parameters) {
  CITY_RETURN_IF_ERROR(Ready());
  const bool prepare = !statement.known_to_server;
  if (prepare) link_->AddPrepare(statement.name, statement.text);
  link_->AddPrepared(statement.name, parameters);
  absl::StatusOr<std::vector<Result>> results = link_->Exchange(Limit());
  if (!results.ok()) return NotAnswered(results.status(), statement.sql);
  // Preparing outlives the transaction, even one that the statement itself then breaks.
  if (prepare && results->size() >= 2 && !IsError((*results)[results->size() - 2])) {
    statement.known_to_server = true;
  }
  for (const Result& result : *results) CITY_RETURN_IF_ERROR(Check(result, statement.sql));
  Result& rows = results->back();
  const absl::string_view tag = PQcmdStatus(rows.get());
  if (absl::StartsWith(tag, "INSERT") || absl::StartsWith(tag, "UPDATE") ||
      absl::StartsWith(tag, "DELETE")) {
    changes_ = 0;
    if (!absl::SimpleAtoi(PQcmdTuples(rows.get()), &changes_)) changes_ = 0;
  }
  return std::move(rows);
}

absl::Status Connection::Execute(absl::string_view sql) {
  CITY_RETURN_IF_ERROR(Ready());
  absl::StatusOr<Result> result = link_->RunScript(std::string(sql), Limit());
  if (!result.ok()) return NotAnswered(result.status(), sql);
  return Check(*result, sql);
}

absl::Status Connection::Begin(sql::TransactionMode mode) {
  CITY_RETURN_IF_ERROR(Ready());
  if (InTransaction()) return base::Internal("STORE_ERROR", "a transaction is open already");
  if (mode == sql::TransactionMode::kRead) {
    link_->Add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    transaction_ = Transaction::kRead;
    return absl::OkStatus();
  }
  const std::string lock = absl::StrCat("SELECT pg_advisory_xact_lock(", write_lock_, ")");
  link_->Add("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  link_->Add(lock);
  transaction_ = Transaction::kWrite;
  absl::Status begun = Exchange(lock).status();
  if (!begun.ok()) Rollback().IgnoreError();
  return begun;
}

absl::Status Connection::Commit() {
  if (transaction_ == Transaction::kRead) return Rollback();
  CITY_RETURN_IF_ERROR(Ready());
  for (const std::string& channel : notify_) {
    link_->Add(absl::StrCat("NOTIFY ", ChannelName(options_.schema, channel)));
  }
  link_->Add("COMMIT");
  absl::StatusOr<std::vector<Result>> results = Exchange("COMMIT");
  if (!results.ok()) {
    if (!broken()) return results.status();
    EndTransaction();
    return base::WithDetail(
        base::Unavailable("COMMIT_UNKNOWN",
                          "the store was lost while it confirmed the change, which may have been "
                          "made or not"),
        base::ErrorDetail(results.status()));
  }
  EndTransaction();
  // What had failed before is rolled back by COMMIT, and not as an error.
  if (absl::string_view(PQcmdStatus(results->back().get())) != "COMMIT") {
    return base::Internal("STORE_ERROR", "a transaction that had failed was to be committed");
  }
  return absl::OkStatus();
}

void Connection::EndTransaction() {
  transaction_ = Transaction::kNone;
  statement_limit_ = options_.statement_timeout + kGrace;
  notify_.clear();
}

absl::Status Connection::Rollback() {
  EndTransaction();
  if (broken_ || link_->lost()) return absl::OkStatus();  // the server rolls back by itself
  // In a batch of its own, for an error skips the rest of a batch.
  link_->SendAhead();
  link_->Add("ROLLBACK");
  link_->SendAhead();
  return absl::OkStatus();
}

absl::Status Connection::Notify(absl::string_view channel) {
  if (transaction_ != Transaction::kWrite) {
    return base::Internal("STORE_ERROR", "only a write transaction notifies");
  }
  notify_.emplace(channel);
  return absl::OkStatus();
}

absl::Status Connection::AllowSlowStatements() {
  link_->Add("SET LOCAL statement_timeout = 0");
  statement_limit_ = absl::InfiniteDuration();
  return Exchange("SET LOCAL statement_timeout").status();
}

bool Connection::broken() const {
  if (broken_ || link_->lost()) return true;
  if (transaction_ != Transaction::kNone) return false;
  return absl::Now() >= options_.retire_at || !link_->ReadInput();
}

std::string Connection::ChannelName(absl::string_view schema, absl::string_view channel) {
  return Quoted(absl::StrCat(schema, ".", channel));
}

absl::StatusOr<std::vector<Result>> Connection::Exchange(absl::string_view sql) {
  absl::StatusOr<std::vector<Result>> results = link_->Exchange(Limit());
  if (!results.ok()) return NotAnswered(results.status(), sql);
  for (const Result& result : *results) CITY_RETURN_IF_ERROR(Check(result, sql));
  return results;
}

absl::Status Connection::Check(const Result& result, absl::string_view sql) {
  if (!IsError(result)) return absl::OkStatus();
  const char* const field = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  const absl::string_view sqlstate = field == nullptr ? "" : field;
  if (BreaksConnection(sqlstate)) broken_ = true;
  return MapError(sqlstate,
                  absl::StrCat(PQresultErrorMessage(result.get()), "; in: ", sql.substr(0, 500)));
}

absl::Status Connection::NotAnswered(absl::Status status, absl::string_view sql) const {
  if (absl::IsDeadlineExceeded(status) && absl::Now() < deadline_) {
    return MapError("", absl::StrCat("no answer in time; in: ", sql.substr(0, 500)));
  }
  return status;
}

absl::Status Connection::Ready() const {
  if (broken_ || link_->lost()) return MapError("", "the connection was lost before");
  if (absl::Now() < deadline_) return absl::OkStatus();
  return base::DeadlineExceeded("the deadline passed while the store was working");
}

absl::Time Connection::Limit() const { return std::min(deadline_, absl::Now() + statement_limit_); }

}  // namespace cityinfo::postgres
