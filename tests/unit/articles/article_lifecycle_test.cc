#include "services/articles/domain/article_lifecycle.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::articles {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'640'000'000);

constexpr absl::Duration kHour = absl::Hours(1);

Article At(ArticleState state) {
  return {.id = "a", .version = 1, .revision = 1, .newest_revision = 1, .state = state};
}

Article Scheduled(absl::Time publish_time, std::optional<absl::Time> unpublish_time) {
  Article article = At(ArticleState::kScheduled);
  article.publish_time = publish_time;
  article.unpublish_time = unpublish_time;
  return article;
}

// Why `article` does not go that way; "" when it does.
std::string ReasonOf(Transition transition, Article article, const Schedule& schedule) {
  const Article before = article;
  const absl::Status status = ApplyTransition(transition, kNow, &article, schedule).status();
  if (!status.ok()) {
    EXPECT_EQ(article, before);
  }
  return base::ErrorReason(status);
}

void ExpectBlames(Transition transition, Article article, const Schedule& schedule,
                  const std::string& field, const std::string& reason) {
  const absl::Status status = ApplyTransition(transition, kNow, &article, schedule).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(base::ErrorReason(status), reason);
  ASSERT_EQ(base::FieldViolations(status).size(), 1);
  EXPECT_EQ(base::FieldViolations(status)[0].field, field);
}

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

TEST(ApplyTransition, OnlyWhatIsOrWillBePublicCanBeTakenBack) {
  for (ArticleState from : {ArticleState::kDraft, ArticleState::kDeleted}) {
    for (const Schedule& schedule : {Schedule{}, Schedule{.unpublish_time = kNow + kHour}}) {
      Article article = At(from);
      EXPECT_EQ(ReasonOf(Transition::kUnpublish, article, schedule), "ARTICLE_NOT_PUBLISHED");
      EXPECT_EQ(article, At(from));
    }
  }
  const Article taken_back = At(ArticleState::kUnpublished);
  EXPECT_EQ(ReasonOf(Transition::kUnpublish, taken_back, {}), "");
  EXPECT_EQ(ReasonOf(Transition::kUnpublish, taken_back, {.unpublish_time = kNow + kHour}),
            "ARTICLE_NOT_PUBLISHED");
}

TEST(ApplyTransition, PublishesAtAMoment) {
  for (ArticleState from : {ArticleState::kDraft, ArticleState::kUnpublished}) {
    Article article = At(from);
    const Schedule schedule = {.publish_time = kNow + kHour, .unpublish_time = kNow + 2 * kHour};
    EXPECT_THAT(ApplyTransition(Transition::kPublish, kNow, &article, schedule),
                testing::IsOkAndHolds(true));
    EXPECT_EQ(article.state, ArticleState::kScheduled);
    EXPECT_EQ(article.publish_time, kNow + kHour);
    EXPECT_EQ(article.unpublish_time, kNow + 2 * kHour);
    EXPECT_FALSE(article.first_publish_time.has_value());
    EXPECT_FALSE(article.was_public);
    EXPECT_EQ(article.version, 2);
    EXPECT_THAT(ApplyTransition(Transition::kPublish, kNow, &article, schedule),
                testing::IsOkAndHolds(false));
  }
}

TEST(ApplyTransition, AScheduleSentAgainAfterItsMomentChangesNothing) {
  const Schedule schedule = {.publish_time = kNow + kHour, .unpublish_time = kNow + 3 * kHour};
  Article article = Scheduled(kNow + kHour, kNow + 3 * kHour);
  Settle(kNow + 2 * kHour, &article);
  ASSERT_EQ(article.state, ArticleState::kPublished);
  const Article before = article;
  EXPECT_THAT(ApplyTransition(Transition::kPublish, kNow + 2 * kHour, &article, schedule),
              testing::IsOkAndHolds(false));
  EXPECT_EQ(article, before);
  // Another schedule in the past is a mistake as ever.
  EXPECT_EQ(base::ErrorReason(ApplyTransition(Transition::kPublish, kNow + 2 * kHour, &article,
                                              {.publish_time = kNow + kHour})
                                  .status()),
            "TIME_IN_THE_PAST");
  EXPECT_EQ(base::ErrorReason(ApplyTransition(Transition::kPublish, kNow + 2 * kHour, &article,
                                              {.publish_time = kNow + kHour + absl::Minutes(1),
                                               .unpublish_time = kNow + 3 * kHour})
                                  .status()),
            "TIME_IN_THE_PAST");
  EXPECT_EQ(article, before);
}

