#include "services/articles/storage/article_writes.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/id.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/domain/article_validation.h"
#include "services/articles/storage/article_rows.h"
#include "services/articles/storage/change_rows.h"
#include "services/articles/storage/new_articles.h"
#include "services/articles/storage/page_rows.h"
#include "services/articles/storage/request_fingerprint.h"

namespace cityinfo::articles {
namespace {

// Does what `request` asks for (`body` gives the article as it then is), unless it came before:
// then its first answer.
template <typename Request, typename Body>
absl::StatusOr<Article> Once(Write& write, const Request& request, const RequestIdLimits& limits,
                             Body body) {
  if (request.request_id.empty()) return body();
  const std::string fingerprint = FingerprintOf(request);
  CITY_ASSIGN_OR_RETURN(
      const std::optional<int64_t> answered,
      FindRequest(write.connection, request.request_id, fingerprint, write.now - limits.lifetime));
  if (answered) {
    CITY_ASSIGN_OR_RETURN(std::optional<Article> first,
                          ReadChangedArticle(write.connection, *answered));
    if (first) return *std::move(first);
    return base::MakeError(
        absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND",
        absl::StrCat("the article of request_id \"", request.request_id, "\" is removed for good"));
  }
  CITY_ASSIGN_OR_RETURN(Article article, body());
  // Also when nothing was changed now: the article's newest change is what was answered.
  CITY_ASSIGN_OR_RETURN(const int64_t answer, LastChangeOf(write.connection, article.sequence));
  CITY_RETURN_IF_ERROR(RememberRequest(write.connection, request.request_id, fingerprint, answer,
                                       write.now, limits));
  return article;
}

// The article that a change of its content is about.
absl::StatusOr<Article> ReadEditable(Write& write, absl::string_view id, absl::string_view etag) {
  CITY_ASSIGN_OR_RETURN(Article article, write.ReadSettled(id, ArticleView::kFull));
  CITY_RETURN_IF_ERROR(CheckEtag(article, etag));
  CITY_RETURN_IF_ERROR(CheckEditable(article));
  return article;
}

absl::StatusOr<Article> ChangeContent(Write& write, Article article, ArticleContent content,
                                      absl::string_view author, absl::string_view summary) {
  if (content == article.content) return article;
  CITY_RETURN_IF_ERROR(ValidateContent(content));
  article.content = std::move(content);
  article.excerpt = MakeExcerpt(article.content);
  article.version += 1;
  article.revision = article.newest_revision = article.newest_revision + 1;
  article.author = std::string(author);
  article.summary = std::string(summary);
  article.was_public = article.state == ArticleState::kPublished;
  article.update_time = write.now;
  CITY_RETURN_IF_ERROR(InsertNextRevision(write.connection, article));
  CITY_RETURN_IF_ERROR(write.Append(article));
  return article;
}

std::optional<absl::Time> ToStoredPrecision(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return articles::ToStoredPrecision(*time);
}

}  // namespace

absl::StatusOr<Article> CreateArticle(Write& write, const NewArticle& request,
                                      const RequestIdLimits& limits) {
  return Once(write, request, limits, [&]() -> absl::StatusOr<Article> {
    Article article =
        MakeArticle(write, request.content, request.author, "created", request.publish);
    CITY_RETURN_IF_ERROR(StoreNew(write, {&article, 1}));
    return article;
  });
}

absl::StatusOr<Article> UpdateArticle(Write& write, const ArticleUpdate& request,
                                      const RequestIdLimits& limits) {
  return Once(write, request, limits, [&]() -> absl::StatusOr<Article> {
    CITY_ASSIGN_OR_RETURN(Article article, ReadEditable(write, request.id, request.etag));
    ArticleContent content = ApplyPatch(request.patch, article.content);
    const std::string summary = DescribeDifference(article.content, content);
    return ChangeContent(write, std::move(article), std::move(content), request.author, summary);
  });
}

absl::StatusOr<Article> RollbackArticle(Write& write, const ArticleRollback& request,
                                        const RequestIdLimits& limits) {
  return Once(write, request, limits, [&]() -> absl::StatusOr<Article> {
    CITY_ASSIGN_OR_RETURN(Article article, ReadEditable(write, request.id, request.etag));
    CITY_ASSIGN_OR_RETURN(Article old, ReadArticle(write.connection, request.id, request.revision,
                                                   ArticleView::kFull));
    return ChangeContent(write, std::move(article), std::move(old.content), request.author,
                         absl::StrCat("back to revision ", request.revision));
  });
}

absl::StatusOr<Article> ChangeArticleState(Write& write, const StateChange& request,
                                           const RequestIdLimits& limits) {
  return Once(write, request, limits, [&]() -> absl::StatusOr<Article> {
    CITY_ASSIGN_OR_RETURN(Article article, write.ReadSettled(request.id, ArticleView::kFull));
    CITY_RETURN_IF_ERROR(CheckEtag(article, request.etag));
    CITY_ASSIGN_OR_RETURN(
        const bool changed,
        ApplyTransition(request.transition, write.now, &article,
                        {.publish_time = ToStoredPrecision(request.publish_time),
                         .unpublish_time = ToStoredPrecision(request.unpublish_time)}));
    if (changed) CITY_RETURN_IF_ERROR(write.StoreState(article));
    return article;
  });
}

absl::StatusOr<ImportedPage> StorePage(Write& write, const PageImport& page,
                                       const std::string& fingerprint) {
  ImportedPage imported;
  CITY_ASSIGN_OR_RETURN(std::optional<std::string> known, FindPage(write.connection, fingerprint));
  if (known) {
    imported.page_id = *std::move(known);
    imported.already_imported = true;
    CITY_ASSIGN_OR_RETURN(imported.articles, ReadPageArticles(write.connection, imported.page_id));
    for (Article& article : imported.articles) Settle(write.now, &article);
    return imported;
  }
  imported.page_id = base::NewId(write.clock);
  CITY_RETURN_IF_ERROR(
      InsertPage(write.connection, imported.page_id, fingerprint, page, write.now));
  for (const ArticleContent& content : page.articles) {
    Article article =
        MakeArticle(write, content, page.author, "imported from a page", page.publish);
    article.source_page = imported.page_id;
    imported.articles.push_back(std::move(article));
  }
  CITY_RETURN_IF_ERROR(StoreNew(write, imported.articles));
  return imported;
}

}  // namespace cityinfo::articles
