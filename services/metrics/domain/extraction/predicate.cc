#include "services/metrics/domain/extraction/predicate.h"

namespace cityinfo::metrics {
namespace {

constexpr int kNearest = 3;  // characters between a movement and its value: 净增近万

// One cue before a value and what stands around it.
class CueNote {
 public:
  CueNote(const SourceText& text, const TokenStream& stream, const Stretch& stretch, int index)
      : text_(text),
        stream_(stream),
        stretch_(stretch),
        index_(index),
        token_(stream.tokens[index]) {}

  void Note(Predicate& predicate) const {
    const auto cue = static_cast<Cue>(token_.index);
    if (!NoteMovement(cue, predicate) && !NoteBound(cue, predicate)) NoteFrame(cue, predicate);
  }

 private:
  char32_t First() const { return text_.at(token_.begin); }
  char32_t Last() const { return text_.at(token_.end - 1); }
  bool LastIs(char32_t a, char32_t b) const { return Last() == a || Last() == b; }
  bool IsLong() const { return token_.end - token_.begin >= 2; }
  // Words of one character mean something only directly before the value.
  bool IsAdjacent() const { return token_.end == stretch_.end; }
  bool Counts() const { return IsLong() || IsAdjacent(); }

  void Move(bool up, Predicate& predicate) const {
    if (!Counts()) return;
    predicate.rise = up;
    predicate.fall = !up;
    if (IsLong()) predicate.verb = text_.at(token_.begin + 1);
  }

  // Levels and movements. Returns whether the cue is one.
  bool NoteMovement(Cue cue, Predicate& predicate) const {
    switch (cue) {
      case Cue::kRise:
        Move(true, predicate);
        return true;
      case Cue::kFall:
        Move(false, predicate);
        return true;
      case Cue::kReach:
        if (First() == U'占') predicate.share = true;
        if (!Counts()) return true;
        predicate.reach = true;
        predicate.already |= First() == U'已';
        if (LastIs(U'到', U'至')) predicate.rise = predicate.fall = false;
        return true;
      case Cue::kDone:
        predicate.done = true;
        predicate.cumulative |= First() == U'累';
        predicate.forecast |= First() == U'预';
        return true;
      case Cue::kCumulative:
        predicate.cumulative |= IsLong();
        predicate.reach |= LastIs(U'达', U'到');
        return true;
      case Cue::kNet:
        // 净增高新技术企业20家 counts enterprises.
        if (stretch_.end - token_.end > kNearest) {
          predicate.action = true;
          return true;
        }
        predicate.net = true;
        predicate.fall = LastIs(U'少', U'笼') || First() == U'减' || First() == U'少';
        return true;
      case Cue::kYearOnYear: {
        const char32_t third = text_.at(token_.begin + 2);
        predicate.year_on_year = true;
        predicate.sequential = First() == U'环' || third == U'月' || third == U'季';
        return true;
      }
      case Cue::kAverage:
        predicate.average = true;
        predicate.rise |= LastIs(U'长', U'增');
        predicate.fall |= Last() == U'降';
        predicate.growth_noun |= LastIs(U'速', U'幅');
        return true;
      case Cue::kGrowthNoun:
        predicate.growth_noun = true;
        predicate.fall |= First() == U'降' || First() == U'跌';
        return true;
      default:
        return false;
    }
  }

  bool NoteBound(Cue cue, Predicate& predicate) const {
    switch (cue) {
      case Cue::kOver:
        predicate.bound = Qualifier::kOver;
        return true;
      case Cue::kAbout:
        if (IsAdjacent()) predicate.bound = Qualifier::kAbout;
        return true;
      case Cue::kAtLeast:
        predicate.bound = Qualifier::kAtLeast;
        return true;
      case Cue::kAtMost:
        if (IsAdjacent()) predicate.bound = Qualifier::kAtMost;
        return true;
      default:
        return false;
    }
  }

  // Promises, lists, ranks, comparisons.
  void NoteFrame(Cue cue, Predicate& predicate) const {
    switch (cue) {
      case Cue::kRespectively:
        predicate.respectively |= IsLong();
        break;
      case Cue::kTarget:
        if (Last() == U'长') predicate.rise = true;  // 预期增长
        predicate.target |= IsLong() || token_.end >= stretch_.end - 4 ||
                            token_.begin == stretch_.begin || VerbFollows();
        break;
      case Cue::kTargetNoun:
        predicate.target_noun = true;
        break;
      case Cue::kForecast:
        predicate.forecast = true;
        break;
      case Cue::kAllot:
        predicate.allots = true;
        break;
      case Cue::kPart:
        predicate.part = true;
        break;
      case Cue::kAdverb:
        predicate.already |= First() == U'已';
        break;
      case Cue::kRank:
        predicate.rank = true;
        break;
      case Cue::kMember:
        predicate.member = true;
        break;
      case Cue::kFrom:
        predicate.from |= IsAdjacent() || TimeFollows() || RateFollows();
        break;
      case Cue::kContrast:
        predicate.contrast = true;
        predicate.fall |= First() == U'低' || First() == U'慢';
        predicate.rise |= First() == U'高' || First() == U'快';
        break;
      default:
        break;
    }
  }

