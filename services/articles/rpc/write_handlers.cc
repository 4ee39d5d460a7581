#include "services/articles/rpc/write_handlers.h"

#include <utility>

#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/rpc/caller.h"
#include "services/articles/rpc/conversion.h"
#include "services/articles/rpc/request_fields.h"

namespace cityinfo::articles {

absl::StatusOr<v1::Article> WriteHandlers::CreateArticle(const rpc::RequestContext& context,
                                                         const v1::CreateArticleRequest& request) {
  const Caller caller = CallerOf(context);
  CITY_RETURN_IF_ERROR(RequireEditor(caller, "create articles"));
  CITY_RETURN_IF_ERROR(ValidateRequestId(request.request_id()));
  if (!request.has_article()) return base::InvalidArgument("article", "is required", "REQUIRED");
  NewArticle article{
      .publish = request.publish(), .author = caller.name, .request_id = request.request_id()};
  CITY_ASSIGN_OR_RETURN(article.content, ContentFromProto(request.article()));
  CITY_ASSIGN_OR_RETURN(const Article created, store_.Create(article, context.deadline));
  return ToProto(created);
}

absl::StatusOr<v1::Article> WriteHandlers::UpdateArticle(const rpc::RequestContext& context,
                                                         const v1::UpdateArticleRequest& request) {
  const Caller caller = CallerOf(context);
  CITY_RETURN_IF_ERROR(RequireEditor(caller, "change articles"));
  CITY_RETURN_IF_ERROR(ValidateRequestId(request.request_id()));
  if (!request.has_article()) return base::InvalidArgument("article", "is required", "REQUIRED");
  ArticleUpdate update{
      .etag = request.article().etag(), .author = caller.name, .request_id = request.request_id()};
  CITY_ASSIGN_OR_RETURN(update.id, ParseArticleName(request.article().name(), "article.name"));
  CITY_ASSIGN_OR_RETURN(update.patch, PatchFromProto(request));
  CITY_ASSIGN_OR_RETURN(const Article updated, store_.Update(update, context.deadline));
  return ToProto(updated);
}

absl::StatusOr<v1::Article> WriteHandlers::RollbackArticle(
    const rpc::RequestContext& context, const v1::RollbackArticleRequest& request) {
  const Caller caller = CallerOf(context);
  CITY_RETURN_IF_ERROR(RequireEditor(caller, "roll articles back"));
  CITY_RETURN_IF_ERROR(ValidateRequestId(request.request_id()));
  ArticleRollback rollback{.etag = request.etag(),
                           .revision = request.revision(),
                           .author = caller.name,
                           .request_id = request.request_id()};
  CITY_ASSIGN_OR_RETURN(rollback.id, ParseArticleName(request.name()));
  if (request.revision() < 1) {
    return base::InvalidArgument("revision", "is required: 1 or more", "INVALID_REVISION");
  }
  CITY_ASSIGN_OR_RETURN(const Article article, store_.Rollback(rollback, context.deadline));
  return ToProto(article);
}

template <typename Request>
absl::StatusOr<v1::Article> WriteHandlers::ChangeState(const rpc::RequestContext& context,
                                                       const Request& request, StateChange change) {
  CITY_RETURN_IF_ERROR(RequireEditor(CallerOf(context), "change an article's state"));
  CITY_RETURN_IF_ERROR(ValidateRequestId(request.request_id()));
  CITY_ASSIGN_OR_RETURN(change.id, ParseArticleName(request.name()));
  change.etag = request.etag();
  change.request_id = request.request_id();
  CITY_ASSIGN_OR_RETURN(const Article article, store_.ChangeState(change, context.deadline));
  return ToProto(article);
}

absl::StatusOr<v1::Article> WriteHandlers::PublishArticle(
    const rpc::RequestContext& context, const v1::PublishArticleRequest& request) {
  StateChange change{.transition = Transition::kPublish};
  CITY_ASSIGN_OR_RETURN(
      change.publish_time,
      ParseOptionalTime(request.has_publish_time(), request.publish_time(), "publish_time"));
  CITY_ASSIGN_OR_RETURN(
      change.unpublish_time,
      ParseOptionalTime(request.has_unpublish_time(), request.unpublish_time(), "unpublish_time"));
  return ChangeState(context, request, std::move(change));
}

absl::StatusOr<v1::Article> WriteHandlers::UnpublishArticle(
    const rpc::RequestContext& context, const v1::UnpublishArticleRequest& request) {
  StateChange change{.transition = Transition::kUnpublish};
  CITY_ASSIGN_OR_RETURN(
      change.unpublish_time,
      ParseOptionalTime(request.has_unpublish_time(), request.unpublish_time(), "unpublish_time"));
  return ChangeState(context, request, std::move(change));
}

absl::StatusOr<v1::Article> WriteHandlers::DeleteArticle(const rpc::RequestContext& context,
                                                         const v1::DeleteArticleRequest& request) {
  return ChangeState(context, request, {.transition = Transition::kDelete});
}

absl::StatusOr<v1::Article> WriteHandlers::UndeleteArticle(
    const rpc::RequestContext& context, const v1::UndeleteArticleRequest& request) {
  return ChangeState(context, request, {.transition = Transition::kUndelete});
}

}  // namespace cityinfo::articles
