#include "services/gateway/transcoding/request_transcoder.h"

#include <google/protobuf/field_mask.pb.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/gateway/transcoding/field_path.h"
#include "services/gateway/transcoding/json_decoder.h"
#include "services/gateway/transcoding/query_decoder.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Fills the part of the request that the body stands for; returns the names of the body's members.
absl::StatusOr<std::vector<std::string>> ReadBody(const Route& route, absl::string_view body,
                                                  Message* request) {
  if (route.body.empty() || body.empty()) return std::vector<std::string>();
  if (route.body == "*") return DecodeJson(body, "", request);
  const FieldDescriptor* field = request->GetDescriptor()->FindFieldByName(route.body);
  Message* part = request->GetReflection()->MutableMessage(request, field);
  return DecodeJson(body, route.body, part);
}

// The path names the resource; a body that names another one is a mistake of the caller's.
absl::Status ApplyBinding(const PathBinding& binding, Message* request) {
  const FieldSlot slot = ResolvePath(request, binding.field_path);
  const auto* reflection = slot.holder->GetReflection();
  const std::string present = reflection->GetString(*slot.holder, slot.field);
  if (!present.empty() && present != binding.value) {
    return base::InvalidArgument(
        binding.field_path,
        absl::StrCat("is \"", present, "\" in the body but \"", binding.value, "\" in the path"));
  }
  reflection->SetString(slot.holder, slot.field, binding.value);
  return absl::OkStatus();
}

void FillUpdateMask(const Route& route, const std::vector<std::string>& members, Message* request) {
  const FieldDescriptor* field = request->GetDescriptor()->FindFieldByName("update_mask");
  if (route.http_method != "PATCH" || field == nullptr) return;
  if (request->GetReflection()->HasField(*request, field)) return;
  auto* mask = google::protobuf::DynamicCastToGenerated<google::protobuf::FieldMask>(
      request->GetReflection()->MutableMessage(request, field));
  for (const std::string& member : members) {
    if (member != "name" && member != "etag") mask->add_paths(member);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> TranscodeRequest(const Route& route,
                                                          const std::vector<PathBinding>& bindings,
                                                          absl::string_view query,
                                                          absl::string_view body) {
  const auto* type = route.method->input_type();
  std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  CITY_ASSIGN_OR_RETURN(std::vector<std::string> members, ReadBody(route, body, request.get()));
  for (const PathBinding& binding : bindings) {
    CITY_RETURN_IF_ERROR(ApplyBinding(binding, request.get()));
  }
  const auto reserved = [&](absl::string_view first_step) -> absl::string_view {
    if (route.body == "*" || route.body == first_step) return "belongs in the body";
    for (const PathBinding& binding : bindings) {
      if (binding.field_path == first_step) return "is set by the path";
    }
    return "";
  };
  CITY_RETURN_IF_ERROR(DecodeQuery(query, reserved, request.get()));
  FillUpdateMask(route, members, request.get());
  return request;
}

}  // namespace cityinfo::gateway
