#include "services/gateway/transcoding/json_decoder.h"

#include <google/protobuf/descriptor.h>

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/gateway/transcoding/field_path.h"
#include "services/gateway/transcoding/field_text.h"
#include "services/gateway/transcoding/json_reader.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Kind = JsonReader::Kind;

absl::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kObject:
      return "an object";
    case Kind::kArray:
      return "an array";
    case Kind::kString:
      return "a string";
    case Kind::kNumber:
      return "a number";
    case Kind::kTrue:
      return "true";
    case Kind::kFalse:
      return "false";
    case Kind::kNull:
      return "null";
    case Kind::kNothing:
      return "nothing";
  }
  return "nothing";
}

// Fields whose values have a text form, and in which kind of JSON value it may stand.
bool MayStandIn(Kind kind, const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return kind == Kind::kTrue || kind == Kind::kFalse;
    case FieldDescriptor::CPPTYPE_STRING:
      return kind == Kind::kString;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return kind == (IsTextMessage(field->message_type()) ? Kind::kString : Kind::kObject);
    default:
      return kind == Kind::kString || kind == Kind::kNumber;
  }
}

class Decoder {
 public:
  Decoder(absl::string_view json, int64_t first_line) : reader_(json, first_line) {}

  absl::StatusOr<std::vector<std::string>> Decode(absl::string_view at, Message* message) {
    std::vector<std::string> members;
    if (reader_.Peek() != Kind::kObject) return Malformed("expected an object");
    CITY_RETURN_IF_ERROR(ReadMessage(std::string(at), message, &members));
    if (!reader_.Finish()) return Malformed();
    return members;
  }

 private:
  absl::Status Malformed(absl::string_view otherwise = "expected a value") {
    const std::string problem =
        reader_.ok() ? absl::StrCat(otherwise, " (", reader_.Where(), ")") : reader_.error();
    return base::InvalidArgument("body", absl::StrCat("malformed JSON: ", problem),
                                 "MALFORMED_JSON");
  }

  absl::Status Wrong(const std::string& path, absl::string_view problem) {
    return base::InvalidArgument(path, absl::StrCat(problem, " (", reader_.Where(), ")"),
                                 "INVALID_JSON_VALUE");
  }

  absl::Status ReadMessage(const std::string& path, Message* message,
                           std::vector<std::string>* members) {
    if (!reader_.BeginObject()) return Malformed();
    std::set<const FieldDescriptor*> seen;
    std::string key;
    while (reader_.NextMember(&key)) {
      reader_.Peek();
      const std::string member = path.empty() ? key : absl::StrCat(path, ".", key);
      const FieldDescriptor* field = FindField(message->GetDescriptor(), key);
      if (field == nullptr) {
        return base::InvalidArgument(member,
                                     absl::StrCat("there is no such field (", reader_.Where(), ")"),
                                     "UNKNOWN_FIELD");
      }
      const std::string name =
          path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
      if (!seen.insert(field).second) return Wrong(name, "is given twice");
      if (members != nullptr) members->push_back(field->name());
      CITY_RETURN_IF_ERROR(ReadField(name, message, field));
    }
    return reader_.ok() ? absl::OkStatus() : Malformed();
  }

  absl::Status ReadField(const std::string& path, Message* message, const FieldDescriptor* field) {
    const Kind kind = reader_.Peek();
    if (kind == Kind::kNull) return reader_.ReadLiteral() ? absl::OkStatus() : Malformed();
    if (!field->is_repeated()) return ReadValue(path, message, field);
    if (field->is_map()) return Wrong(path, "maps are not supported");
    if (kind == Kind::kNothing) return Malformed();
    if (kind != Kind::kArray) {
      return Wrong(path, absl::StrCat("expected an array, found ", NameOf(kind)));
    }
    reader_.BeginArray();
    for (int index = 0; reader_.NextElement(); ++index) {
      CITY_RETURN_IF_ERROR(ReadValue(absl::StrCat(path, "[", index, "]"), message, field));
    }
    return reader_.ok() ? absl::OkStatus() : Malformed();
  }

  absl::Status ReadValue(const std::string& path, Message* message, const FieldDescriptor* field) {
    const Kind kind = reader_.Peek();
    if (kind == Kind::kNothing) return Malformed();
    if (!MayStandIn(kind, field)) {
      return Wrong(path, absl::StrCat("expected ", ExpectedText(field), ", found ", NameOf(kind)));
    }
    if (kind == Kind::kObject) {
      const auto* reflection = message->GetReflection();
      Message* inner = field->is_repeated() ? reflection->AddMessage(message, field)
                                            : reflection->MutableMessage(message, field);
      return ReadMessage(path, inner, nullptr);
    }
    if (kind == Kind::kTrue || kind == Kind::kFalse) {
      if (!reader_.ReadLiteral()) return Malformed();
      return SetFromText(message, field, kind == Kind::kTrue ? "true" : "false");
    }
    absl::string_view text;
    if (kind == Kind::kNumber ? !reader_.ReadNumber(&text) : !reader_.ReadString(&string_)) {
      return Malformed();
    }
    if (kind == Kind::kString) text = string_;
    const absl::Status set = SetFromText(message, field, text);
    return set.ok() ? set : Wrong(path, set.message());
  }

  JsonReader reader_;
  std::string string_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> DecodeJson(absl::string_view json, absl::string_view at,
                                                    Message* message, int64_t first_line) {
  return Decoder(json, first_line).Decode(at, message);
}

}  // namespace cityinfo::gateway
