#include "services/articles/search/index_lookups.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "platform/base/status_macros.h"
#include "platform/base/utf8.h"
#include "services/articles/search/folded_match.h"
#include "services/articles/search/indexed_document.h"
#include "services/articles/search/ordered_matches.h"
#include "services/articles/search/relevance.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

// The weight each document has gathered, by its row.
using Scores = absl::flat_hash_map<int64_t, double>;

// Adds `weight`, times how rare the term is, to the newest documents that hold it.
absl::Status AddTerm(IndexReader& reader, const std::u16string& term, double weight,
                     Scores* scores) {
  const std::vector<std::string> tokens = TokensOfWord(term);
  auto documents = static_cast<double>(reader.state().documents);
  for (const std::string& token : tokens) {
    CITY_ASSIGN_OR_RETURN(const double with, EstimateDocuments(reader, token));
    documents = std::min(documents, with);
  }
  const double score = weight * Rarity(documents, reader.state().documents);
  // The tokens of a long term are not looked up in the texts: this is about likeness.
  MatchPlan plan = PlanBodyMatch({.words = {term}}, {});
  plan.required.clear();
  CITY_ASSIGN_OR_RETURN(MatchStream matches, MatchStream::Open(reader, plan, MatchStream::In::kBody,
                                                               RowsOf({}, reader.layout())));
  for (int i = 0; i < kMaxTermDocuments; ++i) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, matches.Next());
    if (!row) break;
    (*scores)[*row] += score;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> FindTitlesWith(IndexReader& reader, absl::string_view text,
                                                        int limit) {
  const std::u16string folded = FoldText(text);
  if (folded.empty() || limit <= 0) return std::vector<std::string>();
  const MatchPlan plan = PlanTitleMatch({.words = {folded}}, {});
  CITY_ASSIGN_OR_RETURN(OrderedMatches matches,
                        OrderedMatches::Open(reader, plan, MatchStream::In::kTitle,
                                             RowsOf({}, reader.layout()), std::nullopt));
  matches.LimitTexts(kMaxSuggestedTitles);
  const auto wanted = static_cast<size_t>(limit);
  std::vector<int64_t> beginning;
  std::vector<int64_t> within;
  for (int i = 0; i < kMaxSuggestedTitles && beginning.size() < wanted; ++i) {
    CITY_ASSIGN_OR_RETURN(const std::optional<int64_t> row, matches.Next());
    if (!row) break;
    CITY_ASSIGN_OR_RETURN(const std::u16string_view document, reader.Text(*row));
    (document.substr(0, folded.size()) == folded ? beginning : within).push_back(*row);
  }
  beginning.insert(beginning.end(), within.begin(), within.end());
  std::vector<std::string> ids;
  for (const int64_t row : beginning) {
    if (ids.size() == wanted) break;
    CITY_ASSIGN_OR_RETURN(std::string id, reader.Id(row));
    ids.push_back(std::move(id));
  }
  return ids;
}

absl::StatusOr<std::vector<LabelCount>> FindTagsWithPrefix(IndexReader& reader,
                                                           absl::string_view prefix, int limit) {
  std::string from;
  AppendUtf8(FoldText(prefix), &from);
  if (from.empty() || limit <= 0) return std::vector<LabelCount>();
  std::string to = from;
  base::AppendUtf8(0x10FFFF, &to);
  CITY_ASSIGN_OR_RETURN(
      sql::Statement tags,
      reader.connection().Prepare(
          "SELECT label, articles FROM (SELECT label, articles FROM labels WHERE kind = 't'"
          " AND folded >= ? AND folded < ? AND articles > 0 ORDER BY folded LIMIT ?)"
          " ORDER BY articles DESC, label LIMIT ?"));
  std::vector<LabelCount> found;
  CITY_RETURN_IF_ERROR(
      tags.BindAll(from, to, kMaxSuggestedTags, limit).ForEach([&](sql::Statement& tag) {
        found.push_back({.label = tag.ColumnString(0), .count = tag.ColumnInt64(1)});
      }));
  return found;
}

absl::StatusOr<std::vector<ScoredArticle>> FindBestFor(IndexReader& reader,
                                                       const std::vector<WeightedTerm>& terms,
                                                       absl::string_view except, int limit) {
  Scores scores;
  for (size_t i = 0; i < std::min(terms.size(), kMaxTerms); ++i) {
    const std::u16string term =
        FoldText(base::SubstrCodePoints(terms[i].text, 0, kMaxTermCodePoints));
    if (!term.empty()) CITY_RETURN_IF_ERROR(AddTerm(reader, term, terms[i].weight, &scores));
  }
  // Equal scores: the lower row is the newer day.
  std::vector<std::pair<double, int64_t>> best;
  best.reserve(scores.size());
  for (const auto& [row, score] : scores) best.emplace_back(-score, row);
  const size_t kept = std::min(best.size(), static_cast<size_t>(std::max(limit, 0)) + 1);
  std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(kept), best.end());
  best.resize(kept);
  std::vector<ScoredArticle> articles;
  for (const auto& [score, row] : best) {
    CITY_ASSIGN_OR_RETURN(std::string id, reader.Id(row));
    articles.push_back({.id = std::move(id), .score = -score});
  }
  std::erase_if(articles, [&](const ScoredArticle& article) { return article.id == except; });
  if (articles.size() > static_cast<size_t>(std::max(limit, 0))) articles.pop_back();
  return articles;
}

}  // namespace cityinfo::articles
