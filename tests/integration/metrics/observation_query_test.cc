// QueryObservations of the real program: filters, computed values, pages and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "tests/integration/metrics/metrics_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Stub = v1::MetricService::Stub;

v1::Observation Row(const std::string& place, const std::string& period, const std::string& value,
                    v1::Measure measure = v1::LEVEL, v1::Kind kind = v1::ACTUAL) {
  v1::Observation row;
  row.set_indicator("gdp");
  row.set_place(place);
  row.set_measure(measure);
  row.set_kind(kind);
  row.set_period(period);
  row.set_exact_value(value);
  row.mutable_publish_date()->set_year(2021);
  row.mutable_publish_date()->set_month(12);
  row.mutable_publish_date()->set_day(20);
  return row;
}

class ObservationQueryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(service_, MetricsProcess::Start(data_.path().string()));
  }

  void Record(const std::vector<v1::Observation>& rows) {
    v1::RecordObservationsRequest request;
    request.set_source("测试年鉴");
    for (const v1::Observation& row : rows) *request.add_observations() = row;
    ASSERT_OK(service_->Call(&Stub::RecordObservations, request));
  }
  absl::StatusOr<v1::QueryObservationsResponse> Ask(const v1::QueryObservationsRequest& request) {
    return service_->Call(&Stub::QueryObservations, request);
  }
  // "522601 2020 28176000000", one an observation.
  std::vector<std::string> Lines(const v1::QueryObservationsRequest& request) {
    const auto answer = Ask(request);
    EXPECT_OK(answer);
    std::vector<std::string> lines;
    if (!answer.ok()) return lines;
    for (const v1::Observation& o : answer->observations()) {
      lines.push_back(absl::StrCat(o.place(), " ", o.period(), " ", o.exact_value(), o.unit()));
    }
    return lines;
  }
  // "field REASON" of a question that is refused.
  std::string Complaint(const v1::QueryObservationsRequest& request) {
    const auto answer = Ask(request);
    if (answer.ok()) return "ok";
    const auto violations = base::FieldViolations(answer.status());
    return absl::StrCat(violations.empty() ? "?" : violations[0].field, " ",
                        base::ErrorReason(answer.status()));
  }

  testing::TempDir data_;
  std::unique_ptr<MetricsProcess> service_;
};

TEST_F(ObservationQueryTest, ThePartsOfAPlaceAreAskedForByThePlace) {
  Record({Row("52", "2020", "5"), Row("5226", "2020", "4"), Row("522601", "2020", "3"),
          Row("5201", "2020", "2"), Row("522601105", "2020", "1")});
  v1::QueryObservationsRequest request;
  request.add_places_within("522600");
  EXPECT_THAT(Lines(request), ElementsAre("522601 2020 3元"));
  request.add_places("52");
  EXPECT_THAT(Lines(request), ElementsAre("52 2020 5元", "522601 2020 3元"));
  request.clear_places();
  request.add_places_within("52");
  EXPECT_THAT(Lines(request), ElementsAre("5201 2020 2元", "5226 2020 4元", "522601 2020 3元"));
  request.clear_places_within();
  request.add_places_within("522601105");
  EXPECT_THAT(Lines(request), IsEmpty()) << "no parts is not every place";
  request.clear_places_within();
  request.add_places_within("99");
  EXPECT_EQ(Complaint(request), "places_within[0] UNKNOWN_PLACE");
}

TEST_F(ObservationQueryTest, ComputedValuesSayWhatTheyAreMadeOf) {
  Record({Row("52", "2019", "100"), Row("52", "2020", "107"),
          Row("52", "2020", "4.5", v1::YOY_GROWTH)});
  v1::QueryObservationsRequest request;
  request.add_measures(v1::YOY_GROWTH);
  EXPECT_THAT(Lines(request), ElementsAre("52 2020 4.5%")) << "what was published";
  request.clear_measures();
  request.set_units(v1::PC1);
  const auto answer = Ask(request);
  ASSERT_OK(answer);
  ASSERT_EQ(answer->observations_size(), 1);
  const v1::Observation& computed = answer->observations(0);
  EXPECT_EQ(computed.exact_value(), "7");
  EXPECT_EQ(computed.value(), 7);
  EXPECT_EQ(computed.unit(), "%");
  EXPECT_TRUE(computed.computed());
  EXPECT_EQ(computed.units(), v1::PC1);
  EXPECT_EQ(computed.name(), "");
  EXPECT_EQ(computed.printed(), "");
  EXPECT_EQ(computed.source(), "");
  EXPECT_EQ(computed.measure(), v1::LEVEL);
  EXPECT_THAT(computed.computed_from(), ElementsAre("observations/gdp.52.LEVEL.ACTUAL.2020",
                                                    "observations/gdp.52.LEVEL.ACTUAL.2019"));
  request.set_units(v1::LIN);
  const auto published = Ask(request);
  ASSERT_OK(published);
  ASSERT_EQ(published->observations_size(), 3);
  EXPECT_FALSE(published->observations(0).computed());
  EXPECT_EQ(published->observations(0).units(), v1::UNITS_UNSPECIFIED);
}

