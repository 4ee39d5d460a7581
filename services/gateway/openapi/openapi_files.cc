#include "services/gateway/openapi/openapi_files.h"

#include "absl/container/flat_hash_map.h"
#include "services/gateway/openapi/embedded_documents.h"

namespace cityinfo::gateway {

const WebFile* FindOpenApiFile(absl::string_view path) {
  static const auto* const files = new absl::flat_hash_map<std::string, WebFile>({
      {"/openapi.json",
       MakeWebFile("application/json; charset=utf-8", kOpenApiJson, kOpenApiJsonSize)},
      {"/docs", MakeWebFile("text/html; charset=utf-8", kDocsHtml, kDocsHtmlSize)},
      {"/docs.css", MakeWebFile("text/css; charset=utf-8", kDocsCss, kDocsCssSize)},
  });
  const auto found = files->find(path);
  return found == files->end() ? nullptr : &found->second;
}

}  // namespace cityinfo::gateway
