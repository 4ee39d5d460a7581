#include "services/gateway/openapi/json_schema.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

Json Ref(const std::string& name) {
  return {{"$ref", absl::StrCat("#/components/schemas/", name)}};
}

}  // namespace

template <typename Type>
std::string JsonSchemas::NameOf(const Type* type) {
  std::string& name = names_[type->full_name()];
  if (!name.empty()) return name;
  // "cityinfo.metrics.v1.ListFiguresRequest.OrderBy" is "ListFiguresRequest_OrderBy", or with its
  // package's name in front where another has that.
  const std::string& package = type->file()->package();
  const std::string inside = absl::StrReplaceAll(
      type->full_name().substr(package.empty() ? 0 : package.size() + 1), {{".", "_"}});
  const std::vector<std::string> parts = absl::StrSplit(package, '.');
  name = inside;
  for (auto part = parts.rbegin(); part != parts.rend() && taken_.contains(name); ++part) {
    name = absl::StrCat(*part, "_", name);
  }
  taken_.insert(name);
  return name;
}

void JsonSchemas::NoteSent(const Descriptor* message) {
  if (!sent_.insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    if (message->field(i)->message_type() != nullptr) NoteSent(message->field(i)->message_type());
  }
}

Json JsonSchemas::ReferEnum(const EnumDescriptor* type) {
  const std::string name = NameOf(type);
  if (schemas_.contains(name)) return Ref(name);
  Json values = Json::array();
  std::string description(comments_.Of(type->full_name()));
  for (int i = 0; i < type->value_count(); ++i) {
    const std::string& value = type->value(i)->name();
    values.push_back(value);
    const absl::string_view comment = comments_.Of(absl::StrCat(type->full_name(), ".", value));
    if (!comment.empty()) absl::StrAppend(&description, "\n\n- `", value, "`: ", comment);
  }
  schemas_[name] = {{"type", "string"}, {"enum", values}, {"description", description}};
  return Ref(name);
}

Json JsonSchemas::Refer(const Descriptor* message) {
  const std::string name = NameOf(message);
  if (schemas_.contains(name)) return Ref(name);
  schemas_[name] = Json::object();  // it may hold itself
  Json properties = Json::object();
  Json required = Json::array();
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    properties[field->json_name()] = OfField(field);
    // Zeroes and empty lists are printed; what may be absent is left out.
    if (!field->has_presence()) required.push_back(field->json_name());
  }
  Json schema = {{"type", "object"}};
  if (const absl::string_view comment = comments_.Of(message->full_name()); !comment.empty()) {
    schema["description"] = std::string(comment);
  }
  schema["properties"] = properties;
  if (!required.empty() && !sent_.contains(message)) schema["required"] = required;
  schemas_[name] = schema;
  return Ref(name);
}

Json JsonSchemas::OfValue(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"format", "uint32"}, {"minimum", 0}};
    case FieldDescriptor::CPPTYPE_INT64:
      return {{"type", "string"}, {"format", "int64"}};
    case FieldDescriptor::CPPTYPE_UINT64:
      return {{"type", "string"}, {"format", "uint64"}};
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return {{"type", "number"}, {"format", "double"}};
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}, {"format", "float"}};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_ENUM:
      return ReferEnum(field->enum_type());
    case FieldDescriptor::CPPTYPE_STRING:
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        return {{"type", "string"}, {"contentEncoding", "base64"}};
      }
      return {{"type", "string"}};
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  const std::string& type = field->message_type()->full_name();
  if (type == "google.protobuf.Timestamp") return {{"type", "string"}, {"format", "date-time"}};
  if (type == "google.protobuf.Duration" || type == "google.protobuf.FieldMask") {
    return {{"type", "string"}};
  }
  if (type == "google.protobuf.Any") {
    return {{"type", "object"}, {"additionalProperties", true}};
  }
  return Refer(field->message_type());
}

Json JsonSchemas::OfField(const FieldDescriptor* field) {
  Json value = OfValue(field);
  Json schema = field->is_repeated() ? Json{{"type", "array"}, {"items", value}} : value;
  const absl::string_view comment = comments_.Of(field->full_name());
  if (!comment.empty()) schema["description"] = std::string(comment);
  return schema;
}

}  // namespace cityinfo::gateway
