#include "services/articles/rpc/read_handlers.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/rpc/caller.h"
#include "services/articles/rpc/conversion.h"
#include "services/articles/rpc/request_fields.h"

namespace cityinfo::articles {
namespace {

constexpr int kMaxBatch = 100;
constexpr int kDefaultLabels = 50;
// A list in FULL view ends its page early rather than grow beyond this.
constexpr size_t kMaxListBytes = 8 << 20;

// Cuts a page that would make too large an answer, after at least one article.
void BoundBytes(ArticlePage* page) {
  size_t bytes = 0;
  for (size_t i = 0; i < page->articles.size(); ++i) {
    for (const Block& block : page->articles[i].content.blocks) bytes += block.text.size();
    if (bytes <= kMaxListBytes || i == 0) continue;
    page->articles.resize(i);
    page->next = PositionOf(page->articles.back());
  }
}

}  // namespace

absl::StatusOr<v1::Article> ReadHandlers::GetArticle(const rpc::RequestContext& context,
                                                     const v1::GetArticleRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ParseArticleName(request.name()));
  CITY_ASSIGN_OR_RETURN(const ArticleView view, ParseView(request.view(), ArticleView::kFull));
  if (request.revision() < 0) {
    return base::InvalidArgument("revision", "must not be negative", "INVALID_REVISION");
  }
  CITY_ASSIGN_OR_RETURN(const Article article,
                        store_.Get(id, request.revision(), view, context.deadline));
  CITY_RETURN_IF_ERROR(RequireVisible(CallerOf(context), article));
  return ToProto(article);
}

absl::StatusOr<v1::BatchGetArticlesResponse> ReadHandlers::BatchGetArticles(
    const rpc::RequestContext& context, const v1::BatchGetArticlesRequest& request) {
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
  CITY_ASSIGN_OR_RETURN(const std::vector<Article> articles,
                        store_.BatchGet(ids, view, context.deadline));
  const Caller caller = CallerOf(context);
  v1::BatchGetArticlesResponse response;
  for (const Article& article : articles) {
    CITY_RETURN_IF_ERROR(RequireVisible(caller, article));
    ToProto(article, response.add_articles());
  }
  return response;
}

absl::StatusOr<v1::ListArticlesResponse> ReadHandlers::ListArticles(
    const rpc::RequestContext& context, const v1::ListArticlesRequest& request) {
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
  CITY_ASSIGN_OR_RETURN(ArticlePage page, store_.List(filter, window, view, context.deadline));
  BoundBytes(&page);
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
  CITY_ASSIGN_OR_RETURN(const std::vector<LabelCount> counts,
                        store_.CountTags(limit, context.deadline));
  v1::ListTagsResponse response;
  for (const LabelCount& count : counts) ToProto(count, response.add_tags());
  return response;
}

absl::StatusOr<v1::ListSectionsResponse> ReadHandlers::ListSections(
    const rpc::RequestContext& context, const v1::ListSectionsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const int limit,
                        base::ClampPageSize(request.page_size(), kDefaultLabels, kMaxPageSize));
  CITY_ASSIGN_OR_RETURN(const std::vector<LabelCount> counts,
                        store_.CountSections(limit, context.deadline));
  v1::ListSectionsResponse response;
  for (const LabelCount& count : counts) ToProto(count, response.add_sections());
  return response;
}

}  // namespace cityinfo::articles
