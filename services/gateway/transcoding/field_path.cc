#include "services/gateway/transcoding/field_path.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"

namespace cityinfo::gateway {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* FindField(const Descriptor* message, absl::string_view name) {
  const std::string key(name);
  const FieldDescriptor* field = message->FindFieldByName(key);
  if (field != nullptr) return field;
  field = message->FindFieldByCamelcaseName(key);
  return field != nullptr && field->json_name() == key ? field : nullptr;
}

FieldSlot ResolvePath(Message* message, absl::string_view path) {
  // The whole path is looked up before anything is made, so that a wrong one changes nothing.
  std::vector<const FieldDescriptor*> steps;
  const Descriptor* type = message->GetDescriptor();
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field = type == nullptr ? nullptr : FindField(type, name);
    if (field == nullptr) return {};
    if (!steps.empty() && steps.back()->is_repeated()) return {};
    steps.push_back(field);
    type = field->message_type();
  }
  for (size_t i = 0; i + 1 < steps.size(); ++i) {
    message = message->GetReflection()->MutableMessage(message, steps[i]);
  }
  return {message, steps.back()};
}

}  // namespace cityinfo::gateway
