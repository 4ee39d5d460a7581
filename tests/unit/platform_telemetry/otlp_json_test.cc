#include "platform/telemetry/otlp_json.h"

#include <limits>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace cityinfo::telemetry {
namespace {

TEST(OtlpJson, IsTheStableJsonEncoding) {
  const Span span{.name = "GET /v1/\"articles\"",
                  .kind = SpanKind::kServer,
                  .context = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
                              .span_id = "00f067aa0ba902b7",
                              .sampled = true,
                              .parent_span_id = "a3ce929d0e0e4736"},
                  .start = absl::FromUnixNanos(1640000000123456789),
                  .end = absl::FromUnixNanos(1640000000223456789),
                  .attributes = {{"http.route", "/v1/articles"},
                                 {"http.response.status_code", int64_t{503}},
                                 {"ratio", 0.5},
                                 {"nothing", std::numeric_limits<double>::quiet_NaN()},
                                 {"late", true}},
                  .failed = true};
  const std::string text =
      EncodeSpans({.service = "gateway", .version = "0.1.0", .instance = "x"}, {span});
  EXPECT_EQ(nlohmann::json::parse(text), nlohmann::json::parse(R"({
    "resourceSpans": [{
      "resource": {"attributes": [
        {"key": "service.namespace", "value": {"stringValue": "cityinfo"}},
        {"key": "service.name", "value": {"stringValue": "gateway"}},
        {"key": "service.version", "value": {"stringValue": "0.1.0"}},
        {"key": "service.instance.id", "value": {"stringValue": "x"}}]},
      "scopeSpans": [{
        "scope": {"name": "cityinfo"},
        "spans": [{
          "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
          "spanId": "00f067aa0ba902b7",
          "parentSpanId": "a3ce929d0e0e4736",
          "name": "GET /v1/\"articles\"",
          "kind": 2,
          "startTimeUnixNano": "1640000000123456789",
          "endTimeUnixNano": "1640000000223456789",
          "attributes": [
            {"key": "http.route", "value": {"stringValue": "/v1/articles"}},
            {"key": "http.response.status_code", "value": {"intValue": "503"}},
            {"key": "ratio", "value": {"doubleValue": 0.5}},
            {"key": "nothing", "value": {"doubleValue": 0}},
            {"key": "late", "value": {"boolValue": true}}],
          "status": {"code": 2}}]}]}]})"));
}

TEST(OtlpJson, ARootHasNoParentAndAClockThatJumpedGivesNoNegativeSpan) {
  const Span span{.name = "x",
                  .context = {.trace_id = "1", .span_id = "2"},
                  .start = absl::FromUnixNanos(2000),
                  .end = absl::FromUnixNanos(1000)};
  const auto json = nlohmann::json::parse(EncodeSpans({}, {span, span}));
  const auto& spans = json["resourceSpans"][0]["scopeSpans"][0]["spans"];
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_FALSE(spans[0].contains("parentSpanId"));
  EXPECT_EQ(spans[0]["endTimeUnixNano"], "2000");
  EXPECT_EQ(spans[0]["status"], nlohmann::json::object());
}

TEST(OtlpJson, ReadsHowManyWereRejected) {
  EXPECT_EQ(RejectedSpans(R"({"partialSuccess":{"rejectedSpans":"3"}})"), 3);
  EXPECT_EQ(RejectedSpans(R"({"partialSuccess":{"rejectedSpans":4}})"), 4);
  for (const char* nothing :
       {"", "{}", "[]", "garbage", R"({"partialSuccess":7})", R"({"partialSuccess":{}})",
        R"({"partialSuccess":{"rejectedSpans":"many"}})",
        R"({"partialSuccess":{"rejectedSpans":-1}})"}) {
    EXPECT_EQ(RejectedSpans(nothing), 0) << nothing;
  }
}

}  // namespace
}  // namespace cityinfo::telemetry
