#include "services/gateway/edge/readiness.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/json_text.h"
#include "services/gateway/edge/error_form.h"

namespace cityinfo::gateway {
namespace {

HttpResponse Render(int http_status, std::string json) {
  HttpResponse response{.status = http_status};
  SetContentType("application/json; charset=utf-8", &response);
  response.Set("cache-control", "no-store");
  response.body = std::make_shared<const std::string>(std::move(json));
  return response;
}

}  // namespace

HttpResponse RenderAlive() { return Render(200, "{\"status\":\"ok\"}\n"); }

HttpResponse RenderReadiness(const health::Snapshot& snapshot) {
  std::string json =
      absl::StrCat("{\"status\":\"", health::ToString(snapshot.overall), "\",\"components\":[");
  for (const health::Component& component : snapshot.components) {
    json += json.back() == '[' ? "{\"name\":" : ",{\"name\":";
    base::AppendJsonString(component.name, &json);
    absl::StrAppend(&json, ",\"state\":\"", health::ToString(component.state), "\",\"message\":");
    base::AppendJsonString(component.message, &json);
    json += '}';
  }
  json += "]}\n";
  return Render(snapshot.ready ? 200 : 503, std::move(json));
}

}  // namespace cityinfo::gateway
