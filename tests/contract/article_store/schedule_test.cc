#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "services/articles/domain/article_lifecycle.h"
#include "tests/contract/article_store/store_contract.h"

// Schedules: what happens at its moment is seen at its moment, whoever writes it down, and
// whenever.
namespace cityinfo::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::Duration kHour = absl::Hours(1);

TEST_P(ArticleStoreContract, AScheduledArticleIsPublicFromItsMomentOn) {
  const Article draft = Create(SampleContent());
  const absl::Time moment = clock_.Now() + kHour;
  ASSERT_OK_AND_ASSIGN(const Article scheduled, Schedule(draft, moment));
  EXPECT_EQ(scheduled.state, ArticleState::kScheduled);
  EXPECT_EQ(scheduled.publish_time, moment);
  EXPECT_FALSE(scheduled.first_publish_time.has_value());
  ASSERT_OK_AND_ASSIGN(Article read, Get(draft));
  EXPECT_EQ(read, scheduled);

  clock_.Set(moment - absl::Microseconds(1));
  EXPECT_THAT(Walk({}), IsEmpty());
  EXPECT_THAT(Walk({.state = ArticleState::kScheduled}), ElementsAre(draft.id));
  EXPECT_THAT(store().CountTags(10, Soon()), testing::IsOkAndHolds(IsEmpty()));

  clock_.Set(moment);
  ASSERT_OK_AND_ASSIGN(read, Get(draft));
  EXPECT_EQ(read.state, ArticleState::kPublished);
  EXPECT_EQ(read.first_publish_time, moment);
  EXPECT_TRUE(read.was_public);
  EXPECT_FALSE(read.publish_time.has_value());
  EXPECT_NE(Etag(read), Etag(scheduled));
  EXPECT_THAT(Walk({}), ElementsAre(draft.id));
  EXPECT_THAT(Walk({.section = "综合新闻", .tag = "交通"}), ElementsAre(draft.id));
  EXPECT_THAT(Walk({.state = ArticleState::kScheduled}), IsEmpty());
  EXPECT_THAT(store().CountTags(1, Soon()),
              testing::IsOkAndHolds(ElementsAre(LabelCount{"交通", 1})));
  EXPECT_THAT(store().CountSections(5, Soon()),
              testing::IsOkAndHolds(ElementsAre(LabelCount{"综合新闻", 1})));
  EXPECT_EQ(Feed().size(), 2) << "nobody has written it down, and nobody had to";
}

TEST_P(ArticleStoreContract, APublicArticleIsTakenBackAtItsMoment) {
  const Article article = Published();
  const absl::Time moment = clock_.Now() + kHour;
  ASSERT_OK_AND_ASSIGN(
      const Article ending,
      store().ChangeState(
          {.id = article.id, .transition = Transition::kUnpublish, .unpublish_time = moment},
          Soon()));
  EXPECT_EQ(ending.state, ArticleState::kPublished);
  EXPECT_EQ(ending.unpublish_time, moment);
  EXPECT_THAT(Walk({}), ElementsAre(article.id));
  clock_.Set(moment);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(article));
  EXPECT_EQ(read.state, ArticleState::kUnpublished);
  EXPECT_FALSE(read.unpublish_time.has_value());
  EXPECT_EQ(read.first_publish_time, article.first_publish_time);
  EXPECT_THAT(Walk({}), IsEmpty());
  EXPECT_THAT(Walk({.state = ArticleState::kUnpublished}), ElementsAre(article.id));
  EXPECT_THAT(store().CountTags(10, Soon()), testing::IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(store().CountSections(10, Soon()), testing::IsOkAndHolds(IsEmpty()));
}

