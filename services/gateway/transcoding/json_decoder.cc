#include "services/gateway/transcoding/json_decoder.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "absl/container/fixed_array.h"
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

// Where a value stands in the request; its text is made only when something is wrong with it.
struct Path {
  const Path* parent = nullptr;
  absl::string_view name;  // of a member, or the path of the outermost message
  int index = -1;          // of an element of the parent, when it is one

  std::string Text() const {
    if (parent == nullptr) return std::string(name);
    std::string text = parent->Text();
    if (index >= 0) {
      absl::StrAppend(&text, "[", index, "]");
    } else {
      absl::StrAppend(&text, text.empty() ? "" : ".", name);
    }
    return text;
  }
};

// The fields of a message that its JSON has named so far. Finds the next one fast where members
// come in the order in which the fields are declared, as programs write them.
class Members {
 public:
  explicit Members(const google::protobuf::Descriptor* type)
      : type_(type), seen_(static_cast<size_t>(type->field_count()), false) {}

  // Null when there is none of this name.
  const FieldDescriptor* Find(absl::string_view key) {
    for (int i = next_; i < std::min(next_ + kAhead, type_->field_count()); ++i) {
      if (type_->field(i)->json_name() == key) {
        next_ = i + 1;
        return type_->field(i);
      }
    }
    const FieldDescriptor* field = FindField(type_, key);
    if (field != nullptr) next_ = field->index() + 1;
    return field;
  }

  // False when it was there before.
  bool Insert(const FieldDescriptor* field) {
    bool& seen = seen_[static_cast<size_t>(field->index())];
    return !std::exchange(seen, true);
  }

 private:
  static constexpr int kAhead = 4;

  const google::protobuf::Descriptor* const type_;
  absl::FixedArray<bool, 64> seen_;
  int next_ = 0;
};

class Decoder {
 public:
  Decoder(absl::string_view json, int64_t first_line) : reader_(json, first_line) {}

  absl::StatusOr<std::vector<std::string>> Decode(absl::string_view at, Message* message) {
    std::vector<std::string> members;
    if (reader_.Peek() != Kind::kObject) return Malformed("expected an object");
    CITY_RETURN_IF_ERROR(ReadMessage({.name = at}, message, &members));
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

  absl::Status Wrong(const Path& path, absl::string_view problem) {
    return base::InvalidArgument(path.Text(), absl::StrCat(problem, " (", reader_.Where(), ")"),
                                 "INVALID_JSON_VALUE");
  }

  absl::Status UnknownMember(const Path& path) {
    return base::InvalidArgument(path.Text(),
                                 absl::StrCat("there is no such field (", reader_.Where(), ")"),
                                 "UNKNOWN_FIELD");
  }

  absl::Status ReadMessage(const Path& path, Message* message, std::vector<std::string>* members) {
    if (!reader_.BeginObject()) return Malformed();
    Members found(message->GetDescriptor());
    while (reader_.NextMember(&string_)) {
      reader_.Peek();
      const FieldDescriptor* field = found.Find(string_);
      if (field == nullptr) return UnknownMember({.parent = &path, .name = string_});
      const Path member{.parent = &path, .name = field->name()};
      if (!found.Insert(field)) return Wrong(member, "is given twice");
      if (members != nullptr) members->push_back(field->name());
      CITY_RETURN_IF_ERROR(ReadField(member, message, field));
    }
    return reader_.ok() ? absl::OkStatus() : Malformed();
  }

  absl::Status ReadField(const Path& path, Message* message, const FieldDescriptor* field) {
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
      CITY_RETURN_IF_ERROR(ReadValue({.parent = &path, .index = index}, message, field));
    }
    return reader_.ok() ? absl::OkStatus() : Malformed();
  }

  absl::Status ReadValue(const Path& path, Message* message, const FieldDescriptor* field) {
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
  std::string string_;  // the key or the text read last
};

}  // namespace

absl::StatusOr<std::vector<std::string>> DecodeJson(absl::string_view json, absl::string_view at,
                                                    Message* message, int64_t first_line) {
  return Decoder(json, first_line).Decode(at, message);
}

}  // namespace cityinfo::gateway
