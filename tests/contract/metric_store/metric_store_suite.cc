#include "tests/contract/metric_store/metric_store_suite.h"

#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/metrics/domain/decimal.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::metrics {

absl::StatusOr<AppliedChange> ApplyOne(MetricStore& store, const ArticleChange& change,
                                       const HarvestLease& lease) {
  absl::StatusOr<std::vector<AppliedChange>> applied =
      store.ApplyArticleChanges(lease, std::span(&change, 1));
  if (!applied.ok()) return applied.status();
  return applied->front();
}

absl::Time Soon() { return absl::Now() + absl::Seconds(10); }

void MetricStoreTest::SetUp() {
  harness_ = GetParam().make();
  Reopen();
}

void MetricStoreTest::Reopen() {
  store_.reset();
  versions_ = std::make_unique<DataVersions>();
  store_ = harness_->Open(clock_, *versions_);
  ASSERT_NE(store_, nullptr);
}

ArticleChange MetricStoreTest::Publish(const std::string& article, std::int64_t revision,
                                       std::vector<Figure> figures) {
  for (Figure& figure : figures) {
    figure.citation.article = article;
    figure.citation.revision = revision;
  }
  AssignFigureIds(article, figures);
  return {.feed_position = ++feed_position_,
          .article = article,
          .revision = revision,
          .published = true,
          .figures = std::move(figures)};
}

ArticleChange MetricStoreTest::Unpublish(const std::string& article, std::int64_t revision) {
  return {.feed_position = ++feed_position_, .article = article, .revision = revision};
}

AppliedChange MetricStoreTest::Apply(const ArticleChange& change) {
  clock_.Advance(absl::Seconds(1));
  const absl::StatusOr<AppliedChange> applied = ApplyOne(*store_, change);
  EXPECT_OK(applied);
  return applied.value_or(AppliedChange());
}

std::vector<Observation> MetricStoreTest::Query(ObservationQuery query) {
  query.Normalize();
  absl::StatusOr<ObservationPage> page = store_->QueryObservations(query, Soon());
  EXPECT_OK(page);
  return page.ok() ? page->observations : std::vector<Observation>();
}

std::vector<Figure> MetricStoreTest::Figures(FigureQuery query) {
  absl::StatusOr<FigurePage> page = store_->ListFigures(query, Soon());
  EXPECT_OK(page);
  return page.ok() ? page->figures : std::vector<Figure>();
}

Figure GdpFigure(const std::string& yi_yuan, int year) {
  Figure figure;
  figure.indicator = "gdp";
  figure.indicator_text = "地区生产总值";
  figure.place = "522601";
  figure.period = Period::Year(year);
  figure.value.printed = absl::StrCat(yi_yuan, "亿元");
  figure.value.exact_value =
      Decimal::Parse(yi_yuan)->Times(Decimal::FromInteger(100'000'000)).ToString();
  figure.value.unit = "元";
  figure.printed_unit = "亿元";
  figure.citation.quote = absl::StrCat(year, "年完成生产总值", yi_yuan, "亿元。");
  figure.citation.end = 20;
  figure.citation.value_start = 11;
  figure.citation.value_end = 19;
  figure.citation.article_title = "一年答卷";
  figure.citation.publication = "测试日报";
  figure.citation.page = "A1";
  figure.publish_date = {.year = 2021, .month = 12, .day = 20};
  figure.citation.publish_date = figure.publish_date;
  return figure;
}

std::string Describe(const std::vector<Observation>& observations) {
  std::string text;
  for (const Observation& observation : observations) {
    const Vintage& vintage = observation.vintage;
    absl::StrAppend(&text, observation.key.ToId(), " #", vintage.number, " ", vintage.value.printed,
                    " ", vintage.value.exact_value, "~", vintage.value.exact_value_high, " ",
                    vintage.value.unit, " ", ToString(vintage.value.qualifier), " ",
                    base::FormatDate(vintage.publish_date), " ",
                    absl::ToUnixMicros(vintage.record_time), " ", vintage.source, "\n");
    for (const ObservationKey& key : observation.computed_from) {
      absl::StrAppend(&text, "  of ", key.ToId(), "\n");
    }
    for (const Citation& citation : vintage.citations) {
      absl::StrAppend(&text, "  ", citation.article, "@", citation.revision, " ", citation.block,
                      ":", citation.start, "-", citation.end, " ", citation.quote, " ",
                      citation.article_title, " ", base::FormatDate(citation.publish_date), "\n");
    }
  }
  return text;
}

std::string DescribeAfter(const std::vector<RecordedValue>& recorded) {
  std::vector<Observation> after;
  for (const RecordedValue& value : recorded) after.push_back(value.after);
  return Describe(after);
}

}  // namespace cityinfo::metrics
