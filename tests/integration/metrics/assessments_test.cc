// What the real program says of promises, of sources that disagree and of values that cannot be.
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
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::MetricService::Stub;

class AssessmentsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(service_, MetricsProcess::Start(data_.path().string()));
  }

  // A level in 元, or a percentage of any other measure.
  static v1::Observation Row(const std::string& indicator, const std::string& period,
                             const std::string& value, v1::Measure measure = v1::LEVEL,
                             int published = 2021) {
    v1::Observation row;
    row.set_indicator(indicator);
    row.set_place("522601");
    row.set_measure(measure);
    row.set_kind(v1::ACTUAL);
    row.set_period(period);
    row.set_exact_value(value);
    row.mutable_publish_date()->set_year(published);
    row.mutable_publish_date()->set_month(3);
    row.mutable_publish_date()->set_day(1);
    return row;
  }
  static v1::Observation Promise(const std::string& value, int published) {
    v1::Observation row = Row("gdp", "2025", value, v1::LEVEL, published);
    row.set_kind(v1::TARGET);
    return row;
  }
  void Record(const std::vector<v1::Observation>& rows, const std::string& source = "测试年鉴") {
    v1::RecordObservationsRequest request;
    request.set_source(source);
    for (const v1::Observation& row : rows) *request.add_observations() = row;
    ASSERT_OK(service_->Call(&Stub::RecordObservations, request).status());
  }

  testing::TempDir data_;
  std::unique_ptr<MetricsProcess> service_;
};

template <typename T>
std::string FieldOf(const absl::StatusOr<T>& result) {
  const auto violations = base::FieldViolations(result.status());
  return violations.size() == 1 ? violations[0].field : result.status().ToString();
}

TEST_F(AssessmentsTest, ProgressNamesWhatItWasComputedFrom) {
  Record({Row("gdp", "2020", "28176000000"), Row("gdp", "2022", "33000000000"),
          Promise("50000000000", 2021), Promise("45000000000", 2022)});
  const auto answer = service_->Call(&Stub::ListProgress, {});
  ASSERT_OK(answer);
  ASSERT_EQ(answer->progress_size(), 1);
  const v1::Progress& progress = answer->progress(0);
  EXPECT_EQ(progress.target().exact_value(), "45000000000") << "the newer promise";
  ASSERT_EQ(progress.superseded_targets_size(), 1);
  EXPECT_EQ(progress.superseded_targets(0).exact_value(), "50000000000");
  EXPECT_EQ(progress.direction(), v1::REACH_AT_LEAST);
  EXPECT_EQ(progress.formula(), "compound_annual_growth");
  EXPECT_EQ(progress.actual().period(), "2022");
  EXPECT_EQ(progress.years_left(), 3);
  EXPECT_NEAR(progress.attained_share(), 33.0 / 45, 1e-9);
  EXPECT_NEAR(progress.required_annual_growth(), 10.8914, 1e-3);
  EXPECT_FALSE(progress.has_recent_annual_growth()) << "2020 lies before the newer promise's base";
  EXPECT_EQ(progress.status(), v1::NOT_DUE);

  Record({Row("gdp", "2021", "30000000000")});
  const auto later = service_->Call(&Stub::ListProgress, {});
  ASSERT_OK(later);
  EXPECT_NEAR(later->progress(0).recent_annual_growth(), 10, 1e-9);
  ASSERT_EQ(later->progress(0).inputs_size(), 1);
  EXPECT_EQ(later->progress(0).inputs(0).period(), "2021");
  EXPECT_EQ(later->progress(0).status(), v1::BEHIND);
}

TEST_F(AssessmentsTest, ConflictsNameTheFilesThatDisagree) {
  Record({Row("gdp", "2020", "28176000000"), Row("gdp", "2019", "1")}, "年鉴");
  Record({Row("gdp", "2020", "29000000000"), Row("gdp", "2019", "1")}, "快报");
  const auto answer = service_->Call(&Stub::ListConflicts, {});
  ASSERT_OK(answer);
  ASSERT_EQ(answer->conflicts_size(), 1);
  EXPECT_EQ(answer->conflicts(0).preferred().source(), "快报");
  EXPECT_EQ(answer->conflicts(0).others(0).source(), "年鉴");
  EXPECT_THAT(answer->conflicts(0).rule(), HasSubstr("publish date"));
  EXPECT_THAT(answer->next_page_token(), IsEmpty());
  v1::ListConflictsRequest bad;
  bad.set_page_token("nonsense");
  EXPECT_EQ(FieldOf(service_->Call(&Stub::ListConflicts, bad)), "page_token");
}

