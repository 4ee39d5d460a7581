#pragma once

#include "absl/strings/string_view.h"
#include "services/gateway/web/web_files.h"

namespace cityinfo::gateway {

// "/openapi.json", "/docs" and what that page needs; null for any other path. Thread-safe; the
// result lives as long as the program.
const WebFile* FindOpenApiFile(absl::string_view path);

}  // namespace cityinfo::gateway
