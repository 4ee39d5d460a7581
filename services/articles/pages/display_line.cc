#include "services/articles/pages/display_line.h"

#include <array>
#include <cstddef>

#include "services/articles/pages/glyph.h"

namespace cityinfo::articles {
namespace {

using std::u32string_view;

constexpr int kLongestDisplay = 44;

template <std::size_t N>
bool StartsWithAny(u32string_view text, const std::array<u32string_view, N>& heads) {
  for (const u32string_view head : heads) {
    if (StartsWith(text, head)) return true;
  }
  return false;
}

template <std::size_t N>
bool EndsWithAny(u32string_view text, const std::array<u32string_view, N>& tails) {
  for (const u32string_view tail : tails) {
    if (EndsWith(text, tail)) return true;
  }
  return false;
}

template <std::size_t N>
bool ContainsAny(u32string_view text, const std::array<u32string_view, N>& parts) {
  for (const u32string_view part : parts) {
    if (Contains(text, part)) return true;
  }
  return false;
}

constexpr std::array<u32string_view, 15> kCaptionStarts = {
    U"图为", U"左图", U"右图", U"上图", U"下图", U"组图", U"资料图", U"图①",
    U"图一", U"▲",    U"△",    U"▼",    U"▽",    U"◀",    U"▶"};

constexpr std::array<u32string_view, 9> kCaptionEnds = {
    U"摄", U"供图", U"摄影报道", U"资料图）", U"资料图)", U"资料图", U"供图）", U"供图)", U"摄）"};

// Nouns which name what a photograph shows.
constexpr std::array<u32string_view, 18> kSceneEnds = {
    U"现场", U"一角", U"风光", U"新貌", U"全景", U"场景", U"美景", U"景色", U"风景",
    U"夜景", U"外景", U"合影", U"鸟瞰", U"一景", U"瞬间", U"景象", U"掠影", U"俯瞰"};

// Nouns which name a part of a report.
constexpr std::array<u32string_view, 20> kHeadingEnds = {
    U"回顾", U"情况", U"要求", U"目标", U"任务", U"措施", U"建议", U"原则", U"意见", U"背景",
    U"成效", U"经验", U"启示", U"方法", U"思路", U"展望", U"成就", U"对策", U"问题", U"保障"};

// Particles and verbs that make a clause of a line ("日子越过越好"); what a photograph shows is
// named by a noun.
constexpr std::array<u32string_view, 8> kClauseWords = {U"了", U"越", U"让", U"把",
                                                        U"更", U"靠", U"迈", U"走进"};

// Verbs with which a slogan begins.
constexpr std::array<u32string_view, 86> kSloganVerbs = {
    U"强化", U"推进", U"推动", U"坚持", U"加强", U"加快", U"深化", U"打造", U"打好", U"聚焦",
    U"守住", U"守护", U"筑牢", U"夯实", U"做强", U"做优", U"激发", U"厚植", U"提升", U"促进",
    U"落实", U"抓好", U"抓实", U"抢抓", U"奋力", U"全力", U"着力", U"凝聚", U"优化", U"创新",
    U"补齐", U"破解", U"严守", U"严格", U"践行", U"建强", U"建好", U"用好", U"当好", U"构建",
    U"注重", U"狠抓", U"牢记", U"回望", U"走好", U"拓宽", U"深耕", U"稳住", U"擦亮", U"拓展",
    U"走出", U"跑出", U"唱响", U"绘就", U"织密", U"开辟", U"护好", U"做实", U"做大", U"做精",
    U"办好", U"办实", U"管好", U"盘活", U"激活", U"点燃", U"引领", U"赋能", U"畅通", U"打通",
    U"注入", U"释放", U"汇聚", U"培育", U"壮大", U"扩大", U"描绘", U"谱写", U"书写", U"弘扬",
    U"守好", U"守牢", U"兜牢", U"扛起", U"压实", U"紧盯"};

// Verbs with which a piece of news ends or reports.
constexpr std::array<u32string_view, 44> kNewsEnds = {
    U"启动", U"发布", U"公布", U"举行",   U"开幕", U"闭幕", U"揭晓", U"投运", U"贯通",
    U"开工", U"通车", U"死亡", U"落地",   U"印发", U"施行", U"实施", U"上线", U"亮相",
    U"抵达", U"召开", U"举办", U"启用",   U"出炉", U"获批", U"竣工", U"投产", U"运营",
    U"开通", U"爆炸", U"受伤", U"遇难",   U"辞职", U"当选", U"就职", U"生效", U"开馆",
    U"开园", U"受阻", U"停火", U"创新高", U"肆虐", U"起火", U"坠毁", U"降雪"};
constexpr std::array<u32string_view, 32> kNewsVerbs = {
    U"表示", U"显示", U"承认", U"会见", U"会谈", U"会晤", U"出席", U"访问",
    U"宣布", U"呼吁", U"谴责", U"敦促", U"袭击", U"警告", U"否认", U"抗议",
    U"发射", U"批准", U"通报", U"预计", U"宣称", U"声明", U"反对", U"接见",
    U"制裁", U"指责", U"威胁", U"驱逐", U"军演", U"停摆", U"上涨", U"下跌"};
constexpr std::array<u32string_view, 28> kNewsSubjects = {
    U"美媒", U"美军",   U"美方", U"外媒",   U"外交部",   U"专家", U"我国",
    U"中国", U"美国",   U"俄",   U"乌克兰", U"乌军",     U"乌方", U"以色列",
    U"以军", U"日本",   U"韩国", U"英国",   U"法国",     U"德国", U"欧盟",
    U"欧洲", U"联合国", U"伊朗", U"印度",   U"巴勒斯坦", U"国际", U"多国"};

struct Shape {
  int ink = 0;
  int commas = 0;
  int stops = 0;  // Sentence ends.
  int gaps = 0;   // Spaces between two printed glyphs.
  int digits = 0;
  int han = 0;
  int letters = 0;
};

Shape Measure(u32string_view line) {
  Shape shape;
  bool in_gap = false;
  for (const char32_t c : line) {
    if (IsSpace(c)) {
      in_gap = shape.ink > 0;
      continue;
    }
    shape.gaps += in_gap ? 1 : 0;
    in_gap = false;
    ++shape.ink;
    shape.commas += IsComma(c) ? 1 : 0;
    shape.stops += IsSentenceEnd(c) ? 1 : 0;
    shape.digits += IsDigit(c) ? 1 : 0;
    shape.han += IsHan(c) ? 1 : 0;
    shape.letters += IsLatinLetter(c) ? 1 : 0;
  }
  return shape;
}

bool CannotOpenDisplay(char32_t c) {
  return IsClauseMark(c) || IsSentenceEnd(c) || IsClosing(c) || c == U'%';
}

// Chinese with some Latin words and numbers in it, not a line of signs.
bool MostlyWords(const Shape& shape) {
  if (shape.han * 2 >= shape.ink) return true;
  const int words = shape.han + shape.letters + shape.digits;
  return shape.han >= 2 && shape.han * 3 >= shape.ink && words * 10 >= shape.ink * 7;
}

// "60人", "2.8%", "10万亿": a quantity, but not the year of a plan.
bool StatesQuantity(u32string_view line) {
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    if (!IsDigit(line[i]) || IsDigit(line[i + 1]) || line[i + 1] == U'.') continue;
    if (u32string_view(U"%％人万亿家个起例座条日周部批公").find(line[i + 1]) !=
        u32string_view::npos)
      return true;
  }
  return false;
}

// "专家：…", "欧洲人士：…": a headline that quotes.
bool QuotesSpeaker(u32string_view line) {
  constexpr std::array<u32string_view, 12> kSpeakers = {U"人士", U"专家", U"媒体", U"官员",
                                                        U"总统", U"总理", U"外长", U"部长",
                                                        U"主席", U"学者", U"机构", U"发言人"};
  constexpr std::size_t kLongestSpeaker = 12;
  const std::size_t colon = line.substr(0, kLongestSpeaker).find_first_of(U"：:");
  return colon != u32string_view::npos && EndsWithAny(line.substr(0, colon), kSpeakers);
}

bool IsNewsItem(u32string_view line) {
  if (StatesQuantity(line) || ContainsAny(line, kNewsVerbs) || EndsWithAny(line, kNewsEnds)) {
    return true;
  }
  const std::size_t says = line.find(U'称');
  if (says != u32string_view::npos && says > 0 && says + 1 < line.size() &&
      line[says - 1] != U'职' && line[says + 1] != U'号') {
    return true;
  }
  return QuotesSpeaker(line) || StartsWithAny(line, kNewsSubjects);
}

}  // namespace

