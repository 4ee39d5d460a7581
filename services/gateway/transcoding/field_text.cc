#include "services/gateway/transcoding/field_text.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/type/date.pb.h"
#include "platform/base/date.h"
#include "platform/base/error.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

absl::Status Expected(const FieldDescriptor* field, absl::string_view text) {
  constexpr size_t kShown = 60;
  const absl::string_view shown = text.size() > kShown ? "that" : text;
  const absl::string_view quote = text.size() > kShown ? "" : "\"";
  return absl::InvalidArgumentError(
      absl::StrCat(quote, shown, quote, " is not ", ExpectedText(field)));
}

// Digits with an optional minus, or a number like 1e3 or 5.0 that happens to be whole. SimpleAtoi
// would also take spaces and a plus.
template <typename Integer>
bool ParseInteger(absl::string_view text, Integer* value) {
  if (text.empty() || !(absl::ascii_isdigit(text[0]) || text[0] == '-')) return false;
  if (text.find_first_of(".eE") == absl::string_view::npos) {
    return absl::ascii_isdigit(text.back()) && absl::SimpleAtoi(text, value);
  }
  double number = 0;
  constexpr double kExact = 9007199254740992.0;  // beyond it a double no longer counts by one
  if (!absl::SimpleAtod(text, &number) || number != std::floor(number)) return false;
  if (std::abs(number) > kExact ||
      number < static_cast<double>(std::numeric_limits<Integer>::min()) ||
      number > static_cast<double>(std::numeric_limits<Integer>::max())) {
    return false;
  }
  *value = static_cast<Integer>(number);
  return true;
}

bool ParseReal(absl::string_view text, double* value) {
  if (text == "NaN") {
    *value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (text == "Infinity" || text == "-Infinity") {
    *value = text[0] == '-' ? -std::numeric_limits<double>::infinity()
                            : std::numeric_limits<double>::infinity();
    return true;
  }
  if (text.empty() || !(absl::ascii_isdigit(text[0]) || text[0] == '-')) return false;
  return absl::ascii_isalnum(text.back()) && absl::SimpleAtod(text, value) && std::isfinite(*value);
}

const EnumValueDescriptor* ParseEnum(const FieldDescriptor* field, absl::string_view text) {
  const EnumValueDescriptor* named = field->enum_type()->FindValueByName(std::string(text));
  if (named != nullptr) return named;
  int32_t number = 0;
  if (!ParseInteger(text, &number)) return nullptr;
  return field->enum_type()->FindValueByNumber(number);
}

// "publishDate,tags" to the names the proto has.
bool ParseMask(absl::string_view text, google::protobuf::FieldMask* mask) {
  for (char c : text) {
    if (!absl::ascii_isalnum(c) && c != '_' && c != '.' && c != ',') return false;
  }
  if (text.empty()) return true;
  for (absl::string_view path : absl::StrSplit(text, ',')) {
    if (path.empty()) return false;
    std::string snake;
    for (char c : path) {
      if (absl::ascii_isupper(c)) snake += '_';
      snake += absl::ascii_tolower(c);
    }
    mask->add_paths(std::move(snake));
  }
  return true;
}

bool ParseTextMessage(absl::string_view text, Message* message) {
  using google::protobuf::util::TimeUtil;
  const std::string value(text);
  if (auto* time = google::protobuf::DynamicCastToGenerated<google::protobuf::Timestamp>(message)) {
    return TimeUtil::FromString(value, time);
  }
  if (auto* span = google::protobuf::DynamicCastToGenerated<google::protobuf::Duration>(message)) {
    return TimeUtil::FromString(value, span);
  }
  if (auto* mask = google::protobuf::DynamicCastToGenerated<google::protobuf::FieldMask>(message)) {
    return ParseMask(text, mask);
  }
  return false;
}

Message* MessageSlot(Message* holder, const FieldDescriptor* field) {
  const Reflection* reflection = holder->GetReflection();
  return field->is_repeated() ? reflection->AddMessage(holder, field)
                              : reflection->MutableMessage(holder, field);
}

// The setters of reflection come in pairs; `set` and `add` are such a pair.
template <typename Value, typename Set, typename Add>
absl::Status Store(Message* holder, const FieldDescriptor* field, Set set, Add add, Value value) {
  const Reflection* reflection = holder->GetReflection();
  if (field->is_repeated()) {
    (reflection->*add)(holder, field, std::move(value));
  } else {
    (reflection->*set)(holder, field, std::move(value));
  }
  return absl::OkStatus();
}

template <typename Integer, typename Set, typename Add>
absl::Status StoreInteger(Message* holder, const FieldDescriptor* field, absl::string_view text,
                          Set set, Add add) {
  Integer value = 0;
  if (!ParseInteger(text, &value)) return Expected(field, text);
  return Store(holder, field, set, add, value);
}

}  // namespace

