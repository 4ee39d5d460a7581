#include "services/gateway/openapi/reference_page.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {
namespace {

using Json = nlohmann::ordered_json;

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text,
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

// Paragraphs, and lists of "- `NAME`: what it is".
std::string Prose(const std::string& text) {
  std::string html;
  bool in_list = false;
  for (const absl::string_view paragraph : absl::StrSplit(text, "\n\n", absl::SkipEmpty())) {
    const bool item = absl::StartsWith(paragraph, "- `");
    if (item != in_list) absl::StrAppend(&html, item ? "<ul>" : "</ul>");
    in_list = item;
    if (item) {
      const size_t end = std::min(paragraph.find('`', 3), paragraph.size());
      absl::StrAppend(&html, "<li><code>", Escape(paragraph.substr(3, end - 3)), "</code>",
                      Escape(paragraph.substr(std::min(end + 1, paragraph.size()))), "</li>");
    } else {
      absl::StrAppend(&html, "<p>", Escape(paragraph), "</p>");
    }
  }
  if (in_list) html += "</ul>";
  return html;
}

std::string TextOf(const Json& thing, const char* member) {
  const auto found = thing.find(member);
  return found != thing.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// "Article", "list of string", "string (date-time)".
std::string TypeOf(const Json& schema) {
  if (const std::string ref = TextOf(schema, "$ref"); !ref.empty()) {
    const std::string name = ref.substr(ref.rfind('/') + 1);
    return absl::StrCat("<a href=\"#schema-", Escape(name), "\">", Escape(name), "</a>");
  }
  const std::string type = TextOf(schema, "type");
  if (type == "array")
    return absl::StrCat("list of ", TypeOf(schema.value("items", Json::object())));
  const std::string format = TextOf(schema, "format");
  return Escape(format.empty() ? type : absl::StrCat(type, " (", format, ")"));
}

std::string Row(const std::string& name, const Json& schema, const std::string& description) {
  return absl::StrCat("<tr><td><code>", Escape(name), "</code></td><td>", TypeOf(schema),
                      "</td><td>", Prose(description), "</td></tr>");
}

std::string PropertyTable(const Json& schema) {
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return "";
  std::string html = "<table>";
  for (const auto& [name, property] : properties->items()) {
    html += Row(name, property, TextOf(property, "description"));
  }
  return html + "</table>";
}

// The first media type's schema of a body or an answer.
const Json* SchemaOf(const Json& body) {
  const auto content = body.find("content");
  if (content == body.end() || content->empty()) return nullptr;
  const Json& media = content->begin().value();
  return media.contains("schema") ? &media["schema"] : nullptr;
}

std::string OperationHtml(const std::string& path, const std::string& method,
                          const Json& operation) {
  const std::string id = TextOf(operation, "operationId");
  std::string html =
      absl::StrCat("<article id=\"", Escape(id), "\"><h3>", Escape(TextOf(operation, "summary")),
                   "</h3><p class=\"call\"><b>", absl::AsciiStrToUpper(method), "</b> <code>",
                   Escape(path), "</code></p>", Prose(TextOf(operation, "description")));
  if (const auto parameters = operation.find("parameters"); parameters != operation.end()) {
    html += "<h4>Parameters</h4><table>";
    for (const Json& parameter : *parameters) {
      html += Row(TextOf(parameter, "name"), parameter["schema"], TextOf(parameter, "description"));
    }
    html += "</table>";
  }
  if (const auto body = operation.find("requestBody"); body != operation.end()) {
    if (const Json* schema = SchemaOf(*body)) {
      absl::StrAppend(&html, "<h4>Body</h4>",
                      schema->contains("properties")
                          ? PropertyTable(*schema)
                          : absl::StrCat("<p>", TypeOf(*schema), "</p>"));
    }
  }
  if (const Json* answer = SchemaOf(operation["responses"]["200"])) {
    absl::StrAppend(&html, "<h4>Answer</h4><p>", TypeOf(*answer), "</p>");
  }
  return html + "</article>";
}

constexpr char kHead[] =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    "<title>cityinfo API</title><link rel=\"stylesheet\" href=\"/docs.css\"></head><body>";

}  // namespace

std::string MakeReferencePage(const Json& openapi) {
  std::string contents = "<nav><ul>";
  std::string operations;
  for (const Json& tag : openapi["tags"]) {
    const std::string name = TextOf(tag, "name");
    absl::StrAppend(&contents, "<li><a href=\"#", Escape(name), "\">", Escape(name), "</a><ul>");
    absl::StrAppend(&operations, "<section id=\"", Escape(name), "\"><h2>", Escape(name), "</h2>",
                    Prose(TextOf(tag, "description")));
    for (const auto& [path, methods] : openapi["paths"].items()) {
      for (const auto& [method, operation] : methods.items()) {
        if (operation["tags"][0] != name) continue;
        const std::string id = Escape(TextOf(operation, "operationId"));
        absl::StrAppend(&contents, "<li><a href=\"#", id, "\">", id, "</a></li>");
        operations += OperationHtml(path, method, operation);
      }
    }
    contents += "</ul></li>";
    operations += "</section>";
  }
  std::string schemas = "<section id=\"schemas\"><h2>Schemas</h2>";
  for (const auto& [name, schema] : openapi["components"]["schemas"].items()) {
    absl::StrAppend(&schemas, "<article id=\"schema-", Escape(name), "\"><h3>", Escape(name),
                    "</h3>", Prose(TextOf(schema, "description")), PropertyTable(schema),
                    "</article>");
  }
  return absl::StrCat(kHead, "<header><h1>cityinfo API</h1>",
                      Prose(TextOf(openapi["info"], "description")),
                      "<p>For programs: <a href=\"/openapi.json\">/openapi.json</a> "
                      "(OpenAPI 3.1)</p></header>",
                      contents, "<li><a href=\"#schemas\">Schemas</a></li></ul></nav><main>",
                      operations, schemas, "</section></main></body></html>\n");
}

}  // namespace cityinfo::gateway
