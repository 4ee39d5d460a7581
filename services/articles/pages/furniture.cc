#include "services/articles/pages/furniture.h"

#include <array>
#include <cstddef>
#include <utility>

#include "platform/base/date.h"
#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

using std::u32string;
using std::u32string_view;

constexpr int kLongestFolio = 60;

constexpr std::array<u32string_view, 16> kImprintWords = {
    U"责任编辑", U"责编",     U"美编",     U"美术编辑", U"版式", U"校对",     U"组版", U"值班编委",
    U"本版编辑", U"新闻热线", U"投稿邮箱", U"E-mail",   U"www.", U"广告热线", U"邮编", U"国内统一"};

constexpr std::array<u32string_view, 9> kPaperEndings = {
    U"日报", U"晚报", U"晨报", U"早报", U"时报", U"周报", U"都市报", U"商报", U"周刊"};

constexpr std::array<u32string_view, 14> kSectionEndings = {
    U"新闻", U"要闻", U"综合", U"专题", U"副刊", U"专版", U"时政",
    U"特刊", U"视点", U"时评", U"民生", U"广告", U"关注", U"专刊"};

template <std::size_t N>
bool EndsWithAny(u32string_view text, const std::array<u32string_view, N>& endings) {
  for (const u32string_view ending : endings) {
    if (EndsWith(text, ending)) return true;
  }
  return false;
}

int DigitValue(char32_t c) { return static_cast<int>(c >= 0xFF10 ? c - 0xFF10 : c - U'0'); }

// Up to `most` digits at `pos`, moving it; -1 when there is none.
int ReadNumber(u32string_view text, std::size_t& pos, int most) {
  int value = -1;
  for (int n = 0; n < most && pos < text.size() && IsDigit(text[pos]); ++n, ++pos) {
    value = (value < 0 ? 0 : value * 10) + DigitValue(text[pos]);
  }
  return value;
}

bool Skip(u32string_view text, std::size_t& pos, u32string_view any_of) {
  if (pos >= text.size() || any_of.find(text[pos]) == u32string_view::npos) return false;
  ++pos;
  return true;
}

std::size_t ReadWeekday(u32string_view text, std::size_t pos) {
  for (const u32string_view head : {u32string_view(U"星期"), u32string_view(U"周")}) {
    const std::size_t day = pos + head.size();
    if (text.substr(pos).starts_with(head) && day < text.size() &&
        u32string_view(U"一二三四五六日天").find(text[day]) != u32string_view::npos) {
      return head.size() + 1;
    }
  }
  return 0;
}

// "B4", "B4版", "04版", "第4版", "第A04版"; a bare number only as a token of its own.
std::size_t ReadPageNumber(u32string_view text, std::size_t pos, u32string& number) {
  std::size_t at = pos;
  const bool ordinal = Skip(text, at, U"第");
  const std::size_t begin = at;
  const bool letter = at < text.size() && text[at] >= U'A' && text[at] <= U'T';
  if (letter) ++at;
  if (ReadNumber(text, at, 2) < 0) return 0;
  if (at < text.size() && (IsWordGlyph(text[at]) || text[at] == U'.')) return 0;
  const std::size_t end = at;
  const bool page_word = Skip(text, at, U"版");
  const bool alone = (pos == 0 || IsSpace(text[pos - 1])) &&
                     (at == text.size() || IsSpace(text[at]) || text[at] == U'/');
  if (!page_word && !(letter && (alone || at == text.size())) && !(alone && !ordinal)) return 0;
  number = u32string(text.substr(begin, end - begin));
  return at - pos;
}

// What a line consists of once everything a folio line may say has been taken out.
struct Parts {
  std::optional<std::string> date;
  bool weekday = false;
  bool paper = false;
  bool section = false;
  u32string page_number;
  u32string rest;  // Unrecognised tokens, a space between them.
  u32string section_name;
};

