#include "services/articles/rpc/conversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/error.h"
#include "services/articles/domain/article_lifecycle.h"
#include "tests/contract/article_store/sample_content.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

Article SampleArticle() {
  return {.id = "0abc",
          .sequence = 4,
          .version = 7,
          .revision = 3,
          .newest_revision = 3,
          .state = ArticleState::kPublished,
          .content = SampleContent(),
          .excerpt = "开头",
          .source_page = "0page",
          .create_time = absl::FromUnixMicros(1'640'000'000'123'456),
          .update_time = absl::FromUnixMicros(1'640'000'001'000'000),
          .first_publish_time = absl::FromUnixMicros(1'640'000'002'000'000)};
}

TEST(ArticleToProto, FillsEveryField) {
  Article article = SampleArticle();
  article.content.continued_from = "B1版";
  article.content.printed_date = base::Date{2021, 12, 18};
  article.content.blocks[0].spans = {{3, 9}};
  article.content.doubts = {
      {.reason = QualityReason::kMoved, .detail = "d", .block = 1, .span = {1, 2}}};
  const v1::Article proto = ToProto(article);
  const google::protobuf::Reflection* reflection = proto.GetReflection();
  for (int i = 0; i < proto.GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = proto.GetDescriptor()->field(i);
    EXPECT_TRUE(field->is_repeated() ? reflection->FieldSize(proto, field) > 0
                                     : reflection->HasField(proto, field))
        << field->name();
  }
  EXPECT_EQ(proto.name(), "articles/0abc");
  EXPECT_EQ(proto.source_page(), "pages/0page");
  EXPECT_EQ(proto.etag(), Etag(article));
  EXPECT_EQ(proto.create_time().nanos(), 123'456'000);
  EXPECT_EQ(proto.blocks(0).kind(), v1::Block::HEADING);
  EXPECT_EQ(proto.blocks(0).source_spans(0).end(), 9);
  EXPECT_EQ(proto.doubts(0).reason(), v1::Doubt::MOVED);
}

TEST(ArticleToProto, AnOldRevisionHasNoEtag) {
  Article article = SampleArticle();
  article.revision = 2;
  EXPECT_EQ(ToProto(article).etag(), "");
}

TEST(ArticleToProto, WhatIsNotKnownIsAbsent) {
  Article article = SampleArticle();
  article.first_publish_time.reset();
  article.source_page.clear();
  const v1::Article proto = ToProto(article);
  EXPECT_FALSE(proto.has_first_publish_time());
  EXPECT_FALSE(proto.has_printed_date());
  EXPECT_EQ(proto.source_page(), "");
}

TEST(ContentFromProto, IsTheWayBack) {
  Article article = SampleArticle();
  article.content.printed_date = base::Date{2021, 12, 18};
  article.content.blocks[0].spans = {{3, 9}};
  EXPECT_THAT(ContentFromProto(ToProto(article)), testing::IsOkAndHolds(article.content));
}

TEST(ContentFromProto, IgnoresOutputFieldsAndNormalisesThePlace) {
  v1::Article proto = ToProto(SampleArticle());
  proto.set_place("522600");
  proto.add_doubts()->set_detail("nobody asked");
  proto.set_excerpt("mine");
  ASSERT_OK_AND_ASSIGN(const ArticleContent content, ContentFromProto(proto));
  EXPECT_EQ(content.place, "5226");
  EXPECT_TRUE(content.doubts.empty());
}

TEST(ContentFromProto, ABlockWithoutAKindIsAParagraph) {
  v1::Article proto;
  proto.add_blocks()->set_text("x");
  ASSERT_OK_AND_ASSIGN(const ArticleContent content, ContentFromProto(proto));
  EXPECT_EQ(content.blocks[0].kind, BlockKind::kParagraph);
  proto.mutable_blocks(0)->set_kind(static_cast<v1::Block::Kind>(77));
  const auto bad = ContentFromProto(proto);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(base::FieldViolations(bad.status())[0].field, "article.blocks[0].kind");
}

TEST(PatchFromProto, AnEmptyMaskMeansWhatIsSet) {
  v1::UpdateArticleRequest request;
  request.mutable_article()->set_title("新");
  request.mutable_article()->set_etag("e");
  request.mutable_article()->set_excerpt("output");
  ASSERT_OK_AND_ASSIGN(const ContentPatch patch, PatchFromProto(request));
  EXPECT_EQ(patch.title, "新");
  EXPECT_FALSE(patch.subtitle.has_value());
  EXPECT_FALSE(patch.tags.has_value());
  EXPECT_FALSE(patch.publish_date.has_value());
}

TEST(PatchFromProto, AMaskMayEmptyAField) {
  v1::UpdateArticleRequest request;
  request.mutable_update_mask()->add_paths("tags");
  request.mutable_update_mask()->add_paths("byline");
  request.mutable_article()->set_title("not named");
  ASSERT_OK_AND_ASSIGN(const ContentPatch patch, PatchFromProto(request));
  EXPECT_TRUE(patch.tags.has_value() && patch.tags->empty());
  EXPECT_EQ(patch.byline, "");
  EXPECT_FALSE(patch.title.has_value());
}

TEST(PatchFromProto, AStarMeansEverything) {
  v1::UpdateArticleRequest request;
  request.mutable_update_mask()->add_paths("*");
  ASSERT_OK_AND_ASSIGN(const ContentPatch patch, PatchFromProto(request));
  EXPECT_TRUE(patch.title && patch.subtitle && patch.byline && patch.section && patch.tags &&
              patch.publication && patch.publish_date && patch.page && patch.place && patch.blocks);
}

TEST(PatchFromProto, RefusesWhatCannotBeUpdated) {
  for (const char* path : {"state", "first_publish_time", "name", "titel", "", "blocks.text"}) {
    v1::UpdateArticleRequest request;
    request.mutable_update_mask()->add_paths(path);
    const auto patch = PatchFromProto(request);
    ASSERT_FALSE(patch.ok()) << path;
    EXPECT_EQ(base::FieldViolations(patch.status())[0].field, "update_mask");
  }
}

}  // namespace
}  // namespace cityinfo::articles