TEST(ApplyTransition, AScheduleIsReplacedAsAWhole) {
  Article article = Scheduled(kNow + kHour, kNow + 5 * kHour);
  EXPECT_THAT(
      ApplyTransition(Transition::kPublish, kNow, &article, {.publish_time = kNow + 2 * kHour}),
      testing::IsOkAndHolds(true));
  EXPECT_EQ(article.publish_time, kNow + 2 * kHour);
  EXPECT_FALSE(article.unpublish_time.has_value());
  // And ends when it is published now.
  EXPECT_THAT(ApplyTransition(Transition::kPublish, kNow, &article), testing::IsOkAndHolds(true));
  EXPECT_EQ(article.state, ArticleState::kPublished);
  EXPECT_EQ(article.first_publish_time, kNow);
  EXPECT_FALSE(article.publish_time.has_value());
}

TEST(ApplyTransition, PublishingWhatIsPublicChangesOnlyWhenItIsTakenBack) {
  Article article = At(ArticleState::kPublished);
  article.first_publish_time = kNow - kHour;
  EXPECT_THAT(
      ApplyTransition(Transition::kPublish, kNow, &article, {.unpublish_time = kNow + kHour}),
      testing::IsOkAndHolds(true));
  EXPECT_EQ(article.state, ArticleState::kPublished);
  EXPECT_EQ(article.unpublish_time, kNow + kHour);
  EXPECT_EQ(article.first_publish_time, kNow - kHour);
  EXPECT_THAT(
      ApplyTransition(Transition::kPublish, kNow, &article, {.unpublish_time = kNow + kHour}),
      testing::IsOkAndHolds(false));
  EXPECT_THAT(ApplyTransition(Transition::kPublish, kNow, &article), testing::IsOkAndHolds(true));
  EXPECT_FALSE(article.unpublish_time.has_value());
  EXPECT_EQ(ReasonOf(Transition::kPublish, article, {.publish_time = kNow + kHour}),
            "ALREADY_PUBLISHED");
}

TEST(ApplyTransition, TakesBackAtAMoment) {
  Article article = At(ArticleState::kDraft);
  ASSERT_OK(ApplyTransition(Transition::kPublish, kNow, &article));
  EXPECT_THAT(
      ApplyTransition(Transition::kUnpublish, kNow, &article, {.unpublish_time = kNow + kHour}),
      testing::IsOkAndHolds(true));
  EXPECT_EQ(article.state, ArticleState::kPublished);
  EXPECT_EQ(article.unpublish_time, kNow + kHour);
  EXPECT_THAT(ApplyTransition(Transition::kUnpublish, kNow, &article), testing::IsOkAndHolds(true));
  EXPECT_EQ(article.state, ArticleState::kUnpublished);
  EXPECT_FALSE(article.unpublish_time.has_value());
}

TEST(ApplyTransition, TakenBackAScheduledArticleIsAsBefore) {
  Article new_one = Scheduled(kNow + kHour, kNow + 2 * kHour);
  EXPECT_THAT(ApplyTransition(Transition::kUnpublish, kNow, &new_one), testing::IsOkAndHolds(true));
  EXPECT_EQ(new_one.state, ArticleState::kDraft);
  EXPECT_FALSE(new_one.publish_time.has_value());
  EXPECT_FALSE(new_one.unpublish_time.has_value());
  Article old_one = Scheduled(kNow + kHour, std::nullopt);
  old_one.first_publish_time = kNow - kHour;
  ASSERT_OK(ApplyTransition(Transition::kUnpublish, kNow, &old_one));
  EXPECT_EQ(old_one.state, ArticleState::kUnpublished);
  // With a moment the schedule gets an end.
  Article with_end = Scheduled(kNow + kHour, std::nullopt);
  EXPECT_THAT(ApplyTransition(Transition::kUnpublish, kNow, &with_end,
                              {.unpublish_time = kNow + 2 * kHour}),
              testing::IsOkAndHolds(true));
  EXPECT_EQ(with_end.state, ArticleState::kScheduled);
  EXPECT_EQ(with_end.unpublish_time, kNow + 2 * kHour);
}

