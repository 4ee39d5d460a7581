#include "services/metrics/domain/extraction/source_text.h"

#include <string>
#include <utility>
#include <vector>

#include "platform/base/utf8.h"
#include "services/metrics/domain/catalogue/folding.h"

namespace cityinfo::metrics {
namespace {

// So many single ideographs with spaces around them are letter spacing, not words.
constexpr int kLetterSpaced = 3;
// A line narrower than this is a heading or a caption, not a line of a column. In half widths, as
// Latin letters and digits have them.
constexpr int kShortestColumn = 28;

int WidthOf(char32_t c) { return c < 0x80 ? 1 : 2; }

bool EndsSentence(char32_t c) {
  switch (c) {
    case U'。':
    case U'!':
    case U'?':
    case U';':
    case U':':
    case U'…':
      return true;
    default:
      return false;
  }
}

// Characters that never begin a line: what stands before them goes on.
bool ContinuesLine(char32_t c) {
  switch (c) {
    case U',':
    case U'。':
    case U'、':
    case U';':
    case U')':
    case U'%':
    case U'‰':
    case U'》':
    case U'.':
      return true;
    default:
      return false;
  }
}

// 8.⏎6%, 391.7亿⏎元: a number that goes on in the next line.
bool BreaksNumber(char32_t before, char32_t last, char32_t first) {
  const auto is_digit = [](char32_t c) { return c >= U'0' && c <= U'9'; };
  if (last == U'.') return is_digit(before) && is_digit(first);
  if (is_digit(last)) return first == U'亿' || first == U'万' || first == U'元';
  if (last != U'亿' && last != U'万') return false;
  static constexpr char32_t kUnits[] = U"元人亩吨户余多美千平立公斤头只";
  if (!is_digit(before)) return false;
  for (const char32_t* unit = kUnits; *unit != 0; ++unit) {
    if (*unit == first) return true;
  }
  return false;
}

// 增⏎长: a word of reports cut in two.
bool BreaksWord(char32_t last, char32_t first) {
  static constexpr const char32_t* kWords[] = {U"增长", U"下降", U"完成", U"实现", U"达到",
                                               U"亿元", U"万元", U"同比", U"比上", U"以上",
                                               U"提高", U"增加", U"减少", U"收入", U"支出"};
  for (const char32_t* word : kWords) {
    if (last == word[0] && first == word[1]) return true;
  }
  return false;
}

bool NeedsMore(char32_t c) { return c == U',' || c == U'、' || c == U'(' || c == U'《'; }

}  // namespace

SourceText::SourceText(absl::string_view utf8) : utf8_(utf8) {
  const std::vector<Line> lines = Decode();
  CloseLetterSpacing();
  JoinLines(lines);
}

std::vector<SourceText::Line> SourceText::Decode() {
  std::vector<Line> lines;
  chars_.reserve(utf8_.size() / 3 + 1);
  Line line;
  bool gap = false;
  int code_point = 0;
  for (size_t pos = 0; pos < utf8_.size(); ++code_point) {
    const size_t begin = pos;
    const char32_t c = base::DecodeCodePoint(utf8_, &pos);
    if (c == U'\n') {
      line.end = size();
      if (line.end > line.begin) lines.push_back(line);
      line = Line{line.end, line.end, 0};
      gap = true;
    } else if (IsSpace(c)) {
      gap = true;
    } else {
      chars_.push_back(FoldCharacter(c));
      line.width += WidthOf(chars_.back());
      gaps_.push_back(gap ? kGap : 0);
      code_points_.push_back(code_point);
      bytes_.push_back(static_cast<uint32_t>(begin));
      gap = false;
    }
  }
  line.end = size();
  if (line.end > line.begin) lines.push_back(line);
  return lines;
}

// 总 值 3 1 8 . 6 亿 元: where ideographs are spaced one by one, so are the digits of a number.
void SourceText::CloseLetterSpacing() {
  int run_begin = 0;
  int ideographs = 0;
  for (int i = 0; i <= size(); ++i) {
    const bool spaced = i < size() && (i == run_begin || (gaps_[i] & kGap) != 0);
    if (spaced) {
      ideographs += chars_[i] >= U'一' && chars_[i] <= U'鿿';
      continue;
    }
    if (ideographs >= kLetterSpaced) {
      for (int k = run_begin + 1; k < i; ++k) gaps_[k] = 0;
    }
    run_begin = i;
    ideographs = i < size() && chars_[i] >= U'一' && chars_[i] <= U'鿿';
  }
}

bool SourceText::IsWrapped(const Line& line, const Line& next) const {
  const char32_t last = chars_[line.end - 1];
  const char32_t first = chars_[next.begin];
  if (ContinuesLine(first) || NeedsMore(last)) return true;
  if (EndsSentence(last)) return false;
  if (BreaksNumber(line.end - 2 >= line.begin ? chars_[line.end - 2] : U'\0', last, first) ||
      BreaksWord(last, first)) {
    return true;
  }
  // A full line of a column is about as wide as the one below; a heading is narrower.
  return line.width >= kShortestColumn && next.width * 5 <= line.width * 6;
}

void SourceText::JoinLines(const std::vector<Line>& lines) {
  std::u32string chars;
  std::vector<unsigned char> gaps;
  std::vector<int> code_points;
  std::vector<uint32_t> bytes;
  const size_t capacity = chars_.size() + lines.size();
  chars.reserve(capacity);
  gaps.reserve(capacity);
  code_points.reserve(capacity);
  bytes.reserve(capacity);
  for (size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const bool joined = i > 0 && IsWrapped(lines[i - 1], line);
    if (i > 0 && !joined) {
      chars.push_back(U'\n');
      gaps.push_back(0);
      code_points.push_back(code_points_[line.begin]);
      bytes.push_back(bytes_[line.begin]);
    }
    for (int k = line.begin; k < line.end; ++k) {
      chars.push_back(chars_[k]);
      // A number may be broken over two lines; that gap does not separate.
      gaps.push_back(k == line.begin && joined ? kJoin : gaps_[k]);
      code_points.push_back(code_points_[k]);
      bytes.push_back(bytes_[k]);
    }
  }
  chars_ = std::move(chars);
  gaps_ = std::move(gaps);
  code_points_ = std::move(code_points);
  bytes_ = std::move(bytes);
}

TextSpan SourceText::Span(int begin, int end) const {
  if (begin < 0 || begin >= end || end > size()) return {};
  return {code_points_[begin], code_points_[end - 1] + 1};
}

std::string SourceText::Verbatim(int begin, int end) const {
  if (begin < 0 || begin >= end || end > size()) return {};
  size_t stop = bytes_[end - 1];
  base::DecodeCodePoint(utf8_, &stop);
  return std::string(utf8_.substr(bytes_[begin], stop - bytes_[begin]));
}

std::string SourceText::Printed(int begin, int end) const {
  std::string printed;
  for (int i = begin < 0 ? 0 : begin; i < end && i < size(); ++i) {
    if (chars_[i] == U'\n') continue;
    size_t stop = bytes_[i];
    base::DecodeCodePoint(utf8_, &stop);
    const absl::string_view bytes = utf8_.substr(bytes_[i], stop - bytes_[i]);
    printed.append(bytes.data(), bytes.size());
  }
  return printed;
}

}  // namespace cityinfo::metrics
