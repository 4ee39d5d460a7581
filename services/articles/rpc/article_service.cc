#include "services/articles/rpc/article_service.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cityinfo::articles {
namespace {

std::string Method(absl::string_view name) {
  return absl::StrCat("/cityinfo.articles.v1.ArticleService/", name);
}

template <typename Request, typename Response, typename Handlers>
void Unary(rpc::Server& server, absl::string_view name, Handlers& handlers,
           absl::StatusOr<Response> (Handlers::*method)(const rpc::RequestContext&,
                                                        const Request&)) {
  server.Unary<Request, Response>(
      Method(name),
      [&handlers, method](const rpc::RequestContext& context, const Request& request) {
        return (handlers.*method)(context, request);
      });
}

}  // namespace

void RegisterArticleService(rpc::Server& server, ArticleHandlers& handlers) {
  Unary(server, "GetArticle", handlers.read, &ReadHandlers::GetArticle);
  Unary(server, "BatchGetArticles", handlers.read, &ReadHandlers::BatchGetArticles);
  Unary(server, "ListArticles", handlers.read, &ReadHandlers::ListArticles);
  Unary(server, "ListArticleRevisions", handlers.read, &ReadHandlers::ListArticleRevisions);
  Unary(server, "DiffArticleRevisions", handlers.diff, &DiffHandler::DiffArticleRevisions);
  Unary(server, "ListTags", handlers.read, &ReadHandlers::ListTags);
  Unary(server, "ListSections", handlers.read, &ReadHandlers::ListSections);

  Unary(server, "SearchArticles", handlers.search, &SearchHandler::SearchArticles);
  Unary(server, "SuggestArticles", handlers.search, &SearchHandler::SuggestArticles);
  Unary(server, "ListRelatedArticles", handlers.search, &SearchHandler::ListRelatedArticles);

  Unary(server, "CreateArticle", handlers.write, &WriteHandlers::CreateArticle);
  Unary(server, "UpdateArticle", handlers.write, &WriteHandlers::UpdateArticle);
  Unary(server, "RollbackArticle", handlers.write, &WriteHandlers::RollbackArticle);
  Unary(server, "PublishArticle", handlers.write, &WriteHandlers::PublishArticle);
  Unary(server, "UnpublishArticle", handlers.write, &WriteHandlers::UnpublishArticle);
  Unary(server, "DeleteArticle", handlers.write, &WriteHandlers::DeleteArticle);
  Unary(server, "UndeleteArticle", handlers.write, &WriteHandlers::UndeleteArticle);

  Unary(server, "ImportPage", handlers.pages, &PageHandlers::ImportPage);
  Unary(server, "SplitPage", handlers.pages, &PageHandlers::SplitPage);

  server.ClientStream<v1::ImportArticlesRequest, v1::ImportArticlesResponse>(
      Method("ImportArticles"), [&handlers](const rpc::RequestContext& context,
                                            rpc::ServerReader<v1::ImportArticlesRequest>& reader) {
        return handlers.import.ImportArticles(context, reader);
      });

  server.ServerStream<v1::WatchArticlesRequest, v1::ArticleChange>(
      Method("WatchArticles"),
      [&handlers](const rpc::RequestContext& context, const v1::WatchArticlesRequest& request,
                  rpc::ServerWriter<v1::ArticleChange>& writer) {
        return handlers.watch.WatchArticles(context, request, writer);
      });
}

}  // namespace cityinfo::articles
