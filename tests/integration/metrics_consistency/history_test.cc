// The checker finds what it is there to find: histories with one wrong read each, and the right
// ones beside them.
#include "tests/integration/metrics_consistency/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cityinfo::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = Operation::Kind;

constexpr absl::Duration kBound = absl::Seconds(2);

absl::Time At(int milliseconds) {
  return absl::FromUnixSeconds(1'700'000'000) + absl::Milliseconds(milliseconds);
}

Operation Write(int replica, int64_t value, int begin, int end, bool acknowledged = true) {
  return {.kind = Kind::kWrite,
          .replica = replica,
          .value = value,
          .begin = At(begin),
          .end = At(end),
          .acknowledged = acknowledged};
}

Operation Read(Kind kind, int replica, int64_t value, int begin) {
  return {
      .kind = kind, .replica = replica, .value = value, .begin = At(begin), .end = At(begin + 5)};
}

TEST(HistoryTest, AReadOnTheReplicaOfTheWriteMustShowIt) {
  const Operation write = Write(0, 1, 0, 10);
  EXPECT_THAT(FindViolations({write, Read(Kind::kRead, 0, 0, 11)}, kBound),
              ElementsAre(HasSubstr("gave 0, older than the acknowledged 1")));
  EXPECT_THAT(FindViolations({write, Read(Kind::kRead, 0, 1, 11)}, kBound), IsEmpty());
}

TEST(HistoryTest, AReadThatBeganBeforeTheAcknowledgementMayShowEither) {
  const Operation write = Write(0, 1, 0, 10);
  for (const int64_t value : {0, 1}) {
    EXPECT_THAT(FindViolations({write, Read(Kind::kStrongRead, 0, value, 9)}, kBound), IsEmpty());
  }
}

TEST(HistoryTest, AnotherReplicaHasTheBound) {
  const Operation write = Write(0, 1, 0, 10);
  EXPECT_THAT(FindViolations({write, Read(Kind::kRead, 1, 0, 2009)}, kBound), IsEmpty());
  EXPECT_THAT(FindViolations({write, Read(Kind::kRead, 1, 0, 2011)}, kBound),
              ElementsAre(HasSubstr("on replica 1")));
}

TEST(HistoryTest, AStrongReadHasNone) {
  const Operation write = Write(0, 1, 0, 10);
  EXPECT_THAT(FindViolations({write, Read(Kind::kStrongRead, 1, 0, 11)}, kBound),
              ElementsAre(HasSubstr("strong read")));
  EXPECT_THAT(FindViolations({write, Read(Kind::kStrongRead, 1, 1, 11)}, kBound), IsEmpty());
}

TEST(HistoryTest, AWriteThatFailedBindsNobodyAndMayShow) {
  const Operation failed = Write(0, 1, 0, 10, /*acknowledged=*/false);
  for (const int64_t value : {0, 1}) {
    EXPECT_THAT(FindViolations({failed, Read(Kind::kStrongRead, 0, value, 11)}, kBound), IsEmpty());
  }
}

TEST(HistoryTest, NothingIsReadThatNobodyWrote) {
  EXPECT_THAT(FindViolations({Write(0, 1, 0, 10), Read(Kind::kRead, 0, 2, 11)}, kBound),
              ElementsAre(HasSubstr("nothing was written beyond 1")));
  EXPECT_THAT(FindViolations({Write(0, 1, 100, 110), Read(Kind::kRead, 0, 1, 11)}, kBound),
              ElementsAre(HasSubstr("nothing was written beyond 0")));
}

TEST(HistoryTest, TheNewestAcknowledgedWriteCountsNotTheLastGiven) {
  const std::vector<Operation> writes = {Write(1, 2, 20, 30), Write(0, 1, 0, 10),
                                         Write(1, 3, 40, 50)};
  std::vector<Operation> stale = writes;
  stale.push_back(Read(Kind::kRead, 1, 2, 51));
  EXPECT_THAT(FindViolations(stale, kBound),
              ElementsAre(HasSubstr("older than the acknowledged 3")));
  std::vector<Operation> right = writes;
  right.push_back(Read(Kind::kRead, 0, 1, 51));
  EXPECT_THAT(FindViolations(right, kBound), IsEmpty());
}

TEST(HistoryTest, OneKeySaysNothingOfAnother) {
  Operation other = Read(Kind::kStrongRead, 0, 0, 11);
  other.key = 1;
  EXPECT_THAT(FindViolations({Write(0, 1, 0, 10), other}, kBound), IsEmpty());
}

}  // namespace
}  // namespace cityinfo::metrics
