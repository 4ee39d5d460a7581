// What a data officer's word on a figure does, and that it stays.
#include <gmock/gmock.h>

#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

FigureReview Word(const Figure& figure, ReviewState state, const std::string& comment = "") {
  return {.figure = figure.id, .state = state, .reviewer = "统计员甲", .comment = comment};
}

FigureReview Amendment(const Figure& figure, FigureReading reading) {
  FigureReview review = Word(figure, ReviewState::kAmended);
  review.amended = std::move(reading);
  return review;
}

// The same sentence further down in the article.
Figure MovedDown(Figure figure, int block = 3) {
  figure.citation.block = block;
  figure.citation.start += 40;
  figure.citation.end += 40;
  figure.citation.value_start += 40;
  figure.citation.value_end += 40;
  return figure;
}

TEST_P(MetricStoreTest, AConfirmedFigureSaysWhoLookedAndWhen) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const Figure before = Figures().front();
  EXPECT_FALSE(before.review_time.has_value());
  clock_.Advance(absl::Seconds(5));
  const auto reviewed = store_->Review(Word(before, ReviewState::kConfirmed, "与年鉴一致"), Soon());
  ASSERT_OK(reviewed);
  EXPECT_EQ(reviewed->review_state, ReviewState::kConfirmed);
  EXPECT_EQ(reviewed->reviewer, "统计员甲");
  EXPECT_EQ(reviewed->review_comment, "与年鉴一致");
  EXPECT_EQ(reviewed->review_time, clock_.Now());
  EXPECT_EQ(reviewed->record_time, before.record_time) << "it was learned when it was read";
  EXPECT_THAT(Figures({.review_state = ReviewState::kUnreviewed}), IsEmpty());
  EXPECT_THAT(Figures({.review_state = ReviewState::kConfirmed}), SizeIs(1));
  ASSERT_THAT(Query(), SizeIs(1));
  EXPECT_EQ(Query().front().vintage.number, 1) << "the value is what it was";

  Reopen();
  Apply(Publish("articles/a", 2, {MovedDown(GdpFigure("281.76"))}));
  const auto kept = store_->GetFigure(before.id, Soon());
  ASSERT_OK(kept);
  EXPECT_EQ(kept->review_state, ReviewState::kConfirmed);
  EXPECT_EQ(kept->reviewer, "统计员甲");
  EXPECT_EQ(kept->citation.block, 3);
}

TEST_P(MetricStoreTest, TheSameWordAgainChangesNothing) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76"), GdpFigure("300", 2021)}));
  const Figure figure = Figures().front();
  const FigureReview word = Word(figure, ReviewState::kRejected, "看错了");
  clock_.Advance(absl::Seconds(1));
  const auto first = store_->Review(word, Soon());
  ASSERT_OK(first);
  const std::int64_t version = versions_->Latest();
  clock_.Advance(absl::Seconds(1));
  Reopen();
  const auto again = store_->Review(word, Soon());
  ASSERT_OK(again);
  EXPECT_EQ(again->review_time, first->review_time);
  EXPECT_EQ(versions_->Latest(), version);
  // Somebody else's word is another one, though it says the same.
  FigureReview other = word;
  other.reviewer = "统计员乙";
  const auto seconded = store_->Review(other, Soon());
  ASSERT_OK(seconded);
  EXPECT_EQ(seconded->reviewer, "统计员乙");
  EXPECT_GT(seconded->review_time, first->review_time);
}

