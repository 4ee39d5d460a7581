#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// UTF-8, strictly (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF), and the map
// between byte offsets, which C++ strings use, and Unicode code points, which our API speaks.
namespace cityinfo::base {

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// The offset of the first byte that is not part of well-formed UTF-8; nothing if all of it is.
std::optional<size_t> FirstInvalidByte(absl::string_view text);
bool IsValidUtf8(absl::string_view text);

// Decodes the code point at byte `*pos` (which must be < text.size()) and moves `*pos` behind it.
// Ill-formed input gives U+FFFD and moves on by at least one byte, so a loop always ends.
char32_t DecodeCodePoint(absl::string_view text, size_t* pos);

// Appends `code_point` as UTF-8; a surrogate or a value above U+10FFFF is appended as U+FFFD.
void AppendUtf8(char32_t code_point, std::string* out);

// How many times DecodeCodePoint would have to be called to reach the end.
int64_t CountCodePoints(absl::string_view text);

// The code points [begin, end) of `text`, clamped to it, as a view into `text`. Linear in `text`;
// for many questions about one text use CodePointIndex.
absl::string_view SubstrCodePoints(absl::string_view text, int64_t begin, int64_t end);

// Answers "which code point does byte b belong to" and "at which byte does code point c start" for
// one text, in constant time, after one linear pass. Keeps a view: `text` must outlive the index.
// Immutable after construction, so any number of threads may ask.
class CodePointIndex {
 public:
  explicit CodePointIndex(absl::string_view text);

  // Code points in the text.
  int64_t size() const { return size_; }
  absl::string_view text() const { return text_; }

  // The number of the code point that contains byte `byte`; size() if `byte` is at or behind the
  // end.
  int64_t CodePointAtByte(size_t byte) const;
  // The byte where code point `code_point` starts; text().size() if at or behind the end, 0 if
  // negative.
  size_t ByteAtCodePoint(int64_t code_point) const;
  // The code points [begin, end), clamped to the text.
  absl::string_view Substr(int64_t begin, int64_t end) const;

 private:
  // A mark every kStride code points and one every kStride bytes; a lookup walks on from the
  // nearest.
  static constexpr int64_t kStride = 32;

  struct ByteMark {
    size_t start;        // where the code point that contains the marked byte starts
    int64_t code_point;  // its number
  };

  absl::string_view text_;
  int64_t size_ = 0;
  std::vector<size_t> code_point_marks_;
  std::vector<ByteMark> byte_marks_;
};

}  // namespace cityinfo::base
