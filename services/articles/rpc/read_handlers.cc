#include "services/articles/rpc/read_handlers.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/rpc/caller.h"
#include "services/articles/rpc/conversion.h"
#include "services/articles/rpc/request_fields.h"

namespace cityinfo::articles {
namespace {

constexpr int kMaxBatch = 100;
constexpr int kDefaultLabels = 50;

// When the article changes by itself.
absl::Time NextMomentOf(const Article& article) {
  return NextMoment(article).value_or(absl::InfiniteFuture());
}

// For durations: the system's clock may be set back.
absl::Time SteadyNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

std::span<const LabelCount> FirstOf(const std::vector<LabelCount>& counts, int limit) {
  return std::span(counts).first(std::min(counts.size(), static_cast<size_t>(limit)));
}
}  // namespace

absl::StatusOr<v1::Article> ReadHandlers::GetArticle(const rpc::RequestContext& context,
                                                     const v1::GetArticleRequest& request,
                                                     Standing* standing) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ParseArticleName(request.name()));
  CITY_ASSIGN_OR_RETURN(const ArticleView view, ParseView(request.view(), ArticleView::kFull));
  if (request.revision() < 0) {
    return base::InvalidArgument("revision", "must not be negative", "INVALID_REVISION");
  }
  const int64_t position = store_.change_signal().newest();
  CITY_ASSIGN_OR_RETURN(const Article article,
                        store_.Get(id, request.revision(), view, context.deadline));
  if (standing != nullptr) *standing = {.position = position, .until = NextMomentOf(article)};
  CITY_RETURN_IF_ERROR(RequireVisible(CallerOf(context), article));
  return ToProto(article);
}

absl::StatusOr<v1::BatchGetArticlesResponse> ReadHandlers::BatchGetArticles(
    const rpc::RequestContext& context, const v1::BatchGetArticlesRequest& request,
    Standing* standing) {
  if (request.names().empty() || request.names_size() > kMaxBatch) {
    return base::InvalidArgument(
        "names",
        absl::StrCat("has ", request.names_size(), " entries; 1 to ", kMaxBatch, " are allowed"),
        "INVALID_BATCH");
  }
  CITY_ASSIGN_OR_RETURN(const ArticleView view, ParseView(request.view(), ArticleView::kFull));
  std::vector<std::string> ids;
  for (int i = 0; i < request.names_size(); ++i) {
    CITY_ASSIGN_OR_RETURN(std::string id,
                          ParseArticleName(request.names(i), absl::StrCat("names[", i, "]")));
    ids.push_back(std::move(id));
  }
  const int64_t position = store_.change_signal().newest();
  CITY_ASSIGN_OR_RETURN(const std::vector<Article> articles,
                        store_.BatchGet(ids, view, context.deadline));
  const Caller caller = CallerOf(context);
  v1::BatchGetArticlesResponse response;
  absl::Time until = absl::InfiniteFuture();
  for (const Article& article : articles) {
    CITY_RETURN_IF_ERROR(RequireVisible(caller, article));
    ToProto(article, response.add_articles());
    until = std::min(until, NextMomentOf(article));
  }
  if (standing != nullptr) *standing = {.position = position, .until = until};
  return response;
}

