#include "services/gateway/web/web_files.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/digest.h"
#include "services/gateway/web/embedded_files.h"

namespace cityinfo::gateway {
namespace {

constexpr char kJavaScript[] = "text/javascript; charset=utf-8";

using FileMap = absl::flat_hash_map<std::string, WebFile>;

const FileMap& Files() {
  static const auto* const files = new FileMap({
      {"/", MakeWebFile("text/html; charset=utf-8", kIndexHtml, kIndexHtmlSize)},
      {"/app.js", MakeWebFile(kJavaScript, kAppJs, kAppJsSize)},
      {"/article.js", MakeWebFile(kJavaScript, kArticleJs, kArticleJsSize)},
      {"/chart.js", MakeWebFile(kJavaScript, kChartJs, kChartJsSize)},
      {"/home.js", MakeWebFile(kJavaScript, kHomeJs, kHomeJsSize)},
      {"/indicator.js", MakeWebFile(kJavaScript, kIndicatorJs, kIndicatorJsSize)},
      {"/search.js", MakeWebFile(kJavaScript, kSearchJs, kSearchJsSize)},
      {"/timeline.js", MakeWebFile(kJavaScript, kTimelineJs, kTimelineJsSize)},
      {"/style.css", MakeWebFile("text/css; charset=utf-8", kStyleCss, kStyleCssSize)},
  });
  return *files;
}

}  // namespace

WebFile MakeWebFile(absl::string_view content_type, const unsigned char* bytes, size_t size) {
  auto body = std::make_shared<const std::string>(reinterpret_cast<const char*>(bytes), size);
  const std::string tag = absl::StrCat("\"", base::Sha256Hex(*body).substr(0, 32), "\"");
  return {.content_type = std::string(content_type), .body = std::move(body), .entity_tag = tag};
}

const WebFile* FindWebFile(absl::string_view path) {
  const auto found = Files().find(path);
  return found == Files().end() ? nullptr : &found->second;
}

}  // namespace cityinfo::gateway