TEST_P(MetricStoreTest, ARejectedFigureLeavesAtOnceAndStaysRejected) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76"), GdpFigure("300", 2021)}));
  const Figure figure = Figures().front();
  const absl::Time before = clock_.Now();
  const std::string known = Describe(Query({.as_of = before}));
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(store_->Review(Word(figure, ReviewState::kRejected), Soon()));
  const auto rest = Query();
  ASSERT_THAT(rest, SizeIs(1));
  EXPECT_NE(rest[0].key.period, *figure.period);
  EXPECT_EQ(Describe(Query({.as_of = before})), known);

  const auto changes = store_->ReadChanges(0, 100, Soon());
  ASSERT_OK(changes);
  EXPECT_TRUE(changes->back().retracted);
  EXPECT_EQ(changes->back().observation.key.period, *figure.period);
  EXPECT_EQ(changes->back().sequence, versions_->Latest());
  const auto vintages = store_->ListVintages(changes->back().observation.key, Soon());
  ASSERT_OK(vintages);
  EXPECT_EQ(vintages->front().vintage.superseded_reason, SupersededReason::kReview);

  // The article is corrected elsewhere, taken back, and comes again.
  Apply(Publish("articles/a", 2,
                {MovedDown(GdpFigure("281.76")), MovedDown(GdpFigure("300.1", 2021))}));
  EXPECT_THAT(Query(), SizeIs(1));
  Apply(Unpublish("articles/a", 3));
  EXPECT_THAT(Query(), IsEmpty());
  Reopen();
  Apply(Publish("articles/a", 4, {GdpFigure("281.76"), GdpFigure("300", 2021)}));
  EXPECT_THAT(Query(), SizeIs(1));
  const auto kept = store_->GetFigure(figure.id, Soon());
  ASSERT_OK(kept);
  EXPECT_EQ(kept->review_state, ReviewState::kRejected);
  EXPECT_FALSE(kept->retracted);

  // A later word replaces it.
  ASSERT_OK(store_->Review(Word(figure, ReviewState::kConfirmed), Soon()));
  EXPECT_THAT(Query(), SizeIs(2));
}

TEST_P(MetricStoreTest, ARejectedFigureGivesItsPlaceToTheNextBest) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  Apply(Publish("articles/b", 1, {GdpFigure("218.76")}));
  ASSERT_EQ(Query().front().vintage.value.printed, "218.76亿元");
  ASSERT_OK(store_->Review(Word(Figures({.article = "articles/b"}).front(), ReviewState::kRejected),
                           Soon()));
  ASSERT_THAT(Query(), SizeIs(1));
  EXPECT_EQ(Query().front().vintage.value.printed, "281.76亿元");
}

TEST_P(MetricStoreTest, AConfirmedFigureWinsItsDayAndNoOther) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  Apply(Publish("articles/b", 1, {GdpFigure("218.76")}));
  ASSERT_OK(store_->Review(
      Word(Figures({.article = "articles/a"}).front(), ReviewState::kConfirmed), Soon()));
  EXPECT_EQ(Query().front().vintage.value.printed, "281.76亿元");
  Apply(Publish("articles/c", 1, {GdpFigure("218")}));
  EXPECT_EQ(Query().front().vintage.value.printed, "281.76亿元") << "recorded later, unreviewed";
  Figure later = GdpFigure("290");
  later.publish_date = later.citation.publish_date = {.year = 2022, .month = 3, .day = 1};
  Apply(Publish("articles/d", 1, {later}));
  EXPECT_EQ(Query().front().vintage.value.printed, "290亿元") << "published later";
}

TEST_P(MetricStoreTest, AnAmendedReadingBacksTheObservation) {
  Figure misread = GdpFigure("281.76", 2021);
  misread.confidence = 0.6;
  Apply(Publish("articles/a", 1, {misread}));
  const Figure figure = Figures().front();
  FigureReading reading = figure.Reading();
  reading.period = Period::Year(2020);
  reading.exact_value = "28180000000";
  reading.stage = RevisionStage::kVerified;
  clock_.Advance(absl::Seconds(1));
  const auto amended = store_->Review(Amendment(figure, reading), Soon());
  ASSERT_OK(amended);
  EXPECT_EQ(amended->review_state, ReviewState::kAmended);
  EXPECT_EQ(amended->Reading(), reading);
  EXPECT_EQ(amended->value.printed, "281.76亿元") << "what the newspaper has stays";
  EXPECT_EQ(amended->citation, figure.citation);
  EXPECT_EQ(amended->extracted, figure.Reading());

  const auto expect_amended = [&](int block) {
    const auto all = Query();
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].key.ToId(), "gdp.522601.LEVEL.ACTUAL.2020");
    EXPECT_EQ(all[0].vintage.value.exact_value, "28180000000");
    EXPECT_EQ(all[0].vintage.stage, RevisionStage::kVerified);
    ASSERT_THAT(all[0].vintage.citations, SizeIs(1));
    EXPECT_EQ(all[0].vintage.citations[0].block, block);
  };
  expect_amended(0);

  // A newer revision still states the sentence; by now the extractor reads it otherwise.
  misread.period = Period::Year(2019);
  Apply(Publish("articles/a", 2, {MovedDown(misread)}));
  expect_amended(3);
  const auto moved = store_->GetFigure(figure.id, Soon());
  ASSERT_OK(moved);
  ASSERT_TRUE(moved->extracted.has_value());
  EXPECT_EQ(moved->extracted->period, Period::Year(2019));
  EXPECT_EQ(moved->Reading(), reading);

  Apply(Unpublish("articles/a", 3));
  EXPECT_THAT(Query(), IsEmpty());
  Reopen();
  Apply(Publish("articles/a", 4, {misread}));
  expect_amended(0);

  // CONFIRM says that the extractor was right after all.
  const auto confirmed = store_->Review(Word(figure, ReviewState::kConfirmed), Soon());
  ASSERT_OK(confirmed);
  EXPECT_FALSE(confirmed->extracted.has_value());
  ASSERT_THAT(Query(), SizeIs(1));
  EXPECT_EQ(Query().front().key.period, Period::Year(2019));
  EXPECT_EQ(Query().front().vintage.value.exact_value, "28176000000");
}

