#pragma once

#include <optional>
#include <string>

#include "services/metrics/domain/catalogue/catalogue.h"
#include "services/metrics/domain/extraction/lexer.h"
#include "services/metrics/domain/extraction/predicate.h"
#include "services/metrics/domain/extraction/source_text.h"
#include "services/metrics/domain/measure.h"

namespace cityinfo::metrics {

// The words between two values (or the start of a clause and its first value): a name and what is
// said of it.
struct Phrase {
  Predicate predicate;
  int name_begin = 0;  // characters; equal: no name
  int name_end = 0;
  int skip_begin = 0;  // a verb inside the name that is no part of it: 企业[实现]产值; equal: none
  int skip_end = 0;
  int list_begin = 0;  // where a coordinated list of names begins, for 分别
  int indicator = -1;  // of the catalogue, when the name is one as a whole
  // Who: a place of the catalogue, a scope word, or a place that the catalogue does not know.
  int place = -1;
  std::optional<Scope> scope;
  bool unknown_place = false;

  bool has_name() const { return name_end > name_begin; }
};

class PhraseReader {
 public:
  PhraseReader(const SourceText& text, const TokenStream& stream, const Catalogue& catalogue)
      : text_(text), stream_(stream), catalogue_(catalogue) {}

  // The words before a value.
  Phrase Read(const Stretch& stretch) const;

  // The words before a value with `name` alone, already cut out: which indicator is it?
  int IndicatorOf(int begin, int end) const;

  // The noun that follows a value (22个特色小镇): from `begin` to the next word that is no noun, at
  // most to `end`. Empty when there is none.
  Stretch NounAfter(int begin, int end, int first_token) const;

 private:
  int TrimEnd(const Stretch& stretch, int& last_token, Predicate& predicate) const;
  bool NameBeforeContrast(const Stretch& stretch, int begin, int last_token, Phrase& phrase) const;
  bool IsPull(const Token& token) const;
  bool PullsByPoints(const Stretch& stretch) const;
  void PreferKnownPiece(const Stretch& stretch, int last_token, Phrase& phrase) const;
  void KeepPredicateBehind(const Stretch& stretch, int name_end, Predicate& predicate) const;
  bool TrimsToken(const Stretch& stretch, const Token& token) const;
  bool ComparesOnly(int begin, int end, int value_begin) const;
  bool IsOutput(int begin, int end) const;
  bool IsBareHead(int begin, int end) const;
  int BeginWithVerb(const Stretch& stretch, int head, int last_token, Phrase& phrase) const;
  bool IsInBrackets(const Token& token, int begin, int end) const;
  int FindNameBegin(const Stretch& stretch, int end, int last_token, Phrase& phrase) const;
  void StripFront(const Stretch& stretch, Phrase& phrase, int& begin, int end) const;
  int EndOfSuperlative(int begin, int end) const;
  bool TakeUnknownPlace(int& begin, int end) const;
  bool IsCue(const Token& token, Cue cue) const {
    return token.kind == TokenKind::kCue && token.index == static_cast<int>(cue);
  }

  const SourceText& text_;
  const TokenStream& stream_;
  const Catalogue& catalogue_;
};

}  // namespace cityinfo::metrics
