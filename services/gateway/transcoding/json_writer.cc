#include "services/gateway/transcoding/json_writer.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "absl/container/fixed_array.h"
#include "absl/types/span.h"
#include "platform/base/date.h"
#include "services/gateway/transcoding/json_string.h"
#include "services/gateway/transcoding/wire_reader.h"

namespace cityinfo::gateway {
namespace {

static_assert(std::endian::native == std::endian::little, "the wire format is read as it lies");

using Kind = JsonLayout::Kind;

// Deeper messages are protobuf's, which has a limit of its own.
constexpr int kMaxDepth = 32;

WireField::Type WireTypeOf(Kind kind) {
  switch (kind) {
    case Kind::kFixed32:
    case Kind::kSfixed32:
      return WireField::kFixed32;
    case Kind::kFixed64:
    case Kind::kSfixed64:
    case Kind::kDouble:
      return WireField::kFixed64;
    case Kind::kString:
    case Kind::kMessage:
    case Kind::kTimestamp:
      return WireField::kBytes;
    default:
      return WireField::kVarint;
  }
}

template <typename Integer>
void AppendInteger(Integer value, std::string* out) {
  char text[24];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, value);
  out->append(text, static_cast<size_t>(end.ptr - text));
}

template <typename Integer>
void AppendQuoted(Integer value, std::string* out) {
  out->push_back('"');
  AppendInteger(value, out);
  out->push_back('"');
}

template <typename Integer>
Integer Zigzag(uint64_t bits) {
  using Unsigned = std::make_unsigned_t<Integer>;
  const auto value = static_cast<Unsigned>(bits);
  return static_cast<Integer>((value >> 1) ^ (~(value & 1) + 1));
}

// As "%.15g", and as "%.17g" where that would be another number.
void AppendDouble(double value, std::string* out) {
  if (std::isnan(value)) {
    out->append("\"NaN\"");
    return;
  }
  if (std::isinf(value)) {
    out->append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    return;
  }
  if (value == std::trunc(value) && std::abs(value) < 1e15 &&
      !(value == 0 && std::signbit(value))) {
    return AppendInteger(static_cast<int64_t>(value), out);
  }
  char text[40];
  std::to_chars_result end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::general, 15);
  double back = 0;
  std::from_chars(text, end.ptr, back);
  if (back != value) {
    end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 17);
  }
  out->append(text, static_cast<size_t>(end.ptr - text));
}

void AppendTwoDigits(unsigned value, std::string* out) {
  out->push_back(static_cast<char>('0' + value / 10));
  out->push_back(static_cast<char>('0' + value % 10));
}

// "2021-12-20T08:30:00.120Z": no fraction, or one of three, six or nine digits.
bool AppendTimestamp(absl::string_view bytes, std::string* out) {
  int64_t seconds = 0;
  int64_t nanos = 0;
  WireReader reader(bytes);
  while (!reader.done()) {
    WireField field;
    if (!reader.Next(&field)) return false;
    if (field.number > 2) continue;
    if (field.type != WireField::kVarint) return false;
    (field.number == 1 ? seconds : nanos) = static_cast<int64_t>(field.bits);
  }
  constexpr int64_t kFirst = -62135596800;  // of the year 1
  constexpr int64_t kLast = 253402300799;   // of the year 9999
  if (seconds < kFirst || seconds > kLast || nanos < 0 || nanos > 999'999'999) return false;
  const int64_t since_first = seconds - kFirst;
  const auto in_day = static_cast<unsigned>(since_first % 86400);
  const base::Date date = base::DateFromDays(since_first / 86400 + kFirst / 86400);
  const auto year = static_cast<unsigned>(date.year);
  out->push_back('"');
  AppendTwoDigits(year / 100, out);
  AppendTwoDigits(year % 100, out);
  out->push_back('-');
  AppendTwoDigits(static_cast<unsigned>(date.month), out);
  out->push_back('-');
  AppendTwoDigits(static_cast<unsigned>(date.day), out);
  out->push_back('T');
  AppendTwoDigits(in_day / 3600, out);
  out->push_back(':');
  AppendTwoDigits(in_day / 60 % 60, out);
  out->push_back(':');
  AppendTwoDigits(in_day % 60, out);
  if (nanos != 0) {
    char digits[10];
    int count = 9;
    auto rest = static_cast<uint32_t>(nanos);
    while (count > 3 && rest % 1000 == 0) {
      rest /= 1000;
      count -= 3;
    }
    for (int i = count; i > 0; --i) {
      digits[i] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    }
    digits[0] = '.';
    out->append(digits, static_cast<size_t>(count) + 1);
  }
  out->append("Z\"");
  return true;
}

