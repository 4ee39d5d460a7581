#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/integration/tracing/traced_city.h"
#include "tests/support/otlp_receiver.h"
#include "tests/support/wait_until.h"

namespace cityinfo::testing {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Span = OtlpReceiver::Span;

constexpr int kServer = 2;
constexpr int kClient = 3;
constexpr int kConsumer = 5;
constexpr int kError = 2;

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kCallersSpan[] = "00f067aa0ba902b7";

constexpr char kPage[] =
    "凯里市2021年经济运行情况\n\n"
    "本报讯 2021年，凯里市实现地区生产总值281.76亿元，比上年增长8.2%。\n";

std::vector<std::string> NamesOf(const std::vector<Span>& spans) {
  std::vector<std::string> names;
  for (const Span& span : spans) names.push_back(span.name);
  return names;
}

// The spans of `spans` that were made from `parent`.
std::vector<Span> ChildrenOf(const std::vector<Span>& spans, const Span& parent) {
  std::vector<Span> children;
  std::copy_if(spans.begin(), spans.end(), std::back_inserter(children),
               [&](const Span& span) { return span.parent_span_id == parent.span_id; });
  return children;
}

class TracingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status started = city_.Start(receiver_.endpoint(), "0");
    ASSERT_TRUE(started.ok()) << started;
  }

  // Waits until the collector has this many spans of the trace.
  std::vector<Span> WaitForSpans(const std::string& trace, size_t count) {
    WaitUntil([&] { return receiver_.SpansOf(trace).size() >= count; }, absl::Seconds(20));
    return receiver_.SpansOf(trace);
  }

  OtlpReceiver receiver_;
  TracedCity city_;
};

TEST_F(TracingTest, OneRequestIsOneTraceThroughAllServices) {
  const TracedCity::Answer home =
      city_.Get("/v1/home", absl::StrCat("00-", kTrace, "-", kCallersSpan, "-01"));
  ASSERT_EQ(home.status, 200) << home.body;
  EXPECT_EQ(home.trace_id, kTrace);

  const std::vector<Span> spans = WaitForSpans(kTrace, 7);
  ASSERT_THAT(spans, SizeIs(7)) << ::testing::PrintToString(NamesOf(spans));
  const auto door = std::find_if(spans.begin(), spans.end(), [](const Span& span) {
    return span.parent_span_id == kCallersSpan;
  });
  ASSERT_NE(door, spans.end()) << "the gateway's span is the child of the caller's";
  EXPECT_EQ(door->service, "gateway");
  EXPECT_EQ(door->kind, kServer);
  EXPECT_EQ(door->name, "GET /v1/home");
  EXPECT_EQ(door->attributes["http.request.method"], "GET");
  EXPECT_EQ(door->attributes["http.route"], "/v1/home");
  EXPECT_EQ(door->attributes["http.response.status_code"], 200);
  EXPECT_EQ(door->attributes["url.path"], "/v1/home");

  // The gateway asks three questions; each is answered by the service it goes to.
  const std::vector<Span> questions = ChildrenOf(spans, *door);
  EXPECT_THAT(NamesOf(questions),
              UnorderedElementsAre("cityinfo.articles.v1.ArticleService/ListArticles",
                                   "cityinfo.metrics.v1.MetricService/QueryObservations",
                                   "cityinfo.metrics.v1.MetricService/ListProgress"));
  for (const Span& question : questions) {
    EXPECT_EQ(question.service, "gateway");
    EXPECT_EQ(question.kind, kClient);
    const std::vector<Span> answers = ChildrenOf(spans, question);
    ASSERT_THAT(answers, SizeIs(1)) << question.name;
    EXPECT_EQ(answers[0].name, question.name);
    EXPECT_EQ(answers[0].kind, kServer);
    EXPECT_EQ(answers[0].service,
              absl::StrContains(question.name, "articles") ? "articles" : "metrics");
    for (const Span& end : {question, answers[0]}) {
      EXPECT_EQ(end.attributes["rpc.system"], "grpc");
      EXPECT_EQ(absl::StrCat(end.attributes["rpc.service"].get<std::string>(), "/",
                             end.attributes["rpc.method"].get<std::string>()),
                end.name);
      EXPECT_EQ(end.attributes["rpc.grpc.status_code"], 0);
    }
    // Within its parent, and its parent within the request.
    const auto at = [](const Span& span, const char* field) {
      return std::stoll(span.json[field].get<std::string>());
    };
    EXPECT_LE(at(*door, "startTimeUnixNano"), at(question, "startTimeUnixNano"));
    EXPECT_LE(at(question, "endTimeUnixNano"), at(*door, "endTimeUnixNano"));
    EXPECT_LE(at(question, "startTimeUnixNano"), at(answers[0], "startTimeUnixNano"));
  }
  EXPECT_THAT(receiver_.errors(), IsEmpty());
}

