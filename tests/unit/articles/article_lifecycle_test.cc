#include "services/articles/domain/article_lifecycle.h"

#include <gtest/gtest.h>

#include <set>

#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'640'000'000);

Article At(ArticleState state) { return {.id = "a", .version = 1, .revision = 1, .state = state}; }

TEST(ApplyTransition, PublishesWhatIsNotDeleted) {
  for (ArticleState from :
       {ArticleState::kDraft, ArticleState::kScheduled, ArticleState::kUnpublished}) {
    Article article = At(from);
    EXPECT_THAT(ApplyTransition(Transition::kPublish, kNow, &article), testing::IsOkAndHolds(true));
    EXPECT_EQ(article.state, ArticleState::kPublished);
    EXPECT_EQ(article.first_publish_time, kNow);
    EXPECT_EQ(article.version, 2);
    EXPECT_TRUE(article.was_public);
  }
  Article deleted = At(ArticleState::kDeleted);
  EXPECT_EQ(base::ErrorReason(ApplyTransition(Transition::kPublish, kNow, &deleted).status()),
            "ARTICLE_DELETED");
  EXPECT_EQ(deleted, At(ArticleState::kDeleted));
}

TEST(ApplyTransition, KeepsTheFirstPublishTime) {
  Article article = At(ArticleState::kUnpublished);
  article.first_publish_time = kNow - absl::Hours(5);
  ASSERT_OK(ApplyTransition(Transition::kPublish, kNow, &article));
  EXPECT_EQ(article.first_publish_time, kNow - absl::Hours(5));
}

TEST(ApplyTransition, StandingStillIsNoChange) {
  Article published = At(ArticleState::kPublished);
  EXPECT_THAT(ApplyTransition(Transition::kPublish, kNow, &published),
              testing::IsOkAndHolds(false));
  EXPECT_EQ(published, At(ArticleState::kPublished));
  Article deleted = At(ArticleState::kDeleted);
  EXPECT_THAT(ApplyTransition(Transition::kDelete, kNow, &deleted), testing::IsOkAndHolds(false));
}

TEST(ApplyTransition, OnlyWhatWasPublicCanBeTakenBack) {
  for (ArticleState from :
       {ArticleState::kDraft, ArticleState::kScheduled, ArticleState::kDeleted}) {
    Article article = At(from);
    EXPECT_EQ(base::ErrorReason(ApplyTransition(Transition::kUnpublish, kNow, &article).status()),
              "ARTICLE_NOT_PUBLISHED");
  }
}

TEST(Etag, DiffersForEveryVersionOfEveryArticle) {
  std::set<std::string> etags;
  for (const char* id : {"a", "b"}) {
    for (int version = 1; version <= 50; ++version) {
      etags.insert(Etag({.id = id, .version = version}));
    }
  }
  EXPECT_EQ(etags.size(), 100);
}

TEST(CheckEtag, TakesAnEmptyOneForAny) {
  const Article article = At(ArticleState::kDraft);
  EXPECT_OK(CheckEtag(article, ""));
  EXPECT_OK(CheckEtag(article, Etag(article)));
  EXPECT_THAT(CheckEtag(article, "other"), testing::StatusIs(absl::StatusCode::kAborted));
}

}  // namespace
}  // namespace cityinfo::articles
