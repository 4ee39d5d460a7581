#include "services/articles/storage/request_ids.h"

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::articles {

absl::StatusOr<std::optional<int64_t>> FindRequest(sql::Connection& connection,
                                                   absl::string_view request_id,
                                                   absl::string_view fingerprint,
                                                   absl::Time oldest_remembered) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement statement,
      connection.Prepare("SELECT fingerprint, position FROM request_ids WHERE request_id = ? "
                         "AND create_time >= ?"));
  statement.BindAll(request_id, absl::ToUnixMicros(oldest_remembered));
  CITY_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::optional<int64_t>();
  if (statement.ColumnText(0) != fingerprint) {
    absl::Status error = base::MakeError(
        absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
        absl::StrCat("request_id \"", request_id, "\" was used before for another request"));
    base::AddFieldViolation(&error, "request_id", "was used before for another request");
    return error;
  }
  return std::optional<int64_t>(statement.ColumnInt64(1));
}

absl::Status RememberRequest(sql::Connection& connection, absl::string_view request_id,
                             absl::string_view fingerprint, int64_t position, absl::Time now,
                             const RequestIdLimits& limits) {
  CITY_RETURN_IF_ERROR(connection.Run("DELETE FROM request_ids WHERE create_time < ?",
                                      absl::ToUnixMicros(now - limits.lifetime)));
  CITY_ASSIGN_OR_RETURN(
      const int64_t newest,
      connection.QueryInt64("INSERT INTO request_ids (request_id, fingerprint, position, "
                            "create_time) VALUES (?, ?, ?, ?) RETURNING seq",
                            request_id, fingerprint, position, absl::ToUnixMicros(now)));
  return connection.Run("DELETE FROM request_ids WHERE seq <= ?", newest - limits.count);
}

}  // namespace cityinfo::articles
