#pragma once

#include "platform/rpc/server.h"
#include "services/articles/rpc/answer_cache.h"
#include "services/articles/rpc/diff_handler.h"
#include "services/articles/rpc/import_handler.h"
#include "services/articles/rpc/page_handlers.h"
#include "services/articles/rpc/read_handlers.h"
#include "services/articles/rpc/search_handler.h"
#include "services/articles/rpc/watch_handler.h"
#include "services/articles/rpc/write_handlers.h"

namespace cityinfo::articles {

// Who answers the methods of cityinfo.articles.v1.ArticleService.
struct ArticleHandlers {
  ReadHandlers read;
  DiffHandler diff;
  SearchHandler search;
  WriteHandlers write;
  PageHandlers pages;
  ImportHandler import;
  WatchHandler watch;
  AnswerCache& answers;
};

// Registers every method with the server. `handlers` must outlive it.
void RegisterArticleService(rpc::Server& server, ArticleHandlers& handlers);

}  // namespace cityinfo::articles