TEST_F(AssessmentsTest, FindingsSayWhatCannotBe) {
  v1::Observation share = Row("urbanization_rate", "2021", "165.7", v1::SHARE);
  Record({share, Row("gdp", "2021", "30000000000"),
          Row("value_added_primary", "2021", "2000000000"),
          Row("value_added_secondary", "2021", "10000000000"),
          Row("value_added_tertiary", "2021", "17000000000")});
  v1::ListPlausibilityFindingsRequest request;
  request.set_page_size(1);
  std::vector<std::string> rules;
  v1::PlausibilityFinding last;
  do {
    const auto page = service_->Call(&Stub::ListPlausibilityFindings, request);
    ASSERT_OK(page);
    ASSERT_EQ(page->findings_size(), 1);
    last = page->findings(0);
    rules.push_back(v1::PlausibilityFinding::Rule_Name(last.rule()));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && rules.size() < 5);
  EXPECT_THAT(rules, ElementsAre("SHARE_OUT_OF_RANGE", "PARTS_DO_NOT_ADD_UP"));
  EXPECT_EQ(last.observation().indicator(), "gdp");
  EXPECT_EQ(last.compared_size(), 3);
  EXPECT_EQ(last.expected(), "29000000000");
  EXPECT_THAT(last.message(), HasSubstr("凯里市2021年地区生产总值"));
}

TEST_F(AssessmentsTest, FindingsAreFilteredByIndicatorPlaceAndRule) {
  Record({Row("urbanization_rate", "2021", "165.7", v1::SHARE), Row("trade_total", "2021", "1000"),
          Row("exports", "2021", "2000")});
  const auto count = [&](const v1::ListPlausibilityFindingsRequest& request) {
    const auto answer = service_->Call(&Stub::ListPlausibilityFindings, request);
    return answer.ok() ? answer->findings_size() : -1;
  };
  v1::ListPlausibilityFindingsRequest request;
  EXPECT_EQ(count(request), 2);
  request.add_indicators("exports");
  EXPECT_EQ(count(request), 1) << "its whole is read too";
  request.add_rules(v1::PlausibilityFinding::SHARE_OUT_OF_RANGE);
  EXPECT_EQ(count(request), 0);
  request.clear_indicators();
  EXPECT_EQ(count(request), 1);
  request.add_places("5226");
  EXPECT_EQ(count(request), 0);
  request.add_rules(v1::PlausibilityFinding::RULE_UNSPECIFIED);
  EXPECT_EQ(FieldOf(service_->Call(&Stub::ListPlausibilityFindings, request)), "rules[1]");
}

TEST_F(AssessmentsTest, APageTokenBelongsToItsQuestion) {
  Record({Row("urbanization_rate", "2021", "165.7", v1::SHARE),
          Row("forest_coverage", "2021", "130", v1::SHARE)});
  v1::ListPlausibilityFindingsRequest request;
  request.set_page_size(1);
  const auto first = service_->Call(&Stub::ListPlausibilityFindings, request);
  ASSERT_OK(first);
  request.set_page_token(first->next_page_token());
  request.add_places("522601");
  EXPECT_EQ(FieldOf(service_->Call(&Stub::ListPlausibilityFindings, request)), "page_token");
  request.clear_places();
  request.set_page_size(-1);
  EXPECT_EQ(FieldOf(service_->Call(&Stub::ListPlausibilityFindings, request)), "page_size");
}

TEST_F(AssessmentsTest, IndicatorsNameTheirParts) {
  v1::GetIndicatorRequest request;
  request.set_name("indicators/gdp");
  const auto gdp = service_->Call(&Stub::GetIndicator, request);
  ASSERT_OK(gdp);
  EXPECT_THAT(gdp->parts(),
              ElementsAre("value_added_primary", "value_added_secondary", "value_added_tertiary"));
}

}  // namespace
}  // namespace cityinfo::metrics
