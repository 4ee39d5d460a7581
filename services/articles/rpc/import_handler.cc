#include "services/articles/rpc/import_handler.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "platform/log/log.h"
#include "platform/rpc/status_mapping.h"
#include "services/articles/rpc/caller.h"
#include "services/articles/rpc/conversion.h"

namespace cityinfo::articles {
namespace {

absl::StatusOr<ArticleContent> ContentOf(const v1::ImportArticlesRequest& request) {
  if (!request.has_article()) return base::InvalidArgument("article", "is required", "REQUIRED");
  return ContentFromProto(request.article());
}

// One import under way.
class Import {
 public:
  Import(ArticleStore& store, std::string author, absl::Time deadline)
      : store_(store), author_(std::move(author)), deadline_(deadline) {}

  // An error says that the import cannot go on; what is wrong with an article is its own result.
  absl::Status Take(const v1::ImportArticlesRequest& request) {
    if (response_.results_size() == kMaxImportItems) {
      return base::MakeError(absl::StatusCode::kInvalidArgument, "TOO_MANY_ITEMS",
                             absl::StrCat("an import holds at most ", kMaxImportItems,
                                          " articles; send the others in another one"));
    }
    v1::ImportArticleResult& result = *response_.add_results();
    result.set_item(response_.results_size());
    absl::StatusOr<ArticleContent> content = ContentOf(request);
    if (!content.ok()) {
      Fail(content.status(), &result);
      return absl::OkStatus();
    }
    group_.push_back({.content = *std::move(content),
                      .publish = request.publish(),
                      .validate_only = request.validate_only()});
    group_results_.push_back(response_.results_size() - 1);
    group_bytes_ += request.ByteSizeLong();
    if (group_.size() < kMaxImportBatch && group_bytes_ < kMaxImportGroupBytes) {
      return absl::OkStatus();
    }
    return StoreGroup();
  }

  absl::StatusOr<v1::ImportArticlesResponse> Finish() {
    if (!group_.empty()) CITY_RETURN_IF_ERROR(StoreGroup());
    log::Info("articles imported", {{"created", response_.created_count()},
                                    {"existing", response_.existing_count()},
                                    {"failed", response_.failed_count()}});
    return std::move(response_);
  }

 private:
  absl::Status StoreGroup() {
    CITY_ASSIGN_OR_RETURN(const std::vector<ImportedArticle> imported,
                          store_.ImportArticles(group_, author_, deadline_));
    if (imported.size() != group_.size()) {
      return base::Internal("IMPORT_INCOMPLETE", "the store did not answer for every article");
    }
    for (size_t i = 0; i < imported.size(); ++i) {
      v1::ImportArticleResult* result = response_.mutable_results(group_results_[i]);
      if (!imported[i].status.ok()) {
        Fail(imported[i].status, result);
        continue;
      }
      Succeed(imported[i].existing, result);
      if (!imported[i].id.empty()) result->set_name(absl::StrCat("articles/", imported[i].id));
    }
    group_.clear();
    group_results_.clear();
    group_bytes_ = 0;
    return absl::OkStatus();
  }

  void Succeed(bool existing, v1::ImportArticleResult* result) {
    if (existing) {
      result->set_outcome(v1::ImportArticleResult::EXISTING);
      response_.set_existing_count(response_.existing_count() + 1);
    } else {
      result->set_outcome(v1::ImportArticleResult::CREATED);
      response_.set_created_count(response_.created_count() + 1);
    }
  }

  void Fail(const absl::Status& why, v1::ImportArticleResult* result) {
    result->set_outcome(v1::ImportArticleResult::FAILED);
    *result->mutable_error() = rpc::ToRpcStatus(why);
    response_.set_failed_count(response_.failed_count() + 1);
  }

  ArticleStore& store_;
  const std::string author_;
  const absl::Time deadline_;
  v1::ImportArticlesResponse response_;
  // Articles that wait to be stored, and the indices of their results.
  std::vector<ArticleImport> group_;
  std::vector<int> group_results_;
  size_t group_bytes_ = 0;
};

}  // namespace

absl::StatusOr<v1::ImportArticlesResponse> ImportHandler::ImportArticles(
    const rpc::RequestContext& context, rpc::ServerReader<v1::ImportArticlesRequest>& reader) {
  const Caller caller = CallerOf(context);
  CITY_RETURN_IF_ERROR(RequireEditor(caller, "import articles"));
  Import import(store_, caller.name, context.deadline);
  v1::ImportArticlesRequest request;
  while (reader.Read(&request)) CITY_RETURN_IF_ERROR(import.Take(request));
  // What was cut off is sent again whole: its last group need not be stored.
  CITY_RETURN_IF_ERROR(reader.status());
  return import.Finish();
}

}  // namespace cityinfo::articles
