#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sqlite3_stmt;

namespace cityinfo::sqlite {

class Connection;

// Marks bytes to be bound as BLOB, where a plain string is bound as TEXT.
struct Blob {
  absl::string_view bytes;
};

// One use of a prepared statement, from Connection::Prepare. On destruction it is reset and goes
// back to its connection's cache; it must not outlive the connection, and like it belongs to one
// thread.
//
//   ASSIGN_OR_RETURN-style code stays short because binding cannot fail in the middle: a wrong
//   index or a lack of memory is remembered and returned by the next Step or Run.
//
//   auto statement = connection.Prepare("SELECT title FROM article WHERE id = ?");
//   if (!statement.ok()) return statement.status();
//   statement->BindAll(id);
//   absl::StatusOr<bool> row = statement->Step();
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Parameters count from 1, as in SQL. Text and blobs are copied. Takes integers, bool, double,
  // strings, Blob, nullptr and std::optional of these (nothing binds NULL).
  template <typename T>
  Statement& Bind(int index, const T& value);
  // Binds parameters 1, 2, 3 …
  template <typename... Args>
  Statement& BindAll(const Args&... args);

  // Moves to the next row: true if there is one, false at the end. After an error or the end, Reset
  // before using it again.
  absl::StatusOr<bool> Step();
  // For statements that give no rows: runs to the end, then resets so that it can be bound and run
  // again.
  absl::Status Run();
  // Calls `row(*this)` for every row; stops at the first error, which it returns.
  template <typename Row>
  absl::Status ForEach(Row&& row);
  // Forgets bindings and position.
  void Reset();

  // Columns of the present row count from 0. A value of another type is converted as SQLite does;
  // NULL reads as 0 or empty, so ask ColumnIsNull or use the Optional forms where absent is not
  // zero. Views stay valid until the next Step, Run or Reset, or the end of the statement.
  bool ColumnIsNull(int column) const;
  int64_t ColumnInt64(int column) const;
  double ColumnDouble(int column) const;
  absl::string_view ColumnText(int column) const;
  absl::string_view ColumnBlob(int column) const;
  std::string ColumnString(int column) const { return std::string(ColumnText(column)); }
  bool ColumnBool(int column) const { return ColumnInt64(column) != 0; }
  std::optional<int64_t> ColumnOptionalInt64(int column) const;
  std::optional<double> ColumnOptionalDouble(int column) const;
  std::optional<std::string> ColumnOptionalString(int column) const;

 private:
  friend class Connection;
  Statement(Connection* connection, sqlite3_stmt* handle);

  void BindNull(int index);
  void BindInt64(int index, int64_t value);
  void BindDouble(int index, double value);
  void BindText(int index, absl::string_view value);
  void BindBlob(int index, absl::string_view value);
  void Note(int result_code);

  Connection* connection_;
  sqlite3_stmt* handle_;
  int bind_error_ = 0;
};

namespace internal {
template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
}  // namespace internal

template <typename T>
Statement& Statement::Bind(int index, const T& value) {
  if constexpr (internal::kIsOptional<T>) {
    if (value.has_value()) return Bind(index, *value);
    BindNull(index);
  } else if constexpr (std::same_as<T, std::nullptr_t>) {
    BindNull(index);
  } else if constexpr (std::same_as<T, Blob>) {
    BindBlob(index, value.bytes);
  } else if constexpr (std::integral<T>) {
    BindInt64(index, static_cast<int64_t>(value));
  } else if constexpr (std::floating_point<T>) {
    BindDouble(index, value);
  } else {
    static_assert(std::convertible_to<T, absl::string_view>, "not a type SQLite can store");
    BindText(index, value);
  }
  return *this;
}

template <typename... Args>
Statement& Statement::BindAll(const Args&... args) {
  int index = 0;
  (Bind(++index, args), ...);
  return *this;
}

template <typename Row>
absl::Status Statement::ForEach(Row&& row) {
  for (;;) {
    absl::StatusOr<bool> more = Step();
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    if constexpr (std::is_void_v<std::invoke_result_t<Row, Statement&>>) {
      row(*this);
    } else {
      absl::Status status = row(*this);
      if (!status.ok()) return status;
    }
  }
}

}  // namespace cityinfo::sqlite
