#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "platform/telemetry/span.h"
#include "platform/telemetry/trace.h"

namespace cityinfo::telemetry {
namespace {

TEST(Sampling, TheRatioIsKeptAndFollowsFromTheIdAlone) {
  int sampled = 0;
  constexpr int kTraces = 20000;
  for (int i = 0; i < kTraces; ++i) {
    const std::string id = NewTrace(false).trace_id;
    const bool in_quarter = IsInSample(id, 0.25);
    sampled += in_quarter ? 1 : 0;
    EXPECT_EQ(in_quarter, IsInSample(id, 0.25));
    EXPECT_TRUE(IsInSample(id, 1));
    EXPECT_FALSE(IsInSample(id, 0));
    // What a smaller share takes, a larger takes too.
    EXPECT_TRUE(!in_quarter || IsInSample(id, 0.5)) << id;
  }
  // Five standard deviations of a binomial of this size are 306.
  EXPECT_NEAR(sampled, kTraces / 4, 306);
}

TEST(Sampling, ItIsTheLastDigitsThatDecide) {
  const std::string front(18, 'f');
  EXPECT_FALSE(IsInSample(absl::StrCat(front, "00000000000001"), 0.5));
  EXPECT_FALSE(IsInSample(absl::StrCat(front, "7fffffffffffff"), 0.5));
  EXPECT_TRUE(IsInSample(absl::StrCat(front, "80000000000000"), 0.5));
  EXPECT_FALSE(IsInSample("not an id", 1));
}

TEST(Sampling, NewTracesAskTheRatioAndChildrenTheirParent) {
  EXPECT_FALSE(NewTrace().sampled) << "nobody exports spans";
  SetSampleRatio(1);
  EXPECT_TRUE(NewTrace().sampled);
  const TraceContext unsampled = NewTrace(false);
  EXPECT_FALSE(NewChild(unsampled).sampled) << "the parent's decision stands";
  EXPECT_FALSE(ContinueTrace(FormatTraceparent(unsampled)).sampled);
  SetSampleRatio(0);
  const TraceContext sampled = NewTrace(true);
  const TraceContext child = ContinueTrace(FormatTraceparent(sampled));
  EXPECT_TRUE(child.sampled);
  EXPECT_EQ(child.trace_id, sampled.trace_id);
  EXPECT_EQ(child.parent_span_id, sampled.span_id);
  EXPECT_EQ(NewTrace().parent_span_id, "");
}

TEST(Sampling, WithoutAnExporterNothingIsRecorded) {
  EXPECT_FALSE(IsRecorded(NewTrace(true)));
  Record({.name = "lost", .context = NewTrace(true)});  // does nothing, and does not crash
}

}  // namespace
}  // namespace cityinfo::telemetry
