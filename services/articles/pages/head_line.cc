#include "services/articles/pages/head_line.h"

#include <array>
#include <cstddef>

#include "services/articles/pages/furniture.h"
#include "services/articles/pages/glyph.h"
#include "services/articles/pages/page_text.h"

namespace cityinfo::articles {
namespace {

using std::u32string;
using std::u32string_view;

constexpr std::size_t kLongestLine = 60;
constexpr std::size_t npos = u32string_view::npos;

// Longer roles before the shorter ones they contain.
constexpr std::array<u32string_view, 30> kRoles = {
    U"本报全媒体记者", U"本报融媒体记者", U"全媒体记者", U"融媒体记者", U"新华社记者",
    U"本报特约通讯员", U"特约通讯员",     U"本报通讯员", U"实习通讯员", U"本报评论员",
    U"特约评论员",     U"首席记者",       U"实习记者",   U"见习记者",   U"特约记者",
    U"特派记者",       U"本报记者",       U"本台记者",   U"通讯员",     U"评论员",
    U"撰稿人",         U"本报综合",       U"本报讯",     U"本台讯",     U"本网讯",
    U"记者",           U"作者",           U"撰稿",       U"文/图",      U"图/文"};

// Roles which stand without a name.
constexpr std::array<u32string_view, 6> kNameless = {U"本报讯",   U"本台讯",     U"本网讯",
                                                     U"本报综合", U"本报评论员", U"特约评论员"};

// After 记者 or 通讯员 these begin a sentence, not a name.
constexpr u32string_view kVerbStarts =
    U"从在了日昨今就采获走看来到见发们的与和于又正也将曾还不说问通对向用以随是一";

bool IsMarkerGlyph(char32_t c) {
  return !IsHan(c) || c == U'〇' || c == U'口' || c == U'回' || c == U'囗' || c == U'曰' ||
         c == U'日';
}

// The role that begins at `pos`, or empty.
u32string_view RoleAt(u32string_view text, std::size_t pos) {
  for (const u32string_view role : kRoles) {
    if (text.substr(pos).starts_with(role)) return role;
  }
  return {};
}

bool IsNameless(u32string_view role) {
  for (const u32string_view nameless : kNameless) {
    if (role == nameless) return true;
  }
  return false;
}

bool IsPhotoCredit(u32string_view text) {
  return EndsWith(text, U"摄") || EndsWith(text, U"供图") || EndsWith(text, U"摄影") ||
         EndsWith(text, U"摄影报道") || EndsWith(text, U"制图");
}

bool IsSeparator(char32_t c) {
  return IsSpace(c) || c == U':' || c == U'：' || c == U'·' || c == U'/' || c == U'(' ||
         c == U'（' || c == U')' || c == U'）' || c == U'、' || c == U'.';
}

// Role and name separated by one space wherever a role stands, brackets and extra spaces removed.
u32string NormaliseByline(u32string_view text) {
  u32string out;
  const auto space = [&out] {
    if (!out.empty() && out.back() != U' ') out.push_back(U' ');
  };
  for (std::size_t pos = 0; pos < text.size();) {
    const bool boundary = pos == 0 || IsSeparator(text[pos - 1]) || !IsWordGlyph(text[pos]);
    if (const u32string_view role = boundary ? RoleAt(text, pos) : u32string_view{};
        !role.empty()) {
      space();
      out += role;
      out.push_back(U' ');
      pos += role.size();
      continue;
    }
    const char32_t c = text[pos++];
    if (c == U'、') {
      out.push_back(c);
    } else if (IsSeparator(c)) {
      space();
    } else {
      out.push_back(c);
    }
  }
  while (!out.empty() && IsSpace(out.back())) out.pop_back();
  return out;
}

// Whether `name`, which stands behind a role, can be a name or an office.
bool CanBeName(u32string_view name) {
  if (name.empty() || InkLength(name) > 30) return false;
  if (kVerbStarts.find(name.front()) != npos) return false;
  for (const char32_t c : name) {
    if (IsComma(c) || IsSentenceEnd(c) || IsQuote(c)) return false;
  }
  return true;
}

u32string_view TrimSeparators(u32string_view text) {
  while (!text.empty() && IsSeparator(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSeparator(text.back())) text.remove_suffix(1);
  return text;
}

constexpr u32string_view kSurnames =
    U"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏"
    U"魏吕丁任沈姚卢"
    U"姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
    U"莫孔向汤温康施"
    U"文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季"
    U"裴霍涂成苗谷"
    U"盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑"
    U"景党宫费卜冷晏"
    U"席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封"
    U"谈匡鞠惠荆乐"
    U"冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉仝";

bool IsPersonName(u32string_view token) {
  if (token.size() < 2 || token.size() > 4) return false;
  for (const char32_t c : token) {
    if (!IsHan(c)) return false;
  }
  const bool compound = StartsWith(token, U"欧阳") || StartsWith(token, U"上官") ||
                        StartsWith(token, U"司马") || StartsWith(token, U"诸葛");
  return compound || (token.size() <= 3 && kSurnames.find(token.front()) != npos);
}

u32string_view StripBrackets(u32string_view text) {
  text = TrimSpace(text);
  if (!text.empty() && (IsOpening(text.front()))) text.remove_prefix(1);
  if (!text.empty() && (IsClosing(text.back()))) text.remove_suffix(1);
  return TrimSpace(text);
}

Byline MakeByline(u32string_view role, u32string_view whole) {
  return {.text = EncodeUtf8(NormaliseByline(whole)), .role = EncodeUtf8(role)};
}

// "本报讯（记者 石小梅）昨日…": what stands behind the bracket is the article's text.
bool TextFollowsBracket(u32string_view line) {
  const std::size_t close = line.find_last_of(U")）");
  if (close == npos) return false;
  const u32string_view rest = TrimSeparators(line.substr(close + 1));
  return !rest.empty() && RoleAt(rest, 0).empty() && !ReadBareNames(rest);
}

// The length of "本报讯", "本报北京3月5日电", "清水江日报讯" at the beginning of a paragraph; 0
// when it begins otherwise.
std::size_t WireEnd(u32string_view paragraph) {
  constexpr std::size_t kLongestWire = 20;
  const std::size_t wire = paragraph.substr(0, kLongestWire).find_first_of(U"讯电");
  if (wire == npos || wire < 2) return 0;
  const char32_t next = wire + 1 < paragraph.size() ? paragraph[wire + 1] : U' ';
  const bool set_off = IsSpace(next) || next == U'(' || next == U'（';
  const u32string_view head = paragraph.substr(0, wire + 1);
  if (head.find_first_of(U"，。、；：“”") != npos) return 0;
  if (StartsWith(head, U"本报讯") || StartsWith(head, U"本台讯") || StartsWith(head, U"本网讯"))
    return 3;
  const bool source = StartsWith(head, U"本报") || StartsWith(head, U"本台") ||
                      StartsWith(head, U"新华社") || StartsWith(head, U"中新社");
  if (source) return set_off || Contains(head, U"日电") || Contains(head, U"日讯") ? wire + 1 : 0;
  return set_off && wire <= 8 && paragraph[wire] == U'讯' ? wire + 1 : 0;
}

// "（记者 石小梅）" at the very beginning.
std::optional<Byline> ReporterInBracket(u32string_view text) {
  text = TrimSpace(text);
  if (text.empty() || (text.front() != U'(' && text.front() != U'（')) return std::nullopt;
  const std::size_t close = text.find_first_of(U")）");
  if (close == npos) return std::nullopt;
  const u32string_view inside = TrimSeparators(text.substr(1, close - 1));
  const u32string_view role = RoleAt(inside, 0);
  if (role.empty() || !CanBeName(TrimSeparators(inside.substr(role.size())))) return std::nullopt;
  return MakeByline(role, inside);
}

// "○通讯员 石小梅 初春的清水江…": a byline and the text on one line, told by its mark.
std::optional<Byline> MarkedByline(u32string_view text) {
  constexpr std::size_t kLongestMarker = 4;
  constexpr std::size_t kLongestName = 8;
  for (std::size_t begin = 1; begin < text.size() && begin <= kLongestMarker; ++begin) {
    if (!IsMarkerGlyph(text[begin - 1]) || IsDigit(text[begin - 1]) || IsQuote(text[begin - 1]))
      return std::nullopt;
    const u32string_view role = RoleAt(text, begin);
    if (role.empty()) continue;
    std::size_t name = begin + role.size();
    while (name < text.size() && IsSpace(text[name])) ++name;
    std::size_t end = name;
    while (end < text.size() && IsHan(text[end])) ++end;
    const bool named =
        end > name && end - name <= kLongestName && end < text.size() && IsSpace(text[end]);
    if (!named || !CanBeName(text.substr(name, end - name))) return std::nullopt;
    return MakeByline(role, text.substr(begin, end - begin));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Byline> ReadByline(u32string_view line) {
  line = TrimSpace(line);
  if (line.size() > kLongestLine || TextFollowsBracket(line)) return std::nullopt;
  constexpr std::size_t kLongestMarker = 4;
  u32string_view role;
  std::size_t begin = 0;
  for (; begin < line.size() && begin <= kLongestMarker; ++begin) {
    role = RoleAt(line, begin);
    if (!role.empty() || !IsMarkerGlyph(line[begin])) break;
  }
  if (role.empty()) return std::nullopt;

  const u32string_view whole = TrimSeparators(line.substr(begin));
  const u32string_view name = TrimSeparators(line.substr(begin + role.size()));
  if (IsPhotoCredit(whole) && role != U"文/图" && role != U"图/文") return std::nullopt;
  if (IsNameless(role)) {
    // Text which follows "本报讯" on the same line belongs to the article.
    if (!name.empty() && RoleAt(name, 0).empty()) return std::nullopt;
    if (!name.empty() && !CanBeName(name)) return std::nullopt;
  } else if (!CanBeName(name)) {
    return std::nullopt;
  }
  return MakeByline(role, whole);
}

std::optional<Byline> ReadDateline(u32string_view paragraph) {
  paragraph = TrimSpace(paragraph).substr(0, kLongestLine);
  const std::size_t wire = WireEnd(paragraph);
  if (std::optional<Byline> reporter = ReporterInBracket(paragraph.substr(wire))) return reporter;
  if (std::optional<Byline> marked = MarkedByline(paragraph)) return marked;
  if (wire == 0) return std::nullopt;
  const u32string_view head = paragraph.substr(0, wire);
  const bool agency = StartsWith(head, U"新华社");
  return Byline{.text = EncodeUtf8(head), .role = EncodeUtf8(agency ? head.substr(0, 3) : head)};
}

std::optional<Byline> ReadSignature(u32string_view paragraph) {
  paragraph = TrimSpace(paragraph);
  if (paragraph.size() > kLongestLine) paragraph.remove_prefix(paragraph.size() - kLongestLine);
  if (paragraph.empty() || (paragraph.back() != U')' && paragraph.back() != U'）'))
    return std::nullopt;
  const std::size_t open = paragraph.find_last_of(U"(（");
  if (open == npos) return std::nullopt;
  const u32string_view before = TrimSpace(paragraph.substr(0, open));
  if (!before.empty() && !EndsSentence(before)) return std::nullopt;
  const u32string_view signature = paragraph.substr(open);
  if (std::optional<Byline> byline = ReadByline(signature)) return byline;
  return ReadBareNames(StripBrackets(signature));
}

std::optional<Byline> ReadBareNames(u32string_view line) {
  line = TrimSpace(line);
  if (line.size() > 24) return std::nullopt;
  u32string names;
  u32string token;
  int count = 0;
  const u32string closed = u32string(line) + U" ";
  for (const char32_t c : closed) {
    if (!IsSpace(c) && c != U'、') {
      token.push_back(c);
      continue;
    }
    if (token.size() == 1 && c != U'、') continue;  // "张 三": a short name set wide.
    if (token.empty()) continue;
    if (!IsPersonName(token)) return std::nullopt;
    if (count++ > 0) names.push_back(U' ');
    names += token;
    token.clear();
  }
  if (count == 0 || count > 5 || !token.empty()) return std::nullopt;
  return Byline{.text = EncodeUtf8(names), .role = ""};
}

std::optional<std::string> ReadPrintedDate(u32string_view line) {
  const u32string_view text = StripBrackets(line);
  std::size_t length = 0;
  std::optional<std::string> date = ReadDateAt(text, 0, length);
  if (!date || length != text.size()) return std::nullopt;
  return date;
}

std::optional<std::string> ReadContinuedFrom(u32string_view line) {
  line = TrimSpace(line);
  if (line.size() > kLongestLine) return std::nullopt;
  u32string_view text = StripBrackets(line);
  for (const u32string_view head : {u32string_view(U"上接"), u32string_view(U"紧接")}) {
    if (!StartsWith(text, head)) continue;
    text = TrimSpace(text.substr(head.size()));
    const std::size_t page = text.find(U'版');
    if (page == npos || page == 0 || page > 8) return std::nullopt;
    return EncodeUtf8(text.substr(0, page + 1));
  }
  return std::nullopt;
}

bool IsContinuedOn(u32string_view line) {
  const u32string_view text = StripBrackets(line);
  return text.size() <= 14 && StartsWith(text, U"下转") && Contains(text, U"版");
}

std::optional<u32string_view> ReadDashedSubtitle(u32string_view line) {
  line = TrimSpace(line);
  if (line.size() > kLongestLine) return std::nullopt;
  std::size_t dashes = 0;
  while (dashes < line.size() && IsDash(line[dashes])) ++dashes;
  std::size_t ones = dashes;
  while (ones < line.size() && ones < 4 && (line[ones] == U'一' || IsDash(line[ones]))) ++ones;
  const u32string_view rest = TrimSpace(line.substr(ones));
  if (ones == 0 || InkLength(rest) < 3) return std::nullopt;
  const bool real_dash = dashes > 0 || ones >= 2;
  if (real_dash) return rest;
  // A single "一" may be the word "one": believe it only where a dash is likely.
  if (IsSpace(line[1]) || IsOpening(line[1]) || IsQuote(line[1])) return rest;
  for (const u32string_view start :
       {u32string_view(U"记"), u32string_view(U"来自"), u32string_view(U"访"),
        u32string_view(U"写在"), u32string_view(U"在"), u32string_view(U"致")}) {
    if (StartsWith(rest, start)) return rest;
  }
  return std::nullopt;
}

}  // namespace cityinfo::articles
