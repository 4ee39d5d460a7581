#include "platform/sqlite/statement.h"

#include <sqlite3.h>

#include <utility>

#include "platform/sqlite/connection.h"

namespace cityinfo::sqlite {

Statement::Statement(Connection* connection, sqlite3_stmt* handle)
    : connection_(connection), handle_(handle) {}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      handle_(std::exchange(other.handle_, nullptr)),
      bind_error_(other.bind_error_) {}

Statement::~Statement() {
  if (handle_ == nullptr) return;
  Reset();
  connection_->Release(handle_);
}

void Statement::Note(int result_code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = result_code;
}

void Statement::BindNull(int index) { Note(sqlite3_bind_null(handle_, index)); }

void Statement::BindInt64(int index, int64_t value) {
  Note(sqlite3_bind_int64(handle_, index, value));
}

void Statement::BindDouble(int index, double value) {
  Note(sqlite3_bind_double(handle_, index, value));
}

// A null pointer would bind NULL, so an empty view is given some address.
void Statement::BindText(int index, absl::string_view value) {
  Note(sqlite3_bind_text64(handle_, index, value.empty() ? "" : value.data(), value.size(),
                           SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::BindBlob(int index, absl::string_view value) {
  Note(sqlite3_bind_blob64(handle_, index, value.empty() ? "" : value.data(), value.size(),
                           SQLITE_TRANSIENT));
}

absl::StatusOr<bool> Statement::Step() {
  const int result = bind_error_ != SQLITE_OK ? bind_error_ : sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return connection_->Error(result, sqlite3_sql(handle_));
}

absl::Status Statement::Run() {
  absl::StatusOr<bool> row = true;
  while (row.ok() && *row) row = Step();
  Reset();
  return row.status();
}

void Statement::Reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  bind_error_ = SQLITE_OK;
}

bool Statement::ColumnIsNull(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

int64_t Statement::ColumnInt64(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::ColumnDouble(int column) const { return sqlite3_column_double(handle_, column); }

absl::string_view Statement::ColumnText(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (text == nullptr) return "";
  return {text, static_cast<size_t>(sqlite3_column_bytes(handle_, column))};
}

absl::string_view Statement::ColumnBlob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  if (bytes == nullptr) return "";
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(handle_, column))};
}

std::optional<int64_t> Statement::ColumnOptionalInt64(int column) const {
  if (ColumnIsNull(column)) return std::nullopt;
  return ColumnInt64(column);
}

std::optional<double> Statement::ColumnOptionalDouble(int column) const {
  if (ColumnIsNull(column)) return std::nullopt;
  return ColumnDouble(column);
}

std::optional<std::string> Statement::ColumnOptionalString(int column) const {
  if (ColumnIsNull(column)) return std::nullopt;
  return ColumnString(column);
}

}  // namespace cityinfo::sqlite
