#include "platform/sqlite/cursor.h"

#include <sqlite3.h>

#include "platform/sqlite/connection.h"

namespace cityinfo::sqlite {

Cursor::Cursor(Connection* connection, sqlite3_stmt* handle)
    : connection_(connection), handle_(handle) {}

Cursor::~Cursor() {
  Cursor::Reset();
  connection_->Release(handle_);
}

void Cursor::Note(int result_code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = result_code;
}

void Cursor::BindNull(int index) { Note(sqlite3_bind_null(handle_, index)); }

void Cursor::BindInt64(int index, int64_t value) {
  Note(sqlite3_bind_int64(handle_, index, value));
}

void Cursor::BindDouble(int index, double value) {
  Note(sqlite3_bind_double(handle_, index, value));
}

// A null pointer would bind NULL, so an empty view is given some address.
void Cursor::BindText(int index, absl::string_view value) {
  Note(sqlite3_bind_text64(handle_, index, value.empty() ? "" : value.data(), value.size(),
                           SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Cursor::BindBlob(int index, absl::string_view value) {
  Note(sqlite3_bind_blob64(handle_, index, value.empty() ? "" : value.data(), value.size(),
                           SQLITE_TRANSIENT));
}

absl::StatusOr<bool> Cursor::Step() {
  const int result = bind_error_ != SQLITE_OK ? bind_error_ : sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return connection_->Error(result, sqlite3_sql(handle_));
}

void Cursor::Reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  bind_error_ = SQLITE_OK;
}

bool Cursor::ColumnIsNull(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

int64_t Cursor::ColumnInt64(int column) const { return sqlite3_column_int64(handle_, column); }

double Cursor::ColumnDouble(int column) const { return sqlite3_column_double(handle_, column); }

absl::string_view Cursor::ColumnText(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (text == nullptr) return "";
  return {text, static_cast<size_t>(sqlite3_column_bytes(handle_, column))};
}

absl::string_view Cursor::ColumnBlob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  if (bytes == nullptr) return "";
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(handle_, column))};
}

}  // namespace cityinfo::sqlite
