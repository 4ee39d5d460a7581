// GetIndicatorPage and the timeline through a whole gateway.
#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "tests/integration/gateway/gateway_fixture.h"

namespace cityinfo::gateway {
namespace {

using rpc::RequestContext;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace mv1 = metrics::v1;

std::string Method(absl::string_view name) {
  return absl::StrCat("/cityinfo.metrics.v1.MetricService/", name);
}

mv1::Observation Yearly(const std::string& place, int year) {
  mv1::Observation observation;
  observation.set_indicator("gdp");
  observation.set_place(place);
  observation.set_measure(mv1::LEVEL);
  observation.set_kind(mv1::ACTUAL);
  observation.set_period(absl::StrCat(year));
  observation.set_printed(absl::StrCat(place, "的", year));
  mv1::Citation* citation = observation.add_citations();
  citation->set_article("articles/7");
  citation->set_quote("同一句话");
  citation->set_end(4);
  return observation;
}

// A metrics service with a series longer than a page, and no plausibility findings yet.
class IndicatorPageThroughGateway : public GatewayTest {
 protected:
  IndicatorPageThroughGateway() {
    metrics_.On<mv1::GetIndicatorRequest, mv1::Indicator>(
        Method("GetIndicator"),
        [](const RequestContext&,
           const mv1::GetIndicatorRequest& request) -> absl::StatusOr<mv1::Indicator> {
          if (request.name() != "indicators/gdp") {
            return base::NotFound("indicator", request.name(), "INDICATOR_NOT_FOUND");
          }
          mv1::Indicator indicator;
          indicator.set_id("gdp");
          return indicator;
        });
    metrics_.On<mv1::GetPlaceRequest, mv1::Place>(
        Method("GetPlace"),
        [](const RequestContext&,
           const mv1::GetPlaceRequest& request) -> absl::StatusOr<mv1::Place> {
          if (request.name() == "places/99") {
            return base::NotFound("place", request.name(), "PLACE_NOT_FOUND");
          }
          mv1::Place place;
          place.set_code(request.name().substr(7));
          place.set_name_zh("某地");
          return place;
        });
    metrics_.On<mv1::QueryObservationsRequest, mv1::QueryObservationsResponse>(
        kQueryObservations,
        [this](const RequestContext&, const auto& request) { return Answer(request); });
    metrics_.On<mv1::ListProgressRequest, mv1::ListProgressResponse>(
        kListProgress, [](const RequestContext&, const mv1::ListProgressRequest& request) {
          mv1::ListProgressResponse response;
          response.add_progress()->mutable_target()->set_printed(
              absl::StrCat("目标", request.indicators(0), request.places(0)));
          return absl::StatusOr<mv1::ListProgressResponse>(response);
        });
    metrics_.On<mv1::ListEventsRequest, mv1::ListEventsResponse>(
        Method("ListEvents"), [](const RequestContext&, const mv1::ListEventsRequest& request) {
          mv1::ListEventsResponse response;
          response.add_events()->set_summary(absl::StrCat("自", request.date_from().year(), "-",
                                                          request.date_from().month(), "在",
                                                          request.place()));
          return absl::StatusOr<mv1::ListEventsResponse>(response);
        });
  }

  absl::StatusOr<mv1::QueryObservationsResponse> Answer(
      const mv1::QueryObservationsRequest& request) {
    mv1::QueryObservationsResponse response;
    if (request.places_within_size() > 0) {
      if (fail_parts_) return base::Unavailable("STORE_AWAY", "the store is away");
      *response.add_observations() = Yearly("522601100", 2020);
    } else if (request.granularities(0) != mv1::YEARLY) {
      return response;
    } else if (request.page_token().empty()) {
      *response.add_observations() = Yearly("522601", 2019);
      response.set_next_page_token("more");
    } else {
      *response.add_observations() = Yearly("522601", 2020);
    }
    return response;
  }

  bool fail_parts_ = false;
};

TEST_F(IndicatorPageThroughGateway, ComposesTheScreenOfAnIndicator) {
  StartGateway();
  const RawResponse page = Ask(Get("/v1/indicators/gdp/page"));
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body, AllOf(HasSubstr("522601的2019"), HasSubstr("522601的2020"),
                               HasSubstr("\"granularity\":\"YEARLY\""), HasSubstr("目标gdp522601"),
                               HasSubstr("522601100的2020"), HasSubstr("某地")));
  const size_t citations = page.body.find("\"citations\":[{\"article\":\"articles/7\"");
  EXPECT_NE(citations, std::string::npos);
  // ListPlausibilityFindings is none of this service's.
  EXPECT_THAT(page.body, HasSubstr("{\"section\":\"findings\",\"state\":\"FAILED\""));
  EXPECT_THAT(page.body, HasSubstr("{\"section\":\"series\",\"state\":\"OK\""));
}

TEST_F(IndicatorPageThroughGateway, ServesTheScreenWithoutTheSectionThatFails) {
  fail_parts_ = true;
  StartGateway();
  const RawResponse page = Ask(Get("/v1/indicators/gdp/page?place=52"));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, AllOf(HasSubstr("522601的2020"), HasSubstr("目标gdp52"),
                               HasSubstr("{\"section\":\"parts\",\"state\":\"FAILED\","
                                         "\"message\":\"the store is away\"}")));
}

TEST_F(IndicatorPageThroughGateway, AnOldScreenShowsNothingOfToday) {
  StartGateway();
  const RawResponse page = Ask(Get("/v1/indicators/gdp/page?as_of=2022-01-01T00:00:00Z"));
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_THAT(page.body,
              AllOf(HasSubstr("522601的2020"), Not(HasSubstr("目标")), Not(HasSubstr("FAILED"))));
}

TEST_F(IndicatorPageThroughGateway, WhatIsNotThereIsSaid) {
  StartGateway();
  const RawResponse indicator = Ask(Get("/v1/indicators/none/page"));
  EXPECT_EQ(indicator.status, 404);
  EXPECT_THAT(indicator.body, HasSubstr("INDICATOR_NOT_FOUND"));
  const RawResponse place = Ask(Get("/v1/indicators/gdp/page?place=99"));
  EXPECT_EQ(place.status, 404);
  EXPECT_THAT(place.body, HasSubstr("PLACE_NOT_FOUND"));
  const RawResponse code = Ask(Get("/v1/indicators/gdp/page?place=Kaili"));
  EXPECT_EQ(code.status, 400);
  EXPECT_THAT(code.body, HasSubstr("INVALID_PLACE"));
}

TEST_F(IndicatorPageThroughGateway, TheTimelineTakesADateByItsParts) {
  StartGateway();
  const RawResponse events =
      Ask(Get("/v1/events?place=522601&date_from.year=2021&date_from.month=9"));
  EXPECT_EQ(events.status, 200) << events.body;
  EXPECT_THAT(events.body, HasSubstr("自2021-9在522601"));
}

}  // namespace
}  // namespace cityinfo::gateway