TEST_P(MetricStoreTest, WhatCouldBackNothingMayOnceItIsAmended) {
  Figure nameless = GdpFigure("281.76");
  nameless.indicator.clear();
  nameless.unit_fits = false;
  nameless.period.reset();
  Apply(Publish("articles/a", 1, {nameless}));
  const Figure figure = Figures().front();
  FigureReading reading = figure.Reading();
  reading.indicator = "gdp";
  reading.period = Period::Year(2020);
  reading.unit_fits = true;
  ASSERT_OK(store_->Review(Amendment(figure, reading), Soon()));
  EXPECT_THAT(Query({.indicators = {"gdp"}}), SizeIs(1));
  EXPECT_THAT(Figures({.indicator = "gdp"}), SizeIs(1));
  const auto kept = store_->GetFigure(figure.id, Soon());
  ASSERT_OK(kept);
  ASSERT_TRUE(kept->extracted.has_value());
  EXPECT_FALSE(kept->extracted->unit_fits);
  EXPECT_FALSE(kept->extracted->period.has_value());
  ASSERT_OK(store_->Review(Word(figure, ReviewState::kRejected), Soon()));
  EXPECT_THAT(Query(), IsEmpty());
}

TEST_P(MetricStoreTest, OnlyWhatStandsIsReviewed) {
  FigureReview nobody = Word(GdpFigure("1"), ReviewState::kConfirmed);
  nobody.figure = "0123456789abcdef01234567";
  EXPECT_THAT(store_->Review(nobody, Soon()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(store_->GetFigure(nobody.figure, Soon()), StatusIs(absl::StatusCode::kNotFound));
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const Figure figure = Figures().front();
  Apply(Publish("articles/a", 2, {}));
  EXPECT_THAT(store_->Review(Word(figure, ReviewState::kConfirmed), Soon()),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  const auto gone = store_->GetFigure(figure.id, Soon());
  ASSERT_OK(gone);
  EXPECT_TRUE(gone->retracted);
  EXPECT_EQ(gone->review_state, ReviewState::kUnreviewed);
}

TEST_P(MetricStoreTest, AnchorsSayWhetherTheNewestRevisionBearsAFigureOut) {
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  const std::string id = Figures().front().id;
  const auto anchor = [&] {
    const auto figure = store_->GetFigure(id, Soon());
    EXPECT_OK(figure);
    return figure.ok() ? figure->anchor : AnchorState::kBroken;
  };
  EXPECT_EQ(anchor(), AnchorState::kValid);
  Apply(Publish("articles/a", 2, {MovedDown(GdpFigure("281.76"))}));
  EXPECT_EQ(anchor(), AnchorState::kMoved);
  EXPECT_THAT(Figures({.anchor = AnchorState::kMoved}), SizeIs(1));
  EXPECT_THAT(Figures({.anchor = AnchorState::kValid}), IsEmpty());
  Apply(Publish("articles/a", 3, {GdpFigure("281.76")}));
  EXPECT_EQ(anchor(), AnchorState::kValid) << "where it was found";

  // Nobody knows what an article says that is not public.
  Apply(Unpublish("articles/a", 4));
  EXPECT_EQ(anchor(), AnchorState::kValid);
  EXPECT_TRUE(store_->GetFigure(id, Soon())->retracted);
  Reopen();
  Apply(Publish("articles/a", 5, {MovedDown(GdpFigure("281.76"), 7)}));
  EXPECT_EQ(anchor(), AnchorState::kMoved);

  // It comes back without the sentence.
  Apply(Unpublish("articles/a", 6));
  Apply(Publish("articles/a", 7, {GdpFigure("282")}));
  EXPECT_EQ(anchor(), AnchorState::kBroken);
  const auto broken = Figures({.anchor = AnchorState::kBroken, .with_retracted = true});
  ASSERT_THAT(broken, SizeIs(1));
  EXPECT_EQ(broken[0].citation.block, 7) << "where it stood last";
  EXPECT_EQ(broken[0].citation.revision, 5);
  EXPECT_TRUE(broken[0].retracted);
  EXPECT_THAT(Query(), SizeIs(1));
}

TEST_P(MetricStoreTest, TheQueueBeginsWithTheLeastSure) {
  std::vector<Figure> figures;
  for (int i = 0; i < 12; ++i) {
    figures.push_back(GdpFigure(std::to_string(100 + i), 2000 + i));
    figures.back().confidence = 1 - 0.1 * (i % 4);
    figures.back().citation.value_start = i;
    figures.back().publish_date = {2021, 1 + i % 3, 5};
  }
  Apply(Publish("articles/a", 1, figures));
  ASSERT_OK(store_->Review(Word(Figures().front(), ReviewState::kConfirmed), Soon()));
  for (const bool unreviewed_only : {false, true}) {
    FigureQuery query{.order_by = FigureOrder::kDoubt};
    if (unreviewed_only) query.review_state = ReviewState::kUnreviewed;
    const std::vector<Figure> whole = Figures(query);
    ASSERT_THAT(whole, SizeIs(unreviewed_only ? 11 : 12));
    for (size_t i = 1; i < whole.size(); ++i) {
      EXPECT_LE(whole[i - 1].confidence, whole[i].confidence);
      if (whole[i - 1].confidence != whole[i].confidence) continue;
      EXPECT_GE(whole[i - 1].publish_date, whole[i].publish_date);
    }
    std::vector<std::string> ids, paged;
    for (const Figure& figure : whole) ids.push_back(figure.id);
    query.page_size = 5;
    do {
      const auto page = store_->ListFigures(query, Soon());
      ASSERT_OK(page);
      for (const Figure& figure : page->figures) paged.push_back(figure.id);
      query.after = page->next;
    } while (query.after.has_value());
    EXPECT_EQ(paged, ids);
  }
}

// ListVintages as "printed stage reason", newest first.
std::vector<std::string> History(MetricStore& store, const ObservationKey& key) {
  const auto vintages = store.ListVintages(key, Soon());
  EXPECT_OK(vintages);
  std::vector<std::string> history;
  if (!vintages.ok()) return history;
  for (const Observation& observation : *vintages) {
    const Vintage& vintage = observation.vintage;
    EXPECT_EQ(vintage.superseded_at == absl::InfiniteFuture(),
              vintage.superseded_reason == SupersededReason::kNone);
    history.push_back(vintage.value.printed + " " +
                      std::to_string(static_cast<int>(vintage.stage)) + " " +
                      std::to_string(static_cast<int>(vintage.superseded_reason)));
  }
  return history;
}

Figure Staged(const std::string& value, RevisionStage stage, base::Date day) {
  Figure figure = GdpFigure(value);
  figure.stage = stage;
  figure.publish_date = figure.citation.publish_date = day;
  return figure;
}

TEST_P(MetricStoreTest, ALaterRoundOfAccountingReplacesAnEarlierAndNeverTheReverse) {
  Apply(Publish("articles/final", 1, {Staged("290.1", RevisionStage::kFinal, {2021, 12, 28})}));
  Apply(
      Publish("articles/first", 1, {Staged("281.76", RevisionStage::kPreliminary, {2021, 1, 28})}));
  // Published last, but the first estimate again; and one that repeats it without saying so.
  Apply(Publish("articles/late", 1, {Staged("281.76", RevisionStage::kPreliminary, {2022, 3, 1})}));
  Apply(Publish("articles/echo", 1, {Staged("281.76", RevisionStage::kNone, {2022, 4, 1})}));
  const auto now = Query();
  ASSERT_THAT(now, SizeIs(1));
  EXPECT_EQ(now[0].vintage.value.printed, "290.1亿元");
  EXPECT_EQ(now[0].vintage.stage, RevisionStage::kFinal);
  const auto spring = Query({.published_as_of = base::Date{2021, 6, 1}});
  ASSERT_THAT(spring, SizeIs(1));
  EXPECT_EQ(spring[0].vintage.value.printed, "281.76亿元");
  EXPECT_EQ(spring[0].vintage.stage, RevisionStage::kPreliminary);
  EXPECT_THAT(spring[0].vintage.citations, SizeIs(1));
  EXPECT_THAT(History(*store_, now[0].key), ElementsAre("281.76亿元 1 1", "290.1亿元 3 0"));
  EXPECT_EQ(Describe(Query({.published_as_of = base::Date{2023, 1, 1}})), Describe(now));

  // Another value that names no round is news.
  Apply(Publish("articles/news", 1, {Staged("291", RevisionStage::kNone, {2022, 5, 1})}));
  EXPECT_EQ(Query().front().vintage.value.printed, "291亿元");
  EXPECT_THAT(History(*store_, now[0].key),
              ElementsAre("291亿元 0 0", "281.76亿元 1 1", "290.1亿元 3 2"));
}

TEST_P(MetricStoreTest, OfOneDayTheLatestRoundWins) {
  Apply(Publish("articles/a", 1,
                {Staged("290.1", RevisionStage::kFinal, {2021, 12, 28}),
                 Staged("281.76", RevisionStage::kPreliminary, {2021, 12, 28})}));
  Apply(Publish("articles/b", 1, {Staged("282", RevisionStage::kNone, {2021, 12, 28})}));
  EXPECT_EQ(Query().front().vintage.value.printed, "290.1亿元");
  ASSERT_OK(store_->Review(
      Word(Figures({.article = "articles/b"}).front(), ReviewState::kConfirmed), Soon()));
  EXPECT_EQ(Query().front().vintage.value.printed, "290.1亿元") << "rightly read, but outdated";
}

TEST_P(MetricStoreTest, AStageIsKnownFromItsPublicationOn) {
  Apply(Publish("articles/a", 1, {Staged("290.1", RevisionStage::kNone, {2021, 3, 1})}));
  Apply(Publish("articles/b", 1, {Staged("290.1", RevisionStage::kFinal, {2021, 12, 28})}));
  EXPECT_EQ(Query().front().vintage.stage, RevisionStage::kFinal);
  EXPECT_EQ(Query({.published_as_of = base::Date{2021, 6, 1}}).front().vintage.stage,
            RevisionStage::kNone);
}

TEST_P(MetricStoreTest, AVintageSaysWhyItWasSuperseded) {
  const ObservationKey key = {.indicator = "gdp", .place = "522601", .period = Period::Year(2020)};
  Apply(Publish("articles/a", 1, {GdpFigure("281.76")}));
  EXPECT_THAT(History(*store_, key), ElementsAre("281.76亿元 0 0"));
  Apply(Publish("articles/a", 2, {GdpFigure("281.67")}));
  EXPECT_THAT(History(*store_, key), ElementsAre("281.67亿元 0 0", "281.76亿元 0 3"));
  Apply(Unpublish("articles/a", 3));
  EXPECT_THAT(History(*store_, key), ElementsAre("281.67亿元 0 4", "281.76亿元 0 3"));
  Apply(Publish("articles/a", 4, {GdpFigure("281.67")}));
  Apply(Publish("articles/old", 1, {Staged("281.67", RevisionStage::kNone, {2021, 2, 1})}));
  EXPECT_THAT(History(*store_, key),
              ElementsAre("281.67亿元 0 0", "281.67亿元 0 6", "281.67亿元 0 4", "281.76亿元 0 3"));
  EXPECT_THAT(Query().front().vintage.citations, SizeIs(2));
}

TEST_P(MetricStoreTest, ALaterPublicationTakesThePlaceWhenBothAreKnown) {
  const ObservationKey key = {.indicator = "gdp", .place = "522601", .period = Period::Year(2020)};
  Apply(Publish("articles/new", 1, {Staged("290", RevisionStage::kNone, {2022, 2, 1})}));
  Apply(Publish("articles/old", 1, {GdpFigure("281.76")}));
  auto vintages = store_->ListVintages(key, Soon());
  ASSERT_OK(vintages);
  ASSERT_THAT(*vintages, SizeIs(2));
  EXPECT_EQ(vintages->front().vintage.superseded_reason, SupersededReason::kLaterPublication);
  EXPECT_EQ(vintages->front().vintage.superseded_at, clock_.Now()) << "never the newest";
  // The newer one goes: the old one stands again.
  Apply(Unpublish("articles/new", 2));
  EXPECT_THAT(History(*store_, key), ElementsAre("281.76亿元 0 0", "290亿元 0 4"));
}

}  // namespace
}  // namespace cityinfo::metrics
