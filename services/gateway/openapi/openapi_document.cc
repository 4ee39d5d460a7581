#include "services/gateway/openapi/openapi_document.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/gateway/openapi/json_schema.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

constexpr int kMaxQueryDepth = 2;
constexpr char kBearer[] = "bearer";

// A route's path as OpenAPI writes it: "/v1/{name=articles/*}:publish" is
// "/v1/articles/{article}:publish".
struct DocumentedPath {
  std::string text;
  std::vector<std::string> parameters;
};

// "article" of "articles"; what else stands in front of a `*` keeps its name.
std::string Singular(absl::string_view collection) {
  return std::string(absl::EndsWith(collection, "s") ? collection.substr(0, collection.size() - 1)
                                                     : collection);
}

DocumentedPath DocumentPath(absl::string_view path) {
  DocumentedPath documented;
  std::string previous = "item";
  absl::string_view rest = path;
  const auto add = [&](absl::string_view segment) {
    if (segment == "*") {
      documented.parameters.push_back(Singular(previous));
      absl::StrAppend(&documented.text, "{", documented.parameters.back(), "}");
    } else {
      previous = std::string(segment);
      absl::StrAppend(&documented.text, segment);
    }
  };
  while (!rest.empty()) {
    if (rest[0] == '{') {
      const size_t end = rest.find('}');
      const absl::string_view inside = rest.substr(1, end - 1);
      const size_t equals = inside.find('=');
      const absl::string_view pattern =
          equals == absl::string_view::npos ? "*" : inside.substr(equals + 1);
      std::vector<absl::string_view> segments = absl::StrSplit(pattern, '/');
      for (size_t i = 0; i < segments.size(); ++i) {
        if (i > 0) documented.text += '/';
        add(segments[i]);
      }
      rest.remove_prefix(end + 1);
    } else if (rest[0] == '/' || rest[0] == ':') {
      documented.text += rest[0];
      rest.remove_prefix(1);
    } else {
      const size_t end = std::min(rest.find_first_of("/:{"), rest.size());
      add(rest.substr(0, end));
      rest.remove_prefix(end);
    }
  }
  return documented;
}

// "GetArticle returns one article. …": the first sentence, and the method's name left out.
std::string SummaryOf(absl::string_view comment, absl::string_view method) {
  const size_t end = std::min(comment.find(". "), comment.find(".\n"));
  absl::string_view sentence = comment.substr(0, std::min(end, comment.size()));
  if (absl::EndsWith(sentence, ".")) sentence.remove_suffix(1);
  if (absl::StartsWith(sentence, absl::StrCat(method, " "))) {
    sentence.remove_prefix(method.size() + 1);
  }
  std::string summary(sentence.empty() ? method : sentence);
  summary[0] = absl::ascii_toupper(static_cast<unsigned char>(summary[0]));
  return summary;
}

class Documenter {
 public:
  Documenter(const RouteTable& routes, const ContractComments& comments)
      : routes_(routes), comments_(comments), schemas_(comments) {}

