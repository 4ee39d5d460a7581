// For random histories and random questions: an answer given as of a past moment is byte for byte
// the same for ever after, and knows nothing that was recorded or published later.
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "services/metrics/rpc/observation_encoder.h"
#include "tests/contract/metric_store/metric_store_suite.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {
namespace {

constexpr int kSteps = 60;
constexpr int kQuestionsAStep = 2;
constexpr const char* kPlaces[] = {"52", "5226"};

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool OneIn(int count) { return Pick(count) == 0; }
  base::Date Day() { return {2021, 1 + Pick(4), 10}; }

  // Few keys, few values, few days: they meet.
  Figure NextFigure() {
    Figure figure = GdpFigure(absl::StrCat(100 + Pick(3)), 2018 + Pick(3));
    figure.place = kPlaces[Pick(2)];
    figure.publish_date = figure.citation.publish_date = Day();
    figure.confidence = 0.5 + 0.125 * Pick(5);
    figure.citation.block = Pick(3);
    if (OneIn(3)) figure.stage = static_cast<RevisionStage>(Pick(4));
    if (OneIn(4)) figure.measure = Measure::kYoyGrowth;
    if (OneIn(4)) figure.kind = Kind::kTarget;
    return figure;
  }
  std::vector<Figure> NextFigures() {
    std::vector<Figure> figures(static_cast<size_t>(Pick(4)));
    for (Figure& figure : figures) figure = NextFigure();
    return figures;
  }

  LoadedBatch NextBatch() {
    LoadedBatch batch{.source = absl::StrCat("年鉴", Pick(2))};
    for (int i = 0; i <= Pick(3); ++i) {
      const Figure figure = NextFigure();
      batch.values.push_back({.key = {.indicator = "gdp",
                                      .place = figure.place,
                                      .measure = figure.measure,
                                      .kind = figure.kind,
                                      .period = *figure.period},
                              .value = figure.value,
                              .publish_date = figure.publish_date,
                              .stage = figure.stage});
    }
    return batch;
  }

  FigureReview NextWord(const Figure& figure) {
    FigureReview review{.figure = figure.id,
                        .state = static_cast<ReviewState>(2 + Pick(3)),
                        .reviewer = absl::StrCat("统计员", Pick(2))};
    if (review.state == ReviewState::kAmended) review.amended = NextFigure().Reading();
    return review;
  }

  ObservationQuery NextQuestion(absl::Time now, const std::vector<Observation>& known) {
    ObservationQuery query{.last_n = OneIn(2) ? Pick(3) : 0,
                           .as_of = now - Pick(30) * absl::Milliseconds(500)};
    if (OneIn(2)) query.places = {kPlaces[Pick(2)]};
    if (OneIn(3)) query.measures = {Measure::kLevel};
    if (OneIn(3)) query.kinds = {Kind::kActual};
    if (OneIn(2)) query.published_as_of = base::Date{2021, 1 + Pick(4), 10 + Pick(2)};
    if (OneIn(4)) query.period_from = Period::Year(2019);
    if (OneIn(4)) query.page_size = 1 + Pick(3);
    if (OneIn(5) && !known.empty()) {
      query.after = known[static_cast<size_t>(Pick(static_cast<int>(known.size())))].key;
    }
    if (OneIn(5)) {
      query.measures = {Measure::kLevel};
      query.kinds = {Kind::kActual};
      query.units = Units::kPch;
    }
    query.Normalize();
    return query;
  }

 private:
  std::mt19937 random_;
};

TEST_P(MetricStoreTest, AnAnswerAsOfAPastMomentIsTheSameForEver) {
  const ObservationEncoder encode = MakeObservationEncoder(Catalogue::Embedded());
  const auto answer = [&](const ObservationQuery& query) -> std::string {
    const auto page = store_->QueryObservations(query, Soon());
    EXPECT_OK(page);
    if (!page.ok()) return "";
    for (const Observation& observation : page->observations) {
      EXPECT_LE(observation.vintage.record_time, *query.as_of);
      if (!query.published_as_of.has_value()) continue;
      EXPECT_LE(observation.vintage.publish_date, *query.published_as_of);
      for (const Citation& citation : observation.vintage.citations) {
        EXPECT_LE(citation.publish_date, *query.published_as_of);
      }
    }
    const auto bytes = encode(query, *page);
    EXPECT_OK(bytes);
    return bytes.value_or("");
  };

  for (unsigned seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    SetUp();
    feed_position_ = 0;
    Chance chance(seed);
    std::vector<std::pair<ObservationQuery, std::string>> answered;
    std::map<std::string, std::int64_t> revisions;
    for (int step = 0; step < kSteps; ++step) {
      SCOPED_TRACE(absl::StrCat("step ", step));
      const std::vector<Figure> standing = Figures();
      const int what = chance.Pick(10);
      if (what < 3 && !standing.empty()) {
        clock_.Advance(absl::Seconds(1));
        const Figure& figure =
            standing[static_cast<size_t>(chance.Pick(static_cast<int>(standing.size())))];
        ASSERT_OK(store_->Review(chance.NextWord(figure), Soon()));
      } else if (what == 3) {
        clock_.Advance(absl::Seconds(1));
        ASSERT_OK(store_->Record(chance.NextBatch()));
      } else {
        const std::string article = absl::StrCat("articles/", chance.Pick(5));
        const std::int64_t revision = ++revisions[article];
        Apply(what == 4 ? Unpublish(article, revision)
                        : Publish(article, revision, chance.NextFigures()));
      }
      const std::vector<Observation> known = Query();
      // What is known now and what is known as of now are one.
      ASSERT_EQ(Describe(Query({.as_of = clock_.Now()})), Describe(known));
      for (int i = 0; i < kQuestionsAStep; ++i) {
        const ObservationQuery query = chance.NextQuestion(clock_.Now(), known);
        answered.emplace_back(query, answer(query));
      }
      if (step == kSteps / 2) Reopen();
      for (const auto& [query, bytes] : answered) {
        ASSERT_EQ(answer(query), bytes)
            << "asked as of " << absl::FormatTime(*query.as_of) << ": " << query.CanonicalText();
      }
    }
  }
}

}  // namespace
}  // namespace cityinfo::metrics