TEST_P(ArticleStoreContract, EveryReadShowsWhatTheMomentMade) {
  const PageImport page = {.text = "一页",
                           .publication = "样例晚报",
                           .publish_date = {.year = 2021, .month = 12, .day = 20},
                           .place = "522601",
                           .articles = {SampleContent(1)}};
  ASSERT_OK_AND_ASSIGN(const ImportedPage imported, store().ImportPage(page, Soon()));
  const Article& draft = imported.articles[0];
  ASSERT_OK(Schedule(draft, clock_.Now() + kHour, clock_.Now() + 2 * kHour));
  ASSERT_OK(Retitle(draft, "改过的标题"));
  for (const auto& [after, state] :
       {std::pair{kHour, ArticleState::kPublished}, std::pair{kHour, ArticleState::kUnpublished}}) {
    clock_.Advance(after);
    ASSERT_OK_AND_ASSIGN(const Article read, Get(draft));
    EXPECT_EQ(read.state, state);
    EXPECT_TRUE(read.was_public);
    EXPECT_THAT(store().BatchGet({draft.id}, ArticleView::kFull, Soon()),
                testing::IsOkAndHolds(ElementsAre(read)));
    ASSERT_OK_AND_ASSIGN(const ImportedPage again, store().ImportPage(page, Soon()));
    EXPECT_THAT(again.articles, ElementsAre(read));
    ASSERT_OK_AND_ASSIGN(const ArticlePage list,
                         store().List({.state = state}, {.limit = 5}, ArticleView::kFull, Soon()));
    EXPECT_THAT(list.articles, ElementsAre(read));
    ASSERT_OK_AND_ASSIGN(const RevisionPage revisions,
                         store().ListRevisions(draft.id, 0, 10, Soon()));
    ASSERT_EQ(revisions.revisions.size(), 2);
    EXPECT_EQ(revisions.revisions[0].state, state);
    EXPECT_TRUE(revisions.revisions[0].was_public);
    EXPECT_FALSE(revisions.revisions[1].was_public) << "it was replaced before the moment";
    ASSERT_OK_AND_ASSIGN(const Article first, Get(draft, 1));
    EXPECT_FALSE(first.was_public);
    EXPECT_EQ(first.state, state);
  }
}

TEST_P(ArticleStoreContract, AMomentIsWrittenDownOnceAndChangesNoAnswer) {
  const Article draft = Create(SampleContent());
  const absl::Time moment = clock_.Now() + kHour;
  ASSERT_OK(Schedule(draft, moment, moment + kHour));
  Upkeep upkeep = KeepUp();
  EXPECT_EQ(upkeep.settled, 0);
  EXPECT_EQ(upkeep.next_due, moment);

  clock_.Set(moment + absl::Minutes(5));
  ASSERT_OK_AND_ASSIGN(const Article before, Get(draft));
  upkeep = KeepUp();
  EXPECT_EQ(upkeep.settled, 1);
  EXPECT_EQ(upkeep.next_due, moment + kHour);
  EXPECT_EQ(KeepUp().settled, 0);
  ASSERT_OK_AND_ASSIGN(const Article after, Get(draft));
  EXPECT_EQ(after, before);
  std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 3);
  EXPECT_EQ(feed[1].article.state, ArticleState::kScheduled) << "as it stood then";
  EXPECT_EQ(feed[1].article.publish_time, moment);
  EXPECT_EQ(feed[1].article.unpublish_time, moment + kHour);
  EXPECT_EQ(feed[2].article, after);
  EXPECT_EQ(feed[2].article.first_publish_time, moment);
  EXPECT_EQ(feed[2].commit_time, clock_.Now());
  EXPECT_EQ(store().change_signal().newest(), 3);

  // An etag read before the second moment was written down is good after it.
  clock_.Set(moment + 3 * kHour);
  ASSERT_OK_AND_ASSIGN(const Article unwritten, Get(draft));
  upkeep = KeepUp();
  EXPECT_EQ(upkeep.settled, 1);
  EXPECT_EQ(upkeep.next_due, absl::InfiniteFuture());
  EXPECT_OK(Retitle(draft, "取回之后再改", Etag(unwritten)));
}

