#include "platform/postgres/cursor.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::postgres {
namespace {

// Of pg_type, where they have stood for ever.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;

int64_t Truncated(double value) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (std::isnan(value)) return 0;
  if (value >= kLimit) return std::numeric_limits<int64_t>::max();
  if (value < -kLimit) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

}  // namespace

Cursor::Cursor(Connection* connection, std::shared_ptr<PreparedStatement> statement)
    : connection_(connection),
      statement_(std::move(statement)),
      parameters_(static_cast<size_t>(statement_->parameters)) {}

void Cursor::Set(int index, std::string value, bool is_binary) {
  if (index < 1 || static_cast<size_t>(index) > parameters_.size()) {
    if (bind_error_.ok()) {
      bind_error_ =
          base::WithDetail(base::Internal("STORE_ERROR", "the store failed"),
                           absl::StrCat("no parameter ", index, " in: ", statement_->sql));
    }
    return;
  }
  parameters_[static_cast<size_t>(index - 1)] = {
      .value = std::move(value), .is_null = false, .is_binary = is_binary};
}

void Cursor::BindNull(int index) {
  Set(index, "");
  if (bind_error_.ok()) parameters_[static_cast<size_t>(index - 1)].is_null = true;
}

void Cursor::BindInt64(int index, int64_t value) { Set(index, absl::StrCat(value)); }

void Cursor::BindDouble(int index, double value) {
  // The shortest text that reads back as the same number.
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof(text), value);
  Set(index, std::string(text, end.ptr));
}

void Cursor::BindText(int index, absl::string_view value) {
  if (value.find('\0') != absl::string_view::npos && bind_error_.ok()) {
    bind_error_ = base::MakeError(absl::StatusCode::kInvalidArgument, "VALUE_NOT_STORABLE",
                                  "a text holds a zero character, which the store cannot keep");
  }
  Set(index, std::string(value));
}

void Cursor::BindBlob(int index, absl::string_view value) {
  Set(index, std::string(value), /*is_binary=*/true);
}

absl::StatusOr<bool> Cursor::Step() {
  CITY_RETURN_IF_ERROR(bind_error_);
  if (rows_ == nullptr) {
    CITY_ASSIGN_OR_RETURN(rows_, connection_->RunPrepared(*statement_, parameters_));
  }
  blobs_.clear();
  const int count = PQntuples(rows_.get());
  if (row_ < count) ++row_;
  return row_ < count;
}

void Cursor::Reset() {
  parameters_.assign(parameters_.size(), Parameter());
  bind_error_ = absl::OkStatus();
  rows_.reset();
  row_ = -1;
  blobs_.clear();
}

absl::string_view Cursor::Raw(int column) const {
  if (ColumnIsNull(column)) return "";
  return {PQgetvalue(rows_.get(), row_, column),
          static_cast<size_t>(PQgetlength(rows_.get(), row_, column))};
}

bool Cursor::ColumnIsNull(int column) const {
  return rows_ == nullptr || row_ < 0 || row_ >= PQntuples(rows_.get()) || column < 0 ||
         column >= PQnfields(rows_.get()) || PQgetisnull(rows_.get(), row_, column) == 1;
}

int64_t Cursor::ColumnInt64(int column) const {
  const absl::string_view text = Raw(column);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  return Truncated(ColumnDouble(column));
}

double Cursor::ColumnDouble(int column) const {
  const absl::string_view text = Raw(column);
  if (!text.empty() && PQftype(rows_.get(), column) == kBool) return text == "t" ? 1 : 0;
  double value = 0;
  return absl::SimpleAtod(text, &value) ? value : 0;
}

absl::string_view Cursor::ColumnText(int column) const { return ColumnBlob(column); }

absl::string_view Cursor::ColumnBlob(int column) const {
  const absl::string_view text = Raw(column);
  if (text.size() < 2 || PQftype(rows_.get(), column) != kBytea) return text;
  const auto [blob, is_new] = blobs_.try_emplace(column);
  if (is_new) blob->second = absl::HexStringToBytes(text.substr(2));  // after "\x"
  return blob->second;
}

}  // namespace cityinfo::postgres
