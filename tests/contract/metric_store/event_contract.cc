// What the store promises about dated events.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Told by an article of 2021-12-20; change what a test is about.
Event Told(const std::string& summary, base::Date date,
           DatePrecision precision = DatePrecision::kDay) {
  Event event;
  event.date = date;
  event.precision = precision;
  event.place = "522601";
  event.summary = summary;
  event.citation.start = 5;
  event.citation.quote = absl::StrCat("那一天，", summary, "。");
  event.citation.end = 60;
  event.citation.value_start = 5;
  event.citation.value_end = 8;
  event.citation.article_title = "大事记";
  event.citation.publication = "测试日报";
  event.citation.page = "A2";
  event.citation.publish_date = {2021, 12, 20};
  return event;
}

// The change, telling these events too.
ArticleChange Telling(ArticleChange change, std::vector<Event> events) {
  for (Event& event : events) {
    event.citation.article = change.article;
    event.citation.revision = change.revision;
  }
  AssignEventIds(change.article, events);
  change.events = std::move(events);
  return change;
}

std::vector<Event> Events(MetricStore& store, const EventQuery& query = {}) {
  absl::StatusOr<EventPage> page = store.ListEvents(query, Soon());
  EXPECT_OK(page);
  return page.ok() ? page->events : std::vector<Event>();
}

std::vector<std::string> Summaries(MetricStore& store, const EventQuery& query = {}) {
  std::vector<std::string> all;
  for (const Event& event : Events(store, query)) all.push_back(event.summary);
  return all;
}

TEST_P(MetricStoreTest, AnEventComesBackAsItWasGiven) {
  Event festival = Told("芦笙节举行", {2022, 1, 3});
  festival.end_date = base::Date{2022, 1, 5};
  festival.planned = true;
  festival.place = "522601100";
  festival.citation.block = 2;
  const ArticleChange change = Telling(Publish("articles/a", 4, {}), {festival});
  Apply(change);
  EXPECT_THAT(Events(*store_), ElementsAre(change.events[0]));
  Reopen();
  EXPECT_THAT(Events(*store_), ElementsAre(change.events[0]));
}

TEST_P(MetricStoreTest, TheNewestDateComesFirstAndTheExactBeforeTheInexact) {
  Apply(Telling(Publish("articles/a", 1, {}),
                {Told("年", {2021, 0, 0}, DatePrecision::kYear), Told("月初", {2021, 9, 1}),
                 Told("次年", {2022, 1, 1}), Told("月", {2021, 9, 0}, DatePrecision::kMonth),
                 Told("上月末", {2021, 8, 31})}));
  EXPECT_THAT(Summaries(*store_), ElementsAre("次年", "月初", "月", "上月末", "年"));
}

TEST_P(MetricStoreTest, EventsOfOneDateAreInTheOrderOfTheirArticles) {
  Event newer = Told("后发表", {2021, 9, 1});
  newer.citation.publish_date = {2021, 12, 21};
  Event second = Told("第二句", {2021, 9, 1});
  second.citation.value_start = 30;
  Apply(Telling(Publish("articles/b", 1, {}), {Told("乙", {2021, 9, 1})}));
  Apply(Telling(Publish("articles/a", 1, {}), {second, Told("甲", {2021, 9, 1})}));
  Apply(Telling(Publish("articles/c", 1, {}), {newer}));
  EXPECT_THAT(Summaries(*store_), ElementsAre("后发表", "甲", "第二句", "乙"));
}

TEST_P(MetricStoreTest, PagesMeetWithoutGapOrDouble) {
  std::vector<Event> events;
  for (int i = 0; i < 7; ++i) {
    Event event = Told(absl::StrCat("事件", i), {2021, 9, i < 4 ? 1 : 2});
    event.citation.value_start = i;
    events.push_back(event);
  }
  events.push_back(Told("年", {2021, 0, 0}, DatePrecision::kYear));
  Apply(Telling(Publish("articles/a", 1, {}), events));
  const std::vector<std::string> whole = Summaries(*store_);
  ASSERT_THAT(whole, SizeIs(8));
  for (int size = 1; size <= 8; ++size) {
    EventQuery query{.page_size = size};
    std::vector<std::string> paged;
    for (int pages = 0; pages < 9; ++pages) {
      const absl::StatusOr<EventPage> page = store_->ListEvents(query, Soon());
      ASSERT_OK(page);
      EXPECT_LE(page->events.size(), size);
      for (const Event& event : page->events) paged.push_back(event.summary);
      query.after = page->next;
      if (!query.after.has_value()) break;
    }
    EXPECT_EQ(paged, whole) << "by " << size;
  }
}

