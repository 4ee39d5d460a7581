#include "platform/telemetry/span_exporter.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"
#include "tests/support/otlp_receiver.h"
#include "tests/support/wait_until.h"

namespace cityinfo::telemetry {
namespace {

using cityinfo::testing::OtlpReceiver;
using cityinfo::testing::WaitUntil;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SpanExporterTest : public ::testing::Test {
 protected:
  // Quick to send, quick to give up, so that faults show at once.
  SpanExporter::Options Options() const {
    return {.endpoint = receiver_.endpoint(),
            .service = "articles",
            .sample = 1,
            .queue_limit = 100,
            .batch = 10,
            .linger = absl::Milliseconds(10),
            .timeout = absl::Seconds(10),
            .attempts = 2,
            .retry = {.initial = absl::Milliseconds(5), .max = absl::Milliseconds(20)}};
  }

  void Start(const SpanExporter::Options& options) {
    auto exporter = SpanExporter::Start(options, metrics_);
    ASSERT_TRUE(exporter.ok()) << exporter.status();
    exporter_ = *std::move(exporter);
  }

  static void RecordOne(const std::string& name) {
    Record({.name = name, .context = NewTrace(), .start = absl::Now(), .end = absl::Now()});
  }
  static void RecordMany(int count) {
    for (int i = 0; i < count; ++i) RecordOne(absl::StrCat("span ", i));
  }

  double Exported() {
    return metrics_.GetCounter("cityinfo_trace_spans_exported_total", "").Value();
  }
  double Dropped(const char* reason) {
    return metrics_.GetCounter("cityinfo_trace_spans_dropped_total", "", {{"reason", reason}})
        .Value();
  }
  double Failures() {
    return metrics_.GetCounter("cityinfo_trace_export_failures_total", "").Value();
  }

  OtlpReceiver receiver_;
  Metrics metrics_;
  std::unique_ptr<SpanExporter> exporter_;
};

TEST_F(SpanExporterTest, SendsEverySpanOnceInBatches) {
  Start(Options());
  RecordMany(95);
  ASSERT_TRUE(WaitUntil([&] { return Exported() == 95; }));
  std::set<std::string> names;
  for (const OtlpReceiver::Span& span : receiver_.Spans()) {
    EXPECT_EQ(span.service, "articles");
    names.insert(span.name);
  }
  EXPECT_EQ(names.size(), 95u);
  EXPECT_EQ(receiver_.Spans().size(), 95u);
  EXPECT_GE(receiver_.requests(), 10) << "at most ten a batch";
  EXPECT_THAT(receiver_.errors(), IsEmpty());
}

TEST_F(SpanExporterTest, SampledByTheRatioWithParentsRespected) {
  SpanExporter::Options options = Options();
  options.sample = 0;
  Start(options);
  RecordOne("not sampled");
  Record({.name = "the caller asked for it", .context = NewChild(NewTrace(true))});
  ASSERT_TRUE(WaitUntil([&] { return Exported() == 1; }));
  ASSERT_EQ(receiver_.Spans().size(), 1u);
  EXPECT_EQ(receiver_.Spans()[0].name, "the caller asked for it");
}

TEST_F(SpanExporterTest, StopSendsWhatWaits) {
  SpanExporter::Options options = Options();
  options.linger = absl::Hours(1);
  Start(options);
  RecordMany(3);
  exporter_->Stop(absl::Now() + absl::Seconds(10));
  EXPECT_EQ(receiver_.Spans().size(), 3u);
  RecordOne("too late");
  exporter_.reset();
  EXPECT_EQ(receiver_.Spans().size(), 3u);
  EXPECT_FALSE(NewTrace().sampled) << "nobody exports any more";
}

TEST_F(SpanExporterTest, AHungCollectorCostsSpansOnly) {
  receiver_.Hang(true);
  Start(Options());
  RecordOne("first");
  ASSERT_TRUE(WaitUntil([&] { return receiver_.requests() == 1; })) << "one request hangs";
  const absl::Time begin = absl::Now();
  RecordMany(100'000);
  // A bound for a blocked caller: the collector's timeout is ten seconds.
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
  EXPECT_EQ(Dropped("queue_full"), 100'000 - 100) << "the queue is bounded, the rest is counted";
  EXPECT_THAT(metrics_.RenderText(), HasSubstr("cityinfo_trace_queue_spans 100"));

  receiver_.Hang(false);
  ASSERT_TRUE(WaitUntil([&] { return Exported() == 101; })) << "and it goes on by itself";
}

TEST_F(SpanExporterTest, AHungCollectorDoesNotHoldUpTheEnd) {
  receiver_.Hang(true);
  Start(Options());
  RecordMany(100);
  ASSERT_TRUE(WaitUntil([&] { return receiver_.requests() == 1; }));
  const absl::Time begin = absl::Now();
  exporter_->Stop(begin + absl::Milliseconds(50));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5)) << "the timeout of a request is ten";
  EXPECT_EQ(Dropped("undelivered"), 100);
}

TEST_F(SpanExporterTest, TriesAgainABoundedNumberOfTimes) {
  receiver_.AnswerWith(503);
  Start(Options());
  RecordOne("lost");
  ASSERT_TRUE(WaitUntil([&] { return Dropped("undelivered") == 1; }));
  EXPECT_EQ(receiver_.requests(), 2);
  EXPECT_EQ(Failures(), 2);
  receiver_.AnswerWith(200);
  RecordOne("kept");
  ASSERT_TRUE(WaitUntil([&] { return Exported() == 1; }));
  ASSERT_EQ(receiver_.Spans().size(), 1u);
  EXPECT_EQ(receiver_.Spans()[0].name, "kept");
}

TEST_F(SpanExporterTest, ARefusalIsNotTriedAgain) {
  receiver_.AnswerWith(400);
  Start(Options());
  RecordOne("refused");
  ASSERT_TRUE(WaitUntil([&] { return Dropped("rejected") == 1; }));
  EXPECT_EQ(receiver_.requests(), 1);
}

TEST_F(SpanExporterTest, CountsWhatWasTakenInPart) {
  receiver_.AnswerWith(200, R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":"old"}})");
  SpanExporter::Options options = Options();
  options.batch = 3;
  options.linger = absl::Seconds(10);
  Start(options);
  RecordMany(3);
  ASSERT_TRUE(WaitUntil([&] { return Exported() == 2; }));
  EXPECT_EQ(Dropped("rejected"), 1);
}

TEST_F(SpanExporterTest, NobodyListens) {
  SpanExporter::Options options = Options();
  {
    OtlpReceiver gone;
    options.endpoint = gone.endpoint();
  }
  Start(options);
  RecordMany(5);
  ASSERT_TRUE(WaitUntil([&] { return Dropped("undelivered") == 5; }));
}

TEST_F(SpanExporterTest, BadSettingsNameTheFlag) {
  for (const char* bad : {"", "collector", "collector:4318", "ftp://collector:4318", "http://",
                          "http://user:secret@collector:4318", "http://collector:4318/?a=b",
                          "http://collector:99999"}) {
    const auto exporter = SpanExporter::Start({.endpoint = bad}, metrics_);
    ASSERT_FALSE(exporter.ok()) << bad;
    EXPECT_THAT(std::string(exporter.status().message()), HasSubstr("--otlp-endpoint")) << bad;
  }
  const auto exporter =
      SpanExporter::Start({.endpoint = receiver_.endpoint(), .sample = 1.5}, metrics_);
  ASSERT_FALSE(exporter.ok());
  EXPECT_THAT(std::string(exporter.status().message()), HasSubstr("--trace-sample"));
}

}  // namespace
}  // namespace cityinfo::telemetry
