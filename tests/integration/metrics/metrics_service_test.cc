// The real program over gRPC: what a caller gets from it, without articles and without Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "tests/integration/metrics/metrics_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {
namespace {

using ::cityinfo::testing::StatusIs;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Stub = v1::MetricService::Stub;

class MetricsServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { Start(); }
  void Start() {
    service_.reset();
    ASSERT_OK_AND_ASSIGN(service_, MetricsProcess::Start(data_.path().string()));
  }

  v1::Observation Row(const std::string& period, const std::string& value,
                      v1::Kind kind = v1::ACTUAL) {
    v1::Observation row;
    row.set_indicator("gdp");
    row.set_place("522601");
    row.set_measure(v1::LEVEL);
    row.set_kind(kind);
    row.set_period(period);
    row.set_exact_value(value);
    row.mutable_publish_date()->set_year(2021);
    row.mutable_publish_date()->set_month(12);
    row.mutable_publish_date()->set_day(20);
    return row;
  }
  absl::StatusOr<v1::RecordObservationsResponse> Record(const std::vector<v1::Observation>& rows,
                                                        const std::string& request_id = "") {
    v1::RecordObservationsRequest request;
    request.set_source("测试年鉴");
    request.set_request_id(request_id);
    for (const v1::Observation& row : rows) *request.add_observations() = row;
    return service_->Call(&Stub::RecordObservations, request);
  }
  absl::StatusOr<v1::QueryObservationsResponse> Query(const v1::QueryObservationsRequest& request) {
    return service_->Call(&Stub::QueryObservations, request);
  }

  testing::TempDir data_;
  std::unique_ptr<MetricsProcess> service_;
};

// The one field that the error names.
template <typename T>
std::string FieldOf(const absl::StatusOr<T>& result) {
  const auto violations = base::FieldViolations(result.status());
  return violations.size() == 1 ? violations[0].field : result.status().ToString();
}

