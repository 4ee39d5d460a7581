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

std::string EncodeRank(const Rank& rank) {
  return absl::StrCat(rank.score, ".", base::DaysSinceEpoch(rank.position.publish_date), ".",
                      rank.position.sequence);
}

absl::StatusOr<Rank> DecodeRank(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  Rank rank;
  int64_t days = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &rank.score) ||
      !absl::SimpleAtoi(parts[1], &days) || !absl::SimpleAtoi(parts[2], &rank.position.sequence) ||
      days < -1'000'000 || days > 3'000'000) {
    return base::InvalidArgument("page_token", "does not say where the next page begins",
                                 "INVALID_PAGE_TOKEN");
  }
  rank.position.publish_date = base::DateFromDays(days);
  return rank;
}

struct Candidate {
  Rank rank;
  std::string id;
};

struct CandidatePage {
  std::vector<Candidate> candidates;
  bool more = false;
};

absl::StatusOr<CandidatePage> NewestPage(ArticleStore& store, const ArticleFilter& filter,
                                         const SearchQuery& query, const std::optional<Rank>& after,
                                         absl::Time deadline) {
  ListWindow window{.limit = query.limit};
  if (after) window.after = after->position;
  CITY_ASSIGN_OR_RETURN(const ArticlePage page,
                        store.List(filter, window, ArticleView::kBasic, deadline));
  CandidatePage result{.more = page.next.has_value()};
  for (const Article& article : page.articles) {
    result.candidates.push_back({.rank = {.position = PositionOf(article)}, .id = article.id});
  }
  return result;
}

absl::StatusOr<CandidatePage> RelevantPage(ArticleStore& store, const ArticleFilter& filter,
                                           const SearchQuery& query,
                                           const std::optional<Rank>& after, absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(const ArticlePage newest,
                        store.List(filter, {.limit = SubstringSearch::kMaxCandidates},
                                   ArticleView::kBasic, deadline));
  CandidatePage result;
  for (const Article& article : newest.articles) {
    Rank rank{.score = CountWordsIn(article.content.title, filter.words),
              .position = PositionOf(article)};
    if (after && rank.Key() >= after->Key()) continue;
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

}  // namespace

absl::StatusOr<SearchPage> SubstringSearch::Search(const SearchQuery& query, absl::Time deadline) {
  ArticleFilter filter = query.filter;
  filter.state = ArticleState::kPublished;
  filter.words = QueryWords(query.text);
  if (filter.words.empty()) {
    return base::InvalidArgument("query", "is required: one or more words", "QUERY_EMPTY");
  }
  std::optional<Rank> after;
  if (!query.after.empty()) {
    CITY_ASSIGN_OR_RETURN(after, DecodeRank(query.after));
  }
  CITY_ASSIGN_OR_RETURN(const CandidatePage found,
                        query.order == SearchOrder::kNewest
                            ? NewestPage(store_, filter, query, after, deadline)
                            : RelevantPage(store_, filter, query, after, deadline));
  SearchPage page;
  for (const Candidate& candidate : found.candidates) {
    absl::StatusOr<Article> article =
        store_.Get(candidate.id, /*revision=*/0, ArticleView::kFull, deadline);
    if (!article.ok()) return std::move(article).status();
    if (article->state != ArticleState::kPublished)
      continue;  // Taken back since the list was read.
    Excerpt excerpt = MakeMatchExcerpt(article->content.blocks, filter.words);
    SearchHit hit{.title_spans = FindWords(article->content.title, filter.words),
                  .excerpt = std::move(excerpt.text),
                  .excerpt_spans = std::move(excerpt.spans)};
    article->content.blocks.clear();
    article->content.doubts.clear();
    hit.article = *std::move(article);
    page.hits.push_back(std::move(hit));
  }
  if (found.more) page.next = EncodeRank(found.candidates.back().rank);
  return page;
}

}  // namespace cityinfo::articles
