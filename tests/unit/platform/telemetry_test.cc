#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "platform/base/error.h"
#include "platform/log/log.h"
#include "platform/telemetry/metrics.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::telemetry {
namespace {

using ::testing::HasSubstr;

constexpr char kHeader[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Trace, ReadsWhatItWrites) {
  const std::optional<TraceContext> context = ParseTraceparent(kHeader);
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->span_id, "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(FormatTraceparent(*context), kHeader);
}

TEST(Trace, RefusesMalformedHeaders) {
  const std::string good = kHeader;
  EXPECT_TRUE(ParseTraceparent("01" + good.substr(2) + "-more").has_value()) << "a later version";
  const std::vector<std::string> malformed = {
      "",
      good.substr(1),
      good + "-more",
      good + "0",
      "ff" + good.substr(2),
      "00-" + std::string(32, '0') + good.substr(35),
      good.substr(0, 36) + std::string(16, '0') + "-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
      good.substr(0, 53) + "zz",
      "00_" + good.substr(3)};
  for (const std::string& bad : malformed) {
    EXPECT_FALSE(ParseTraceparent(bad).has_value()) << bad;
  }
}

TEST(Trace, ContinuesOrStarts) {
  const TraceContext child = ContinueTrace(kHeader);
  EXPECT_EQ(child.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(child.span_id, "00f067aa0ba902b7");
  EXPECT_TRUE(child.sampled);
  const TraceContext fresh = ContinueTrace("garbage");
  EXPECT_EQ(ParseTraceparent(FormatTraceparent(fresh)), fresh);
  EXPECT_NE(fresh.trace_id, NewTrace().trace_id);
}

TEST(Metrics, SameNameAndLabelsAreTheSameMetric) {
  Metrics metrics;
  metrics.GetCounter("city_requests_total", "Requests", {{"method", "Get"}}).Increment();
  metrics.GetCounter("city_requests_total", "Requests", {{"method", "Get"}}).Increment();
  metrics.GetCounter("city_requests_total", "Requests", {{"method", "List"}}).Increment();
  metrics.GetHistogram("city_seconds", "Time").Observe(0.003);
  Gauge& queued = metrics.GetGauge("city_queued", "Waiting");
  metrics.OnRender([&queued] { queued.Set(42); });
  const std::string text = metrics.RenderText();
  EXPECT_THAT(text, HasSubstr("city_requests_total{method=\"Get\"} 2"));
  EXPECT_THAT(text, HasSubstr("city_requests_total{method=\"List\"} 1"));
  EXPECT_THAT(text, HasSubstr("city_seconds_bucket{le=\"0.005\"} 1"));
  EXPECT_THAT(text, HasSubstr("city_queued 42"));
}

class LogTest : public ::testing::Test {
 protected:
  LogTest() { log::Init({.service = "articles", .level = log::Level::kInfo, .out = &out_}); }
  ~LogTest() override { log::Init({}); }

  std::vector<nlohmann::json> Lines() const {
    std::vector<nlohmann::json> lines;
    for (absl::string_view line : absl::StrSplit(out_.str(), '\n', absl::SkipEmpty())) {
      lines.push_back(nlohmann::json::parse(line.begin(), line.end()));
    }
    return lines;
  }

  std::ostringstream out_;
};

TEST_F(LogTest, WritesOneObjectPerLine) {
  const std::string name = "黔东南日报\n\"x\"";
  log::Info(
      "page imported",
      {{"articles", 3}, {"publication", name}, {"ok", true}, {"seconds", 0.25}, {"raw", "\xff"}});
  log::Debug("not shown", {});
  log::Error("failed", {{"error", base::WithDetail(base::NotFound("article", "x"), "why")}});
  const std::vector<nlohmann::json> lines = Lines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["level"], "info");
  EXPECT_EQ(lines[0]["service"], "articles");
  EXPECT_EQ(lines[0]["message"], "page imported");
  EXPECT_EQ(lines[0]["articles"], 3);
  EXPECT_EQ(lines[0]["publication"], name);
  EXPECT_EQ(lines[0]["ok"], true);
  EXPECT_EQ(lines[0]["seconds"], 0.25);
  EXPECT_FALSE(lines[0].contains("trace_id"));
  EXPECT_EQ(lines[1]["level"], "error");
  EXPECT_THAT(std::string(lines[1]["error"]), HasSubstr("(why)"));
}

TEST_F(LogTest, CarriesTheTraceOfItsThread) {
  {
    log::TraceScope outer("outer");
    {
      log::TraceScope inner("inner");
      log::Info("a");
    }
    log::Info("b");
    std::jthread([] { log::Info("c"); });
  }
  log::Info("d");
  const std::vector<nlohmann::json> lines = Lines();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0]["trace_id"], "inner");
  EXPECT_EQ(lines[1]["trace_id"], "outer");
  EXPECT_FALSE(lines[2].contains("trace_id"));
  EXPECT_FALSE(lines[3].contains("trace_id"));
}

TEST_F(LogTest, CutsHugeValues) {
  log::Info("page", {{"text", std::string(1 << 20, 'x')}});
  EXPECT_LT(out_.str().size(), 5000u);
}

}  // namespace
}  // namespace cityinfo::telemetry