TEST_P(ArticleStoreContract, AWriteFirstWritesDownWhatHasHappened) {
  const Article draft = Create(SampleContent());
  const absl::Time moment = clock_.Now() + kHour;
  ASSERT_OK(Schedule(draft, moment, moment + kHour));
  clock_.Set(moment + 5 * kHour);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(draft));
  ASSERT_OK_AND_ASSIGN(const Article updated, Retitle(draft, "事后更正", Etag(read)));
  EXPECT_EQ(updated.state, ArticleState::kUnpublished);
  EXPECT_FALSE(updated.was_public) << "the new words never were";
  const std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 5);
  EXPECT_EQ(feed[2].article.state, ArticleState::kPublished);
  EXPECT_EQ(feed[2].article.first_publish_time, moment);
  EXPECT_EQ(feed[2].article.unpublish_time, moment + kHour);
  EXPECT_EQ(feed[3].article.state, ArticleState::kUnpublished);
  EXPECT_EQ(feed[4].article, updated);
  for (size_t i = 0; i < feed.size(); ++i) EXPECT_EQ(feed[i].article.version, i + 1);
  ASSERT_OK_AND_ASSIGN(const Article first, Get(draft, 1));
  EXPECT_TRUE(first.was_public);
  EXPECT_EQ(KeepUp().settled, 0);
}

TEST_P(ArticleStoreContract, ARefusedWriteWritesNothingDown) {
  const Article draft = Create(SampleContent());
  ASSERT_OK(Schedule(draft, clock_.Now() + kHour));
  clock_.Advance(2 * kHour);
  EXPECT_THAT(Retitle(draft, "x", Etag(draft)), HasReason("ETAG_MISMATCH"));
  EXPECT_EQ(Feed().size(), 2);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(draft));
  EXPECT_EQ(read.state, ArticleState::kPublished);
}

TEST_P(ArticleStoreContract, MomentsThatCannotBeAreRefused) {
  const Article draft = Create(SampleContent(1));
  const Article published = Published(2);
  const absl::Time now = clock_.Now();
  EXPECT_THAT(Schedule(draft, now), HasReason("TIME_IN_THE_PAST"));
  EXPECT_THAT(Schedule(draft, now - kHour), BlamesField("publish_time"));
  EXPECT_THAT(Schedule(draft, std::nullopt, now - kHour), BlamesField("unpublish_time"));
  EXPECT_THAT(Schedule(draft, now + kHour, now + kHour), HasReason("TIMES_OUT_OF_ORDER"));
  EXPECT_THAT(Schedule(draft, now + kHour, now + kHour), BlamesField("unpublish_time"));
  EXPECT_THAT(Schedule(published, now + kHour), HasReason("ALREADY_PUBLISHED"));
  EXPECT_THAT(
      store().ChangeState(
          {.id = draft.id, .transition = Transition::kUnpublish, .unpublish_time = now + kHour},
          Soon()),
      HasReason("ARTICLE_NOT_PUBLISHED"));
  // Less than the store's precision ahead is not ahead.
  EXPECT_THAT(Schedule(draft, now + absl::Nanoseconds(300)), HasReason("TIME_IN_THE_PAST"));
  EXPECT_EQ(Feed().size(), 2);
}

TEST_P(ArticleStoreContract, AScheduleCanBeChangedAndDropped) {
  const Article draft = Create(SampleContent());
  const absl::Time now = clock_.Now();
  ASSERT_OK(Schedule(draft, now + kHour, now + 2 * kHour));
  ASSERT_OK_AND_ASSIGN(const Article later, Schedule(draft, now + 3 * kHour));
  EXPECT_FALSE(later.unpublish_time.has_value());
  ASSERT_OK_AND_ASSIGN(const Article same, Schedule(draft, now + 3 * kHour));
  EXPECT_EQ(same, later);
  clock_.Advance(2 * kHour);
  ASSERT_OK_AND_ASSIGN(const Article dropped, Change(draft, Transition::kUnpublish));
  EXPECT_EQ(dropped.state, ArticleState::kDraft);
  clock_.Advance(9 * kHour);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(draft));
  EXPECT_EQ(read, dropped);
  EXPECT_EQ(KeepUp().settled, 0);
}