class JsonWriter {
 public:
  explicit JsonWriter(std::string* out) : out_(out) {}

  bool Message(const JsonLayout& layout, absl::string_view bytes, int depth);

 private:
  // What the wire says of one field.
  struct Slot {
    uint32_t count = 0;
    WireField value;              // the first of them
    const char* begin = nullptr;  // of its tag
  };

  bool Elements(const JsonLayout::Field& field, const Slot& slot, const char* end, int depth);
  bool Packed(const JsonLayout::Field& field, absl::string_view bytes, bool* first);
  bool Late(const JsonLayout& layout, absl::Span<const Slot> slots, bool first, int depth);
  bool Value(const JsonLayout::Field& field, const WireField& value, int depth);
  bool Number(const JsonLayout::Field& field, uint64_t bits);
  void Default(const JsonLayout::Field& field);

  std::string* const out_;
};

bool JsonWriter::Message(const JsonLayout& layout, absl::string_view bytes, int depth) {
  if (depth > kMaxDepth) return false;
  absl::FixedArray<Slot, JsonLayout::kMaxFields> slots(layout.fields.size());
  WireReader reader(bytes);
  while (!reader.done()) {
    const char* const begin = reader.position();
    WireField field;
    if (!reader.Next(&field)) return false;
    if (field.number >= layout.by_number.size()) continue;
    const short index = layout.by_number[field.number];
    if (index < 0) continue;
    Slot& slot = slots[static_cast<size_t>(index)];
    if (slot.count++ == 0) {
      slot.value = field;
      slot.begin = begin;
    }
  }
  bool first = true;
  bool late = false;
  out_->push_back('{');
  for (size_t i = 0; i < layout.fields.size(); ++i) {
    const JsonLayout::Field& field = layout.fields[i];
    const Slot& slot = slots[i];
    if (slot.count == 0 && field.presence) continue;
    if (field.late) {
      late = true;
      continue;
    }
    if (!first) out_->push_back(',');
    first = false;
    out_->append(field.key);
    if (field.repeated) {
      if (!Elements(field, slot, bytes.data() + bytes.size(), depth)) return false;
    } else if (slot.count == 0) {
      Default(field);
    } else if (slot.count > 1 || !Value(field, slot.value, depth)) {
      return false;
    }
  }
  if (late && !Late(layout, slots, first, depth)) return false;
  out_->push_back('}');
  return true;
}

// In the order of the wire.
bool JsonWriter::Late(const JsonLayout& layout, absl::Span<const Slot> slots, bool first,
                      int depth) {
  const char* last = nullptr;
  for (;;) {
    size_t next = slots.size();
    for (size_t i = 0; i < slots.size(); ++i) {
      if (!layout.fields[i].late || slots[i].count == 0) continue;
      if (last != nullptr && slots[i].begin <= last) continue;
      if (next == slots.size() || slots[i].begin < slots[next].begin) next = i;
    }
    if (next == slots.size()) return true;
    last = slots[next].begin;
    if (!first) out_->push_back(',');
    first = false;
    out_->append(layout.fields[next].key);
    if (slots[next].count > 1 || !Value(layout.fields[next], slots[next].value, depth)) {
      return false;
    }
  }
}

