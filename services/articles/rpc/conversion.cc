#include "services/articles/rpc/conversion.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/domain/place_code.h"

namespace cityinfo::articles {
namespace {

v1::Block::Kind KindToProto(BlockKind kind) {
  switch (kind) {
    case BlockKind::kHeading:
      return v1::Block::HEADING;
    case BlockKind::kParagraph:
      return v1::Block::PARAGRAPH;
    case BlockKind::kCaption:
      return v1::Block::CAPTION;
  }
  return v1::Block::KIND_UNSPECIFIED;
}

v1::Doubt::Reason ReasonToProto(QualityReason reason) {
  switch (reason) {
    case QualityReason::kGarbled:
      return v1::Doubt::GARBLED;
    case QualityReason::kDuplicatedRun:
      return v1::Doubt::DUPLICATED_RUN;
    case QualityReason::kBreaksOff:
      return v1::Doubt::BREAKS_OFF;
    case QualityReason::kMoved:
      return v1::Doubt::MOVED;
    case QualityReason::kUncertainKind:
      return v1::Doubt::UNCERTAIN_KIND;
    case QualityReason::kUncertainTitle:
      return v1::Doubt::DIVISION;
    case QualityReason::kUnpairedQuotation:
      return v1::Doubt::UNPAIRED_QUOTATION;
  }
  return v1::Doubt::REASON_UNSPECIFIED;
}

v1::ArticleState StateToProto(ArticleState state) {
  switch (state) {
    case ArticleState::kDraft:
      return v1::DRAFT;
    case ArticleState::kScheduled:
      return v1::SCHEDULED;
    case ArticleState::kPublished:
      return v1::PUBLISHED;
    case ArticleState::kUnpublished:
      return v1::UNPUBLISHED;
    case ArticleState::kDeleted:
      return v1::DELETED;
  }
  return v1::ARTICLE_STATE_UNSPECIFIED;
}

void SetTime(const std::optional<absl::Time>& time,
             google::protobuf::Timestamp* (v1::Article::*field)(), v1::Article* proto) {
  if (time) ToProto(*time, (proto->*field)());
}

void BlockToProto(const Block& block, v1::Block* proto) {
  TextToProto(block, proto);
  for (const Span& span : block.spans) ToProto(span, proto->add_source_spans());
}

absl::StatusOr<std::vector<Block>> BlocksFromProto(const v1::Article& article) {
  std::vector<Block> blocks;
  for (const v1::Block& proto : article.blocks()) {
    Block block{.text = proto.text()};
    switch (proto.kind()) {
      case v1::Block::HEADING:
        block.kind = BlockKind::kHeading;
        break;
      case v1::Block::CAPTION:
        block.kind = BlockKind::kCaption;
        break;
      case v1::Block::KIND_UNSPECIFIED:
      case v1::Block::PARAGRAPH:
        block.kind = BlockKind::kParagraph;
        break;
      default:
        return base::InvalidArgument(absl::StrCat("article.blocks[", blocks.size(), "].kind"),
                                     "must be HEADING, PARAGRAPH or CAPTION", "INVALID_KIND");
    }
    for (const v1::Span& span : proto.source_spans()) {
      block.spans.push_back({.begin = span.begin(), .end = span.end()});
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

// Copies one field into the patch.
absl::Status AddToPatch(absl::string_view path, const v1::Article& article, ContentPatch* patch) {
  if (path == "title") {
    patch->title = article.title();
  } else if (path == "subtitle") {
    patch->subtitle = article.subtitle();
  } else if (path == "byline") {
    patch->byline = article.byline();
  } else if (path == "section") {
    patch->section = article.section();
  } else if (path == "tags") {
    patch->tags.emplace(article.tags().begin(), article.tags().end());
  } else if (path == "publication") {
    patch->publication = article.publication();
  } else if (path == "publish_date") {
    patch->publish_date = DateFromProto(article.publish_date());
  } else if (path == "page") {
    patch->page = article.page();
  } else if (path == "place") {
    patch->place = NormalisePlaceCode(article.place());
  } else if (path == "blocks") {
    CITY_ASSIGN_OR_RETURN(patch->blocks, BlocksFromProto(article));
  } else {
    return base::InvalidArgument(
        "update_mask",
        absl::StrCat("\"", path,
                     "\" cannot be updated; title, subtitle, byline, section, tags, "
                     "publication, publish_date, page, place and blocks can"),
        "INVALID_UPDATE_MASK");
  }
  return absl::OkStatus();
}

constexpr std::array kUpdatable = {"title",       "subtitle",     "byline", "section", "tags",
                                   "publication", "publish_date", "page",   "place",   "blocks"};

bool IsSet(const v1::Article& article, absl::string_view path) {
  const google::protobuf::FieldDescriptor* field =
      v1::Article::descriptor()->FindFieldByName(std::string(path));
  const google::protobuf::Reflection* reflection = article.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(article, field) > 0
                              : reflection->HasField(article, field);
}

}  // namespace

base::Date DateFromProto(const google::type::Date& date) {
  return {.year = date.year(), .month = date.month(), .day = date.day()};
}

void ToProto(const base::Date& date, google::type::Date* proto) {
  proto->set_year(date.year);
  proto->set_month(date.month);
  proto->set_day(date.day);
}

void ToProto(absl::Time time, google::protobuf::Timestamp* proto) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  proto->set_seconds(seconds);
  proto->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void ToProto(const Span& span, v1::Span* proto) {
  proto->set_begin(span.begin);
  proto->set_end(span.end);
}

void TextToProto(const Block& block, v1::Block* proto) {
  proto->set_kind(KindToProto(block.kind));
  proto->set_text(block.text);
}

void ToProto(const ArticleContent& content, v1::Article* proto) {
  proto->set_title(content.title);
  proto->set_subtitle(content.subtitle);
  proto->set_byline(content.byline);
  proto->set_section(content.section);
  for (const std::string& tag : content.tags) proto->add_tags(tag);
  proto->set_publication(content.publication);
  if (content.publish_date != base::Date{})
    ToProto(content.publish_date, proto->mutable_publish_date());
  proto->set_page(content.page);
  proto->set_place(content.place);
  for (const Block& block : content.blocks) BlockToProto(block, proto->add_blocks());
  for (const ArticleDoubt& doubt : content.doubts) {
    v1::Doubt* out = proto->add_doubts();
    out->set_reason(ReasonToProto(doubt.reason));
    out->set_detail(doubt.detail);
    out->set_block(doubt.block);
    ToProto(doubt.span, out->mutable_source_span());
  }
  if (content.printed_date) ToProto(*content.printed_date, proto->mutable_printed_date());
  proto->set_continued_from(content.continued_from);
}

void ToProto(const Article& article, v1::Article* proto) {
  ToProto(article.content, proto);
  proto->set_name(absl::StrCat("articles/", article.id));
  proto->set_id(article.id);
  proto->set_revision(article.revision);
  if (article.revision == article.newest_revision) proto->set_etag(Etag(article));
  proto->set_state(StateToProto(article.state));
  if (!article.source_page.empty())
    proto->set_source_page(absl::StrCat("pages/", article.source_page));
  proto->set_excerpt(article.excerpt);
  ToProto(article.create_time, proto->mutable_create_time());
  ToProto(article.update_time, proto->mutable_update_time());
  SetTime(article.first_publish_time, &v1::Article::mutable_first_publish_time, proto);
  SetTime(article.publish_time, &v1::Article::mutable_publish_time, proto);
  SetTime(article.unpublish_time, &v1::Article::mutable_unpublish_time, proto);
  SetTime(article.delete_time, &v1::Article::mutable_delete_time, proto);
  SetTime(article.purge_time, &v1::Article::mutable_purge_time, proto);
}

v1::Article ToProto(const Article& article) {
  v1::Article proto;
  ToProto(article, &proto);
  return proto;
}

void ToProto(const ArticleChange& change, v1::ArticleChange* proto) {
  proto->set_resume_token(absl::StrCat(change.position));
  ToProto(change.commit_time, proto->mutable_commit_time());
  if (!change.purged) return ToProto(change.article, proto->mutable_article());
  proto->set_purged(true);
  proto->mutable_article()->set_name(absl::StrCat("articles/", change.article.id));
  proto->mutable_article()->set_id(change.article.id);
  proto->mutable_article()->set_state(v1::DELETED);
}

void ToProto(const LabelCount& count, v1::LabelCount* proto) {
  proto->set_label(count.label);
  proto->set_count(count.count);
}

absl::StatusOr<ArticleContent> ContentFromProto(const v1::Article& article) {
  ArticleContent content{.title = article.title(),
                         .subtitle = article.subtitle(),
                         .byline = article.byline(),
                         .section = article.section(),
                         .tags = {article.tags().begin(), article.tags().end()},
                         .publication = article.publication(),
                         .publish_date = DateFromProto(article.publish_date()),
                         .page = article.page(),
                         .place = NormalisePlaceCode(article.place()),
                         .continued_from = article.continued_from()};
  if (article.has_printed_date()) content.printed_date = DateFromProto(article.printed_date());
  CITY_ASSIGN_OR_RETURN(content.blocks, BlocksFromProto(article));
  return content;
}

absl::StatusOr<ContentPatch> PatchFromProto(const v1::UpdateArticleRequest& request) {
  ContentPatch patch;
  const v1::Article& article = request.article();
  const auto& paths = request.update_mask().paths();
  const bool all = paths.size() == 1 && paths[0] == "*";
  if (!all && !paths.empty()) {
    for (const std::string& path : paths) CITY_RETURN_IF_ERROR(AddToPatch(path, article, &patch));
    return patch;
  }
  for (const char* path : kUpdatable) {
    if (all || IsSet(article, path)) CITY_RETURN_IF_ERROR(AddToPatch(path, article, &patch));
  }
  return patch;
}

absl::StatusOr<ArticleState> StateFromProto(v1::ArticleState state) {
  switch (state) {
    case v1::ARTICLE_STATE_UNSPECIFIED:
    case v1::PUBLISHED:
      return ArticleState::kPublished;
    case v1::DRAFT:
      return ArticleState::kDraft;
    case v1::SCHEDULED:
      return ArticleState::kScheduled;
    case v1::UNPUBLISHED:
      return ArticleState::kUnpublished;
    case v1::DELETED:
      return ArticleState::kDeleted;
    default:
      return base::InvalidArgument(
          "state", "must be DRAFT, SCHEDULED, PUBLISHED, UNPUBLISHED or DELETED", "INVALID_STATE");
  }
}

}  // namespace cityinfo::articles
