#include "services/gateway/transcoding/json_encoder.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "services/gateway/transcoding/json_layout.h"
#include "services/gateway/transcoding/json_writer.h"

namespace cityinfo::gateway {
namespace {

constexpr char kUrlPrefix[] = "type.googleapis.com";

google::protobuf::util::TypeResolver* Resolver() {
  static auto* const resolver = google::protobuf::util::NewTypeResolverForDescriptorPool(
      kUrlPrefix, google::protobuf::DescriptorPool::generated_pool());
  return resolver;
}

}  // namespace

absl::StatusOr<std::string> EncodeJsonByProtobuf(const google::protobuf::Descriptor* type,
                                                 const std::string& bytes) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::BinaryToJsonString(
      Resolver(), absl::StrCat(kUrlPrefix, "/", type->full_name()), bytes, &json, options);
  if (status.ok()) return json;
  return base::WithDetail(
      base::Internal("BAD_UPSTREAM_ANSWER", "a service's answer is not readable"),
      absl::string_view(status.message().data(), status.message().size()));
}

absl::StatusOr<std::string> EncodeJson(const google::protobuf::Descriptor* type,
                                       const std::string& bytes) {
  std::string json;
  // The names and zeroes that the wire leaves out are of about the size of what it holds.
  json.reserve(2 * bytes.size());
  if (WriteJson(JsonLayout::Of(type), bytes, &json)) return json;
  return EncodeJsonByProtobuf(type, bytes);
}

}  // namespace cityinfo::gateway