bool JsonWriter::Elements(const JsonLayout::Field& field, const Slot& slot, const char* end,
                          int depth) {
  out_->push_back('[');
  bool first = true;
  if (slot.count > 0) {
    WireReader reader(absl::string_view(slot.begin, static_cast<size_t>(end - slot.begin)));
    for (uint32_t left = slot.count; left > 0;) {
      WireField value;
      if (!reader.Next(&value)) return false;
      if (value.number != slot.value.number) continue;
      --left;
      const WireField::Type type = WireTypeOf(field.kind);
      if (value.type == WireField::kBytes && type != WireField::kBytes) {
        if (!Packed(field, value.bytes, &first)) return false;
        continue;
      }
      if (!first) out_->push_back(',');
      first = false;
      if (!Value(field, value, depth)) return false;
    }
  }
  out_->push_back(']');
  return true;
}

bool JsonWriter::Packed(const JsonLayout::Field& field, absl::string_view bytes, bool* first) {
  const WireField::Type type = WireTypeOf(field.kind);
  WireReader reader(bytes);
  while (!reader.done()) {
    uint64_t bits = 0;
    const bool read = type == WireField::kVarint
                          ? reader.ReadVarint(&bits)
                          : reader.ReadFixed(type == WireField::kFixed32 ? 4 : 8, &bits);
    if (!read) return false;
    if (!*first) out_->push_back(',');
    *first = false;
    if (!Number(field, bits)) return false;
  }
  return true;
}

bool JsonWriter::Value(const JsonLayout::Field& field, const WireField& value, int depth) {
  if (value.type != WireTypeOf(field.kind)) return false;
  switch (field.kind) {
    case Kind::kString:
      return AppendJsonString(value.bytes, out_);
    case Kind::kMessage:
      return Message(*field.message, value.bytes, depth + 1);
    case Kind::kTimestamp:
      return AppendTimestamp(value.bytes, out_);
    default:
      return Number(field, value.bits);
  }
}

bool JsonWriter::Number(const JsonLayout::Field& field, uint64_t bits) {
  switch (field.kind) {
    case Kind::kInt32:
    case Kind::kSfixed32:
      AppendInteger(static_cast<int32_t>(bits), out_);
      return true;
    case Kind::kUint32:
    case Kind::kFixed32:
      AppendInteger(static_cast<uint32_t>(bits), out_);
      return true;
    case Kind::kInt64:
    case Kind::kSfixed64:
      AppendQuoted(static_cast<int64_t>(bits), out_);
      return true;
    case Kind::kUint64:
    case Kind::kFixed64:
      AppendQuoted(bits, out_);
      return true;
    case Kind::kSint32:
      AppendInteger(Zigzag<int32_t>(bits), out_);
      return true;
    case Kind::kSint64:
      AppendQuoted(Zigzag<int64_t>(bits), out_);
      return true;
    case Kind::kBool:
      out_->append(bits != 0 ? "true" : "false");
      return true;
    case Kind::kDouble:
      AppendDouble(std::bit_cast<double>(bits), out_);
      return true;
    case Kind::kEnum: {
      const auto number = static_cast<int32_t>(bits);
      if (number >= 0 && static_cast<size_t>(number) < field.names.size() &&
          !field.names[static_cast<size_t>(number)].empty()) {
        out_->append(field.names[static_cast<size_t>(number)]);
      } else {
        AppendInteger(number, out_);
      }
      return true;
    }
    default:
      return false;
  }
}

void JsonWriter::Default(const JsonLayout::Field& field) {
  switch (field.kind) {
    case Kind::kString:
      out_->append("\"\"");
      return;
    case Kind::kInt64:
    case Kind::kUint64:
    case Kind::kSint64:
    case Kind::kFixed64:
    case Kind::kSfixed64:
      out_->append("\"0\"");
      return;
    case Kind::kBool:
      out_->append("false");
      return;
    default:
      Number(field, 0);
  }
}

}  // namespace

bool WriteJson(const JsonLayout& layout, absl::string_view bytes, std::string* out) {
  return layout.supported && JsonWriter(out).Message(layout, bytes, 0);
}

}  // namespace cityinfo::gateway
