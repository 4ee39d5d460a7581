#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cityinfo/articles/v1/article_service.grpc.pb.h"
#include "services/articles/domain/article.h"

namespace cityinfo::bench {

using Order = cityinfo::articles::v1::SearchArticlesRequest::Order;

// A caller of ArticleService with a connection of its own. Ends the program when a call fails. For
// one thread.
class ArticlesClient {
 public:
  explicit ArticlesClient(int port);

  // Sends the articles as one stream and keeps of their ids every `keep`th in `ids`. None may fail.
  void Import(const std::vector<cityinfo::articles::v1::ImportArticlesRequest>& articles,
              size_t keep, std::vector<std::string>* ids);

  // One page of results.
  cityinfo::articles::v1::SearchArticlesResponse Search(const std::string& query, Order order,
                                                        int page_size,
                                                        const std::string& page_token = "");

  // Blocks until the search has seen every change that is committed.
  void WaitForSearch();

 private:
  std::unique_ptr<cityinfo::articles::v1::ArticleService::Stub> stub_;
};

// The article as a client sends it, to be published.
cityinfo::articles::v1::ImportArticlesRequest ToImport(
    const cityinfo::articles::ArticleContent& content);

}  // namespace cityinfo::bench