TEST(ApplyTransition, MomentsMustBeToComeAndInOrder) {
  const Article draft = At(ArticleState::kDraft);
  const Article published = At(ArticleState::kPublished);
  for (absl::Time past : {kNow, kNow - absl::Microseconds(1), absl::UnixEpoch()}) {
    ExpectBlames(Transition::kPublish, draft, {.publish_time = past}, "publish_time",
                 "TIME_IN_THE_PAST");
    ExpectBlames(Transition::kPublish, draft, {.unpublish_time = past}, "unpublish_time",
                 "TIME_IN_THE_PAST");
    ExpectBlames(Transition::kUnpublish, published, {.unpublish_time = past}, "unpublish_time",
                 "TIME_IN_THE_PAST");
  }
  for (absl::Duration early : {absl::ZeroDuration(), absl::Microseconds(1)}) {
    ExpectBlames(Transition::kPublish, draft,
                 {.publish_time = kNow + kHour, .unpublish_time = kNow + kHour - early},
                 "unpublish_time", "TIMES_OUT_OF_ORDER");
    ExpectBlames(Transition::kUnpublish, Scheduled(kNow + kHour, std::nullopt),
                 {.unpublish_time = kNow + kHour - early}, "unpublish_time", "TIMES_OUT_OF_ORDER");
  }
}

TEST(ApplyTransition, DeletingDropsTheSchedule) {
  Article article = Scheduled(kNow + kHour, kNow + 2 * kHour);
  EXPECT_THAT(ApplyTransition(Transition::kDelete, kNow, &article), testing::IsOkAndHolds(true));
  EXPECT_EQ(article.delete_time, kNow);
  EXPECT_FALSE(article.publish_time.has_value());
  EXPECT_FALSE(article.unpublish_time.has_value());
  EXPECT_THAT(ApplyTransition(Transition::kDelete, kNow + kHour, &article),
              testing::IsOkAndHolds(false));
  EXPECT_EQ(article.delete_time, kNow);
  EXPECT_THAT(ApplyTransition(Transition::kUndelete, kNow + kHour, &article),
              testing::IsOkAndHolds(true));
  EXPECT_EQ(article.state, ArticleState::kDraft);
  EXPECT_FALSE(article.delete_time.has_value());
}

TEST(Settle, AScheduledArticleIsPublicFromItsMomentOn) {
  const Article scheduled = Scheduled(kNow + kHour, std::nullopt);
  Article before = scheduled;
  Settle(kNow + kHour - absl::Microseconds(1), &before);
  EXPECT_EQ(before, scheduled);
  for (absl::Duration late : {absl::ZeroDuration(), absl::Hours(1000)}) {
    Article article = scheduled;
    Settle(kNow + kHour + late, &article);
    EXPECT_EQ(article.state, ArticleState::kPublished);
    EXPECT_EQ(article.first_publish_time, kNow + kHour) << "the moment that was set, however late";
    EXPECT_TRUE(article.was_public);
    EXPECT_FALSE(article.publish_time.has_value());
    EXPECT_EQ(article.version, scheduled.version + 1);
  }
}

TEST(Settle, APublicArticleIsTakenBackAtItsMoment) {
  Article article = At(ArticleState::kPublished);
  article.unpublish_time = kNow;
  Settle(kNow, &article);
  EXPECT_EQ(article.state, ArticleState::kUnpublished);
  EXPECT_FALSE(article.unpublish_time.has_value());
  EXPECT_EQ(article.version, 2);
}

TEST(Settle, BothMomentsMayHavePassed) {
  Article article = Scheduled(kNow + kHour, kNow + 2 * kHour);
  EXPECT_EQ(NextMoment(article), kNow + kHour);
  EXPECT_TRUE(SettleNext(kNow + 9 * kHour, &article));
  EXPECT_EQ(article.state, ArticleState::kPublished);
  EXPECT_EQ(NextMoment(article), kNow + 2 * kHour);
  EXPECT_TRUE(SettleNext(kNow + 9 * kHour, &article));
  EXPECT_EQ(article.state, ArticleState::kUnpublished);
  EXPECT_EQ(article.first_publish_time, kNow + kHour);
  EXPECT_TRUE(article.was_public);
  EXPECT_EQ(NextMoment(article), std::nullopt);
  EXPECT_FALSE(SettleNext(absl::InfiniteFuture(), &article));
}

