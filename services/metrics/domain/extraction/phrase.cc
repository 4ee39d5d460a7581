#include "services/metrics/domain/extraction/phrase.h"

#include <algorithm>
#include <string>

namespace cityinfo::metrics {
namespace {

constexpr int kLongestName = 40;
// 百强企业实现产值: the words around 实现 are one name if the first are few.
constexpr int kLongestDoer = 14;

bool IsOneOf(char32_t c, const char32_t* set) {
  for (; *set != 0; ++set) {
    if (*set == c) return true;
  }
  return false;
}

// Words of one character that may stand between a name and its value.
bool IsLooseEnd(char32_t c) {
  return IsOneOf(c,
                 U"达为超近约逾仅只已将均各了是有共计在至于到的得以多再又也就还高并且使让把对第中\""
                 U"、,和与及(:");
}

bool IsLooseFront(char32_t c) {
  return IsOneOf(c, U"和与及并且使将的在对中以后等了,、:。)而但因从由按随是为有其让把各则间");
}

bool IsIdeograph(char32_t c) { return c >= U'一' && c <= U'鿿'; }

// 中型水库, 中央投资, 中小学: not 中 of 在…中.
bool BeginsNoun(const SourceText& text, int begin) {
  if (text.at(begin) != U'中') return false;
  return !IsIdeograph(text.at(begin - 1)) ||
         IsOneOf(text.at(begin + 1), U"型小央学药等心部国高级华医队");
}

// Characters of (一), 一是 or 1. at the front of a heading or an enumeration, 0 when there are
// none.
int EnumeratorLength(const SourceText& text, int begin) {
  const bool bracket = text.at(begin) == U'(';
  int i = begin + (bracket ? 1 : 0);
  const int first = i;
  while (i - first < 3 && (IsDigit(text.at(i)) || IsChineseNumeral(text.at(i)))) ++i;
  if (i == first) return 0;
  if (bracket) return text.at(i) == U')' ? i + 1 - begin : 0;
  return text.at(i) == U'是' || (text.at(i) == U'.' && !IsDigit(text.at(i + 1))) ? i + 1 - begin
                                                                                 : 0;
}

// A cue that ends a name wherever it stands.
bool Breaks(Cue cue, int length) {
  switch (cue) {
    case Cue::kYearOnYear:
    case Cue::kAverage:
    case Cue::kRespectively:
    case Cue::kNet:
    case Cue::kPart:
    case Cue::kContrast:
    case Cue::kTargetNoun:
      return true;
    case Cue::kRise:
    case Cue::kFall:
    case Cue::kReach:
    case Cue::kOver:
    case Cue::kDone:
    case Cue::kForecast:
    case Cue::kTarget:
    case Cue::kCumulative:
    case Cue::kMember:
      return length >= 2;
    default:
      return false;
  }
}

}  // namespace

// Takes away, from the end, everything between the name and its value.
bool PhraseReader::TrimsToken(const Stretch& stretch, const Token& token) const {
  switch (token.kind) {
    case TokenKind::kTime:
    case TokenKind::kListComma:
    case TokenKind::kComma:
    case TokenKind::kColon:
    case TokenKind::kOpen:
      return true;
    case TokenKind::kPlace:
      return text_.at(token.begin - 1) == U'比' || text_.at(token.begin - 1) == U'较';
    case TokenKind::kCue:
      // 以旧换新211万辆: one character is a verb only where no word holds it.
      if (IsCue(token, Cue::kAction) && token.end - token.begin == 1 &&
          token.begin > stretch.begin && IsIdeograph(text_.at(token.begin - 1)) &&
          !IsLooseEnd(text_.at(token.begin - 1))) {
        return false;
      }
      // 棚户区改造5万户: the work is what is counted, unless nothing stands before it.
      return !IsCue(token, Cue::kPart) &&
             (!IsCue(token, Cue::kWork) || token.begin == stretch.begin);
    default:
      return false;
  }
}

int PhraseReader::TrimEnd(const Stretch& stretch, int& last_token, Predicate& predicate) const {
  int end = stretch.end;
  bool time_follows = false;
  bool others = false;  // a place that the value is compared with: 比全国高
  while (end > stretch.begin) {
    const Token* token =
        last_token > stretch.first_token ? &stream_.tokens[last_token - 1] : nullptr;
    if (token != nullptr && token->end > end) {
      --last_token;  // a token half cut away by a loose end
      continue;
    }
    if (token != nullptr && token->end == end) {
      if (!TrimsToken(stretch, *token)) break;
      NoteAction(*token, predicate);
      if (IsCue(*token, Cue::kAction) || IsCue(*token, Cue::kFounding))
        predicate.verb_before_value = true;
      time_follows = token->kind == TokenKind::kTime;
      others = token->kind == TokenKind::kPlace || IsCue(*token, Cue::kScope);
      end = token->begin;
      --last_token;
      continue;
    }
    const char32_t c = text_.at(end - 1);
    const bool compares = c == U'比' || c == U'较';
    const bool total = c == U'计' && IsOneOf(text_.at(end - 2), U"总合小");  // 收入总计
    if (total) break;
    if (!IsLooseEnd(c) && !((time_follows || others) && (compares || c == U'由' || c == U'从')) &&
        !(end == stretch.end && IsOneOf(c, U"高低快慢"))) {
      break;
    }
    --end;
  }
  return end;
}

// 总票房(含预售): what stands in brackets ends no name.
bool PhraseReader::IsInBrackets(const Token& token, int begin, int end) const {
  constexpr int kLongestRemark = 12;  // characters on either side
  for (int i = token.begin - 1; i >= std::max(begin, token.begin - kLongestRemark); --i) {
    if (text_.at(i) == U')') return false;
    if (text_.at(i) != U'(') continue;
    for (int k = token.end; k < std::min(end, token.end + kLongestRemark); ++k) {
      if (text_.at(k) == U')') return true;
    }
    return false;
  }
  return false;
}

int PhraseReader::FindNameBegin(const Stretch& stretch, int end, int last_token,
                                Phrase& phrase) const {
  int begin = stretch.begin;
  for (int i = stretch.first_token; i < last_token; ++i) {
    const Token& token = stream_.tokens[i];
    if (token.end > end) break;
    if (token.kind == TokenKind::kColon || token.kind == TokenKind::kOpen ||
        token.kind == TokenKind::kClose || token.kind == TokenKind::kTime ||
        token.kind == TokenKind::kValue) {
      begin = token.end;
      phrase.skip_begin = phrase.skip_end = 0;
      continue;
    }
    if (token.kind != TokenKind::kCue) continue;
    const auto cue = static_cast<Cue>(token.index);
    if (!Breaks(cue, token.end - token.begin) || IsInBrackets(token, begin, end)) continue;
    const char32_t first = text_.at(token.begin);
    if (cue == Cue::kReach && first == U'占') continue;  // 占…比重 is a name
    if (cue == Cue::kDone && token.begin > begin && token.begin - begin <= kLongestDoer &&
        IndicatorOf(token.end, end) < 0) {
      bool tokens_before = false;
      for (int k = i - 1; k >= stretch.first_token && stream_.tokens[k].end > begin; --k) {
        const Token& before = stream_.tokens[k];
        const bool doer = before.kind == TokenKind::kName && before.end == token.begin &&
                          IsOutput(token.end, end);
        tokens_before |= !doer && (before.kind != TokenKind::kCue ||
                                   (IsCue(before, Cue::kAction) && before.end - before.begin >= 2));
      }
      if (!tokens_before) {
        phrase.skip_begin = token.begin;
        phrase.skip_end = token.end;
        continue;
      }
    }
    phrase.skip_begin = phrase.skip_end = 0;
    begin = token.end;
  }
  return begin;
}

// 西安市规模以上工业增加值: a place that the catalogue does not know stands before a name it knows.
bool PhraseReader::TakeUnknownPlace(int& begin, int end) const {
  for (int i = begin + 2; i < end && i <= begin + 6; ++i) {
    const char32_t c = text_.at(i - 1);
    if (c != U'市' && c != U'县' && c != U'区' && c != U'州' && c != U'省' && c != U'旗' &&
        c != U'镇')
      continue;
    const PhraseTrie::Match name = catalogue_.indicator_names().Longest(text_.data(), i, end);
    const bool region =
        c == U'区' && i >= begin + 3 &&
        (text_.at(i - 2) == U'理' || text_.at(i - 2) == U'发' || text_.at(i - 2) == U'新');
    if (name || region || text_.at(i) == U'区') {
      begin = text_.at(i) == U'区' ? i + 1 : i;
      return true;
    }
  }
  return false;
}

// Takes away, from the front, who it is about, when, and words that lead to the name.
void PhraseReader::StripFront(const Stretch& stretch, Phrase& phrase, int& begin, int end) const {
  int i = stretch.first_token;
  while (begin < end) {
    if (const int after = EndOfSuperlative(begin, end); after > 0) begin = after;
    while (i < stretch.last_token && stream_.tokens[i].begin < begin) ++i;
    const Token* token =
        i < stretch.last_token && stream_.tokens[i].begin == begin ? &stream_.tokens[i] : nullptr;
    if (token != nullptr && token->end <= end) {
      if (token->kind == TokenKind::kName) break;
      if (token->kind == TokenKind::kPlace) {
        phrase.place = token->index;
      } else if (IsCue(*token, Cue::kScope)) {
        phrase.scope = ScopeOf(text_.data(), token->begin, token->end);
      } else if (token->kind == TokenKind::kCue && IsCue(*token, Cue::kReach) &&
                 text_.at(token->begin) == U'占') {
        break;
      } else if (IsCue(*token, Cue::kAdverb) && token->end - token->begin == 2 &&
                 text_.at(token->begin + 1) == U'均') {
        break;  // 平均利率
      } else if (text_.at(token->begin) == U'最' &&
                 (IsCue(*token, Cue::kAtMost) || IsCue(*token, Cue::kAtLeast))) {
        break;  // 最高海拔
      } else if (token->kind == TokenKind::kCue && token->end - token->begin == 1 &&
                 !IsCue(*token, Cue::kCumulative) && !IsCue(*token, Cue::kAdverb) &&
                 !IsCue(*token, Cue::kTarget)) {
        break;  // the first character of a word
      } else if (end - token->end == 1) {
        break;  // 覆盖面: the rest is no name
      } else if (token->kind == TokenKind::kCue) {
        NoteAction(*token, phrase.predicate);
      }
      begin = token->end;
      continue;
    }
    if (const int enumerator = EnumeratorLength(text_, begin);
        enumerator > 0 && begin + enumerator < end) {
      begin += enumerator;
      continue;
    }
    // 加上年结余, 加上级补助收入
    if (text_.at(begin) == U'加' && text_.at(begin + 1) == U'上' &&
        IsOneOf(text_.at(begin + 2), U"年级解") && end - begin > 3) {
      ++begin;
      break;
    }
    if (!IsLooseFront(text_.at(begin)) || BeginsNoun(text_, begin)) {
      if (TakeUnknownPlace(begin, end)) {
        phrase.unknown_place = true;
        continue;
      }
      break;
    }
    ++begin;
  }
}

// 对投资增长的贡献率达61%: words of movement before the name are a part of what it is about.
void PhraseReader::KeepPredicateBehind(const Stretch& stretch, int name_end,
                                       Predicate& predicate) const {
  if (!predicate.rise && !predicate.fall && !predicate.growth_noun) return;
  Predicate behind;
  int first = stretch.first_token;
  while (first < stretch.last_token && stream_.tokens[first].begin < name_end) ++first;
  CollectPredicate(text_, stream_, Stretch{name_end, stretch.end, first, stretch.last_token},
                   behind);
  if (predicate.net) return;
  predicate.rise = behind.rise;
  predicate.fall = behind.fall;
  predicate.verb = behind.verb;
  predicate.growth_noun = behind.growth_noun;
  predicate.year_on_year &=
      behind.year_on_year || predicate.rise || predicate.fall || predicate.growth_noun;
}

Phrase PhraseReader::Read(const Stretch& stretch) const {
  Phrase phrase;
  CollectPredicate(text_, stream_, stretch, phrase.predicate);
  int last_token = stretch.last_token;
  const int end = TrimEnd(stretch, last_token, phrase.predicate);
  int begin = FindNameBegin(stretch, end, last_token, phrase);
  phrase.list_begin = stretch.begin;
  const Predicate collected = phrase.predicate;
  StripFront(Stretch{stretch.begin, end, stretch.first_token, last_token}, phrase,
             phrase.list_begin, end);
  phrase.predicate = collected;
  StripFront(Stretch{begin, end, stretch.first_token, last_token}, phrase, begin, end);
  if ((phrase.predicate.contrast || PullsByPoints(stretch)) &&
      NameBeforeContrast(stretch, begin, last_token, phrase)) {
    return phrase;
  }
  if (ComparesOnly(begin, end, stretch.end)) {
    begin = end;
    phrase.predicate.contrast = true;
  } else if (IsBareHead(begin, end)) {
    const int head = begin;
    begin = BeginWithVerb(stretch, begin, last_token, phrase);
    if (begin < head) phrase.predicate.founding = false;  // 投产面积
  }
  phrase.name_begin = std::max(begin, end - kLongestName);
  phrase.name_end = end;
  if (text_.at(phrase.name_begin) == U'"') {
    // "项目总投资: speech begins before the name.
    int quotes = 0;
    for (int i = phrase.name_begin; i < end; ++i) quotes += text_.at(i) == U'"';
    if (quotes == 1 && text_.at(end) == U'"') {
      ++phrase.name_end;  // "八项支出"
    } else if (quotes == 1 && begin + 1 < end) {
      ++phrase.name_begin;
    }
  }
  if (last_token > stretch.first_token && stream_.tokens[last_token - 1].end == end &&
      stream_.tokens[last_token - 1].begin > begin &&
      IsCue(stream_.tokens[last_token - 1], Cue::kWork)) {
    phrase.predicate.action = true;  // 易地扶贫搬迁9862人
  }
  if (begin < end) KeepPredicateBehind(stretch, end, phrase.predicate);
  if (!phrase.predicate.respectively) PreferKnownPiece(stretch, last_token, phrase);
  phrase.indicator = IndicatorOf(phrase.name_begin, phrase.name_end);
  const char32_t front = text_.at(phrase.name_begin);
  if (phrase.indicator < 0 && (front == U'年' || front == U'总')) {
    // 年接待游客: the word before a known name adds nothing.
    phrase.indicator = IndicatorOf(phrase.name_begin + 1, phrase.name_end);
    if (phrase.indicator >= 0) ++phrase.name_begin;
  }
  return phrase;
}

// The last piece of an enumeration that is a known name by itself is the name.
void PhraseReader::PreferKnownPiece(const Stretch& stretch, int last_token, Phrase& phrase) const {
  for (int i = last_token - 1; i >= stretch.first_token; --i) {
    const Token& token = stream_.tokens[i];
    if (token.begin < phrase.name_begin) return;
    if (token.kind != TokenKind::kListComma) continue;
    int tail = token.end;
    StripFront(Stretch{tail, phrase.name_end, i + 1, last_token}, phrase, tail, phrase.name_end);
    if (IndicatorOf(tail, phrase.name_end) >= 0) phrase.name_begin = tail;
    return;
  }
}

int PhraseReader::IndicatorOf(int begin, int end) const {
  if (begin >= end) return -1;
  const PhraseTrie::Match match = catalogue_.indicator_names().Longest(text_.data(), begin, end);
  if (!match) return -1;
  const int rest = begin + match.length;
  if (rest == end) return match.value;
  // 固定资产投资规模: words that add nothing.
  static constexpr const char32_t* kNeutral[] = {
      U"规模", U"总量", U"总额",  U"总数",   U"数",   U"数量",     U"额",         U"水平",
      U"增速", U"情况", U"(GDP)", U"增加额", U"人数", U"座",       U"总规模",     U"总体",
      U"比例", U"累计", U"总值",  U"值",     U"同比", U"(同口径)", U"(可比口径)", U"(自然口径)"};
  for (const char32_t* word : kNeutral) {
    int i = 0;
    while (word[i] != 0 && rest + i < end && text_.at(rest + i) == word[i]) ++i;
    if (word[i] == 0 && rest + i == end) return match.value;
  }
  return -1;
}

Stretch PhraseReader::NounAfter(int begin, int end, int first_token) const {
  Stretch noun{begin, begin, first_token, first_token};
  int i = first_token;
  while (noun.begin < end && (text_.at(noun.begin) == U'的' || text_.at(noun.begin) == U'"'))
    ++noun.begin;
  noun.end = noun.begin;
  while (noun.end < end && noun.end - noun.begin < 16) {
    while (i < static_cast<int>(stream_.tokens.size()) && stream_.tokens[i].end <= noun.end) ++i;
    if (i < static_cast<int>(stream_.tokens.size()) && stream_.tokens[i].begin <= noun.end) {
      const Token& token = stream_.tokens[i];
      if (token.kind == TokenKind::kName || token.kind == TokenKind::kPlace) {
        noun.end = token.end;
        continue;
      }
      if (IsCue(token, Cue::kAction) && token.end == token.begin + 1) {
        noun.end = token.end;  // 建制镇, 种鸡
        continue;
      }
      break;
    }
    if (IsOneOf(text_.at(noun.end), U"和与及的在被将已均全都为是了等到以等\"《》()")) break;
    ++noun.end;
  }
  noun.end = std::min(noun.end, end);
  // 6个城镇组群中: among them.
  while (noun.end > noun.begin && IsOneOf(text_.at(noun.end - 1), U"中里内")) --noun.end;
  return noun;
}

}  // namespace cityinfo::metrics
