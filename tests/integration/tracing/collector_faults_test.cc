#include <csignal>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/tracing/traced_city.h"
#include "tests/support/otlp_receiver.h"
#include "tests/support/wait_until.h"

namespace cityinfo::testing {
namespace {

constexpr int kRequests = 2000;

std::string Dropped(const char* reason) {
  return absl::StrCat("cityinfo_trace_spans_dropped_total{reason=\"", reason, "\"}");
}

// Every request is traced, and whatever the collector does, all are answered.
void AskOften(const TracedCity& city) {
  for (int i = 0; i < kRequests; ++i) {
    const TracedCity::Answer answer = city.Get("/v1/articles?page_size=1");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// The sanitizers keep freed memory aside (AddressSanitizer up to 256 MiB) and notes on all the
// rest.
constexpr double kMostGrowth = 640 << 20;
#else
// Four thousand spans of well under two kilobytes, and what the allocator keeps besides.
constexpr double kMostGrowth = 64 << 20;
#endif

TEST(CollectorFaults, AHungCollectorCostsSpansOnlyAndDoesNotHoldUpTheEnd) {
  OtlpReceiver receiver;
  receiver.Hang(true);
  TracedCity city;
  ASSERT_TRUE(city.Start(receiver.endpoint(), "1").ok());
  const double before = city.Value("gateway", "process_resident_memory_bytes");
  for (int i = 0; i < 2; ++i) AskOften(city);  // 8000 spans of the gateway's, twice what waits
  EXPECT_GT(city.Value("gateway", Dropped("queue_full")), 0);
  EXPECT_LE(city.Value("gateway", "cityinfo_trace_queue_spans"), 4096);
  EXPECT_GT(city.Value("gateway", "cityinfo_trace_queue_spans"), 3000);
  EXPECT_LT(city.Value("gateway", "process_resident_memory_bytes") - before, kMostGrowth);
  for (const char* service : {"gateway", "metrics", "articles"}) {
    const ExitState end = city.process(service).TerminateAndWait(absl::Seconds(20));
    EXPECT_EQ(end.signal, 0) << service;
    EXPECT_EQ(end.code, 0) << service << city.process(service).Stderr();
  }
}

TEST(CollectorFaults, ACollectorThatFailsCostsSpansOnly) {
  OtlpReceiver receiver;
  receiver.AnswerWith(500);
  TracedCity city;
  ASSERT_TRUE(city.Start(receiver.endpoint(), "1").ok());
  AskOften(city);
  EXPECT_TRUE(
      WaitUntil([&] { return city.Value("gateway", Dropped("rejected")) > 0; }, absl::Seconds(20)));
  // It is well again, and so are the spans.
  receiver.AnswerWith(200);
  EXPECT_TRUE(WaitUntil(
      [&] {
        return city.Get("/v1/articles?page_size=1").status == 200 && !receiver.Spans().empty();
      },
      absl::Seconds(20)));
}

TEST(CollectorFaults, NobodyListens) {
  std::string endpoint;
  {
    OtlpReceiver gone;
    endpoint = gone.endpoint();
  }
  TracedCity city;
  ASSERT_TRUE(city.Start(endpoint, "1").ok());
  AskOften(city);
  EXPECT_TRUE(WaitUntil([&] { return city.Value("gateway", Dropped("undelivered")) > 0; },
                        absl::Seconds(30)));
  EXPECT_EQ(city.process("gateway").TerminateAndWait().code, 0);
}

}  // namespace
}  // namespace cityinfo::testing
