#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/metrics/domain/extraction/extractor.h"
#include "services/metrics/domain/extraction/figure_builder.h"
#include "services/metrics/domain/extraction/phrase.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/extraction/statement.h"
#include "services/metrics/domain/extraction/timeline.h"

namespace cityinfo::metrics {

// Walks over a document sentence by sentence and clause by clause, hands what one clause leaves out
// (subject, place, time, promise) on to the next, and collects the figures.
class FigureFinder {
 public:
  FigureFinder(const SourceText& text, const TokenStream& stream, const ExtractionContext& context,
               bool is_term_review);

  std::vector<ExtractedFigure> Run() &&;

 private:
  void NoteHeading(const Stretch& line, size_t figures_before);
  void ReadSentence(int first, int last);
  void ReadClause(const Stretch& clause);
  bool TurnsToWhole(const Stretch& clause) const;
  void ReadClauseWithoutValue(const Stretch& clause);
  void ReadRest(Stretch rest);
  void NoteSilentSubject(const Stretch& clause, const Phrase& phrase);
  void ReadRunningYears(const Stretch& clause, const Phrase& phrase);
  // Judges the value at token `at` by the words before it; makes a figure of it unless it is none.
  // Returns where the words before the next value begin.
  int ReadValue(const Stretch& clause, const Stretch& words, int at);
  void ContinueStatement(Statement& statement);
  bool BeginStatement(const Stretch& clause, const Stretch& words, int at, Statement& statement);

  bool IsThreshold(const Stretch& clause, const ValueToken& value, int at,
                   const Predicate& predicate) const;
  bool ContinuesList(const Stretch& words) const;
  int CountListedValues(const Stretch& clause, int at) const;
  bool PromisesByNoun(const Stretch& stretch) const;

  void NameSubject(const Stretch& clause, const Phrase& phrase, int at, Statement& statement);
  void NameListed(const Stretch& clause, const Phrase& phrase, int at, Statement& statement);
  bool NameByNoun(const Stretch& clause, const Phrase& phrase, int at, Statement& statement);
  bool NameAsShareOfBudget(const Phrase& phrase, const ValueToken& value, Statement& statement);
  bool CountsWhatFollows(const Phrase& phrase, const ValueToken& value) const;
  void Inherit(const Predicate& predicate, int at, const Subject& before,
               Statement& statement) const;
  void NameShare(const Phrase& phrase, const Subject& before, Statement& statement);
  std::vector<ListedName> SplitAroundRespectively(const std::string& list, int count) const;
  void NameFromClauseBefore(int count, Subject& list) const;
  bool ListsNames(const Stretch& clause, const Phrase& phrase, int at) const;
  bool NamesItself(const ValueToken& value) const;
  void TakeOverMovement(bool has_name, const ValueToken& value, Statement& statement);
  bool IsLevelOfOffice(const Phrase& phrase) const;
  bool IsBareTotal(const Phrase& phrase) const;
  bool IsBareRatio(const Phrase& phrase) const;
  bool CountsAnew(const ValueToken& value, int at) const;
  void NameRankedPart(const Subject& before, Subject& subject) const;
  void NameIndustries(Subject& subject) const;
  bool IsNoun(const Stretch& noun) const;
  void RememberSubject(const Statement& statement);
  Subject SubjectOf(const Phrase& phrase) const;
  void CompleteFromRoot(Subject& subject) const;
  void Place(const Phrase& phrase, Statement& statement);
  std::string PlaceOf(Scope scope) const;
  void ObserveTimes(const Predicate& predicate, const Stretch& words);
  bool Reports(const Stretch& words) const;
  void Emit(Statement statement);

  const ValueToken& ValueAt(int token) const { return stream_.values[stream_.tokens[token].index]; }

  const SourceText& text_;
  const TokenStream& stream_;
  const ExtractionContext& context_;
  Timeline timeline_;
  PhraseReader phrases_;
  FigureBuilder builder_;
  std::vector<ExtractedFigure> figures_;

  // What one clause hands on to the next.
  Subject subject_;     // of the last value
  Subject whole_;       // of the first value of the paragraph
  Subject share_base_;  // of the last share, what it is a share of: 税收 in 税收占收入的90%
  std::string root_text_;  // the last subject named in full: 污水处理厂 before 总投资
  Predicate predicate_;    // of the last value
  std::vector<ListedName> recent_;  // the subjects of the sentence so far, for 分别
  int listed_ = 0;                  // how many values of the current list were read
  bool uneven_ = false;
  bool list_broken_ = false;  // the number before this one was no figure
  bool sums_ = false;         // the sentence adds up: 五年累计…
  bool last_moved_ = false;   // the value before this one was a growth: 增长8%
  bool after_plan_ = false;   // the value before this one was what was planned: 预算9000万元
  std::string place_code_;
  bool unknown_place_ = false;
  RevisionStage document_stage_;
  RevisionStage sentence_stage_ = RevisionStage::kNone;
  bool sentence_target_ = false;
  bool opens_paragraph_ = true;
  bool section_target_ = false;  // under a heading of promises
  bool paragraph_target_ = false;
  bool next_paragraph_target_ = false;
  bool paragraph_has_value_ = false;
  std::vector<std::string> pending_names_;  // clauses without a value before this one
  std::string silent_subject_;  // what the clause without a value before this one speaks of
  int sentence_begin_ = 0;
  int sentence_end_ = 0;
};

}  // namespace cityinfo::metrics