bool CanBeDisplay(u32string_view line) {
  line = TrimSpace(line);
  if (line.size() > 2 * kLongestDisplay) return false;
  const Shape shape = Measure(line);
  if (shape.ink < 2 || shape.ink > kLongestDisplay) return false;
  if (shape.commas > 0 || shape.stops > 0) return false;
  return MostlyWords(shape) && !IsClauseMark(line.back()) && !EndsSentence(line) &&
         !CannotOpenDisplay(line.front());
}

bool HasClauses(u32string_view line) {
  constexpr int kShortestClause = 2;
  line = TrimSpace(line);
  int clause = 0;
  bool gap = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!IsSpace(line[i])) {
      ++clause;
      continue;
    }
    if (IsSpace(line[i - 1])) continue;
    std::size_t next = i;
    while (IsSpace(line[next])) ++next;
    const bool words =
        (IsHan(line[i - 1]) || IsQuote(line[i - 1])) && (IsHan(line[next]) || IsQuote(line[next]));
    if (words && clause < kShortestClause) return false;
    gap = gap || words;
    clause = 0;
  }
  return gap && clause >= kShortestClause;
}

bool CanBeTitleTail(u32string_view line) {
  line = TrimSpace(line);
  const Shape shape = Measure(line.substr(0, 2 * kLongestDisplay));
  return shape.ink > 0 && shape.ink <= 12 && shape.commas == 0 && shape.stops == 0 &&
         shape.han + shape.digits > 0 && !CannotOpenDisplay(line.front());
}

