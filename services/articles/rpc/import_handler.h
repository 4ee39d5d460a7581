#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/rpc/request_context.h"
#include "platform/rpc/server_reader.h"
#include "services/articles/domain/article_store.h"

namespace cityinfo::articles {

// The most articles of one import.
inline constexpr int64_t kMaxImportItems = 10'000;

// A group is stored when it has this many bytes of articles, or kMaxImportBatch of them.
inline constexpr size_t kMaxImportGroupBytes = 1 << 20;

// ImportArticles: many articles from one stream. Keeps a group of them and what became of each.
// Thread-safe; `store` must outlive it.
class ImportHandler {
 public:
  explicit ImportHandler(ArticleStore& store) : store_(store) {}

  absl::StatusOr<v1::ImportArticlesResponse> ImportArticles(
      const rpc::RequestContext& context, rpc::ServerReader<v1::ImportArticlesRequest>& reader);

 private:
  ArticleStore& store_;
};

}  // namespace cityinfo::articles
