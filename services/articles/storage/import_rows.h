#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "platform/sql/connection.h"

// What bulk imports have brought, known by the content's fingerprint.
namespace cityinfo::articles {

// The ids of those of `fingerprints` that were imported before.
absl::StatusOr<absl::flat_hash_map<std::string, std::string>> FindImported(
    sql::Connection& connection, const std::vector<std::string>& fingerprints);

}  // namespace cityinfo::articles