TEST_P(ArticleStoreContract, DeletingDropsTheSchedule) {
  const Article draft = Create(SampleContent());
  ASSERT_OK(Schedule(draft, clock_.Now() + kHour));
  ASSERT_OK_AND_ASSIGN(const Article deleted, Change(draft, Transition::kDelete));
  EXPECT_EQ(deleted.delete_time, clock_.Now());
  clock_.Advance(2 * kHour);
  ASSERT_OK_AND_ASSIGN(const Article read, Get(draft));
  EXPECT_EQ(read, deleted);
  EXPECT_EQ(KeepUp().next_due, absl::InfiniteFuture());
  ASSERT_OK_AND_ASSIGN(const Article back, Change(draft, Transition::kUndelete));
  EXPECT_EQ(back.state, ArticleState::kDraft);
  EXPECT_FALSE(back.delete_time.has_value());
}

TEST_P(ArticleStoreContract, AScheduleSurvivesReopening) {
  const Article draft = Create(SampleContent());
  ASSERT_OK_AND_ASSIGN(const Article scheduled,
                       Schedule(draft, clock_.Now() + kHour, clock_.Now() + 3 * kHour));
  Reopen();
  ASSERT_OK_AND_ASSIGN(const Article read, Get(draft));
  EXPECT_EQ(read, scheduled);
  clock_.Advance(2 * kHour);
  EXPECT_THAT(Walk({}), ElementsAre(draft.id));
}

TEST_P(ArticleStoreContract, ManyMomentsAreWrittenDownInBoundedSteps) {
  std::vector<std::string> ids;
  for (int i = 0; i < 70; ++i) {
    const Article draft = Create(SampleContent(i));
    ids.push_back(draft.id);
    ASSERT_OK(Schedule(draft, clock_.Now() + absl::Minutes(i + 1)));
  }
  clock_.Advance(2 * kHour);
  ASSERT_OK_AND_ASSIGN(const Upkeep first, store().KeepUp(Soon()));
  EXPECT_TRUE(first.more);
  EXPECT_LT(first.settled, 70);
  EXPECT_EQ(first.settled + KeepUp().settled, 70);
  const std::vector<ArticleChange> feed = Feed();
  ASSERT_EQ(feed.size(), 210);
  for (int i = 0; i < 70; ++i) EXPECT_EQ(feed[140 + i].article.id, ids[i]) << "in their order";
}

// Articles of every kind with every kind of schedule, and what each list must hold.
class ScheduledCity {
 public:
  static constexpr int kArticles = 40;

  explicit ScheduledCity(uint32_t seed) : random_(seed) {}

