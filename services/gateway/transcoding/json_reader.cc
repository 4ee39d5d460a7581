#include "services/gateway/transcoding/json_reader.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/utf8.h"

namespace cityinfo::gateway {
namespace {

constexpr size_t kMaxDepth = 64;

}  // namespace

JsonReader::JsonReader(absl::string_view text, int64_t first_line)
    : text_(text), first_line_(first_line) {
  const std::optional<size_t> bad = base::FirstInvalidByte(text);
  if (!bad.has_value()) return;
  position_ = *bad;
  Fail(absl::StrCat("the text is not UTF-8 at byte ", *bad));
}

bool JsonReader::Fail(absl::string_view problem) {
  if (ok()) error_ = absl::StrCat(problem, " (", PlaceOf(position_), ")");
  return false;
}

std::string JsonReader::PlaceOf(size_t offset) const {
  const absl::string_view before = text_.substr(0, offset);
  int64_t line = first_line_;
  for (char c : before) line += c == '\n';
  const size_t line_start = before.rfind('\n') + 1;  // 0 when there is no line break
  return absl::StrCat("line ", line, ", column ",
                      base::CountCodePoints(before.substr(line_start)) + 1);
}

void JsonReader::SkipSpace() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
    ++position_;
  }
}

bool JsonReader::Consume(char c) {
  if (position_ >= text_.size() || text_[position_] != c) return false;
  ++position_;
  return true;
}

JsonReader::Kind JsonReader::Peek() {
  SkipSpace();
  value_start_ = position_;
  if (!ok() || position_ >= text_.size()) return Kind::kNothing;
  switch (text_[position_]) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
      return Kind::kTrue;
    case 'f':
      return Kind::kFalse;
    case 'n':
      return Kind::kNull;
    default:
      return text_[position_] == '-' || absl::ascii_isdigit(text_[position_]) ? Kind::kNumber
                                                                              : Kind::kNothing;
  }
}

bool JsonReader::BeginObject() {
  if (!ok()) return false;
  SkipSpace();
  if (!Consume('{')) return Fail("expected an object");
  if (first_item_.size() >= kMaxDepth) return Fail("nested too deeply");
  first_item_.push_back(true);
  return true;
}

bool JsonReader::BeginArray() {
  if (!ok()) return false;
  SkipSpace();
  if (!Consume('[')) return Fail("expected an array");
  if (first_item_.size() >= kMaxDepth) return Fail("nested too deeply");
  first_item_.push_back(true);
  return true;
}

bool JsonReader::NextItem(char end) {
  if (!ok()) return false;
  SkipSpace();
  if (Consume(end)) {
    first_item_.pop_back();
    return false;
  }
  if (position_ >= text_.size()) return Fail("the text ends too early");
  if (first_item_.back()) {
    first_item_.back() = false;
    return true;
  }
  if (!Consume(',')) return Fail(absl::StrCat("expected a comma or ", std::string(1, end)));
  SkipSpace();
  return true;
}

bool JsonReader::NextMember(std::string* key) {
  if (!NextItem('}')) return false;
  if (position_ >= text_.size() || text_[position_] != '"') {
    return Fail("expected a key in double quotes");
  }
  if (!ReadString(key)) return false;
  SkipSpace();
  return Consume(':') || Fail("expected a colon after the key");
}

bool JsonReader::NextElement() { return NextItem(']'); }

bool JsonReader::ReadString(std::string* value) {
  if (!ok()) return false;
  SkipSpace();
  if (!Consume('"')) return Fail("expected a string");
  value->clear();
  while (position_ < text_.size()) {
    const size_t run = position_;
    while (position_ < text_.size() && text_[position_] != '"' && text_[position_] != '\\' &&
           static_cast<unsigned char>(text_[position_]) >= 0x20) {
      ++position_;
    }
    value->append(text_.data() + run, position_ - run);
    if (Consume('"')) return true;
    if (position_ >= text_.size()) break;
    if (!Consume('\\')) return Fail("a string holds a control character; escape it");
    if (!ReadEscape(value)) return false;
  }
  return Fail("a string does not end");
}

bool JsonReader::ReadEscape(std::string* value) {
  static constexpr char kFrom[] = "\"\\/bfnrt";
  static constexpr char kTo[] = "\"\\/\b\f\n\r\t";
  if (Consume('u')) return ReadUnicodeEscape(value);
  for (size_t i = 0; i + 1 < sizeof(kFrom); ++i) {
    if (Consume(kFrom[i])) {
      *value += kTo[i];
      return true;
    }
  }
  return Fail("an escape that JSON does not have");
}

bool JsonReader::ReadUnicodeEscape(std::string* value) {
  char32_t unit = 0;
  if (!ReadHex(&unit)) return false;
  if (unit >= 0xDC00 && unit <= 0xDFFF) return Fail("a lone surrogate");
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    char32_t low = 0;
    if (!Consume('\\') || !Consume('u')) return Fail("a lone surrogate");
    if (!ReadHex(&low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return Fail("a lone surrogate");
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  base::AppendUtf8(unit, value);
  return true;
}

bool JsonReader::ReadHex(char32_t* unit) {
  for (int i = 0; i < 4; ++i) {
    if (position_ >= text_.size() || !absl::ascii_isxdigit(text_[position_])) {
      return Fail("\\u needs four hexadecimal digits");
    }
    const char c = absl::ascii_tolower(text_[position_++]);
    *unit = *unit * 16 + static_cast<char32_t>(absl::ascii_isdigit(c) ? c - '0' : c - 'a' + 10);
  }
  return true;
}

size_t JsonReader::SkipDigits() {
  const size_t start = position_;
  while (position_ < text_.size() && absl::ascii_isdigit(text_[position_])) ++position_;
  return position_ - start;
}

bool JsonReader::ReadNumber(absl::string_view* value) {
  if (!ok()) return false;
  SkipSpace();
  const size_t start = position_;
  Consume('-');
  const bool leading_zero = position_ < text_.size() && text_[position_] == '0';
  const size_t digits = SkipDigits();
  if (digits == 0) return Fail("expected a number");
  if (leading_zero && digits > 1) return Fail("a number begins with a needless zero");
  if (Consume('.') && SkipDigits() == 0) return Fail("a number ends with its point");
  if (Consume('e') || Consume('E')) {
    if (!Consume('+')) Consume('-');
    if (SkipDigits() == 0) return Fail("a number has an empty exponent");
  }
  *value = text_.substr(start, position_ - start);
  return true;
}

bool JsonReader::ReadLiteral() {
  if (!ok()) return false;
  SkipSpace();
  for (absl::string_view word : {"true", "false", "null"}) {
    if (text_.substr(position_, word.size()) == word) {
      position_ += word.size();
      return true;
    }
  }
  return Fail("expected a value");
}

bool JsonReader::Finish() {
  if (!ok()) return false;
  SkipSpace();
  return position_ == text_.size() || Fail("there is more text after the value");
}

}  // namespace cityinfo::gateway