bool IsTextMessage(const Descriptor* message) {
  const std::string& name = message->full_name();
  return name == "google.protobuf.Timestamp" || name == "google.protobuf.Duration" ||
         name == "google.protobuf.FieldMask";
}

bool IsDate(const Descriptor* message) { return message->full_name() == "google.type.Date"; }

absl::Status SetFromText(Message* holder, const FieldDescriptor* field, absl::string_view text) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return StoreInteger<int32_t>(holder, field, text, &Reflection::SetInt32,
                                   &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return StoreInteger<int64_t>(holder, field, text, &Reflection::SetInt64,
                                   &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return StoreInteger<uint32_t>(holder, field, text, &Reflection::SetUInt32,
                                    &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return StoreInteger<uint64_t>(holder, field, text, &Reflection::SetUInt64,
                                    &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      double value = 0;
      if (!ParseReal(text, &value)) return Expected(field, text);
      return Store(holder, field, &Reflection::SetDouble, &Reflection::AddDouble, value);
    }
    case FieldDescriptor::CPPTYPE_FLOAT: {
      double value = 0;
      if (!ParseReal(text, &value)) return Expected(field, text);
      return Store(holder, field, &Reflection::SetFloat, &Reflection::AddFloat,
                   static_cast<float>(value));
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return Expected(field, text);
      return Store(holder, field, &Reflection::SetBool, &Reflection::AddBool, text == "true");
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumValueDescriptor* value = ParseEnum(field, text);
      if (value == nullptr) return Expected(field, text);
      return Store(holder, field, &Reflection::SetEnum, &Reflection::AddEnum, value);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value(text);
      if (field->type() == FieldDescriptor::TYPE_BYTES && !absl::Base64Unescape(text, &value) &&
          !absl::WebSafeBase64Unescape(text, &value)) {
        return Expected(field, text);
      }
      return Store(holder, field, &Reflection::SetString, &Reflection::AddString, std::move(value));
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!IsTextMessage(field->message_type()) ||
          !ParseTextMessage(text, MessageSlot(holder, field))) {
        return Expected(field, text);
      }
      return absl::OkStatus();
  }
  return Expected(field, text);
}

absl::Status SetDateFromText(Message* holder, const FieldDescriptor* field,
                             absl::string_view text) {
  absl::StatusOr<base::Date> date = base::ParseDate(text);
  if (!date.ok()) {
    return absl::InvalidArgumentError(base::FieldViolations(date.status()).at(0).description);
  }
  auto* slot =
      google::protobuf::DynamicCastToGenerated<google::type::Date>(MessageSlot(holder, field));
  slot->set_year(date->year);
  slot->set_month(date->month);
  slot->set_day(date->day);
  return absl::OkStatus();
}

std::string ExpectedText(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return "a whole number in range";
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "a whole number in range, 0 or more";
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM: {
      std::vector<std::string> names;
      for (int i = 0; i < field->enum_type()->value_count(); ++i) {
        names.push_back(field->enum_type()->value(i)->name());
      }
      return absl::StrCat("one of ", absl::StrJoin(names, ", "));
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return field->type() == FieldDescriptor::TYPE_BYTES ? "base64" : "a string";
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const std::string& name = field->message_type()->full_name();
      if (name == "google.protobuf.Timestamp") return "a time like 2021-12-20T00:00:00Z";
      if (name == "google.protobuf.Duration") return "a duration like 1.5s";
      if (name == "google.protobuf.FieldMask") return "field names separated by commas";
      if (name == "google.type.Date") {
        return "an object like {\"year\":2021,\"month\":12,\"day\":20}";
      }
      return "an object";
    }
  }
  return "valid";
}

}  // namespace cityinfo::gateway
