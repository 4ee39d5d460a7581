#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "platform/base/error.h"
#include "tests/integration/gateway/gateway_fixture.h"
#include "tests/support/status_matchers.h"

// POST /v1/observations:import: CSV becomes a stream to the metrics service.
namespace cityinfo::gateway {
namespace {

using rpc::RequestContext;
using ::testing::HasSubstr;
namespace mv1 = metrics::v1;
using Json = nlohmann::json;
using Answer = absl::StatusOr<mv1::ImportObservationsResponse>;
using Reader = rpc::ServerReader<mv1::ImportObservationsRequest>;

constexpr char kImportObservations[] = "/cityinfo.metrics.v1.MetricService/ImportObservations";
constexpr char kCsv[] = "Content-Type: text/csv; charset=utf-8\r\n";
// 源, percent-encoded.
constexpr char kTarget[] = "/v1/observations:import?source=%E6%BA%90";

class ObservationImportTest : public GatewayTest {
 protected:
  void SetUp() override {
    // "Stores" everything but rows without a value.
    metrics_.OnStream<mv1::ImportObservationsRequest, mv1::ImportObservationsResponse>(
        kImportObservations, [this](const RequestContext& context, Reader& reader) -> Answer {
          role_ = context.role;
          mv1::ImportObservationsResponse response;
          mv1::ImportObservationsRequest part;
          int64_t row = 0;
          while (reader.Read(&part)) {
            ++parts_;
            source_ = part.source();
            validate_only_ = part.validate_only();
            most_rows_ = std::max(most_rows_, part.observations_size());
            for (const mv1::Observation& observation : part.observations()) {
              ++row;
              last_ = observation;
              if (observation.exact_value().empty()) {
                response.set_failed(response.failed() + 1);
                mv1::RowError& error = *response.add_errors();
                error.set_row(row);
                error.set_field("exact_value");
                error.set_description("is required");
                continue;
              }
              response.set_stored(response.stored() + 1);
              if (response.edits_size() == 1000) continue;
              mv1::ObservationEdit& edit = *response.add_edits();
              edit.set_row(row);
              *edit.mutable_after() = observation;
            }
          }
          if (!reader.status().ok()) return reader.status();
          return response;
        });
    StartGateway();
  }

  RawResponse Import(absl::string_view body, const std::string& more_query = "") {
    return Ask(WithBody("POST", kTarget + more_query, body, absl::StrCat(Key("editor"), kCsv)));
  }
  static std::string ReasonOf(const RawResponse& response) {
    const Json json = Json::parse(response.body, nullptr, false);
    return json.is_object() && json.contains("error")
               ? json["error"]["details"][0].value("reason", "")
               : response.body;
  }