TEST(Settle, AnOlderRevisionDoesNotBecomePublic) {
  Article old = Scheduled(kNow, std::nullopt);
  old.newest_revision = 2;
  Settle(kNow, &old);
  EXPECT_EQ(old.state, ArticleState::kPublished);
  EXPECT_FALSE(old.was_public);
}

// A random life: what an editor does, and how time passes.
class RandomLife {
 public:
  explicit RandomLife(uint32_t seed) : random_(seed) {}

  // One transition, as it may come; most are refused.
  void Step(Article* article) {
    now_ += absl::Minutes(Below(120));
    Settle(now_, article);
    constexpr Transition kAll[] = {Transition::kPublish, Transition::kPublish,
                                   Transition::kUnpublish, Transition::kDelete,
                                   Transition::kUndelete};
    Schedule schedule;
    if (Below(2) == 0) schedule.publish_time = Around();
    if (Below(2) == 0) schedule.unpublish_time = Around();
    const Article before = *article;
    const auto changed = ApplyTransition(kAll[Below(5)], now_, article, schedule);
    if (!changed.ok()) {
      EXPECT_EQ(*article, before) << "a refusal changes nothing";
    } else {
      EXPECT_EQ(article->version, before.version + (*changed ? 1 : 0));
    }
  }
  absl::Time now() const { return now_; }
  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

 private:
  absl::Time Around() { return now_ + absl::Minutes(Below(600) - 60); }

  std::mt19937 random_;
  absl::Time now_ = kNow;
};

void ExpectIsSound(const Article& article) {
  EXPECT_EQ(article.publish_time.has_value(), article.state == ArticleState::kScheduled);
  EXPECT_EQ(article.delete_time.has_value(), article.state == ArticleState::kDeleted);
  if (article.unpublish_time) {
    EXPECT_TRUE(article.state == ArticleState::kScheduled ||
                article.state == ArticleState::kPublished);
  }
  if (article.publish_time && article.unpublish_time) {
    EXPECT_LT(*article.publish_time, *article.unpublish_time);
  }
  if (article.state == ArticleState::kPublished || article.state == ArticleState::kUnpublished) {
    EXPECT_TRUE(article.first_publish_time.has_value());
    EXPECT_TRUE(article.was_public);
  }
}

TEST(Settle, HoldsOnEveryWayThroughLife) {
  int published_by_itself = 0;
  int taken_back_by_itself = 0;
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    RandomLife life(seed);
    Article article = At(ArticleState::kDraft);
    std::optional<absl::Time> first;
    int64_t version = article.version;
    for (int step = 0; step < 60; ++step) {
      life.Step(&article);
      ExpectIsSound(article);
      ASSERT_GE(article.version, version) << "seed " << seed;
      version = article.version;
      // Nothing moves what was set once.
      ASSERT_TRUE(!first || article.first_publish_time == first) << "seed " << seed;
      first = article.first_publish_time;
      ASSERT_TRUE(!first || *first <= life.now());
      // Looking at one moment after the other is looking at the last.
      const absl::Time a = life.now() + absl::Minutes(life.Below(400));
      const absl::Time b = a + absl::Minutes(life.Below(400));
      Article at_a = article;
      Settle(a, &at_a);
      published_by_itself +=
          article.state == ArticleState::kScheduled && at_a.state == ArticleState::kPublished;
      taken_back_by_itself +=
          article.state == ArticleState::kPublished && at_a.state == ArticleState::kUnpublished;
      Article again = at_a;
      Settle(a, &again);
      ASSERT_EQ(again, at_a) << "seed " << seed;
      Settle(b, &at_a);
      Article at_b = article;
      Settle(b, &at_b);
      ASSERT_EQ(at_a, at_b) << "seed " << seed;
      ExpectIsSound(at_b);
      ASSERT_TRUE(!first || at_b.first_publish_time == first);
      ASSERT_GT(NextMoment(at_b).value_or(absl::InfiniteFuture()), b);
    }
  }
  EXPECT_GT(published_by_itself, 100) << "the walk must come by what it is about";
  EXPECT_GT(taken_back_by_itself, 100);
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