absl::StatusOr<v1::ListArticlesResponse> ReadHandlers::ListArticles(
    const rpc::RequestContext& context, const v1::ListArticlesRequest& request,
    Standing* standing) {
  ListWindow window;
  CITY_ASSIGN_OR_RETURN(window.limit,
                        base::ClampPageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CITY_ASSIGN_OR_RETURN(const ArticleView view, ParseView(request.view(), ArticleView::kBasic));
  CITY_ASSIGN_OR_RETURN(ArticleFilter filter, ParseFilter(request));
  CITY_ASSIGN_OR_RETURN(filter.state, StateFromProto(request.state()));
  if (filter.state != ArticleState::kPublished) {
    CITY_RETURN_IF_ERROR(RequireEditor(CallerOf(context), "list articles that are not published"));
  }
  const uint64_t hash = RequestHash(request);
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(const std::string position,
                          base::DecodePageToken(request.page_token(), hash));
    CITY_RETURN_IF_ERROR(DecodeListToken(position, &window));
  }
  CITY_ASSIGN_OR_RETURN(const ArticlePage page,
                        store_.List(filter, window, view, context.deadline));
  if (standing != nullptr) {
    *standing = {.position = page.feed_position, .until = page.stands_until};
  }
  v1::ListArticlesResponse response;
  for (const Article& article : page.articles) ToProto(article, response.add_articles());
  if (page.next) {
    response.set_next_page_token(
        base::EncodePageToken(EncodeListToken(*page.next, page.feed_position), hash));
  }
  return response;
}

absl::StatusOr<v1::ListArticleRevisionsResponse> ReadHandlers::ListArticleRevisions(
    const rpc::RequestContext& context, const v1::ListArticleRevisionsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ParseArticleName(request.name()));
  CITY_ASSIGN_OR_RETURN(const int limit,
                        base::ClampPageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  const uint64_t hash = RequestHash(request);
  int64_t before = 0;
  if (!request.page_token().empty()) {
    CITY_ASSIGN_OR_RETURN(const std::string position,
                          base::DecodePageToken(request.page_token(), hash));
    if (!absl::SimpleAtoi(position, &before) || before < 1) {
      return base::InvalidArgument("page_token", "does not say where the next page begins",
                                   "INVALID_PAGE_TOKEN");
    }
  }
  const Caller caller = CallerOf(context);
  CITY_ASSIGN_OR_RETURN(const Article newest,
                        store_.Get(id, 0, ArticleView::kBasic, context.deadline));
  CITY_RETURN_IF_ERROR(RequireVisible(caller, newest));
  CITY_ASSIGN_OR_RETURN(const RevisionPage page,
                        store_.ListRevisions(id, before, limit, context.deadline));
  v1::ListArticleRevisionsResponse response;
  for (const Article& article : page.revisions) {
    if (!MaySee(caller, article)) continue;
    v1::ArticleRevision* revision = response.add_revisions();
    revision->set_revision(article.revision);
    ToProto(article, revision->mutable_article());
    if (caller.may_edit) revision->set_author(article.author);  // Staff names are not the public's.
    revision->set_summary(article.summary);
    ToProto(article.update_time, revision->mutable_create_time());
  }
  if (page.more) {
    response.set_next_page_token(
        base::EncodePageToken(absl::StrCat(page.revisions.back().revision), hash));
  }
  return response;
}

absl::StatusOr<v1::ListTagsResponse> ReadHandlers::ListTags(const rpc::RequestContext& context,
                                                            const v1::ListTagsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const int limit,
                        base::ClampPageSize(request.page_size(), kDefaultLabels, kMaxPageSize));
  CITY_ASSIGN_OR_RETURN(
      const std::vector<LabelCount> counts,
      tags_->Get([&] { return store_.CountTags(kMaxPageSize, context.deadline); }, SteadyNow));
  v1::ListTagsResponse response;
  for (const LabelCount& count : FirstOf(counts, limit)) ToProto(count, response.add_tags());
  return response;
}

absl::StatusOr<v1::ListSectionsResponse> ReadHandlers::ListSections(
    const rpc::RequestContext& context, const v1::ListSectionsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const int limit,
                        base::ClampPageSize(request.page_size(), kDefaultLabels, kMaxPageSize));
  CITY_ASSIGN_OR_RETURN(
      const std::vector<LabelCount> counts,
      sections_->Get([&] { return store_.CountSections(kMaxPageSize, context.deadline); },
                     SteadyNow));
  v1::ListSectionsResponse response;
  for (const LabelCount& count : FirstOf(counts, limit)) ToProto(count, response.add_sections());
  return response;
}

}  // namespace cityinfo::articles