  std::string role_, source_;
  bool validate_only_ = false;
  std::atomic<int> parts_{0};
  int most_rows_ = 0;
  mv1::Observation last_;
};

TEST_F(ObservationImportTest, RowsGoInAndComeBackByLine) {
  const RawResponse response = Import(
      "\xEF\xBB\xBFindicator,place,measure,kind,period,exact_value,unit,publish_date,printed\r\n"
      "gdp,522601,LEVEL,ACTUAL,2019,270.5,亿元,2021-12-30,\"270.5\r\n亿元\"\r\n"
      "\r\n"
      "gdp,522601,LEVEL,ACTUAL,2020,,亿元,2021-12-30,\r\n"
      "gdp,522601,NIVEAU,ACTUAL,2020,1,亿元,2021-12-30,\r\n"
      "gdp,522601,LEVEL,ACTUAL,2020,1,亿元,2021-02-30,\r\n"
      "gdp,522601\r\n"
      "gdp, 522601 ,LEVEL,ACTUAL,2020,281.76,亿元,2021-12-30,\r\n");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.Field("cache-control"), "no-store");
  const Json json = Json::parse(response.body);
  EXPECT_EQ(json["stored"], "2");
  EXPECT_EQ(json["failed"], "4");
  const Json& errors = json["errors"];
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_EQ(errors[0]["row"], "5");
  EXPECT_EQ(errors[0]["field"], "exact_value");
  EXPECT_EQ(errors[1]["row"], "6");
  EXPECT_EQ(errors[1]["field"], "measure");
  EXPECT_THAT(std::string(errors[1]["description"]), HasSubstr("YOY_GROWTH"));
  EXPECT_EQ(errors[2]["row"], "7");
  EXPECT_EQ(errors[2]["field"], "publish_date");
  EXPECT_EQ(errors[3]["row"], "8");
  EXPECT_THAT(std::string(errors[3]["description"]), HasSubstr("has 2 fields"));
  ASSERT_EQ(json["edits"].size(), 2u);
  EXPECT_EQ(json["edits"][0]["row"], "2");
  EXPECT_EQ(json["edits"][0]["after"]["printed"], "270.5\r\n亿元");
  EXPECT_EQ(json["edits"][1]["row"], "9");
  EXPECT_EQ(json["edits"][1]["after"]["place"], "522601");
  EXPECT_EQ(source_, "源");
  EXPECT_EQ(role_, "editor");
  EXPECT_FALSE(validate_only_);
}

TEST_F(ObservationImportTest, TheQueryNamesColumnsAndWhatIsTheSame) {
  // map.exact_value=数值, set.place=522601
  const RawResponse response = Import(
      "indicator,数值,备注\ngdp,281.76,x\n",
      "&validateOnly=true&map.exact_value=%E6%95%B0%E5%80%BC&set.place=522601&set.kind=TARGET"
      "&set.publish_date=2021-12-30");
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_TRUE(validate_only_);
  EXPECT_EQ(last_.indicator(), "gdp");
  EXPECT_EQ(last_.exact_value(), "281.76");
  EXPECT_EQ(last_.place(), "522601");
  EXPECT_EQ(last_.kind(), mv1::TARGET);
  EXPECT_EQ(last_.publish_date().day(), 30);
}

TEST_F(ObservationImportTest, ManyRowsGoInParts) {
  std::string body = "indicator,exact_value\n";
  for (int i = 0; i < 20'500; ++i) absl::StrAppend(&body, "gdp,", i, "\n");
  const RawResponse response = Import(body);
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(Json::parse(response.body)["stored"], "20500");
  EXPECT_EQ(most_rows_, 1000);
  EXPECT_EQ(parts_, 21);
}

TEST_F(ObservationImportTest, WhatStopsBeingCsvIsTheLastError) {
  const RawResponse response = Import("indicator,exact_value\ngdp,1\ngdp,\"2\ngdp,3\n");
  ASSERT_EQ(response.status, 200) << response.body;
  const Json json = Json::parse(response.body);
  EXPECT_EQ(json["stored"], "1");
  ASSERT_EQ(json["errors"].size(), 1u);
  EXPECT_EQ(json["errors"][0]["row"], "3");
  EXPECT_THAT(std::string(json["errors"][0]["description"]),
              HasSubstr("never closed; nothing from this line on was read"));
}

TEST_F(ObservationImportTest, WhatIsRefusedNeverReachesTheService) {
  const std::string body = "indicator,exact_value\ngdp,1\n";
  EXPECT_EQ(Ask(WithBody("POST", kTarget, body, kCsv)).status, 401);
  EXPECT_EQ(Ask(WithBody("POST", kTarget, body, absl::StrCat(Key("reader"), kCsv))).status, 403);
  EXPECT_EQ(Ask(WithBody("POST", kTarget, body,
                         absl::StrCat(Key("editor"), "Content-Type: application/json\r\n")))
                .status,
            415);
  EXPECT_EQ(
      Ask(WithBody("POST", "/v1/observations:import", body, absl::StrCat(Key("editor"), kCsv)))
          .status,
      400);
  EXPECT_EQ(ReasonOf(Import("")), "REQUIRED");
  EXPECT_EQ(ReasonOf(Import("indicator,wert\ngdp,1\n")), "UNKNOWN_COLUMN");
  EXPECT_EQ(ReasonOf(Import("unit,unit\n元,元\n")), "DUPLICATE_COLUMN");
  EXPECT_EQ(ReasonOf(Import(body, "&map.unit=x")), "MISSING_COLUMN");
  EXPECT_EQ(ReasonOf(Import(body, "&set.exact_value=1")), "DUPLICATE_COLUMN");
  EXPECT_EQ(ReasonOf(Import(body, "&set.kind=WISH")), "INVALID_QUERY_PARAMETER");
  EXPECT_EQ(ReasonOf(Import(body, "&set.unit=a&map.unit=b")), "INVALID_QUERY_PARAMETER");
  EXPECT_EQ(ReasonOf(Import(body, "&map.citations=x")), "UNKNOWN_QUERY_PARAMETER");
  EXPECT_EQ(ReasonOf(Import(body, "&validateOnly=1")), "INVALID_QUERY_PARAMETER");
  const RawResponse gbk = Import("indicator,exact_value\n\xD6\xB8\xB1\xEA,1\n");
  EXPECT_EQ(ReasonOf(gbk), "TEXT_NOT_UTF8");
  EXPECT_THAT(gbk.body, HasSubstr("line 2"));
  EXPECT_THAT(gbk.body, HasSubstr("iconv -f GBK"));
  EXPECT_EQ(Ask(Get(kTarget, Key("editor"))).status, 405);
  EXPECT_EQ(parts_, 0);
}

}  // namespace
}  // namespace cityinfo::gateway
