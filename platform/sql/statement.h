#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::sql {

// Marks bytes to be bound as a binary value, where a plain string is bound as text.
struct Blob {
  absl::string_view bytes;
};

// What a driver gives for one use of a prepared statement. Statement, below, is what everyone else
// works with and says what the calls mean. Destroying it gives the prepared statement back to its
// connection.
class Cursor {
 public:
  virtual ~Cursor() = default;

  virtual void BindNull(int index) = 0;
  virtual void BindInt64(int index, int64_t value) = 0;
  virtual void BindDouble(int index, double value) = 0;
  virtual void BindText(int index, absl::string_view value) = 0;
  virtual void BindBlob(int index, absl::string_view value) = 0;

  virtual absl::StatusOr<bool> Step() = 0;
  virtual void Reset() = 0;

  virtual bool ColumnIsNull(int column) const = 0;
  virtual int64_t ColumnInt64(int column) const = 0;
  virtual double ColumnDouble(int column) const = 0;
  virtual absl::string_view ColumnText(int column) const = 0;
  virtual absl::string_view ColumnBlob(int column) const = 0;
};

// One use of a prepared statement, from Connection::Prepare. It must not outlive the connection and
// like it belongs to one thread; several may be open on one connection, one read inside the other.
//
//   Binding cannot fail in the middle: a wrong index or a lack of memory is remembered and returned
//   by the next Step or Run.
//
//   CITY_ASSIGN_OR_RETURN(sql::Statement statement,
//                         connection.Prepare("SELECT title FROM articles WHERE id = ?"));
//   CITY_ASSIGN_OR_RETURN(const bool found, statement.BindAll(id).Step());
class Statement {
 public:
  explicit Statement(std::unique_ptr<Cursor> cursor) : cursor_(std::move(cursor)) {}

  // Parameters count from 1, as in SQL. Text and blobs are copied. Takes integers, bool, double,
  // strings, Blob, nullptr and std::optional of these (nothing binds NULL).
  template <typename T>
  Statement& Bind(int index, const T& value);
  // Binds parameters 1, 2, 3 …
  template <typename... Args>
  Statement& BindAll(const Args&... args);

  // Moves to the next row: true if there is one, false at the end. After an error or the end, Reset
  // before using it again.
  absl::StatusOr<bool> Step() { return cursor_->Step(); }
  // For statements that give no rows: runs to the end, then resets so that it can be bound and run
  // again.
  absl::Status Run();
  // Calls `row(*this)` for every row; stops at the first error, which it returns.
  template <typename Row>
  absl::Status ForEach(Row&& row);
  // Forgets bindings and position.
  void Reset() { cursor_->Reset(); }

  // Columns of the present row count from 0. NULL reads as 0 or empty, so ask ColumnIsNull or use
  // the Optional forms where absent is not zero. Views stay valid until the next Step, Run or
  // Reset, or the end of the statement.
  bool ColumnIsNull(int column) const { return cursor_->ColumnIsNull(column); }
  int64_t ColumnInt64(int column) const { return cursor_->ColumnInt64(column); }
  double ColumnDouble(int column) const { return cursor_->ColumnDouble(column); }
  absl::string_view ColumnText(int column) const { return cursor_->ColumnText(column); }
  absl::string_view ColumnBlob(int column) const { return cursor_->ColumnBlob(column); }
  std::string ColumnString(int column) const { return std::string(ColumnText(column)); }
  bool ColumnBool(int column) const { return ColumnInt64(column) != 0; }
  std::optional<int64_t> ColumnOptionalInt64(int column) const;
  std::optional<double> ColumnOptionalDouble(int column) const;
  std::optional<std::string> ColumnOptionalString(int column) const;

 private:
  std::unique_ptr<Cursor> cursor_;
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
    cursor_->BindNull(index);
  } else if constexpr (std::same_as<T, std::nullptr_t>) {
    cursor_->BindNull(index);
  } else if constexpr (std::same_as<T, Blob>) {
    cursor_->BindBlob(index, value.bytes);
  } else if constexpr (std::integral<T>) {
    cursor_->BindInt64(index, static_cast<int64_t>(value));
  } else if constexpr (std::floating_point<T>) {
    cursor_->BindDouble(index, value);
  } else {
    static_assert(std::convertible_to<T, absl::string_view>, "not a type a column can hold");
    cursor_->BindText(index, value);
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

}  // namespace cityinfo::sql
