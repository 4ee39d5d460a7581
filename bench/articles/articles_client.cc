#include "bench/articles/articles_client.h"

#include <grpcpp/client_context.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "bench/baseline/must.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/status_mapping.h"

namespace cityinfo::bench {

namespace v1 = cityinfo::articles::v1;

namespace {

constexpr std::chrono::milliseconds kPause(5);

}  // namespace

ArticlesClient::ArticlesClient(int port)
    : stub_(v1::ArticleService::NewStub(
          rpc::MakeChannel(absl::StrCat("127.0.0.1:", port), {.follow_health = false}))) {}

void ArticlesClient::Import(const std::vector<v1::ImportArticlesRequest>& articles, size_t keep,
                            std::vector<std::string>* ids) {
  grpc::ClientContext context;
  v1::ImportArticlesResponse response;
  const auto writer = stub_->ImportArticles(&context, &response);
  for (const v1::ImportArticlesRequest& article : articles) {
    if (!writer->Write(article)) break;
  }
  writer->WritesDone();
  Must(rpc::FromGrpc(writer->Finish()));
  for (const v1::ImportArticleResult& result : response.results()) {
    if (result.outcome() == v1::ImportArticleResult::FAILED) {
      Must(absl::InternalError(
          absl::StrCat("article ", result.item(), " of a stream: ", result.error().message())));
    }
    if (static_cast<size_t>(result.item()) % keep == 0) ids->push_back(result.name());
  }
}

v1::SearchArticlesResponse ArticlesClient::Search(const std::string& query, Order order,
                                                  int page_size, const std::string& page_token) {
  v1::SearchArticlesRequest request;
  request.set_query(query);
  request.set_order(order);
  request.set_page_size(page_size);
  request.set_page_token(page_token);
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  v1::SearchArticlesResponse response;
  Must(rpc::FromGrpc(stub_->SearchArticles(&context, request, &response)));
  return response;
}

void ArticlesClient::WaitForSearch() {
  // A word that no article holds costs next to nothing.
  while (Search("〇〇", v1::SearchArticlesRequest::NEWEST, 1).changes_behind() > 0) {
    std::this_thread::sleep_for(kPause);
  }
}

v1::ImportArticlesRequest ToImport(const cityinfo::articles::ArticleContent& content) {
  v1::ImportArticlesRequest request;
  request.set_publish(true);
  v1::Article& article = *request.mutable_article();
  article.set_title(content.title);
  article.set_section(content.section);
  for (const std::string& tag : content.tags) article.add_tags(tag);
  article.set_publication(content.publication);
  article.mutable_publish_date()->set_year(content.publish_date.year);
  article.mutable_publish_date()->set_month(content.publish_date.month);
  article.mutable_publish_date()->set_day(content.publish_date.day);
  article.set_page(content.page);
  article.set_place(content.place);
  for (const cityinfo::articles::Block& block : content.blocks) {
    v1::Block& added = *article.add_blocks();
    added.set_kind(v1::Block::PARAGRAPH);
    added.set_text(block.text);
  }
  return request;
}

}  // namespace cityinfo::bench
