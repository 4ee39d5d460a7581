#include "services/articles/rpc/diff_handler.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/revision_diff.h"
#include "services/articles/rpc/conversion.h"
#include "services/articles/rpc/request_fields.h"

namespace cityinfo::articles {
namespace {

// Revisions looked at together in search of one that was public.
constexpr int kRevisionsAtOnce = 50;

v1::BlockChange::Operation OperationToProto(BlockOperation operation) {
  switch (operation) {
    case BlockOperation::kEqual:
      return v1::BlockChange::EQUAL;
    case BlockOperation::kInserted:
      return v1::BlockChange::INSERTED;
    case BlockOperation::kRemoved:
      return v1::BlockChange::REMOVED;
    case BlockOperation::kChanged:
      return v1::BlockChange::CHANGED;
  }
  return v1::BlockChange::OPERATION_UNSPECIFIED;
}

void ToProto(const BlockDifference& difference, const ArticleContent& before,
             const ArticleContent& after, v1::BlockChange* proto) {
  proto->set_operation(OperationToProto(difference.operation));
  proto->set_before_index(difference.before_index);
  proto->set_after_index(difference.after_index);
  if (difference.operation != BlockOperation::kInserted) {
    TextToProto(before.blocks[difference.before_index], proto->mutable_before());
  }
  if (difference.operation == BlockOperation::kInserted ||
      difference.operation == BlockOperation::kChanged) {
    TextToProto(after.blocks[difference.after_index], proto->mutable_after());
  }
  for (const Span& span : difference.before_spans) ToProto(span, proto->add_before_spans());
  for (const Span& span : difference.after_spans) ToProto(span, proto->add_after_spans());
}

v1::DiffArticleRevisionsResponse DifferenceToProto(const Article& before, const Article& after) {
  const ContentDifference difference = DiffContents(before.content, after.content);
  v1::DiffArticleRevisionsResponse response;
  response.set_from_revision(before.revision);
  response.set_to_revision(after.revision);
  for (const FieldDifference& field : difference.fields) {
    v1::FieldChange* change = response.add_fields();
    change->set_field(field.field);
    change->set_before(field.before);
    change->set_after(field.after);
  }
  for (const BlockDifference& block : difference.blocks) {
    ToProto(block, before.content, after.content, response.add_blocks());
  }
  return response;
}

absl::Status CheckRevision(int64_t revision, absl::string_view field) {
  if (revision >= 0) return absl::OkStatus();
  return base::InvalidArgument(field, "must not be negative", "INVALID_REVISION");
}

}  // namespace

absl::StatusOr<int64_t> DiffHandler::RevisionBefore(const Article& newer, const Caller& caller,
                                                    absl::Time deadline) {
  for (int64_t before = newer.revision; before > 1;) {
    CITY_ASSIGN_OR_RETURN(const RevisionPage page,
                          store_.ListRevisions(newer.id, before, kRevisionsAtOnce, deadline));
    for (const Article& revision : page.revisions) {
      if (MaySee(caller, revision)) return revision.revision;
      before = revision.revision;
    }
    if (!page.more) break;
  }
  return 0;
}

absl::StatusOr<v1::DiffArticleRevisionsResponse> DiffHandler::DiffArticleRevisions(
    const rpc::RequestContext& context, const v1::DiffArticleRevisionsRequest& request) {
  CITY_ASSIGN_OR_RETURN(const std::string id, ParseArticleName(request.name()));
  CITY_RETURN_IF_ERROR(CheckRevision(request.from_revision(), "from_revision"));
  CITY_RETURN_IF_ERROR(CheckRevision(request.to_revision(), "to_revision"));
  const Caller caller = CallerOf(context);
  CITY_ASSIGN_OR_RETURN(const Article after, store_.Get(id, request.to_revision(),
                                                        ArticleView::kFull, context.deadline));
  CITY_RETURN_IF_ERROR(RequireVisible(caller, after));
  int64_t from = request.from_revision();
  if (from == 0) {
    CITY_ASSIGN_OR_RETURN(from, RevisionBefore(after, caller, context.deadline));
  }
  if (from > after.revision) {
    return base::InvalidArgument(
        "from_revision",
        absl::StrCat(from, " is newer than revision ", after.revision, " that it is compared with"),
        "REVISIONS_OUT_OF_ORDER");
  }
  Article before;  // Before the first revision there was nothing.
  if (from > 0) {
    CITY_ASSIGN_OR_RETURN(before, store_.Get(id, from, ArticleView::kFull, context.deadline));
    CITY_RETURN_IF_ERROR(RequireVisible(caller, before));
  }
  return DifferenceToProto(before, after);
}

}  // namespace cityinfo::articles
