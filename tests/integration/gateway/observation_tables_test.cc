// Observations as CSV and SDMX-CSV through the whole gateway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "platform/base/error.h"
#include "tests/integration/gateway/gateway_fixture.h"

namespace cityinfo::gateway {
namespace {

using rpc::RequestContext;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace mv1 = metrics::v1;

constexpr char kSdmx[] = "Accept: application/vnd.sdmx.data+csv;version=2.0.0\r\n";

// A service with 1,500 years of one series.
class ObservationTables : public GatewayTest {
 protected:
  ObservationTables() {
    metrics_.On<mv1::QueryObservationsRequest, mv1::QueryObservationsResponse>(
        kQueryObservations,
        [](const RequestContext&, const mv1::QueryObservationsRequest& request)
            -> absl::StatusOr<mv1::QueryObservationsResponse> {
          if (request.page_size() < 0) {
            return base::InvalidArgument("page_size", "must not be negative", "INVALID_PAGE_SIZE");
          }
          mv1::QueryObservationsResponse response;
          const int first = request.page_token().empty() ? 0 : std::stoi(request.page_token());
          const int size = request.page_size() == 0 ? 100 : request.page_size();
          for (int i = first; i < std::min(first + size, 1500); ++i) {
            mv1::Observation* o = response.add_observations();
            o->set_indicator(request.indicators().empty() ? "" : request.indicators(0));
            o->set_measure(mv1::LEVEL);
            o->set_kind(mv1::ACTUAL);
            o->set_period(absl::StrCat(500 + i));
            o->set_exact_value(absl::StrCat(i));
            o->set_units(request.units());
          }
          if (first + size < 1500) response.set_next_page_token(absl::StrCat(first + size));
          return response;
        });
  }

  static size_t Lines(const RawResponse& response) {
    return std::vector<absl::string_view>(absl::StrSplit(response.body, "\r\n")).size() - 1;
  }
};

TEST_F(ObservationTables, AreGivenAsCsvToWhoAsksForIt) {
  StartGateway();
  const RawResponse csv = Ask(Get("/v1/observations?indicators=gdp", "Accept: text/csv\r\n"));
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(csv.Field("content-type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(csv.Field("vary"), "accept, authorization");
  EXPECT_EQ(csv.Field("content-disposition"), "");
  EXPECT_EQ(csv.Field("link"), "");
  EXPECT_EQ(Lines(csv), 1501u) << "all pages and the header";
  EXPECT_THAT(csv.body, StartsWith("name,indicator,"));
  const RawResponse again =
      Ask(Get("/v1/observations?indicators=gdp",
              absl::StrCat("Accept: text/csv\r\nIf-None-Match: ", csv.Field("etag"), "\r\n")));
  EXPECT_EQ(again.status, 304);
}

TEST_F(ObservationTables, AreSavedByBrowsersUnderAName) {
  StartGateway();
  const RawResponse csv = Ask(Get("/v1/observations?format=csv&page_size=2"));
  EXPECT_EQ(csv.Field("content-disposition"), "attachment; filename=\"observations.csv\"");
  EXPECT_EQ(Lines(csv), 3u);
  EXPECT_EQ(csv.Field("link"),
            "</v1/observations?format=csv&page_size=2&page_token=2>; rel=\"next\"");
  const RawResponse next = Ask(Get("/v1/observations?format=csv&page_size=2&page_token=2"));
  EXPECT_THAT(next.body, HasSubstr(",502,"));
}

TEST_F(ObservationTables, AreGivenAsSdmxCsv) {
  StartGateway();
  const RawResponse sdmx = Ask(Get("/v1/observations?indicators=gdp&page_size=1", kSdmx));
  EXPECT_EQ(sdmx.Field("content-type"),
            "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8");
  EXPECT_THAT(sdmx.body, StartsWith("STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,"));
  EXPECT_THAT(sdmx.body, HasSubstr("\r\ndataflow,CITYINFO:OBSERVATIONS(1.0.0),I,gdp,"));
}

TEST_F(ObservationTables, AreJsonUnlessSomethingElseIsAskedFor) {
  StartGateway();
  for (const char* lines :
       {"", "Accept: */*\r\n", "Accept: text/csv;q=0.1, application/json\r\n"}) {
    const RawResponse json = Ask(Get("/v1/observations?page_size=1&units=pc1", lines));
    EXPECT_EQ(json.Field("content-type"), "application/json; charset=utf-8");
    EXPECT_THAT(json.body, HasSubstr("\"units\":\"PC1\"")) << "names of values in any case";
    EXPECT_EQ(json.Field("vary"), "accept, authorization");
  }
}

TEST_F(ObservationTables, SayWhatIsWrong) {
  StartGateway();
  const RawResponse no_form = Ask(Get("/v1/observations", "Accept: application/pdf\r\n"));
  EXPECT_EQ(no_form.status, 406);
  EXPECT_THAT(no_form.body, HasSubstr("\"reason\":\"NOT_ACCEPTABLE\""));
  EXPECT_EQ(Ask(Get("/v1/observations?format=pdf")).status, 400);
  const RawResponse bad_size = Ask(Get("/v1/observations?format=csv&page_size=-1"));
  EXPECT_EQ(bad_size.status, 400);
  EXPECT_THAT(bad_size.body, HasSubstr("INVALID_PAGE_SIZE"));
  EXPECT_EQ(Ask(Get("/v1/observations?format=csv&nothing=1")).status, 400);
  EXPECT_EQ(Ask(Get("/v1/articles?format=csv")).status, 400) << "only observations are tables";
}

}  // namespace
}  // namespace cityinfo::gateway
