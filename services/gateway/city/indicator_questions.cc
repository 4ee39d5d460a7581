#include "services/gateway/city/indicator_questions.h"

#include "absl/strings/strip.h"

namespace cityinfo::gateway {
namespace {

constexpr int kNewestYears = 200;
// Quarters, months and months since January of one year are 28: enough for 200 months.
constexpr int kNewestShorter = 600;
constexpr int kMaxFindings = 100;

std::string IndicatorOf(const v1::GetIndicatorPageRequest& request) {
  return std::string(absl::StripPrefix(request.name(), "indicators/"));
}

metrics::v1::QueryObservationsRequest Question(const v1::GetIndicatorPageRequest& request) {
  metrics::v1::QueryObservationsRequest question;
  question.add_indicators(IndicatorOf(request));
  if (request.has_as_of()) *question.mutable_as_of() = request.as_of();
  return question;
}

// Without kinds the newest would be actuals only.
void AskAllKinds(metrics::v1::QueryObservationsRequest& question) {
  for (auto kind : {metrics::v1::ACTUAL, metrics::v1::FORECAST, metrics::v1::TARGET}) {
    question.add_kinds(kind);
  }
}

}  // namespace

metrics::v1::QueryObservationsRequest YearsQuestion(const v1::GetIndicatorPageRequest& request,
                                                    const std::string& place) {
  metrics::v1::QueryObservationsRequest question = Question(request);
  question.add_places(place);
  AskAllKinds(question);
  for (auto one : {metrics::v1::YEARLY, metrics::v1::YEAR_SPAN, metrics::v1::HALF_YEARLY}) {
    question.add_granularities(one);
  }
  question.set_last_n(kNewestYears);
  return question;
}

metrics::v1::QueryObservationsRequest ShorterQuestion(const v1::GetIndicatorPageRequest& request,
                                                      const std::string& place) {
  metrics::v1::QueryObservationsRequest question = Question(request);
  question.add_places(place);
  AskAllKinds(question);
  for (auto one : {metrics::v1::QUARTERLY, metrics::v1::MONTHLY, metrics::v1::CUMULATIVE_MONTHS,
                   metrics::v1::MONTH_SPAN, metrics::v1::DAILY}) {
    question.add_granularities(one);
  }
  question.set_last_n(kNewestShorter);
  return question;
}

metrics::v1::QueryObservationsRequest PartsQuestion(const v1::GetIndicatorPageRequest& request,
                                                    const std::string& place) {
  metrics::v1::QueryObservationsRequest question = Question(request);
  question.add_places_within(place);
  question.add_kinds(metrics::v1::ACTUAL);
  for (auto measure : {metrics::v1::LEVEL, metrics::v1::SHARE, metrics::v1::YOY_GROWTH}) {
    question.add_measures(measure);
  }
  question.add_granularities(metrics::v1::YEARLY);
  question.set_last_n(1);
  return question;
}

metrics::v1::ListProgressRequest ProgressQuestion(const v1::GetIndicatorPageRequest& request,
                                                  const std::string& place) {
  metrics::v1::ListProgressRequest question;
  question.add_indicators(IndicatorOf(request));
  question.add_places(place);
  return question;
}

metrics::v1::ListPlausibilityFindingsRequest FindingsQuestion(
    const v1::GetIndicatorPageRequest& request, const std::string& place) {
  metrics::v1::ListPlausibilityFindingsRequest question;
  question.add_indicators(IndicatorOf(request));
  question.add_places(place);
  question.set_page_size(kMaxFindings);
  return question;
}

}  // namespace cityinfo::gateway
