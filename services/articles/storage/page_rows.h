#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "platform/sql/connection.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/page_import.h"

// Imported pages as rows.
namespace cityinfo::articles {

// The id of the page with this fingerprint, if it has been imported.
absl::StatusOr<std::optional<std::string>> FindPage(sql::Connection& connection,
                                                    absl::string_view fingerprint);

absl::Status InsertPage(sql::Connection& connection, absl::string_view id,
                        absl::string_view fingerprint, const PageImport& page, absl::Time now);

// Its articles as they are now, in page order.
absl::StatusOr<std::vector<Article>> ReadPageArticles(sql::Connection& connection,
                                                      absl::string_view page_id);

// NOT_FOUND (PAGE_NOT_FOUND).
absl::StatusOr<std::string> ReadPageText(sql::Connection& connection, absl::string_view page_id);

}  // namespace cityinfo::articles
