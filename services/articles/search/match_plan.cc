#include "services/articles/search/match_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/articles/search/folded_match.h"
#include "services/articles/search/indexed_document.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

void AddOnce(std::string token, std::vector<std::string>* tokens) {
  if (std::find(tokens->begin(), tokens->end(), token) == tokens->end()) {
    tokens->push_back(std::move(token));
  }
}

std::vector<std::string> LabelTokens(const ArticleFilter& filter) {
  std::vector<std::string> tokens;
  const std::pair<LabelKind, const std::string&> labels[] = {
      {LabelKind::kSection, filter.section},
      {LabelKind::kTag, filter.tag},
      {LabelKind::kPublication, filter.publication},
      {LabelKind::kPage, filter.page},
      {LabelKind::kPlace, filter.place}};
  for (const auto& [kind, label] : labels) {
    if (!label.empty()) tokens.push_back(LabelToken(kind, label));
  }
  return tokens;
}

std::string Joined(const std::vector<std::string>& tokens, absl::string_view between) {
  return absl::StrJoin(tokens, between, [](std::string* out, const std::string& token) {
    absl::StrAppend(out, QuotedToken(token));
  });
}

MatchPlan PlanWords(const ParsedQuery& query, const ArticleFilter& filter) {
  std::vector<std::string> tokens = LabelTokens(filter);
  MatchPlan plan;
  for (const std::u16string& word : query.words) {
    for (std::string& token : TokensOfWord(word)) AddOnce(std::move(token), &tokens);
    if (CountCodePoints(word) > 2) plan.required.push_back(word);
  }
  plan.expression = Joined(tokens, " AND ");
  return plan;
}

}  // namespace

std::string QuotedToken(std::string_view token) {
  return absl::StrCat(
      "\"", absl::StrReplaceAll(absl::string_view(token.data(), token.size()), {{"\"", "\"\""}}),
      "\"");
}

std::vector<std::string> TokensOfWord(std::u16string_view word) {
  // Where its code points begin, and the end.
  std::vector<size_t> starts;
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] < 0xDC00 || word[i] >= 0xE000) starts.push_back(i);
  }
  starts.push_back(word.size());
  const size_t characters = starts.size() - 1;
  std::vector<std::string> tokens;
  if (characters < 2) {
    AppendUtf8(word, &tokens.emplace_back());
    return tokens;
  }
  // Of a very long word some pairs from everywhere will do: it is looked up in the text anyway.
  const size_t pairs = characters - 1;
  const size_t wanted = std::min(pairs, kMaxWordTokens);
  for (size_t i = 0; i < wanted; ++i) {
    const size_t at = wanted == 1 ? 0 : i * (pairs - 1) / (wanted - 1);
    std::string token;
    AppendUtf8(word.substr(starts[at], starts[at + 2] - starts[at]), &token);
    AddOnce(std::move(token), &tokens);
  }
  return tokens;
}

MatchPlan PlanBodyMatch(const ParsedQuery& query, const ArticleFilter& filter) {
  MatchPlan plan = PlanWords(query, filter);
  std::vector<std::string> excluded;
  for (const std::u16string& word : query.excluded) {
    if (CountCodePoints(word) > 2) {
      plan.refused.push_back(word);
    } else {
      excluded.push_back(TokensOfWord(word).front());
    }
  }
  if (!excluded.empty()) {
    plan.expression = absl::StrCat("(", plan.expression, ") NOT (", Joined(excluded, " OR "), ")");
  }
  return plan;
}

MatchPlan PlanTitleMatch(const ParsedQuery& query, const ArticleFilter& filter) {
  MatchPlan plan = PlanWords(query, filter);
  // The lists of titles do not know the text, which is where an excluded word may stand.
  plan.refused = query.excluded;
  return plan;
}

RowRange RowsOf(const ArticleFilter& filter, const RowLayout& layout) {
  const int64_t newest =
      filter.publish_date_to ? base::DaysSinceEpoch(*filter.publish_date_to) : RowLayout::kLastDay;
  const int64_t oldest = filter.publish_date_from ? base::DaysSinceEpoch(*filter.publish_date_from)
                                                  : RowLayout::kFirstDay;
  return {.first = layout.Day(newest).first, .last = layout.Day(oldest).last};
}

}  // namespace cityinfo::articles