  int Below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }

  ArticleContent Content(int number) {
    ArticleContent content = SampleContentOf(number, {2021, 12, 1 + Below(5)});
    content.section = Below(2) == 0 ? "要闻" : "综合新闻";
    content.page = Below(2) == 0 ? "A1" : "B2";
    content.tags =
        Below(2) == 0 ? std::vector<std::string>{"交通"} : std::vector<std::string>{"交通", "旅游"};
    return content;
  }

  StateChange Plan(const Article& article, absl::Time now) {
    StateChange change{.id = article.id};
    const int publish = Below(5);
    const int unpublish = publish + 1 + Below(4);
    if (publish > 0) change.publish_time = now + publish * kHour;
    if (Below(2) == 0) change.unpublish_time = now + unpublish * kHour;
    return change;
  }

  static std::vector<ArticleFilter> Filters() {
    std::vector<ArticleFilter> filters;
    for (ArticleState state : {ArticleState::kDraft, ArticleState::kScheduled,
                               ArticleState::kPublished, ArticleState::kUnpublished}) {
      filters.push_back({.state = state});
      filters.push_back({.state = state, .section = "要闻"});
      filters.push_back({.state = state, .tag = "旅游"});
      filters.push_back({.state = state, .tag = "交通", .page = "B2"});
      filters.push_back({.state = state,
                         .page = "A1",
                         .publish_date_from = base::Date{2021, 12, 2},
                         .publish_date_to = base::Date{2021, 12, 4}});
    }
    return filters;
  }

  static bool Holds(const ArticleFilter& filter, const Article& article) {
    const ArticleContent& content = article.content;
    return article.state == filter.state &&
           (filter.section.empty() || content.section == filter.section) &&
           (filter.page.empty() || content.page == filter.page) &&
           (filter.tag.empty() ||
            std::count(content.tags.begin(), content.tags.end(), filter.tag) > 0) &&
           (!filter.publish_date_from || content.publish_date >= *filter.publish_date_from) &&
           (!filter.publish_date_to || content.publish_date <= *filter.publish_date_to);
  }

  // The ids that a walk must give, of articles as they stand.
  static std::vector<std::string> Expected(const ArticleFilter& filter,
                                           std::vector<Article> articles) {
    std::sort(articles.begin(), articles.end(), [](const Article& a, const Article& b) {
      return std::pair(a.content.publish_date, a.sequence) >
             std::pair(b.content.publish_date, b.sequence);
    });
    std::vector<std::string> ids;
    for (const Article& article : articles) {
      if (Holds(filter, article)) ids.push_back(article.id);
    }
    return ids;
  }

  static std::map<std::string, int64_t> PublicTags(const std::vector<Article>& articles) {
    std::map<std::string, int64_t> counts;
    for (const Article& article : articles) {
      if (article.state != ArticleState::kPublished) continue;
      for (const std::string& tag : article.content.tags) ++counts[tag];
    }
    return counts;
  }

 private:
  std::mt19937 random_;
};

TEST_P(ArticleStoreContract, ListsAreThoseOfTheMomentHoweverMuchIsWrittenDown) {
  ScheduledCity city(20211220);
  std::vector<std::string> ids;
  for (int i = 0; i < ScheduledCity::kArticles; ++i) {
    const Article draft = Create(city.Content(i));
    ids.push_back(draft.id);
    if (city.Below(8) == 0) continue;
    ASSERT_OK(store().ChangeState(city.Plan(draft, clock_.Now()), Soon()));
  }
  int merged = 0;  // Lists that joined what is written down with what is not.
  for (int hour = 0; hour < 10; ++hour) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Article> articles,
                         store().BatchGet(ids, ArticleView::kBasic, Soon()));
    for (const ArticleFilter& filter : ScheduledCity::Filters()) {
      const std::vector<std::string> expected = ScheduledCity::Expected(filter, articles);
      for (int size : {1, 3, 50}) {
        ASSERT_EQ(Walk(filter, size), expected)
            << "after " << hour << " hours, " << ArticleStateName(filter.state) << " section "
            << filter.section << " tag " << filter.tag << " page " << filter.page << " by " << size;
      }
      merged += filter.state == ArticleState::kPublished && expected.size() > 3;
    }
    ASSERT_OK_AND_ASSIGN(const std::vector<LabelCount> tags, store().CountTags(10, Soon()));
    std::map<std::string, int64_t> counted;
    for (const LabelCount& tag : tags) counted[tag.label] = tag.count;
    EXPECT_EQ(counted, ScheduledCity::PublicTags(articles));
    // Now and then somebody writes some of it down.
    if (hour % 4 == 2) KeepUp();
    clock_.Advance(kHour);
  }
  EXPECT_GT(merged, 5);
}

}  // namespace
}  // namespace cityinfo::articles
