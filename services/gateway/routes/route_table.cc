#include "services/gateway/routes/route_table.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "google/api/annotations.pb.h"
#include "platform/base/status_macros.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

absl::Status Bad(const google::protobuf::MethodDescriptor& method, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(method.full_name(), ": ", problem));
}

// "GET" and the path of a rule.
std::pair<std::string, std::string> Pattern(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"GET", rule.get()};
    case google::api::HttpRule::kPost:
      return {"POST", rule.post()};
    case google::api::HttpRule::kPut:
      return {"PUT", rule.put()};
    case google::api::HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case google::api::HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    default:
      return {};
  }
}

bool HasStringField(const Descriptor* message, absl::string_view field_path) {
  const std::vector<std::string> names = absl::StrSplit(field_path, '.');
  for (size_t i = 0; i < names.size(); ++i) {
    const FieldDescriptor* field = message->FindFieldByName(names[i]);
    if (field == nullptr || field->is_repeated()) return false;
    if (i + 1 == names.size()) return field->type() == FieldDescriptor::TYPE_STRING;
    message = field->message_type();
    if (message == nullptr) return false;
  }
  return false;
}

}  // namespace

absl::StatusOr<RouteTable> RouteTable::Build(const std::vector<PublicMethod>& methods) {
  RouteTable table;
  for (const PublicMethod& method : methods) CITY_RETURN_IF_ERROR(table.Add(method));
  return table;
}

absl::Status RouteTable::Add(const PublicMethod& listed) {
  if (listed.method == nullptr) {
    return absl::InvalidArgumentError("a method in the list of public methods does not exist");
  }
  const auto& method = *listed.method;
  if (method.server_streaming()) return Bad(method, "streams its answer");
  if (!method.options().HasExtension(google::api::http)) return Bad(method, "has no HTTP rule");
  const google::api::HttpRule& main_rule = method.options().GetExtension(google::api::http);
  std::vector<const google::api::HttpRule*> rules = {&main_rule};
  for (const auto& rule : main_rule.additional_bindings()) rules.push_back(&rule);
  for (const google::api::HttpRule* rule : rules) {
    const auto [http_method, path_text] = Pattern(*rule);
    if (http_method.empty()) return Bad(method, "has an HTTP rule of an unknown kind");
    CITY_ASSIGN_OR_RETURN(PathTemplate path, PathTemplate::Parse(path_text));
    for (const std::string& field : path.BoundFields()) {
      if (!HasStringField(method.input_type(), field)) {
        return Bad(method, absl::StrCat("binds ", field, ", which is not one of its text fields"));
      }
    }
    const std::string& body = rule->body();
    // What came of each line is said in the words of one method.
    if (method.client_streaming() &&
        method.input_type() != articles::v1::ImportArticlesRequest::descriptor() &&
        method.input_type() != metrics::v1::ImportObservationsRequest::descriptor()) {
      return Bad(method, "takes a stream whose lines nobody knows");
    }
    if (method.client_streaming() && (body != "*" || !path.BoundFields().empty())) {
      return Bad(method, "takes a stream that is not the body alone");
    }
    if (!body.empty() && body != "*" && method.input_type()->FindFieldByName(body) == nullptr) {
      return Bad(method, absl::StrCat("has no field ", body, " for the body"));
    }
    for (const auto& other : routes_) {
      if (other->http_method == http_method && other->path.text() == path.text()) {
        return Bad(method, absl::StrCat("has the path of ", other->method->full_name()));
      }
    }
    routes_.push_back(std::make_unique<const Route>(
        Route{.http_method = http_method,
              .path = std::move(path),
              .body = body,
              .method = &method,
              .rpc_name = absl::StrCat("/", method.service()->full_name(), "/", method.name()),
              .backend = listed.backend,
              .needs = listed.needs}));
  }
  return absl::OkStatus();
}

RouteTable::Result RouteTable::Find(absl::string_view http_method, absl::string_view path) const {
  const std::optional<SplitPath> split = SplitPath::From(path);
  if (!split.has_value()) return NoRoute{};
  if (http_method == "HEAD") http_method = "GET";
  std::set<std::string> others;
  for (const auto& route : routes_) {
    if (!route->path.Matches(*split)) continue;
    if (absl::string_view(route->http_method) != http_method) {
      others.insert(route->http_method);
      if (route->http_method == "GET") others.insert("HEAD");
      continue;
    }
    std::optional<std::vector<PathBinding>> bindings = route->path.Bind(*split);
    if (!bindings.has_value()) return BadPath{};
    return Match{route.get(), *std::move(bindings)};
  }
  if (others.empty()) return NoRoute{};
  return OtherMethods{absl::StrJoin(others, ", ")};
}

}  // namespace cityinfo::gateway
