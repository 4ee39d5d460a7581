#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::gateway {

// A file of the web app, part of the program.
struct WebFile {
  std::string content_type;
  std::shared_ptr<const std::string> body;
  std::string entity_tag;
};

// `bytes` as a file, with an entity tag that follows from them.
WebFile MakeWebFile(absl::string_view content_type, const unsigned char* bytes, size_t size);

// The file served at `path` ("/" is the page itself); null when there is none. Thread-safe; the
// result lives as long as the program.
const WebFile* FindWebFile(absl::string_view path);

}  // namespace cityinfo::gateway