  Json Make() {
    for (const auto& route : routes_.routes()) {
      if (!route->body.empty()) schemas_.NoteSent(route->method->input_type());
    }
    Json paths = Json::object();
    std::set<std::string> services;
    Json tags = Json::array();
    for (const auto& route : routes_.routes()) {
      const DocumentedPath path = DocumentPath(route->path.text());
      paths[path.text][absl::AsciiStrToLower(route->http_method)] = Operation(*route, path);
      const auto* service = route->method->service();
      if (services.insert(service->name()).second) {
        tags.push_back({{"name", service->name()},
                        {"description", std::string(comments_.Of(service->full_name()))}});
      }
    }
    Json document = {{"openapi", "3.1.0"},
                     {"info", Info()},
                     {"servers", Json::array({{{"url", "/"}, {"description", "This gateway"}}})},
                     {"tags", tags},
                     {"paths", paths}};
    Json schemas = schemas_.all();
    schemas["Error"] = ErrorSchema();
    document["components"] = {
        {"schemas", schemas},
        {"responses",
         {{"Error",
           {{"description", "What was wrong, for programs (reason) and for people (message)."},
            {"content", {{"application/json", {{"schema", RefTo("Error")}}}}}}}}},
        {"securitySchemes",
         {{kBearer,
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description", "A key, or a signed token (JWT). Reading needs neither."}}}}}};
    return document;
  }

 private:
  static Json RefTo(absl::string_view schema) {
    return {{"$ref", absl::StrCat("#/components/schemas/", schema)}};
  }

  static Json Info() {
    return {{"title", "cityinfo"},
            {"version", "1"},
            {"summary", "A city's information platform"},
            {"description",
             "What a city's newspapers published, as articles that can be read and searched, and "
             "every official figure they state as a number that can be queried and traced back to "
             "its sentence. JSON is proto3 JSON: 64-bit whole numbers are strings, zeroes and "
             "empty lists are printed, what is absent is left out."}};
  }

  static Json ErrorSchema() {
    const Json text = {{"type", "string"}};
    const Json details = {{"type", "array"},
                          {"items", {{"type", "object"}, {"additionalProperties", true}}},
                          {"description",
                           "One google.rpc.ErrorInfo with a reason in UPPER_SNAKE, and for wrong "
                           "fields a google.rpc.BadRequest that names them."}};
    const Json error = {{"type", "object"},
                        {"properties",
                         {{"code", {{"type", "integer"}, {"description", "The HTTP status."}}},
                          {"message", text},
                          {"status", {{"type", "string"}, {"description", "As in gRPC."}}},
                          {"details", details}}},
                        {"required", {"code", "message", "status", "details"}}};
    return {{"type", "object"},
            {"description", "The one form of every error (AIP-193)."},
            {"properties", {{"error", error}}},
            {"required", {"error"}}};
  }

  Json Operation(const Route& route, const DocumentedPath& path) {
    const google::protobuf::MethodDescriptor& method = *route.method;
    const std::string comment(comments_.Of(method.full_name()));
    Json operation = {{"operationId", OperationId(method.name())},
                      {"tags", Json::array({method.service()->name()})},
                      {"summary", SummaryOf(comment, method.name())}};
    std::string description = comment;
    if (route.needs.has_value()) {
      absl::StrAppend(&description, "\n\nNeeds the role ", auth::RoleName(*route.needs), ".");
    }
    operation["description"] = description;
    operation["security"] = route.needs.has_value()
                                ? Json::array({{{kBearer, Json::array()}}})
                                : Json::array({Json::object(), {{kBearer, Json::array()}}});
    Json parameters = PathParameters(path);
    if (route.body != "*") AddQuery(route, &parameters);
    if (!parameters.empty()) operation["parameters"] = parameters;
    if (!route.body.empty()) operation["requestBody"] = Body(route);
    operation["responses"] = {
        {"200",
         {{"description", "Done."},
          {"content", {{"application/json", {{"schema", schemas_.Refer(method.output_type())}}}}}}},
        {"4XX", {{"$ref", "#/components/responses/Error"}}},
        {"5XX", {{"$ref", "#/components/responses/Error"}}}};
    return operation;
  }

  // A method with two paths has two operations.
  std::string OperationId(const std::string& method) {
    const int seen = ++operations_[method];
    return seen == 1 ? method : absl::StrCat(method, "_", seen);
  }

  static Json PathParameters(const DocumentedPath& path) {
    Json parameters = Json::array();
    for (const std::string& name : path.parameters) {
      parameters.push_back({{"name", name},
                            {"in", "path"},
                            {"required", true},
                            {"description", absl::StrCat("Id of the ", name, ".")},
                            {"schema", {{"type", "string"}}}});
    }
    return parameters;
  }

  void AddQuery(const Route& route, Json* parameters) {
    const std::vector<std::string> bound = route.path.BoundFields();
    const Descriptor* message = route.method->input_type();
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor* field = message->field(i);
      const bool taken = field->name() == route.body ||
                         std::any_of(bound.begin(), bound.end(), [&](const std::string& path) {
                           return path == field->name() ||
                                  absl::StartsWith(path, absl::StrCat(field->name(), "."));
                         });
      if (!taken) AddQueryField("", field, 0, parameters);
    }
  }

  void AddQueryField(const std::string& prefix, const FieldDescriptor* field, int depth,
                     Json* parameters) {
    const std::string name = absl::StrCat(prefix, field->json_name());
    const Descriptor* type = field->message_type();
    Json schema;
    if (type != nullptr && type->full_name() == "google.type.Date") {
      schema = {{"type", "string"}, {"format", "date"}};
    } else if (type != nullptr && type->file()->package() != "google.protobuf") {
      if (field->is_repeated() || depth >= kMaxQueryDepth) return;
      for (int i = 0; i < type->field_count(); ++i) {
        AddQueryField(absl::StrCat(name, "."), type->field(i), depth + 1, parameters);
      }
      return;
    } else {
      schema = schemas_.OfValue(field);
    }
    if (field->is_repeated()) schema = {{"type", "array"}, {"items", schema}};
    parameters->push_back({{"name", name},
                           {"in", "query"},
                           {"description", std::string(comments_.Of(field->full_name()))},
                           {"schema", schema}});
  }

  Json Body(const Route& route) {
    const Descriptor* message = route.method->input_type();
    if (route.takes_csv()) {
      return {{"required", true},
              {"description",
               "CSV in UTF-8; the first record names the columns, as the fields of Observation are "
               "named or by map.FIELD=COLUMN in the query."},
              {"content", {{"text/csv", {{"schema", {{"type", "string"}}}}}}}};
    }
    if (route.takes_lines()) {
      return {{"required", true},
              {"description", "JSON lines, an article each."},
              {"content", {{"application/x-ndjson", {{"schema", {{"type", "string"}}}}}}}};
    }
    Json schema;
    if (route.body != "*") {
      const FieldDescriptor* field = message->FindFieldByName(route.body);
      schema = schemas_.OfValue(field);
    } else {
      const std::vector<std::string> bound = route.path.BoundFields();
      Json properties = Json::object();
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor* field = message->field(i);
        if (std::find(bound.begin(), bound.end(), field->name()) != bound.end()) continue;
        properties[field->json_name()] = schemas_.OfField(field);
      }
      schema = {{"type", "object"}, {"properties", properties}};
    }
    return {{"required", true}, {"content", {{"application/json", {{"schema", schema}}}}}};
  }

  const RouteTable& routes_;
  const ContractComments& comments_;
  JsonSchemas schemas_;
  std::map<std::string, int> operations_;
};

}  // namespace

Json MakeOpenApi(const RouteTable& routes, const ContractComments& comments) {
  return Documenter(routes, comments).Make();
}

}  // namespace cityinfo::gateway
