#pragma once

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "services/gateway/openapi/contract_comments.h"

namespace cityinfo::gateway {

// JSON Schemas (2020-12, as OpenAPI 3.1 has them) of messages in their proto3 JSON form, each under
// a name of its own in "components/schemas". Belongs to one thread.
class JsonSchemas {
 public:
  explicit JsonSchemas(const ContractComments& comments) : comments_(comments) {}

  // Of messages that clients send no field is required. Call it for all of them before Refer.
  void NoteSent(const google::protobuf::Descriptor* message);

  // {"$ref": "#/components/schemas/Article"}; the schema itself is made at the first call.
  nlohmann::ordered_json Refer(const google::protobuf::Descriptor* message);

  // Of one value of a field, without its description; of a repeated field of one element.
  nlohmann::ordered_json OfValue(const google::protobuf::FieldDescriptor* field);
  // Of a field with its description.
  nlohmann::ordered_json OfField(const google::protobuf::FieldDescriptor* field);

  // Every schema made so far, by name.
  const nlohmann::ordered_json& all() const { return schemas_; }

 private:
  nlohmann::ordered_json ReferEnum(const google::protobuf::EnumDescriptor* type);
  // The shortest name that no other type has.
  template <typename Type>
  std::string NameOf(const Type* type);

  const ContractComments& comments_;
  absl::flat_hash_set<const google::protobuf::Descriptor*> sent_;
  absl::flat_hash_map<std::string, std::string> names_;  // by full name
  absl::flat_hash_set<std::string> taken_;
  nlohmann::ordered_json schemas_ = nlohmann::ordered_json::object();
};

}  // namespace cityinfo::gateway