TEST_P(MetricStoreTest, FiltersChooseByPlaceArticleAndDate) {
  Event elsewhere = Told("雷山", {2021, 9, 5});
  elsewhere.place = "522634";
  Event lasting = Told("展览", {2021, 9, 10});
  lasting.end_date = base::Date{2021, 10, 10};
  Apply(Telling(Publish("articles/a", 1, {}), {elsewhere, lasting}));
  Apply(Telling(Publish("articles/b", 1, {}),
                {Told("九月", {2021, 9, 0}, DatePrecision::kMonth),
                 Told("那年", {2021, 0, 0}, DatePrecision::kYear), Told("早年", {2015, 7, 1})}));
  EXPECT_THAT(Summaries(*store_, {.place = "522634"}), ElementsAre("雷山"));
  EXPECT_THAT(Summaries(*store_, {.article = "articles/a"}), ElementsAre("展览", "雷山"));
  EXPECT_THAT(Summaries(*store_, {.place = "522601", .article = "articles/a"}),
              ElementsAre("展览"));
  // What is not known to the day, or lasts, is there when it may have been.
  EXPECT_THAT(Summaries(*store_, {.from = base::Date{2021, 10, 1}}), ElementsAre("展览", "那年"));
  EXPECT_THAT(Summaries(*store_, {.to = base::Date{2021, 9, 4}}),
              ElementsAre("九月", "那年", "早年"));
  EXPECT_THAT(Summaries(*store_, {.from = base::Date{2021, 9, 5}, .to = base::Date{2021, 9, 5}}),
              ElementsAre("雷山", "九月", "那年"));
  EXPECT_THAT(Summaries(*store_, {.to = base::Date{2015, 6, 30}}), IsEmpty());
}

TEST_P(MetricStoreTest, AnEventKeepsItsNameWhileItsSentenceStands) {
  Apply(Telling(Publish("articles/a", 1, {}),
                {Told("通车", {2021, 9, 1}), Told("开园", {2021, 9, 2})}));
  const std::string opening = Events(*store_, {.to = base::Date{2021, 9, 1}}).front().id;
  Event moved = Told("通车", {2021, 9, 1});
  moved.citation.block = 3;
  moved.citation.start = 40;
  moved.citation.value_start = 40;
  moved.citation.value_end = 43;
  Apply(Telling(Publish("articles/a", 2, {}), {moved}));
  ASSERT_THAT(Summaries(*store_), ElementsAre("通车")) << "the other's sentence is gone";
  EXPECT_EQ(Events(*store_).front().id, opening);
  EXPECT_EQ(Events(*store_).front().citation.revision, 2);
  EXPECT_EQ(Events(*store_).front().citation.block, 3);
}

TEST_P(MetricStoreTest, AnUnpublishedArticlesEventsLeaveAndReturn) {
  Apply(Telling(Publish("articles/a", 1, {}), {Told("通车", {2021, 9, 1})}));
  Apply(Telling(Publish("articles/b", 1, {}), {Told("开园", {2021, 9, 2})}));
  const std::string id = Events(*store_, {.article = "articles/a"}).front().id;
  ArticleChange gone = Unpublish("articles/a", 2);
  gone.events = {
      Told("草稿", {2021, 9, 3})};  // without an id: of an article not public it is ignored
  Apply(gone);
  EXPECT_THAT(Summaries(*store_), ElementsAre("开园"));
  Apply(Telling(Publish("articles/a", 3, {}), {Told("通车", {2021, 9, 1})}));
  EXPECT_THAT(Summaries(*store_), ElementsAre("开园", "通车"));
  EXPECT_EQ(Events(*store_, {.article = "articles/a"}).front().id, id);
}

TEST_P(MetricStoreTest, EventsAndFiguresAreStoredTogetherOrNotAtAll) {
  ArticleChange change = Telling(Publish("articles/a", 1, {}), {Told("通车", {2021, 9, 1})});
  const ArticleChange with_figure = Publish("articles/a", 1, {GdpFigure("281.76")});
  change.figures = with_figure.figures;
  std::string id;
  std::swap(id, change.events[0].id);
  EXPECT_THAT(ApplyOne(*store_, change), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Figures(), IsEmpty());
  EXPECT_THAT(Events(*store_), IsEmpty());
  EXPECT_EQ(*store_->HarvestPosition(), 0);
  change.events[0].id = id;
  Apply(change);
  EXPECT_THAT(Figures(), SizeIs(1));
  EXPECT_THAT(Events(*store_), SizeIs(1));
  EXPECT_TRUE(Apply(change).replayed);
  EXPECT_THAT(Events(*store_), SizeIs(1));
}

TEST_P(MetricStoreTest, AForeignPositionIsRefused) {
  Apply(Telling(Publish("articles/a", 1, {}), {Told("通车", {2021, 9, 1})}));
  for (const char* position : {"", "x", "1|2|3", "1|2|articles/a|x|1|id|1", "1|2|a|3|4|id|y"}) {
    EXPECT_THAT(store_->ListEvents({.after = position}, Soon()),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << position;
  }
}

}  // namespace
}  // namespace cityinfo::metrics
