#include "services/metrics/domain/extraction/figure_finder.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/metrics/domain/extraction/revision_wording.h"
#include "services/metrics/domain/extraction/section_heading.h"

namespace cityinfo::metrics {
namespace {

constexpr size_t kMostPendingNames = 12;
constexpr int kLongestSilentSubject = 14;
constexpr int kLongestPrefix = 2;   // characters before a known name: 辖内财政收入
constexpr int kLongestReport = 60;  // characters of a clause searched for a reporter

bool IsCue(const Token& token, Cue cue) {
  return token.kind == TokenKind::kCue && token.index == static_cast<int>(cue);
}

bool SeparatesClauses(TokenKind kind) {
  return kind == TokenKind::kComma || kind == TokenKind::kSemicolon || kind == TokenKind::kColon ||
         kind == TokenKind::kOpen || kind == TokenKind::kClose;
}

}  // namespace

FigureFinder::FigureFinder(const SourceText& text, const TokenStream& stream,
                           const ExtractionContext& context, bool is_term_review)
    : text_(text),
      stream_(stream),
      context_(context),
      timeline_(context.publish_date, is_term_review),
      phrases_(text, stream, *context.catalogue),
      builder_(text, stream, *context.catalogue, timeline_),
      place_code_(context.place_code),
      document_stage_(StageOfDocument(text, stream)) {}

std::vector<ExtractedFigure> FigureFinder::Run() && {
  figures_.reserve(stream_.values.size());
  int first = 0;
  const int count = static_cast<int>(stream_.tokens.size());
  for (int i = 0; i <= count; ++i) {
    if (i < count && stream_.tokens[i].kind != TokenKind::kStop) continue;
    sentence_end_ = i < count ? stream_.tokens[i].end : text_.size();
    const bool line_end = i < count && text_.at(stream_.tokens[i].begin) == U'\n';
    if (line_end) --sentence_end_;
    const size_t figures_before = figures_.size();
    ReadSentence(first, i);
    timeline_.EndSentence();
    // 2022年预算安排。…: a heading in the line of its text.
    if (!line_end && opens_paragraph_) {
      NoteHeading(Stretch{sentence_begin_, sentence_end_ - 1, first, i}, figures_before);
    }
    opens_paragraph_ = line_end;
    if (line_end) {
      NoteHeading(Stretch{sentence_begin_, sentence_end_, first, i}, figures_before);
      timeline_.EndParagraph(section_target_);
      subject_ = whole_ = Subject();
      root_text_.clear();
      paragraph_target_ = next_paragraph_target_ && !paragraph_has_value_;
      next_paragraph_target_ = paragraph_has_value_ ? false : next_paragraph_target_;
      if (paragraph_target_) next_paragraph_target_ = false;
      paragraph_has_value_ = false;
    }
    first = i + 1;
    sentence_begin_ = i < count ? stream_.tokens[i].end : text_.size();
  }
  return std::move(figures_);
}

// A line without a figure may be the heading of what is reported or promised from here on.
void FigureFinder::NoteHeading(const Stretch& line, size_t figures_before) {
  if (figures_.size() > figures_before || line.end <= line.begin) return;
  switch (TenseOfHeading(text_, stream_, line, timeline_.PublishYear())) {
    case SectionTense::kPromises:
      section_target_ = true;
      break;
    case SectionTense::kReports:
      section_target_ = false;
      break;
    case SectionTense::kUnsaid:
      break;
  }
}

void FigureFinder::ReadSentence(int first, int last) {
  sentence_target_ = paragraph_target_ || section_target_;
  sentence_stage_ =
      StageOfSentence(text_, stream_, Stretch{sentence_begin_, sentence_end_, first, last});
  if (sentence_stage_ == RevisionStage::kNone) sentence_stage_ = document_stage_;
  place_code_ = context_.place_code;
  unknown_place_ = false;
  pending_names_.clear();
  silent_subject_.clear();
  recent_.clear();
  sums_ = false;
  Stretch clause{sentence_begin_, sentence_begin_, first, first};
  for (int i = first; i <= last; ++i) {
    if (i < last && !SeparatesClauses(stream_.tokens[i].kind)) continue;
    clause.end =
        i < static_cast<int>(stream_.tokens.size()) ? stream_.tokens[i].begin : text_.size();
    clause.last_token = i;
    ReadClause(clause);
    if (i < last) {
      clause.begin = stream_.tokens[i].end;
      clause.first_token = i + 1;
      if (stream_.tokens[i].kind == TokenKind::kSemicolon) {
        pending_names_.clear();
        sums_ = false;
      }
    }
  }
}

void FigureFinder::ReadClause(const Stretch& clause) {
  if (clause.end <= clause.begin) return;
  Stretch words{clause.begin, clause.begin, clause.first_token, clause.first_token};
  const size_t figures_before = figures_.size();
  int named_until = 0;
  predicate_ = Predicate();
  listed_ = 0;
  for (int i = clause.first_token; i < clause.last_token; ++i) {
    if (stream_.tokens[i].kind != TokenKind::kValue) continue;
    const ValueToken& value = ValueAt(i);
    if (!value.is_upper) {
      words.end = value.unit_class == UnitClass::kPercent && value.unit_begin < value.number.begin
                      ? value.begin
                      : stream_.tokens[i].begin;
      words.last_token = i;
      named_until = ReadValue(clause, words, i);
    }
    words.begin = stream_.tokens[i].end;
    words.first_token = i + 1;
    // 8个村、3个社区: the noun belongs to the value before it.
    const char32_t next = text_.at(named_until);
    if (named_until > words.begin && (next == U'、' || next == U'和' || next == U'及')) {
      words.begin = named_until;
      while (words.first_token < clause.last_token &&
             stream_.tokens[words.first_token].begin < named_until) {
        ++words.first_token;
      }
    }
  }
  words.last_token = clause.last_token;
  if (figures_.size() > figures_before) {
    ReadRest(words);
    pending_names_.clear();
    silent_subject_.clear();
    paragraph_has_value_ = true;
  } else {
    ReadClauseWithoutValue(clause);
  }
}

bool FigureFinder::PromisesByNoun(const Stretch& stretch) const {
  for (int i = stretch.first_token; i < stretch.last_token; ++i) {
    const Token& token = stream_.tokens[i];
    if (!IsCue(token, Cue::kTargetNoun)) continue;
    const char32_t next = text_.at(token.end);
    if (next == U':' || next == U'是' || next == U'为' || next == U'\n' ||
        token.end >= stretch.end) {
      // 围绕翻番的目标，…: a goal in passing, not the head of a list of promises.
      if (next == U',' && token.end - token.begin == 2) continue;
      // 完成预期目标, 高于预期目标 tell of the past.
      const char32_t before = text_.at(token.begin - 1);
      if (before != U'成' && before != U'于' && before != U'现' && before != U'过' &&
          before != U'到')
        return true;
    }
  }
  return false;
}

// What stands behind the last value of a clause names nothing, but may speak of the time or the
// promise of what follows.
void FigureFinder::ReadRest(Stretch rest) {
  for (const int end = rest.last_token; rest.first_token < end; ++rest.first_token) {
    const Token& token = stream_.tokens[rest.first_token];
    if (token.kind == TokenKind::kTime && stream_.times[token.index].is_report) {
      timeline_.Observe(stream_.times[token.index]);
    }
  }
}

// 分级次看, 按经营地分: the whole is looked at from another side.
bool FigureFinder::TurnsToWhole(const Stretch& clause) const {
  constexpr int kLongest = 10;  // characters
  const char32_t first = text_.at(clause.begin);
  const char32_t last = text_.at(clause.end - 1);
  return clause.end - clause.begin <= kLongest &&
         (first == U'分' || first == U'按' || first == U'从') && (last == U'看' || last == U'分');
}

void FigureFinder::ReadClauseWithoutValue(const Stretch& clause) {
  if (TurnsToWhole(clause) && whole_.known()) subject_ = whole_;
  const Phrase phrase = phrases_.Read(clause);
  const Predicate& predicate = phrase.predicate;
  if (predicate.base_time >= 0 && predicate.own_time < 0) {
    timeline_.ObserveBase(stream_.times[predicate.base_time]);
  }
  ObserveTimes(predicate, clause);
  if (predicate.target_noun && PromisesByNoun(clause)) {
    sentence_target_ = true;
    next_paragraph_target_ = true;
  }
  if (predicate.running_time >= 0) ReadRunningYears(clause, phrase);
  // 位居全国前列, 被评为全省先进: another place than the one the sentence is about.
  if (!predicate.rank && !predicate.member) {
    Statement unused;
    Place(phrase, unused);
  }
  if (phrase.list_begin < clause.end && clause.end - phrase.list_begin <= 40) {
    if (pending_names_.size() == kMostPendingNames) pending_names_.erase(pending_names_.begin());
    pending_names_.push_back(text_.Printed(phrase.list_begin, clause.end));
  }
  NoteSilentSubject(clause, phrase);
  // 居民消费价格温和上涨，涨幅为2%: a known name at the head of a clause is what it speaks of.
  for (int i = clause.first_token; i < clause.last_token; ++i) {
    const Token& token = stream_.tokens[i];
    if (token.kind != TokenKind::kName) continue;
    const int ahead = token.begin - phrase.list_begin;
    const bool tokens_ahead =
        i > clause.first_token && stream_.tokens[i - 1].end > phrase.list_begin;
    if (ahead >= 0 && ahead <= kLongestPrefix && !tokens_ahead) {
      subject_ = Subject();
      subject_.text = text_.Printed(phrase.list_begin, token.end);
      subject_.indicator = ahead == 0 ? token.index : -1;
      subject_.is_flow = context_.catalogue->indicators()[token.index].is_flow;
    }
    break;
  }
}

// 辖内财政收入迈过千亿大关，达1330亿元: what a clause without a value speaks of, up to its verb.
void FigureFinder::NoteSilentSubject(const Stretch& clause, const Phrase& phrase) {
  silent_subject_.clear();
  for (int i = clause.first_token; i < clause.last_token; ++i) {
    const Token& token = stream_.tokens[i];
    const int length = token.begin - phrase.list_begin;
    if (token.kind != TokenKind::kCue || length <= 0 || token.end - token.begin < 2) continue;
    const bool says = IsCue(token, Cue::kReach) || IsCue(token, Cue::kOver) ||
                      IsCue(token, Cue::kRise) || IsCue(token, Cue::kFall) ||
                      IsCue(token, Cue::kAdverb) || IsCue(token, Cue::kRank);
    if (!says) return;
    if (length >= 2 && length <= kLongestSilentSubject) {
      silent_subject_ = text_.Printed(phrase.list_begin, token.begin);
    }
    return;
  }
}

// 连续5年入选百强县: the years themselves are the figure.
void FigureFinder::ReadRunningYears(const Stretch& clause, const Phrase& phrase) {
  const TimeExpression& time = stream_.times[phrase.predicate.running_time];
  int at = time.begin;
  while (at < time.end && !IsDigit(text_.at(at))) ++at;
  if (at >= time.end) return;
  int token = clause.first_token;
  while (token < clause.last_token && stream_.tokens[token].end <= time.end) ++token;
  Stretch rest{time.end, clause.end, token, clause.last_token};
  while (token < clause.last_token && stream_.tokens[token].begin == rest.begin &&
         stream_.tokens[token].kind == TokenKind::kCue) {
    rest.begin = stream_.tokens[token++].end;
  }
  const Stretch noun = phrases_.NounAfter(rest.begin, rest.end, token);
  if (noun.end <= noun.begin) return;
  ExtractedFigure figure;
  figure.indicator_text = text_.Printed(noun.begin, noun.end);
  figure.place_code = place_code_;
  figure.value.printed = text_.Verbatim(at, time.end);
  figure.value.span = text_.Span(at, time.end);
  figure.value.exact_value = std::to_string(time.first);
  figure.value.value = time.first;
  figure.unit = figure.base_unit = "年";
  PeriodQuestion question;
  question.running = &time;
  const PeriodAnswer answer = timeline_.Answer(question);
  figure.period = answer.period;
  figure.quote_span =
      text_.Span(std::max(sentence_begin_, at - 200), std::min(sentence_end_, at + 200));
  figure.quote =
      text_.Verbatim(std::max(sentence_begin_, at - 200), std::min(sentence_end_, at + 200));
  figure.reasons = {Doubt::kUnknownIndicator};
  figure.doubt = 0.2;
  figures_.push_back(std::move(figure));
}

// 记者8月23日从统计局获悉: the day of the news, not of its figures.
bool FigureFinder::Reports(const Stretch& words) const {
  static constexpr const char32_t* kWords[] = {U"记者", U"获悉", U"发布",   U"公布", U"召开",
                                               U"举行", U"报道", U"本报讯", U"消息"};
  const int end = std::min(words.end, words.begin + kLongestReport);
  for (int i = words.begin; i + 1 < end; ++i) {
    for (const char32_t* word : kWords) {
      if (text_.at(i) == word[0] && text_.at(i + 1) == word[1]) return true;
    }
  }
  return false;
}

void FigureFinder::ObserveTimes(const Predicate& predicate, const Stretch& words) {
  const bool reports = Reports(words);
  if (reports) timeline_.ForgetDay();
  // 恢复到2019年的71% measures by a year, 由2012年的312亿元 and 是2012年的2.9倍 start from one.
  if (predicate.base_time >= 0 && predicate.own_time < 0) {
    const TimeExpression& base = stream_.times[predicate.base_time];
    if (predicate.from || text_.at(base.begin - 1) == U'是') timeline_.NoteBase(base);
  }
  if (predicate.own_time < 0) return;
  const TimeExpression& time = stream_.times[predicate.own_time];
  if (reports && time.form == TimeExpression::Form::kDay) return;
  // 围绕未来五年的合作 speaks of no time.
  if (time.form == TimeExpression::Form::kNextYears && text_.at(time.end) == U'的') return;
  timeline_.Observe(time);
}

// 500万元以上固定资产投资, 总投资超15亿元的项目38个: the value belongs to the name that follows.
bool FigureFinder::IsThreshold(const Stretch& clause, const ValueToken& value, int at,
                               const Predicate& predicate) const {
  if (value.unit_class != UnitClass::kAmount || value.bound_end >= clause.end) return false;
  // 年收入20—60万元群体
  const int behind = value.upper >= 0 ? stream_.values[value.upper].bound_end : value.bound_end;
  if (text_.at(behind) == U'群' && text_.at(behind + 1) == U'体') return true;
  const bool suffixed = value.bound == Qualifier::kAtLeast || value.bound == Qualifier::kAtMost;
  const char32_t next = text_.at(value.bound_end);
  const bool of = next == U'的';
  // 产值过10亿元企业12家
  static constexpr const char32_t* kKinds[] = {U"企业", U"项目", U"园区", U"乡镇"};
  const int thing = behind + (text_.at(behind) == U'的' ? 1 : 0);
  bool kind = text_.at(thing) == U'村';
  for (const char32_t* word : kKinds) {
    kind |= text_.at(thing) == word[0] && text_.at(thing + 1) == word[1];
  }
  const char32_t before = text_.at(value.begin - 1);
  const bool over = predicate.bound == Qualifier::kOver || before == U'过' || before == U'超';
  if (kind && over && value.base_unit == "元") return true;
  if (!suffixed && !(of && predicate.bound != Qualifier::kExact)) return false;
  const Token* token = at + 1 < clause.last_token ? &stream_.tokens[at + 1] : nullptr;
  const bool text_follows =
      token == nullptr || token->begin > value.bound_end || token->kind == TokenKind::kName;
  if (!text_follows) return false;
  const int begin = value.bound_end + (of ? 1 : 0);
  static constexpr const char32_t* kClosing[] = {U"水平", U"大关", U"台阶", U"规模", U"目标"};
  for (const char32_t* word : kClosing) {
    if (text_.at(begin) == word[0] && text_.at(begin + 1) == word[1]) return false;
  }
  return true;
}

std::string FigureFinder::PlaceOf(Scope scope) const {
  const char* level = nullptr;
  switch (scope) {
    case Scope::kNation:
      level = "nation";
      break;
    case Scope::kProvince:
      level = "province";
      break;
    case Scope::kPrefecture:
      level = "prefecture";
      break;
    case Scope::kHere:
    case Scope::kInside:
      return context_.place_code;
  }
  const struct Place* place = context_.catalogue->FindAround(context_.place_code, level);
  if (place != nullptr) return place->code;
  return scope == Scope::kNation ? "100000" : "";
}

void FigureFinder::Place(const Phrase& phrase, Statement& statement) {
  if (phrase.place >= 0) {
    place_code_ = context_.catalogue->places()[phrase.place].code;
    unknown_place_ = false;
  } else if (phrase.scope) {
    place_code_ = PlaceOf(*phrase.scope);
    unknown_place_ = place_code_.empty();
  } else if (phrase.unknown_place) {
    // A text about a place that the catalogue does not have means that place by it.
    const bool about_unknown = context_.catalogue->FindPlace(context_.place_code) == nullptr;
    place_code_ = about_unknown ? context_.place_code : "";
    unknown_place_ = !about_unknown;
  }
  statement.place_code = place_code_;
  statement.unknown_place = unknown_place_;
}

void FigureFinder::Emit(Statement statement) {
  statement.sentence_target = sentence_target_;
  statement.stage = sentence_stage_;
  statement.sentence_begin = sentence_begin_;
  statement.sentence_end = sentence_end_;
  figures_.push_back(builder_.Build(statement));
  timeline_.HoldOpening();
}

}  // namespace cityinfo::metrics