TEST_F(MetricsServiceTest, TheCatalogueIsListedPageByPage) {
  std::set<std::string> ids;
  v1::ListIndicatorsRequest request;
  request.set_page_size(7);
  do {
    const auto page = service_->Call(&Stub::ListIndicators, request);
    ASSERT_OK(page);
    for (const v1::Indicator& indicator : page->indicators()) {
      EXPECT_TRUE(ids.insert(indicator.id()).second);
      EXPECT_EQ(indicator.name(), "indicators/" + indicator.id());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_GE(ids.size(), 60u);

  v1::GetIndicatorRequest gdp;
  gdp.set_name("indicators/gdp");
  const auto found = service_->Call(&Stub::GetIndicator, gdp);
  ASSERT_OK(found);
  EXPECT_EQ(found->base_unit(), "元");
  gdp.set_name("indicators/nothing");
  const auto missing = service_->Call(&Stub::GetIndicator, gdp);
  EXPECT_THAT(missing, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(base::ErrorReason(missing.status()), "INDICATOR_NOT_FOUND");

  v1::ListPlacesRequest parts;
  parts.set_parent("522600");
  const auto places = service_->Call(&Stub::ListPlaces, parts);
  ASSERT_OK(places);
  std::vector<std::string> codes;
  for (const v1::Place& place : places->places()) codes.push_back(place.code());
  EXPECT_THAT(codes, Contains("522601"));
  EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end()));
  v1::GetPlaceRequest nation;
  nation.set_name("places/100000");
  ASSERT_OK(service_->Call(&Stub::GetPlace, nation));
}

TEST_F(MetricsServiceTest, FiguresAreExtractedFromAnyWellFormedQuestion) {
  v1::ExtractFiguresRequest request;
  request.set_text("2020年，全市完成地区生产总值281.76亿元。");
  request.set_place("522601");
  request.mutable_publish_date()->set_year(2021);
  const auto by_year = service_->Call(&Stub::ExtractFigures, request);
  ASSERT_OK(by_year);
  ASSERT_EQ(by_year->figures_size(), 1);
  const v1::Figure& figure = by_year->figures(0);
  EXPECT_EQ(figure.indicator(), "gdp");
  EXPECT_EQ(figure.exact_value(), "28176000000");
  EXPECT_EQ(figure.period(), "2020");
  EXPECT_EQ(figure.printed(), "281.76亿元");
  EXPECT_THAT(figure.name(), IsEmpty());
  EXPECT_EQ(figure.citation().value_end() - figure.citation().value_start(), 8);

  request.mutable_publish_date()->set_month(3);
  EXPECT_OK(service_->Call(&Stub::ExtractFigures, request));
  for (const char* place : {"33", "330700", "3307", "330702001", "330702001001"}) {
    request.set_place(place);
    EXPECT_OK(service_->Call(&Stub::ExtractFigures, request)) << place;
  }
}

TEST_F(MetricsServiceTest, EventsAreExtractedBesidesFigures) {
  v1::ExtractFiguresRequest request;
  request.set_text("2019年，凯里至雷山公路建成通车。项目将于2021年10月1日竣工。");
  request.set_place("522601");
  request.mutable_publish_date()->set_year(2021);
  const auto found = service_->Call(&Stub::ExtractFigures, request);
  ASSERT_OK(found);
  ASSERT_EQ(found->events_size(), 2);
  const v1::EventMention& opening = found->events(0);
  EXPECT_THAT(opening.name(), IsEmpty());
  EXPECT_EQ(opening.precision(), v1::YEAR);
  EXPECT_EQ(opening.date().year(), 2019);
  EXPECT_EQ(opening.date().month(), 0);
  EXPECT_EQ(opening.summary(), "凯里至雷山公路建成通车");
  EXPECT_EQ(opening.citation().value_end(), 5);
  EXPECT_TRUE(found->events(1).planned());
  EXPECT_EQ(found->events(1).date().day(), 1);
}

TEST_F(MetricsServiceTest, BadQuestionsAboutEventsAreNamed) {
  const auto field_of = [&](const v1::ListEventsRequest& request) {
    return FieldOf(service_->Call(&Stub::ListEvents, request));
  };
  v1::ListEventsRequest request;
  request.set_place("99");
  EXPECT_EQ(field_of(request), "place");
  request.set_place("522601");
  request.set_article("7");
  EXPECT_EQ(field_of(request), "article");
  request.set_article("articles/7");
  request.mutable_date_from()->set_year(2021);
  request.mutable_date_from()->set_day(1);
  EXPECT_EQ(field_of(request), "date_from");
  request.mutable_date_from()->set_day(0);
  request.mutable_date_to()->set_year(2020);
  EXPECT_EQ(field_of(request), "date_to");
  request.clear_date_to();
  request.set_page_size(-1);
  EXPECT_EQ(field_of(request), "page_size");
  request.set_page_size(0);
  request.set_page_token("x");
  EXPECT_EQ(field_of(request), "page_token");
  request.clear_page_token();
  const auto none = service_->Call(&Stub::ListEvents, request);
  ASSERT_OK(none);
  EXPECT_EQ(none->events_size(), 0);
  EXPECT_THAT(none->next_page_token(), IsEmpty());
}

TEST_F(MetricsServiceTest, BadTextsAndDatesAreNamed) {
  const auto extract = [&](const std::string& text, int year, int month, int day,
                           const std::string& place) {
    v1::ExtractFiguresRequest request;
    request.set_text(text);
    request.set_place(place);
    request.mutable_publish_date()->set_year(year);
    request.mutable_publish_date()->set_month(month);
    request.mutable_publish_date()->set_day(day);
    return service_->Call(&Stub::ExtractFigures, request);
  };
  EXPECT_EQ(FieldOf(extract("", 2021, 12, 20, "522601")), "text");
  EXPECT_EQ(FieldOf(extract(std::string((2 << 20) + 1, 'a'), 2021, 12, 20, "522601")), "text");
  EXPECT_OK(extract(std::string(2 << 20, 'a'), 2021, 12, 20, "522601"));
  EXPECT_EQ(FieldOf(extract("文本", 0, 0, 0, "522601")), "publish_date");
  EXPECT_EQ(FieldOf(extract("文本", 2021, 13, 40, "522601")), "publish_date");
  EXPECT_EQ(FieldOf(extract("文本", 2021, 0, 4, "522601")), "publish_date");
  EXPECT_EQ(FieldOf(extract("文本", 2021, 2, 29, "522601")), "publish_date");
  EXPECT_EQ(FieldOf(extract("文本", 2021, 12, 20, "")), "place");
  EXPECT_EQ(FieldOf(extract("文本", 2021, 12, 20, "52260")), "place");
  EXPECT_EQ(FieldOf(extract("文本", 2021, 12, 20, "凯里")), "place");
}

TEST_F(MetricsServiceTest, BadQuestionsAreNamed) {
  const auto field_of = [&](auto change) {
    v1::QueryObservationsRequest request;
    change(request);
    const auto answer = Query(request);
    EXPECT_THAT(answer, StatusIs(absl::StatusCode::kInvalidArgument));
    return FieldOf(answer);
  };
  EXPECT_EQ(field_of([](auto& r) { r.add_indicators("gdp"), r.add_indicators("joy"); }),
            "indicators[1]");
  EXPECT_EQ(field_of([](auto& r) { r.add_places("999999"); }), "places[0]");
  EXPECT_EQ(field_of([](auto& r) { r.add_places("5226x1"); }), "places[0]");
  EXPECT_EQ(field_of([](auto& r) {
              for (int i = 0; i < 51; ++i) r.add_indicators("gdp");
            }),
            "indicators");
  EXPECT_EQ(field_of([](auto& r) { r.set_page_size(-1); }), "page_size");
  EXPECT_EQ(field_of([](auto& r) { r.set_page_token("not one of ours"); }), "page_token");
  EXPECT_EQ(field_of([](auto& r) { r.set_period_from("2021-13"); }), "period_from");
  EXPECT_EQ(field_of([](auto& r) { r.set_period_from("2021"), r.set_period_to("2020"); }),
            "period_to");
  EXPECT_EQ(field_of([](auto& r) { r.set_last_n(-1); }), "last_n");
  EXPECT_EQ(field_of([](auto& r) { r.mutable_as_of()->set_seconds(4102444800); }), "as_of");
  EXPECT_EQ(field_of([](auto& r) { r.mutable_as_of()->set_nanos(-1); }), "as_of");
  EXPECT_EQ(field_of([](auto& r) { r.mutable_published_as_of()->set_year(2021); }),
            "published_as_of");
  EXPECT_EQ(field_of([](auto& r) { r.add_measures(static_cast<v1::Measure>(99)); }), "measures[0]");
  v1::QueryObservationsRequest many;
  many.set_page_size(1'000'000'000);
  EXPECT_OK(Query(many));

  v1::ListFiguresRequest figures;
  figures.set_article("not an article");
  EXPECT_EQ(FieldOf(service_->Call(&Stub::ListFigures, figures)), "article");
  v1::ListProgressRequest progress;
  progress.add_places("777777");
  EXPECT_EQ(FieldOf(service_->Call(&Stub::ListProgress, progress)), "places[0]");
}

TEST_F(MetricsServiceTest, ATokenOfAnotherQueryIsRefused) {
  ASSERT_OK(Record({Row("2018", "1"), Row("2019", "2"), Row("2020", "3")}));
  v1::QueryObservationsRequest request;
  request.add_indicators("gdp");
  request.set_page_size(2);
  const auto first = Query(request);
  ASSERT_OK(first);
  EXPECT_EQ(first->observations_size(), 2);
  request.set_page_token(first->next_page_token());
  request.set_page_size(100);
  const auto second = Query(request);
  ASSERT_OK(second);
  ASSERT_EQ(second->observations_size(), 1);
  EXPECT_EQ(second->observations(0).period(), "2020");
  EXPECT_THAT(second->next_page_token(), IsEmpty());
  request.add_places("522601");
  const auto mixed = Query(request);
  EXPECT_EQ(FieldOf(mixed), "page_token");
  EXPECT_EQ(base::ErrorReason(mixed.status()), "PAGE_TOKEN_MISMATCH");
}

TEST_F(MetricsServiceTest, WhatIsRecordedIsAnsweredAlsoAfterARestart) {
  ASSERT_OK(Record({Row("2020", "28176000000"), Row("2025", "50000000000", v1::TARGET)}, "first"));
  v1::QueryObservationsRequest request;
  request.add_places("522601");
  const auto before = Query(request);
  ASSERT_OK(before);
  ASSERT_EQ(before->observations_size(), 2);
  EXPECT_EQ(before->observations(0).name(), "observations/gdp.522601.LEVEL.ACTUAL.2020");
  EXPECT_EQ(before->observations(0).source(), "测试年鉴");
  EXPECT_THAT(before->observations(0).indicator_name(), Not(IsEmpty()));

  const auto progress = service_->Call(&Stub::ListProgress, {});
  ASSERT_OK(progress);
  ASSERT_EQ(progress->progress_size(), 1);
  EXPECT_NEAR(progress->progress(0).required_annual_growth(), 12.155, 0.001);

  service_->process().Kill();
  Start();
  const auto after = Query(request);
  ASSERT_OK(after);
  EXPECT_EQ(after->SerializeAsString(), before->SerializeAsString());
  const auto replayed =
      Record({Row("2020", "28176000000"), Row("2025", "50000000000", v1::TARGET)}, "first");
  ASSERT_OK(replayed);
  EXPECT_EQ(replayed->observations(0).vintage(), 1);
  EXPECT_THAT(Record({Row("2020", "5")}, "first"), StatusIs(absl::StatusCode::kAlreadyExists));

  v1::ListVintagesRequest vintages;
  vintages.set_name("observations/gdp.522601.LEVEL.ACTUAL.2020");
  const auto history = service_->Call(&Stub::ListVintages, vintages);
  ASSERT_OK(history);
  EXPECT_EQ(history->vintages_size(), 1);
  vintages.set_name("observations/gdp.522601.LEVEL.ACTUAL.1999");
  EXPECT_THAT(service_->Call(&Stub::ListVintages, vintages), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(MetricsServiceTest, ABadRowIsNamedAndNothingIsStored) {
  v1::Observation bad = Row("2021", "12,5");
  EXPECT_EQ(FieldOf(Record({Row("2020", "1"), bad})), "observations[1].exact_value");
  bad = Row("2021", "12");
  bad.set_unit("吨");
  EXPECT_EQ(FieldOf(Record({bad})), "observations[0].unit");
  EXPECT_EQ(FieldOf(Record({Row("2020", "1"), Row("2020", "2")})), "observations[1]");
  EXPECT_EQ(FieldOf(Record({})), "observations");
  const auto all = Query({});
  ASSERT_OK(all);
  EXPECT_EQ(all->observations_size(), 0);
}

TEST_F(MetricsServiceTest, AWatcherHearsEveryChangeAndResumes) {
  ASSERT_OK(Record({Row("2019", "1"), Row("2020", "2")}));
  const auto open = [&](const std::string& token) {
    v1::WatchObservationsRequest request;
    request.set_resume_token(token);
    return rpc::StreamReader<v1::ObservationChange>::Open(
        service_->stub(), &Stub::WatchObservations, {.deadline = absl::Now() + absl::Seconds(20)},
        request);
  };
  v1::ObservationChange change;
  const auto next = [&](auto& reader) {
    do {
      if (!reader->Read(&change)) return false;
    } while (change.heartbeat());
    return true;
  };
  auto reader = open("");
  ASSERT_TRUE(next(reader));
  EXPECT_EQ(change.observation().period(), "2019");
  const std::string first = change.resume_token();
  ASSERT_TRUE(next(reader));
  EXPECT_EQ(change.observation().period(), "2020");
  // All was sent: a heartbeat says so at once.
  ASSERT_TRUE(reader->Read(&change));
  EXPECT_TRUE(change.heartbeat());
  EXPECT_EQ(change.resume_token(), "2");
  ASSERT_OK(Record({Row("2021", "3")}));
  ASSERT_TRUE(next(reader)) << reader->Finish();
  EXPECT_EQ(change.observation().period(), "2021");
  reader->Cancel();
  auto resumed = open(first);
  ASSERT_TRUE(next(resumed));
  EXPECT_EQ(change.observation().period(), "2020");
  resumed->Cancel();
  for (const char* bad : {"yesterday", "4"}) {
    auto refused = open(bad);
    EXPECT_FALSE(refused->Read(&change)) << bad;
    EXPECT_THAT(refused->Finish(), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST_F(MetricsServiceTest, ASecondServiceOnTheSameDataIsRefusedAndTheFirstEndsInOrder) {
  const auto second = MetricsProcess::Start(data_.path().string());
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("STORE_IN_USE"));
  EXPECT_OK(Query({}));
  const auto end = service_->process().TerminateAndWait();
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(end.signal, 0);
}

}  // namespace
}  // namespace cityinfo::metrics
