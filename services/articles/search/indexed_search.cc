#include "services/articles/search/indexed_search.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/clock.h"
#include "platform/base/status_macros.h"
#include "services/articles/search/highlights.h"
#include "services/articles/search/indicator_terms.h"
#include "services/articles/search/related_terms.h"
#include "services/articles/search/suggestion_mix.h"
#include "services/articles/search/text_folding.h"

namespace cityinfo::articles {
namespace {

// When hits have gone since the index saw them, the page is filled from behind, so often at most.
constexpr int kMaxRefills = 3;
// Titles looked at for one suggestion that is wanted: many an article has the title of another.
constexpr int kTitlesPerSuggestion = 3;
// Related articles looked at for one that is wanted; see Closeness.
constexpr int kCandidatesPerRelated = 4;
constexpr double kSameSectionFactor = 0.1;
constexpr double kSameTagFactor = 0.15;

// Observes how long it lives.
class Stopwatch {
 public:
  explicit Stopwatch(telemetry::Histogram& histogram) : histogram_(histogram) {}
  ~Stopwatch() { histogram_.Observe(absl::ToDoubleSeconds(absl::Now() - start_)); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  telemetry::Histogram& histogram_;
  const absl::Time start_ = absl::Now();
};

telemetry::Histogram& DurationOf(telemetry::Metrics& metrics, const std::string& question) {
  return metrics.GetHistogram("cityinfo_articles_search_duration_seconds",
                              "Time to answer a question to the search.", {{"question", question}});
}

bool HasTag(const ArticleContent& content, absl::string_view tag) {
  return std::find(content.tags.begin(), content.tags.end(), tag) != content.tags.end();
}

bool Passes(const ArticleFilter& filter, const ArticleContent& content) {
  const auto is = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  return is(filter.section, content.section) && is(filter.publication, content.publication) &&
         is(filter.page, content.page) && is(filter.place, content.place) &&
         (filter.tag.empty() || HasTag(content, filter.tag)) &&
         (!filter.publish_date_from || content.publish_date >= *filter.publish_date_from) &&
         (!filter.publish_date_to || content.publish_date <= *filter.publish_date_to);
}

// How close two articles are that share what they say: sections are large and count little, common
// tags more.
double Closeness(const Article& article, const Article& other, double score) {
  double factor = 1;
  if (!article.content.section.empty() && article.content.section == other.content.section) {
    factor += kSameSectionFactor;
  }
  for (const std::string& tag : article.content.tags) {
    if (HasTag(other.content, tag)) factor += kSameTagFactor;
  }
  return score * factor;
}

}  // namespace

IndexedSearch::IndexedSearch(ArticleStore& store, SearchIndex& index, const IndexFollower& follower,
                             telemetry::Metrics& metrics, const base::Clock& clock)
    : store_(store),
      index_(index),
      follower_(follower),
      clock_(clock),
      newest_duration_(DurationOf(metrics, "newest")),
      relevance_duration_(DurationOf(metrics, "relevance")),
      suggest_duration_(DurationOf(metrics, "suggest")),
      related_duration_(DurationOf(metrics, "related")) {}

absl::StatusOr<SearchPage> IndexedSearch::Search(const SearchQuery& query, absl::Time deadline) {
  const Stopwatch stopwatch(query.order == SearchOrder::kNewest ? newest_duration_
                                                                : relevance_duration_);
  SearchPage page;
  // Asked first, so that an answer that says 0 has seen everything that was committed before.
  page.changes_behind = follower_.changes_behind();
  const absl::Time now = clock_.Now();
  CITY_ASSIGN_OR_RETURN(FoundPage found, index_.Find(query, now, deadline));
  page.total = found.total;
  page.total_is_lower_bound = found.total_is_lower_bound;
  page.sections = std::move(found.sections);
  page.years = std::move(found.years);
  CITY_ASSIGN_OR_RETURN(page.hits, MakeHits(found, query.filter, deadline));
  SearchQuery rest = query;
  for (int refill = 0; refill < kMaxRefills && !found.next.empty(); ++refill) {
    rest.limit = query.limit - static_cast<int>(page.hits.size());
    if (rest.limit == 0) break;
    rest.after = found.next;
    CITY_ASSIGN_OR_RETURN(found, index_.Find(rest, now, deadline));
    CITY_ASSIGN_OR_RETURN(std::vector<SearchHit> more, MakeHits(found, query.filter, deadline));
    std::move(more.begin(), more.end(), std::back_inserter(page.hits));
  }
  page.next = std::move(found.next);
  return page;
}

absl::StatusOr<std::vector<SearchHit>> IndexedSearch::MakeHits(const FoundPage& found,
                                                               const ArticleFilter& filter,
                                                               absl::Time deadline) {
  CITY_ASSIGN_OR_RETURN(std::vector<Article> articles,
                        ReadPublic(found.ids, ArticleView::kFull, deadline));
  std::vector<SearchHit> hits;
  for (Article& article : articles) {
    if (!Passes(filter, article.content)) continue;
    SearchHit hit = MakeSearchHit(std::move(article), found.query);
    // Its words have changed since.
    if (hit.title_spans.empty() && hit.excerpt_spans.empty()) continue;
    hits.push_back(std::move(hit));
  }
  return hits;
}

absl::StatusOr<std::vector<Article>> IndexedSearch::ReadPublic(const std::vector<std::string>& ids,
                                                               ArticleView view,
                                                               absl::Time deadline) {
  if (ids.empty()) return std::vector<Article>();
  absl::StatusOr<std::vector<Article>> articles = store_.BatchGet(ids, view, deadline);
  if (absl::IsNotFound(articles.status())) {
    // One has been purged, and BatchGet gives all or none.
    articles = std::vector<Article>();
    for (const std::string& id : ids) {
      absl::StatusOr<Article> article = store_.Get(id, 0, view, deadline);
      if (absl::IsNotFound(article.status())) continue;
      if (!article.ok()) return article.status();
      articles->push_back(*std::move(article));
    }
  }
  if (!articles.ok()) return articles.status();
  std::erase_if(*articles,
                [](const Article& article) { return article.state != ArticleState::kPublished; });
  return articles;
}

absl::StatusOr<std::vector<Suggestion>> IndexedSearch::Suggest(absl::string_view prefix, int limit,
                                                               absl::Time deadline) {
  const Stopwatch stopwatch(suggest_duration_);
  SuggestionMix mix(prefix, limit);
  if (mix.prefix().empty()) return std::vector<Suggestion>();
  std::string wanted;
  AppendUtf8(mix.prefix(), &wanted);
  for (const IndicatorTerm* term : IndicatorsWith(mix.prefix())) {
    mix.Add({.text = term->text, .kind = SuggestionKind::kIndicator});
  }
  CITY_ASSIGN_OR_RETURN(const std::vector<LabelCount> tags,
                        index_.TagsWithPrefix(wanted, limit, deadline));
  for (const LabelCount& tag : tags) mix.Add({.text = tag.label, .kind = SuggestionKind::kTag});
  CITY_ASSIGN_OR_RETURN(
      const std::vector<std::string> ids,
      index_.TitlesWith(wanted, limit * kTitlesPerSuggestion, clock_.Now(), deadline));
  CITY_ASSIGN_OR_RETURN(const std::vector<Article> articles,
                        ReadPublic(ids, ArticleView::kBasic, deadline));
  for (const Article& article : articles) {
    mix.Add(
        {.text = article.content.title, .kind = SuggestionKind::kTitle, .article_id = article.id});
  }
  return std::move(mix).Take();
}

absl::StatusOr<std::vector<Article>> IndexedSearch::Related(const Article& article, int limit,
                                                            absl::Time deadline) {
  const Stopwatch stopwatch(related_duration_);
  const std::vector<WeightedTerm> terms = RelatedTerms(article);
  if (terms.empty()) return std::vector<Article>();
  CITY_ASSIGN_OR_RETURN(
      const std::vector<ScoredArticle> scored,
      index_.BestFor(terms, article.id, limit * kCandidatesPerRelated, clock_.Now(), deadline));
  std::vector<std::string> ids;
  absl::flat_hash_map<std::string, double> scores;
  for (const ScoredArticle& candidate : scored) {
    ids.push_back(candidate.id);
    scores[candidate.id] = candidate.score;
  }
  CITY_ASSIGN_OR_RETURN(std::vector<Article> related,
                        ReadPublic(ids, ArticleView::kBasic, deadline));
  std::stable_sort(related.begin(), related.end(), [&](const Article& a, const Article& b) {
    return Closeness(article, a, scores[a.id]) > Closeness(article, b, scores[b.id]);
  });
  if (related.size() > static_cast<size_t>(limit)) related.resize(limit);
  return related;
}

}  // namespace cityinfo::articles
