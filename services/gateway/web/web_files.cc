#include "services/gateway/web/web_files.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "services/gateway/web/embedded_files.h"

namespace cityinfo::gateway {
namespace {

WebFile Make(absl::string_view content_type, const unsigned char* bytes, size_t size) {
  auto body = std::make_shared<const std::string>(reinterpret_cast<const char*>(bytes), size);
  const std::string tag = absl::StrCat("\"", base::Sha256Hex(*body).substr(0, 32), "\"");
  return {.content_type = std::string(content_type), .body = std::move(body), .entity_tag = tag};
}

using FileMap = absl::flat_hash_map<std::string, WebFile>;

const FileMap& Files() {
  static const auto* const files = new FileMap({
      {"/", Make("text/html; charset=utf-8", kIndexHtml, kIndexHtmlSize)},
      {"/app.js", Make("text/javascript; charset=utf-8", kAppJs, kAppJsSize)},
      {"/search.js", Make("text/javascript; charset=utf-8", kSearchJs, kSearchJsSize)},
      {"/style.css", Make("text/css; charset=utf-8", kStyleCss, kStyleCssSize)},
  });
  return *files;
}

}  // namespace

const WebFile* FindWebFile(absl::string_view path) {
  const auto found = Files().find(path);
  return found == Files().end() ? nullptr : &found->second;
}

}  // namespace cityinfo::gateway