  bool TimeFollows() const {
    if (index_ + 1 >= stretch_.last_token) return false;
    const Token& next = stream_.tokens[index_ + 1];
    return next.kind == TokenKind::kTime && next.begin == token_.end;
  }

  // 今年将完成…投资
  bool VerbFollows() const {
    if (index_ + 1 >= stretch_.last_token) return false;
    const Token& next = stream_.tokens[index_ + 1];
    if (next.kind != TokenKind::kCue || next.begin != token_.end || next.end - next.begin < 2) {
      return false;
    }
    switch (static_cast<Cue>(next.index)) {
      case Cue::kAction:
      case Cue::kFounding:
      case Cue::kWork:
      case Cue::kDone:
      case Cue::kReach:
      case Cue::kRise:
        return true;
      default:
        return false;
    }
  }

  // 由每人每年640元, 由原来的3家.
  bool RateFollows() const {
    if (index_ + 1 < stretch_.last_token) {
      const Token& next = stream_.tokens[index_ + 1];
      if (next.kind == TokenKind::kCue && next.begin == token_.end && next.end == stretch_.end &&
          (next.index == static_cast<int>(Cue::kPer) ||
           next.index == static_cast<int>(Cue::kAbout))) {
        return true;
      }
    }
    return text_.at(token_.end) == U'原' && stretch_.end - token_.end <= 4;
  }

  const SourceText& text_;
  const TokenStream& stream_;
  const Stretch& stretch_;
  int index_;
  const Token& token_;
};

// The subject's time, or the one it is compared with: 比2013年, 是“十二五”的1.8倍, 由2015年的5%.
void NoteTime(const SourceText& text, const TokenStream& stream, const Stretch& stretch, int index,
              Predicate& predicate) {
  const Token& token = stream.tokens[index];
  const TimeExpression& time = stream.times[token.index];
  if (time.form == TimeExpression::Form::kRunning) {
    predicate.running_time = token.index;
    return;
  }
  int before = token.begin - 1;
  while (text.at(before) == U'"') --before;
  const char32_t c = text.at(before);
  const bool takes_part = c == U'与' && text.at(before - 1) == U'参';
  const bool compares = (c == U'比' || c == U'较' || c == U'与' || c == U'由' || c == U'从' ||
                         (c == U'是' && !time.is_until)) &&
                        !takes_part;
  // 恢复至2019年同期的88%
  const bool same_time = (c == U'至' || c == U'到' || c == U'于') && text.at(token.end) == U'同' &&
                         text.at(token.end + 1) == U'期';
  // 恢复到2019年的71.3%, 相当于2015年的2.1倍
  // 达2025年全年总额的80%
  constexpr int kLongestWhole = 8;
  const bool of_then = text.at(stretch.end - 1) == U'的' &&
                       stretch.end - token.end <= kLongestWhole &&
                       (time.is_until || c == U'到' || c == U'至' || c == U'于' || c == U'为' ||
                        c == U'达' || c == U'占');
  if (compares || same_time || of_then) {
    predicate.base_time = token.index;
  } else {
    predicate.own_time = token.index;
  }
}

}  // namespace

void CollectPredicate(const SourceText& text, const TokenStream& stream, const Stretch& stretch,
                      Predicate& predicate) {
  for (int i = stretch.first_token; i < stretch.last_token; ++i) {
    const Token& token = stream.tokens[i];
    if (token.kind == TokenKind::kTime) NoteTime(text, stream, stretch, i, predicate);
    if (token.kind == TokenKind::kCue) CueNote(text, stream, stretch, i).Note(predicate);
  }
}

void NoteAction(const Token& token, Predicate& predicate) {
  if (token.kind != TokenKind::kCue || token.end - token.begin < 2) return;
  const auto cue = static_cast<Cue>(token.index);
  if (cue == Cue::kAction || cue == Cue::kWork) predicate.action = true;
  if (cue == Cue::kFounding) predicate.founding = true;
}

}  // namespace cityinfo::metrics