bool CanBeTitle(u32string_view line) {
  line = TrimSpace(line);
  if (line.empty() || line.size() > 2 * kLongestDisplay) return false;
  const Shape shape = Measure(line);
  if (shape.ink > kLongestDisplay || !MostlyWords(shape)) return false;
  if (IsClauseMark(line.back()) || line.back() == U'。' || line.back() == U'.') return false;
  return shape.commas <= 1 && shape.stops <= 2 && !Contains(line, U"。") &&
         !CannotOpenDisplay(line.front());
}

bool IsMarkedCaption(u32string_view line) {
  line = TrimSpace(line);
  const u32string_view tail = line.size() > 12 ? line.substr(line.size() - 12) : line;
  if (EndsWith(line, U"拍摄") || EndsWith(line, U"航摄")) return false;
  return StartsAsCaption(line) || EndsWithAny(tail, kCaptionEnds);
}

bool StartsAsCaption(u32string_view line) { return StartsWithAny(TrimSpace(line), kCaptionStarts); }

bool NamesScene(u32string_view line) { return EndsWithAny(TrimSpace(line), kSceneEnds); }

bool IsPhotoCreditLine(u32string_view line) {
  line = TrimSpace(line);
  return line.size() <= 24 && EndsWithAny(line, kCaptionEnds) &&
         !StartsWithAny(line, kCaptionStarts) && Measure(line).commas == 0 &&
         Measure(line).stops == 0;
}

DisplayKind GuessDisplayKind(u32string_view line) {
  line = TrimSpace(line);
  if (IsMarkedCaption(line)) return DisplayKind::kCaption;
  const Shape shape = Measure(line);
  if (StartsWithOrdinal(line)) return DisplayKind::kHeading;
  const bool slogan = StartsWithAny(line, kSloganVerbs);
  if (shape.gaps == 0 && NamesScene(line)) return DisplayKind::kCaption;
  if (shape.ink >= 9 && !slogan && IsNewsItem(line)) return DisplayKind::kNewsItem;
  if (shape.gaps > 0 || slogan || EndsWithAny(line, kHeadingEnds) || SaysClause(line)) {
    return DisplayKind::kHeading;
  }
  // Three characters ("早谋划") are a slogan; four to eight name what a photograph shows.
  if (shape.ink <= 3) return DisplayKind::kHeading;
  return shape.ink <= 8 ? DisplayKind::kCaption : DisplayKind::kHeading;
}

bool StartsAsSlogan(u32string_view line) { return StartsWithAny(TrimSpace(line), kSloganVerbs); }

bool SaysClause(u32string_view line) { return ContainsAny(line, kClauseWords); }

bool StartsWithOrdinal(u32string_view line) {
  constexpr u32string_view kNumerals = U"一二三四五六七八九十0123456789";
  line = TrimSpace(line);
  std::size_t pos = 0;
  const bool bracket = !line.empty() && (line[0] == U'（' || line[0] == U'(');
  if (bracket) ++pos;
  if (StartsWith(line, U"第")) ++pos;
  const std::size_t begin = pos;
  while (pos < line.size() && pos < begin + 3 && kNumerals.find(line[pos]) != u32string_view::npos)
    ++pos;
  if (pos == begin || pos >= line.size()) return false;
  if (bracket) return line[pos] == U')' || line[pos] == U'）';
  return u32string_view(U"、.．").find(line[pos]) != u32string_view::npos &&
         (pos + 1 >= line.size() || !IsDigit(line[pos + 1]));
}

bool LooksLikeNoise(u32string_view line) {
  line = TrimSpace(line);
  if (line.empty() || line.size() > 60) return false;
  const Shape shape = Measure(line);
  if (shape.ink > kLongestDisplay) return false;
  const int readable = shape.han + shape.digits;
  if (readable == 0) return shape.letters < 3 || shape.ink <= 4;
  if (shape.ink == 1) return !IsHan(line.front());
  if (shape.gaps >= 2 && shape.han * 3 < shape.ink * 2 && shape.digits * 2 < shape.ink) {
    // Single glyphs scattered over the line, a punctuation mark in front: type read as dirt.
    const double per_token = static_cast<double>(shape.ink) / (shape.gaps + 1);
    return per_token < 3 || IsClauseMark(line.front());
  }
  return false;
}

}  // namespace cityinfo::articles
