#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cityinfo::lifecycle {

// Tells whoever started a program with port 0 which ports it got: one JSON object, {"grpc":50051}.
// The file is renamed into place, so that a reader finds it whole or not at all. Does nothing for
// an empty path; FAILED_PRECONDITION (PORT_FILE) when it cannot be written.
absl::Status WritePortFile(const std::string& path,
                           const std::vector<std::pair<std::string, int>>& ports);

}  // namespace cityinfo::lifecycle
