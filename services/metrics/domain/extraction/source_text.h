#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/metrics/domain/extraction/extractor.h"

namespace cityinfo::metrics {

// A document as the extractor reads it: code points folded (see folding.h), spaces gone, lines that
// were broken only by the width of a column put together. What remains of line breaks are the real
// ends of headings and paragraphs, as '\n'. Every character knows where it came from.
//
// Keeps a view of the text, which must outlive it.
class SourceText {
 public:
  explicit SourceText(absl::string_view utf8);

  int size() const { return static_cast<int>(chars_.size()); }
  // Reading one past either end gives 0, so that rules may look around freely.
  char32_t at(int i) const { return i < 0 || i >= size() ? U'\0' : chars_[i]; }
  const char32_t* data() const { return chars_.data(); }

  // Whether white space of any kind stood before character i: two numbers side by side in a table
  // are two numbers.
  bool gap_before(int i) const { return i > 0 && i < size() && (gaps_[i] & kGap) != 0; }
  // Whether a line was joined before character i.
  bool joined_before(int i) const { return i > 0 && i < size() && (gaps_[i] & kJoin) != 0; }

  // Where the characters [begin, end) stand in the text, in code points. Empty ranges give an empty
  // span.
  TextSpan Span(int begin, int end) const;
  // The text of [begin, end), verbatim: with its spaces and line breaks.
  std::string Verbatim(int begin, int end) const;
  // The text of [begin, end) as printed but without spaces and line breaks.
  std::string Printed(int begin, int end) const;

 private:
  static constexpr unsigned char kGap = 1;
  static constexpr unsigned char kJoin = 2;

  struct Line {
    int begin = 0;  // characters before joining
    int end = 0;
    int width = 0;  // in half widths
  };
  std::vector<Line> Decode();
  void CloseLetterSpacing();
  void JoinLines(const std::vector<Line>& lines);
  bool IsWrapped(const Line& line, const Line& next) const;

  absl::string_view utf8_;
  std::u32string chars_;
  std::vector<unsigned char> gaps_;
  std::vector<int> code_points_;  // of each character
  std::vector<uint32_t> bytes_;   // where each character begins
};

}  // namespace cityinfo::metrics
