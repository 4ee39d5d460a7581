#include "services/articles/rpc/conversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "platform/base/error.h"
#include "services/articles/domain/article_lifecycle.h"
#include "services/articles/rpc/request_fields.h"
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

// All moments that an article can have, though no article has them all at once.
void SetEveryTime(Article* article) {
  article->publish_time = absl::FromUnixSeconds(1'640'000'010);
  article->unpublish_time = absl::FromUnixSeconds(1'640'000'011);
  article->delete_time = absl::FromUnixSeconds(1'640'000'012);
  article->purge_time = absl::FromUnixSeconds(1'640'000'013);
}

TEST(ArticleToProto, FillsEveryField) {
  Article article = SampleArticle();
  SetEveryTime(&article);
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
  EXPECT_EQ(proto.publish_time().seconds(), 1'640'000'010);
  EXPECT_EQ(proto.unpublish_time().seconds(), 1'640'000'011);
  EXPECT_EQ(proto.delete_time().seconds(), 1'640'000'012);
  EXPECT_EQ(proto.purge_time().seconds(), 1'640'000'013);
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
  EXPECT_FALSE(proto.has_publish_time());
  EXPECT_FALSE(proto.has_unpublish_time());
  EXPECT_FALSE(proto.has_delete_time());
  EXPECT_FALSE(proto.has_purge_time());
  EXPECT_FALSE(proto.has_printed_date());
  EXPECT_EQ(proto.source_page(), "");
}

TEST(ChangeToProto, OfAPurgedArticleOnlyTheNameIsLeft) {
  ArticleChange change{.position = 12, .article = SampleArticle(), .commit_time = absl::Now()};
  v1::ArticleChange proto;
  ToProto(change, &proto);
  EXPECT_FALSE(proto.purged());
  EXPECT_EQ(proto.article().title(), change.article.content.title);
  change.purged = true;
  proto.Clear();
  ToProto(change, &proto);
  EXPECT_EQ(proto.resume_token(), "12");
  EXPECT_TRUE(proto.purged());
  EXPECT_TRUE(proto.has_commit_time());
  v1::Article bare;
  bare.set_name("articles/0abc");
  bare.set_id("0abc");
  bare.set_state(v1::DELETED);
  EXPECT_EQ(proto.article().SerializeAsString(), bare.SerializeAsString());
}

TEST(ParseOptionalTime, ReadsMomentsOfTheCalendar) {
  google::protobuf::Timestamp time;
  EXPECT_THAT(ParseOptionalTime(false, time, "publish_time"),
              testing::IsOkAndHolds(std::optional<absl::Time>()));
  time.set_seconds(1'640'000'000);
  time.set_nanos(123'456'789);
  EXPECT_THAT(ParseOptionalTime(true, time, "publish_time"),
              testing::IsOkAndHolds(std::optional(absl::FromUnixMicros(1'640'000'000'123'456))));
  for (const auto& [seconds, nanos] :
       std::vector<std::pair<int64_t, int32_t>>{{-62'135'596'801, 0},
                                                {253'402'300'800, 0},
                                                {0, -1},
                                                {0, 1'000'000'000},
                                                {std::numeric_limits<int64_t>::max(), 0},
                                                {std::numeric_limits<int64_t>::min(), 0}}) {
    time.set_seconds(seconds);
    time.set_nanos(nanos);
    const absl::Status status = ParseOptionalTime(true, time, "unpublish_time").status();
    EXPECT_EQ(base::ErrorReason(status), "INVALID_TIME") << seconds;
    ASSERT_EQ(base::FieldViolations(status).size(), 1);
    EXPECT_EQ(base::FieldViolations(status)[0].field, "unpublish_time");
  }
  for (const int64_t seconds : {int64_t{-62'135'596'800}, int64_t{253'402'300'799}}) {
    time.set_seconds(seconds);
    time.set_nanos(0);
    EXPECT_OK(ParseOptionalTime(true, time, "publish_time"));
  }
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
