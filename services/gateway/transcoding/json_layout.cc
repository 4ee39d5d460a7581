#include "services/gateway/transcoding/json_layout.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using Kind = JsonLayout::Kind;

constexpr int kMaxFieldNumber = 1000;
constexpr int kMaxEnumNumber = 1000;

std::optional<Kind> KindOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_INT32:
      return Kind::kInt32;
    case FieldDescriptor::TYPE_UINT32:
      return Kind::kUint32;
    case FieldDescriptor::TYPE_INT64:
      return Kind::kInt64;
    case FieldDescriptor::TYPE_UINT64:
      return Kind::kUint64;
    case FieldDescriptor::TYPE_SINT32:
      return Kind::kSint32;
    case FieldDescriptor::TYPE_SINT64:
      return Kind::kSint64;
    case FieldDescriptor::TYPE_FIXED32:
      return Kind::kFixed32;
    case FieldDescriptor::TYPE_SFIXED32:
      return Kind::kSfixed32;
    case FieldDescriptor::TYPE_FIXED64:
      return Kind::kFixed64;
    case FieldDescriptor::TYPE_SFIXED64:
      return Kind::kSfixed64;
    case FieldDescriptor::TYPE_BOOL:
      return Kind::kBool;
    case FieldDescriptor::TYPE_DOUBLE:
      return Kind::kDouble;
    case FieldDescriptor::TYPE_ENUM:
      return Kind::kEnum;
    case FieldDescriptor::TYPE_STRING:
      return Kind::kString;
    case FieldDescriptor::TYPE_MESSAGE:
      if (field.is_map()) return std::nullopt;
      if (field.message_type()->full_name() == "google.protobuf.Timestamp") return Kind::kTimestamp;
      if (field.message_type()->file()->package() == "google.protobuf") return std::nullopt;
      return Kind::kMessage;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_GROUP:
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string> NamesOf(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    const int number = type.value(i)->number();
    if (number < 0 || number > kMaxEnumNumber) continue;
    const auto index = static_cast<size_t>(number);
    if (names.size() <= index) names.resize(index + 1);
    // Of several names the first declared counts.
    if (names[index].empty()) names[index] = absl::StrCat("\"", type.value(i)->name(), "\"");
  }
  return names;
}

// All layouts made so far.
class Layouts {
 public:
  const JsonLayout& Of(const Descriptor* type) ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::ReaderMutexLock lock(&mutex_);
      const auto known = layouts_.find(type);
      if (known != layouts_.end()) return *known->second;
    }
    absl::MutexLock lock(&mutex_);
    const JsonLayout& layout = Make(type);
    SpreadUnsupported();
    return layout;
  }

 private:
  // Messages may hold themselves, so the layout is known before it is complete.
  JsonLayout& Make(const Descriptor* type) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::unique_ptr<JsonLayout>& place = layouts_[type];
    if (place != nullptr) return *place;
    place = std::make_unique<JsonLayout>();
    JsonLayout& layout = *place;  // `place` moves when the map grows
    layout.supported = static_cast<size_t>(type->field_count()) <= JsonLayout::kMaxFields &&
                       type->file()->package() != "google.protobuf";
    for (int i = 0; i < type->field_count() && layout.supported; ++i) {
      const FieldDescriptor& field = *type->field(i);
      const std::optional<Kind> kind = KindOf(field);
      if (!kind.has_value() || field.number() > kMaxFieldNumber) {
        layout.supported = false;
        break;
      }
      const auto number = static_cast<size_t>(field.number());
      if (layout.by_number.size() <= number) layout.by_number.resize(number + 1, -1);
      layout.by_number[number] = static_cast<short>(i);
      layout.fields.push_back({.kind = *kind,
                               .repeated = field.is_repeated(),
                               .presence = field.has_presence(),
                               .late = field.containing_oneof() != nullptr ||
                                       (*kind == Kind::kTimestamp && !field.is_repeated()),
                               .key = absl::StrCat("\"", field.json_name(), "\":"),
                               .names = field.type() == FieldDescriptor::TYPE_ENUM
                                            ? NamesOf(*field.enum_type())
                                            : std::vector<std::string>(),
                               .message = nullptr});
      if (*kind == Kind::kMessage) layout.fields.back().message = &Make(field.message_type());
    }
    return layout;
  }

  // A message that holds one that is not supported is not supported either.
  void SpreadUnsupported() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    bool changed = true;
    while (changed) {
      changed = false;
      for (auto& [type, layout] : layouts_) {
        const bool holds_one = std::any_of(
            layout->fields.begin(), layout->fields.end(), [](const JsonLayout::Field& field) {
              return field.message != nullptr && !field.message->supported;
            });
        if (!layout->supported || !holds_one) continue;
        layout->supported = false;
        changed = true;
      }
    }
  }

  absl::Mutex mutex_;
  absl::flat_hash_map<const Descriptor*, std::unique_ptr<JsonLayout>> layouts_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace

const JsonLayout& JsonLayout::Of(const Descriptor* type) {
  static auto* const layouts = new Layouts();
  return layouts->Of(type);
}

}  // namespace cityinfo::gateway