TEST_F(ObservationQueryTest, AnIndexIsOfPeriodsLikeItsOwn) {
  Record({Row("52", "2015", "80"), Row("52", "2020", "120"), Row("52", "2020-Q1", "30")});
  v1::QueryObservationsRequest request;
  request.set_units(v1::NBD);
  request.set_period_from("2020");
  EXPECT_EQ(Complaint(request), "index_period REQUIRED");
  request.set_index_period("2015");
  EXPECT_THAT(Lines(request), ElementsAre("52 2020 150"));
  request.add_granularities(v1::QUARTERLY);
  EXPECT_EQ(Complaint(request), "index_period OTHER_GRANULARITY");
  request.set_units(v1::PC1);
  EXPECT_EQ(Complaint(request), "index_period NOT_AN_INDEX");
}

TEST_F(ObservationQueryTest, PagesOfComputedValuesAreFollowedByTheirTokens) {
  std::vector<v1::Observation> rows;
  for (int year = 1980; year < 2020; ++year) {
    // Every third year is missing, so most pages have room.
    if (year % 3 != 0) rows.push_back(Row("52", absl::StrCat(year), absl::StrCat(year - 1900)));
  }
  Record(rows);
  v1::QueryObservationsRequest request;
  request.set_units(v1::CHG);
  const std::vector<std::string> whole = Lines(request);
  ASSERT_EQ(whole.size(), 13u);
  request.set_page_size(1);
  std::vector<std::string> paged;
  do {
    for (const std::string& line : Lines(request)) paged.push_back(line);
    const auto page = Ask(request);
    ASSERT_OK(page);
    ASSERT_LE(page->observations_size(), 1);
    request.set_page_token(page->next_page_token());
    ASSERT_LE(paged.size(), whole.size());
  } while (!request.page_token().empty());
  EXPECT_EQ(paged, whole);
  request.set_page_token("");
  const auto first = Ask(request);
  ASSERT_OK(first);
  request.set_page_token(first->next_page_token());
  request.set_units(v1::CH1);
  EXPECT_EQ(Complaint(request), "page_token PAGE_TOKEN_MISMATCH");
}

TEST_F(ObservationQueryTest, TheLatestIsWhatHappened) {
  Record({Row("52", "2020", "107"), Row("52", "2025", "200", v1::LEVEL, v1::TARGET)});
  v1::QueryObservationsRequest request;
  request.set_last_n(1);
  EXPECT_THAT(Lines(request), ElementsAre("52 2020 107元"));
  request.add_kinds(v1::TARGET);
  EXPECT_THAT(Lines(request), ElementsAre("52 2025 200元"));
}

TEST_F(ObservationQueryTest, WhatMakesNoSenseIsNamed) {
  v1::QueryObservationsRequest request;
  request.set_units(v1::PC1);
  request.add_measures(v1::YOY_GROWTH);
  EXPECT_EQ(Complaint(request), "measures UNITS_OF_OTHER_VALUES");
  request.clear_measures();
  request.add_measures(v1::LEVEL);
  request.add_kinds(v1::TARGET);
  EXPECT_EQ(Complaint(request), "kinds UNITS_OF_OTHER_VALUES");
  request.clear_kinds();
  EXPECT_EQ(Complaint(request), "ok");
  request.set_units(static_cast<v1::Units>(99));
  EXPECT_EQ(Complaint(request), "units INVALID_ENUM");
  request.clear_units();
  request.add_granularities(v1::YEARLY);
  request.add_granularities(v1::GRANULARITY_UNSPECIFIED);
  EXPECT_EQ(Complaint(request), "granularities[1] INVALID_ENUM");
}

}  // namespace
}  // namespace cityinfo::metrics