TEST_F(TracingTest, TheCallersDecisionIsRespected) {
  const std::string unsampled(32, 'a');
  const TracedCity::Answer quiet =
      city_.Get("/v1/home", absl::StrCat("00-", unsampled, "-", kCallersSpan, "-00"));
  EXPECT_EQ(quiet.trace_id, unsampled) << "the trace goes on all the same";
  ASSERT_EQ(city_.Get("/v1/articles").status, 200);  // begins a trace; the sample is 0 of 1
  ASSERT_EQ(city_.Get("/v1/home", absl::StrCat("00-", kTrace, "-", kCallersSpan, "-01")).status,
            200);
  ASSERT_THAT(WaitForSpans(kTrace, 7), SizeIs(7));
  EXPECT_THAT(receiver_.Spans(), SizeIs(7)) << "health checks and unsampled requests left none";
}

TEST_F(TracingTest, ErrorsAreMarkedAndLogsCarryTheTrace) {
  const TracedCity::Answer missing = city_.Get(
      "/v1/articles/00000000000000000000", absl::StrCat("00-", kTrace, "-", kCallersSpan, "-01"));
  ASSERT_EQ(missing.status, 404) << missing.body;
  const std::vector<Span> spans = WaitForSpans(kTrace, 3);
  ASSERT_THAT(spans, SizeIs(3));
  for (const Span& span : spans) {
    if (span.kind == kClient) {
      EXPECT_EQ(span.status_code, kError);
      EXPECT_EQ(span.attributes["rpc.grpc.status_code"], 5);
    } else if (span.service == "gateway") {
      EXPECT_EQ(span.name, "GET /v1/{name=articles/*}");
      EXPECT_EQ(span.attributes["http.response.status_code"], 404);
      EXPECT_EQ(span.status_code, 0) << "the caller's mistake is no failure of the server";
    }
  }
  for (const char* service : {"gateway", "articles"}) {
    EXPECT_TRUE(city_.process(service).WaitForLine(absl::StrCat("\"trace_id\":\"", kTrace, "\"")))
        << service;
  }
}

TEST(HarvestTracing, AHarvestIsATraceOfItsOwn) {
  OtlpReceiver receiver;
  TracedCity city;
  ASSERT_TRUE(city.Start(receiver.endpoint(), "1").ok());
  const nlohmann::json page = {
      {"publication", "测试报"}, {"publish_date", {{"year", 2021}, {"month", 12}, {"day", 20}}},
      {"place", "522601"},       {"page", "a1"},
      {"text", kPage},           {"publish", true}};
  const TracedCity::Answer imported = city.Post("/v1/pages:import", page.dump());
  ASSERT_EQ(imported.status, 200) << imported.body;
  std::vector<Span> harvests;
  ASSERT_TRUE(WaitUntil(
      [&] {
        harvests = receiver.Spans();
        std::erase_if(harvests, [](const Span& span) { return span.name != "harvest apply"; });
        return !harvests.empty();
      },
      absl::Seconds(20)));
  EXPECT_EQ(harvests[0].service, "metrics");
  EXPECT_EQ(harvests[0].kind, kConsumer);
  EXPECT_EQ(harvests[0].parent_span_id, "");
  EXPECT_EQ(harvests[0].status_code, 0);
  EXPECT_GE(harvests[0].attributes["cityinfo.harvest.applied"].get<int>(), 1);
  // The import is a trace of its own, begun and sampled by the gateway.
  ASSERT_TRUE(WaitUntil([&] { return receiver.SpansOf(imported.trace_id).size() == 3; }));
  EXPECT_THAT(NamesOf(receiver.SpansOf(imported.trace_id)), Contains("POST /v1/pages:import"));
}

}  // namespace
}  // namespace cityinfo::testing
