#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/postgres/connection.h"
#include "platform/postgres/link.h"
#include "platform/sql/statement.h"

namespace cityinfo::postgres {

// One use of a prepared statement. The first Step runs it and fetches every row, so cursors of one
// connection nest as they like; a statement that could give many rows says LIMIT.
class Cursor final : public sql::Cursor {
 public:
  Cursor(Connection* connection, std::shared_ptr<PreparedStatement> statement);

  void BindNull(int index) override;
  void BindInt64(int index, int64_t value) override;
  void BindDouble(int index, double value) override;
  // PostgreSQL keeps no zero character in a text: VALUE_NOT_STORABLE.
  void BindText(int index, absl::string_view value) override;
  void BindBlob(int index, absl::string_view value) override;

  absl::StatusOr<bool> Step() override;
  void Reset() override;

  bool ColumnIsNull(int column) const override;
  // Numbers of other types are cut to an integer; a truth is 0 or 1.
  int64_t ColumnInt64(int column) const override;
  double ColumnDouble(int column) const override;
  absl::string_view ColumnText(int column) const override;
  absl::string_view ColumnBlob(int column) const override;

 private:
  void Set(int index, std::string value, bool is_binary = false);
  absl::string_view Raw(int column) const;

  Connection* const connection_;
  const std::shared_ptr<PreparedStatement> statement_;
  std::vector<Parameter> parameters_;
  absl::Status bind_error_;
  Result rows_;
  int row_ = -1;
  // Binary values of the present row, decoded when asked for.
  mutable std::map<int, std::string> blobs_;
};

}  // namespace cityinfo::postgres
