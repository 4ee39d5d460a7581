#include "services/articles/search/substring_search.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/search/word_matches.h"

namespace cityinfo::articles {
namespace {

// Where a result stands: bigger ranks come first. Without relevance the score is 0 for all.
struct Rank {
  int64_t score = 0;
  ListPosition position;

  auto Key() const { return std::tie(score, position.publish_date, position.sequence); }
};

// What SearchPage::next says: where the page ended, and what it showed of the change feed.
struct SearchToken {
  Rank after;
  int64_t feed_position = 0;
};

std::string EncodeToken(const SearchToken& token) {
  return absl::StrCat(token.after.score, ".",
                      base::DaysSinceEpoch(token.after.position.publish_date), ".",
                      token.after.position.sequence, ".", token.feed_position);
}

absl::StatusOr<SearchToken> DecodeToken(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  SearchToken token;
  int64_t days = 0;
  // Tokens of before the feed position was in them are good too.
  const bool whole =
      parts.size() == 3 || (parts.size() == 4 && absl::SimpleAtoi(parts[3], &token.feed_position));
  if (!whole || !absl::SimpleAtoi(parts[0], &token.after.score) ||
      !absl::SimpleAtoi(parts[1], &days) ||
      !absl::SimpleAtoi(parts[2], &token.after.position.sequence) || days < -1'000'000 ||
      days > 3'000'000) {
    return base::InvalidArgument("page_token", "does not say where the next page begins",
                                 "INVALID_PAGE_TOKEN");
  }
  token.after.position.publish_date = base::DateFromDays(days);
  return token;
}

struct Candidate {
  Rank rank;
  std::string id;
};

struct CandidatePage {
  std::vector<Candidate> candidates;
  bool more = false;
  int64_t feed_position = 0;
};

absl::StatusOr<CandidatePage> NewestPage(ArticleStore& store, const ArticleFilter& filter,
                                         const SearchQuery& query,
                                         const std::optional<SearchToken>& token,
                                         absl::Time deadline) {
  ListWindow window{.limit = query.limit};
  if (token) {
    window.after = token->after.position;
    window.min_feed_position = token->feed_position;
  }
  CITY_ASSIGN_OR_RETURN(const ArticlePage page,
                        store.List(filter, window, ArticleView::kBasic, deadline));
  CandidatePage result{.more = page.next.has_value(), .feed_position = page.feed_position};
  for (const Article& article : page.articles) {
    result.candidates.push_back({.rank = {.position = PositionOf(article)}, .id = article.id});
  }
  return result;
}

absl::StatusOr<CandidatePage> RelevantPage(ArticleStore& store, const ArticleFilter& filter,
                                           const SearchQuery& query,
                                           const std::optional<SearchToken>& token,
                                           absl::Time deadline) {
  const ListWindow window{.limit = SubstringSearch::kMaxCandidates,
                          .min_feed_position = token ? token->feed_position : 0};
  CITY_ASSIGN_OR_RETURN(const ArticlePage newest,
                        store.List(filter, window, ArticleView::kBasic, deadline));
  CandidatePage result{.feed_position = newest.feed_position};
  for (const Article& article : newest.articles) {
    Rank rank{.score = CountWordsIn(article.content.title, filter.words),
              .position = PositionOf(article)};
    if (token && rank.Key() >= token->after.Key()) continue;
    result.candidates.push_back({.rank = rank, .id = article.id});
  }
  std::sort(result.candidates.begin(), result.candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.rank.Key() > b.rank.Key(); });
  if (result.candidates.size() > static_cast<size_t>(query.limit)) {
    result.candidates.resize(query.limit);
    result.more = true;
  }
  return result;
}

SearchHit MakeHit(Article article, const std::vector<std::string>& words) {
  Excerpt excerpt = MakeMatchExcerpt(article.content.blocks, words);
  SearchHit hit{.title_spans = FindWords(article.content.title, words),
                .excerpt = std::move(excerpt.text),
                .excerpt_spans = std::move(excerpt.spans)};
  article.content.blocks.clear();
  article.content.doubts.clear();
  hit.article = std::move(article);
  return hit;
}

}  // namespace

absl::StatusOr<SearchPage> SubstringSearch::Search(const SearchQuery& query, absl::Time deadline) {
  ArticleFilter filter = query.filter;
  filter.state = ArticleState::kPublished;
  filter.words = QueryWords(query.text);
  if (filter.words.empty()) {
    return base::InvalidArgument("query", "is required: one or more words", "QUERY_EMPTY");
  }
  std::optional<SearchToken> token;
  if (!query.after.empty()) {
    CITY_ASSIGN_OR_RETURN(token, DecodeToken(query.after));
  }
  CITY_ASSIGN_OR_RETURN(const CandidatePage found,
                        query.order == SearchOrder::kNewest
                            ? NewestPage(store_, filter, query, token, deadline)
                            : RelevantPage(store_, filter, query, token, deadline));
  std::vector<std::string> ids;
  for (const Candidate& candidate : found.candidates) ids.push_back(candidate.id);
  CITY_ASSIGN_OR_RETURN(std::vector<Article> articles,
                        store_.BatchGet(ids, ArticleView::kFull, deadline));
  SearchPage page;
  for (Article& article : articles) {
    // Taken back since the list was read.
    if (article.state != ArticleState::kPublished) continue;
    page.hits.push_back(MakeHit(std::move(article), filter.words));
  }
  if (found.more) {
    page.next =
        EncodeToken({.after = found.candidates.back().rank, .feed_position = found.feed_position});
  }
  return page;
}

}  // namespace cityinfo::articles
