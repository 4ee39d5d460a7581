#include "services/articles/rpc/article_service.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "platform/base/status_macros.h"

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

// A read whose answers are kept, under the letter `kept_as`.
template <typename Request, typename Response>
void KeptUnary(rpc::Server& server, absl::string_view name, char kept_as, ArticleHandlers& handlers,
               absl::StatusOr<Response> (ReadHandlers::*method)(const rpc::RequestContext&,
                                                                const Request&, Standing*)) {
  server.UnaryRaw<Request, Response>(
      Method(name),
      [&handlers, kept_as, method](const rpc::RequestContext& context,
                                   const Request& request) -> absl::StatusOr<rpc::SharedBytes> {
        const absl::Time begun = handlers.answers.Now();
        Standing standing;
        CITY_ASSIGN_OR_RETURN(const Response response,
                              (handlers.read.*method)(context, request, &standing));
        return handlers.answers.Keep(kept_as, context, request, response, standing, begun);
      },
      {.ready_answer = [&handlers, kept_as](const rpc::RequestContext& context,
                                            const grpc::ByteBuffer& request) {
        return handlers.answers.Find(kept_as, context, request);
      }});
}

}  // namespace

void RegisterArticleService(rpc::Server& server, ArticleHandlers& handlers) {
  KeptUnary(server, "GetArticle", 'g', handlers, &ReadHandlers::GetArticle);
  KeptUnary(server, "BatchGetArticles", 'b', handlers, &ReadHandlers::BatchGetArticles);
  KeptUnary(server, "ListArticles", 'l', handlers, &ReadHandlers::ListArticles);
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
