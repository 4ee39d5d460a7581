#include "services/articles/search/relevance.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "platform/base/status_macros.h"
#include "services/articles/search/folded_match.h"
#include "services/articles/search/indexed_document.h"

namespace cityinfo::articles {
namespace {

// BM25's usual constants, for news: how soon more of the same word says no more, and how much the
// length of the text matters.
constexpr double kSaturation = 1.2;
constexpr double kLengthWeight = 0.6;
constexpr double kTitleWeight = 6;
// A long title that holds a word says it less than a short one.
constexpr double kTypicalTitleUnits = 20;
constexpr double kTitleLengthWeight = 0.4;
// What is of today counts so much more than what is of long ago; after kHalfLifeDays half of it.
constexpr double kRecencyWeight = 0.08;
constexpr double kHalfLifeDays = 365;

constexpr int kMaxCountedOccurrences = 64;
constexpr size_t kMaxSampledTokens = 4;  // Of one word.

}  // namespace

double Rarity(double documents_with_it, int64_t documents) {
  const auto all = static_cast<double>(documents);
  const double with = std::min(documents_with_it, all);
  return std::log(1 + (all - with + 0.5) / (with + 0.5));
}

absl::StatusOr<double> EstimateDocuments(IndexReader& reader, std::string_view token) {
  CITY_ASSIGN_OR_RETURN(
      sql::Statement holders,
      reader.connection().Prepare(
          "SELECT rowid FROM body_tokens WHERE body_tokens MATCH ? ORDER BY rowid LIMIT ?"));
  holders.BindAll(QuotedToken(token), kSampledDocuments);
  int count = 0;
  int64_t last = 0;
  for (;; ++count) {
    CITY_ASSIGN_OR_RETURN(const bool more, holders.Step());
    if (!more) break;
    last = holders.ColumnInt64(0);
  }
  if (count < kSampledDocuments) return count;
  CITY_ASSIGN_OR_RETURN(const int64_t lowest,
                        reader.connection().QueryInt64("SELECT min(row) FROM documents"));
  CITY_ASSIGN_OR_RETURN(const int64_t highest,
                        reader.connection().QueryInt64("SELECT max(row) FROM documents"));
  // As if days held equally many documents.
  const double share = static_cast<double>(last - lowest + 1) /
                       static_cast<double>(std::max<int64_t>(1, highest - lowest + 1));
  return std::min(count / std::clamp(share, 1e-9, 1.0),
                  static_cast<double>(reader.state().documents));
}

absl::StatusOr<RelevanceModel> MakeRelevanceModel(IndexReader& reader, const ParsedQuery& query) {
  const IndexState& state = reader.state();
  RelevanceModel model{
      .typical_units =
          std::max<int64_t>(1, state.text_units / std::max<int64_t>(1, state.documents)),
      .today = base::DaysSinceEpoch(base::DateInChina(absl::FromUnixMicros(reader.now())))};
  for (const std::u16string& word : query.words) {
    // Of one word alone every text says equally much.
    double documents = 1;
    if (query.words.size() > 1) {
      documents = static_cast<double>(state.documents);
      const std::vector<std::string> tokens = TokensOfWord(word);
      for (size_t i = 0; i < std::min(tokens.size(), kMaxSampledTokens); ++i) {
        CITY_ASSIGN_OR_RETURN(const double with, EstimateDocuments(reader, tokens[i]));
        documents = std::min(documents, with);
      }
    }
    model.rarity.push_back(std::llround(1000 * Rarity(documents, state.documents)) + 1);
  }
  return model;
}

int64_t ScoreText(const RelevanceModel& model, const std::vector<std::u16string>& words,
                  std::u16string_view text, int64_t day) {
  const std::u16string_view title = TitleOf(text);
  const double length = static_cast<double>(text.size()) / static_cast<double>(model.typical_units);
  const double body_norm = 1 - kLengthWeight + kLengthWeight * length;
  const double title_norm =
      1 - kTitleLengthWeight +
      kTitleLengthWeight * static_cast<double>(title.size()) / kTypicalTitleUnits;
  double score = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    const int in_title = CountFolded(title, words[i], kMaxCountedOccurrences);
    const int in_body = CountFolded(text.substr(title.size()), words[i], kMaxCountedOccurrences);
    const double frequency = in_body / body_norm + kTitleWeight * in_title / title_norm;
    score += static_cast<double>(model.rarity[i]) / 1000 * frequency * (kSaturation + 1) /
             (frequency + kSaturation);
  }
  const double age = static_cast<double>(std::max<int64_t>(0, model.today - day));
  score *= 1 + kRecencyWeight * std::exp2(-age / kHalfLifeDays);
  return std::llround(score * 1e6);
}

}  // namespace cityinfo::articles
