#include "services/gateway/transcoding/query_decoder.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "services/gateway/routes/percent_decoding.h"
#include "services/gateway/transcoding/field_path.h"
#include "services/gateway/transcoding/field_text.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Far more than any method has fields; a bound for repeated ones.
constexpr int kMaxParameters = 1000;

using SeenFields = std::set<std::pair<const Message*, const FieldDescriptor*>>;

absl::Status BadParameter(absl::string_view name, absl::string_view message) {
  return base::InvalidArgument(name, message, "INVALID_QUERY_PARAMETER");
}

// Names of enum values are upper case in the contract; in a query any case will do (units=pc1).
std::string AsWritten(const FieldDescriptor& field, const std::string& value) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return value;
  std::string upper = absl::AsciiStrToUpper(value);
  return field.enum_type()->FindValueByName(upper) != nullptr ? upper : value;
}

absl::Status SetParameter(const std::string& name, const std::string& value,
                          const ReservedField& reserved, SeenFields* seen, Message* message) {
  const FieldDescriptor* first =
      FindField(message->GetDescriptor(), absl::string_view(name).substr(0, name.find('.')));
  if (first != nullptr) {
    const absl::string_view why_not = reserved(first->name());
    if (!why_not.empty()) return BadParameter(name, why_not);
  }
  const FieldSlot slot = first == nullptr ? FieldSlot{} : ResolvePath(message, name);
  if (slot.field == nullptr) {
    return base::InvalidArgument(name, "there is no such query parameter",
                                 "UNKNOWN_QUERY_PARAMETER");
  }
  const bool is_message = slot.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  const bool is_date = is_message && IsDate(slot.field->message_type());
  if (is_message && !is_date && !IsTextMessage(slot.field->message_type())) {
    return BadParameter(name, "is an object; name one of its fields, as in a.b=1");
  }
  if (!slot.field->is_repeated() && !seen->insert({slot.holder, slot.field}).second) {
    return BadParameter(name, "is given twice");
  }
  const absl::Status set =
      is_date ? SetDateFromText(slot.holder, slot.field, value)
              : SetFromText(slot.holder, slot.field, AsWritten(*slot.field, value));
  return set.ok() ? set : BadParameter(name, set.message());
}

}  // namespace

absl::Status DecodeQuery(absl::string_view query, const ReservedField& reserved, Message* message) {
  SeenFields seen;
  int count = 0;
  for (absl::string_view part : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    if (++count > kMaxParameters) {
      return BadParameter("query", absl::StrCat("has more than ", kMaxParameters, " parameters"));
    }
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    const std::optional<std::string> name = PercentDecode(pair.first, PlusSign::kSpace);
    if (!name.has_value()) {
      return BadParameter("query", "holds a parameter name that is not percent-encoded UTF-8");
    }
    const std::optional<std::string> value = PercentDecode(pair.second, PlusSign::kSpace);
    if (!value.has_value()) return BadParameter(*name, "is not percent-encoded UTF-8");
    absl::Status set = SetParameter(*name, *value, reserved, &seen, message);
    if (!set.ok()) return set;
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::gateway
