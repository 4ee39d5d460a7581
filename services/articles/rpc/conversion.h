#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cityinfo/articles/v1/article.pb.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "platform/base/date.h"
#include "services/articles/domain/article.h"
#include "services/articles/domain/article_store.h"
#include "services/articles/domain/content_patch.h"

// Between the messages of the API and the words of the domain; the only place that knows both.
namespace cityinfo::articles {

// An absent date, and one that is all zeros, is {0,0,0}.
base::Date DateFromProto(const google::type::Date& date);

void ToProto(const base::Date& date, google::type::Date* proto);
void ToProto(absl::Time time, google::protobuf::Timestamp* proto);
void ToProto(const Span& span, v1::Span* proto);

// Kind and text, without source_spans.
void TextToProto(const Block& block, v1::Block* proto);

// What the article says, without name and life: for pages that are only split.
void ToProto(const ArticleContent& content, v1::Article* proto);

// The whole article; blocks and doubts only when it was read with them. An old revision has no
// etag: it is not what a write would change.
void ToProto(const Article& article, v1::Article* proto);
v1::Article ToProto(const Article& article);

// Of a purged article nothing but its name and that it is DELETED.
void ToProto(const ArticleChange& change, v1::ArticleChange* proto);
void ToProto(const LabelCount& count, v1::LabelCount* proto);

// What a client may write. Output fields are ignored. INVALID_ARGUMENT for an unknown kind of
// block; the rest is ValidateContent's.
absl::StatusOr<ArticleContent> ContentFromProto(const v1::Article& article);

// The fields to change: those the mask names ("*" for all), or with an empty mask those that are
// set. INVALID_ARGUMENT on update_mask for a field that cannot be changed.
absl::StatusOr<ContentPatch> PatchFromProto(const v1::UpdateArticleRequest& request);

// For a filter: unspecified is PUBLISHED. INVALID_ARGUMENT on state.
absl::StatusOr<ArticleState> StateFromProto(v1::ArticleState state);

}  // namespace cityinfo::articles