void SortRest(Parts& parts) {
  u32string token;
  u32string unknown;
  parts.rest.push_back(U' ');
  for (const char32_t c : parts.rest) {
    if (!IsSpace(c) && c != U'|' && c != U'·' && c != U'/' && c != U'■') {
      token.push_back(c);
      continue;
    }
    if (token.empty()) continue;
    if (token.size() <= 8 && EndsWithAny(token, kPaperEndings)) {
      parts.paper = true;
    } else {
      const bool section = token.size() <= 8 && EndsWithAny(token, kSectionEndings);
      if (section || parts.section_name.empty()) parts.section_name = token;
      parts.section = parts.section || section;
      unknown += token;
    }
    token.clear();
  }
  parts.rest = unknown;
}

Parts TakeApart(u32string_view line) {
  Parts parts;
  for (std::size_t pos = 0; pos < line.size();) {
    std::size_t length = 0;
    if (std::optional<std::string> date = ReadDateAt(line, pos, length); date && !parts.date) {
      parts.date = std::move(date);
    } else if (length = ReadWeekday(line, pos); length > 0) {
      parts.weekday = true;
    } else if (length =
                   parts.page_number.empty() ? ReadPageNumber(line, pos, parts.page_number) : 0;
               length > 0) {
    } else {
      parts.rest.push_back(line[pos]);
      length = 1;
      pos += length;
      continue;
    }
    parts.rest.push_back(U' ');
    pos += length;
  }
  SortRest(parts);
  return parts;
}

bool IsImprint(u32string_view line) {
  int words = 0;
  bool at_start = false;
  for (const u32string_view word : kImprintWords) {
    const std::size_t pos = line.find(word);
    if (pos == u32string_view::npos) continue;
    ++words;
    const std::size_t next = pos + word.size();
    const bool label =
        next < line.size() && (line[next] == U':' || line[next] == U'：' || IsSpace(line[next]));
    at_start = at_start || (pos <= 2 && label);
  }
  return words >= 2 || at_start;
}

}  // namespace

std::optional<std::string> ReadDateAt(u32string_view text, std::size_t pos, std::size_t& length) {
  std::size_t at = pos;
  base::Date date;
  date.year = ReadNumber(text, at, 4);
  if (date.year < 1900 || !Skip(text, at, U"年-.")) return std::nullopt;
  date.month = ReadNumber(text, at, 2);
  if (date.month < 1 || !Skip(text, at, U"月-.")) return std::nullopt;
  date.day = ReadNumber(text, at, 2);
  if (date.day < 1 || !base::IsValidDate(date)) return std::nullopt;
  Skip(text, at, U"日");
  length = at - pos;
  return base::FormatDate(date);
}

std::optional<FolioLine> ReadFolioLine(u32string_view line, bool at_edge) {
  line = TrimSpace(line);
  if (line.size() > kLongestFolio * 2 || InkLength(line) > kLongestFolio) return std::nullopt;
  if (EndsSentence(line) || Contains(line, U"，")) return std::nullopt;
  if (IsImprint(line)) return FolioLine{};
  const char32_t first = line.empty() ? U' ' : line.front();
  if (first == U'(' || first == U'（') return std::nullopt;  // A date printed under a title.

  const Parts parts = TakeApart(line);
  if (parts.rest.size() > 12) return std::nullopt;
  const bool dated = parts.date.has_value();
  const bool numbered = !parts.page_number.empty();
  const bool lettered = numbered && parts.page_number.front() >= U'A';
  const int evidence = (dated ? 2 : 0) + (parts.weekday ? 1 : 0) + (numbered ? 1 : 0) +
                       (parts.paper ? 1 : 0) + (parts.section ? 1 : 0);
  const bool only_number = numbered && parts.rest.empty();
  const bool folio = (dated && evidence >= 3) ||
                     (evidence >= 2 && !dated && (numbered || at_edge)) ||
                     (at_edge && (only_number || (lettered && parts.rest.size() <= 6)));
  if (!folio) return std::nullopt;
  return FolioLine{.page_number = EncodeUtf8(parts.page_number),
                   .section = EncodeUtf8(parts.section_name),
                   .date = parts.date};
}

}  // namespace cityinfo::articles
