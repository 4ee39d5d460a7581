#include "cli/moment.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::cli {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

// What a user wrote, as the API gets it.
std::string Read(const std::string& text, absl::TimeZone local) {
  const auto moment = ParseMoment(text, "--at", local);
  return moment.ok() ? MomentToJson(*moment) : std::string(moment.status().message());
}

TEST(Moment, WithAZoneItIsTheSameEverywhere) {
  for (const absl::TimeZone local : {absl::UTCTimeZone(), absl::FixedTimeZone(8 * 3600)}) {
    EXPECT_EQ(Read("2026-12-01T08:00:00+08:00", local), "2026-12-01T00:00:00Z");
    EXPECT_EQ(Read("2026-12-01T00:00:00Z", local), "2026-12-01T00:00:00Z");
    EXPECT_EQ(Read("2026-12-01T00:00:00.25Z", local), "2026-12-01T00:00:00.25Z");
  }
}

TEST(Moment, WithoutAZoneItIsOnTheWall) {
  const absl::TimeZone local = absl::FixedTimeZone(8 * 3600);
  EXPECT_EQ(Read("2026-12-01 08:00", local), "2026-12-01T00:00:00Z");
  EXPECT_EQ(Read("2026-12-01 08:00:30", local), "2026-12-01T00:00:30Z");
  EXPECT_EQ(Read("2026-12-01T08:00", local), "2026-12-01T00:00:00Z");
}

TEST(Moment, RefusesWhatIsNone) {
  for (const char* text : {"", "soon", "2026-12-01", "08:00", "2026-13-01 08:00",
                           "2026-12-01 25:00", "2026-12-01 08:00 ", "2026-12-01T08:00:00+08:00 ",
                           "infinite-future", "1796083200", "2026-02-29 08:00"}) {
    EXPECT_THAT(ParseMoment(text, "--at", absl::UTCTimeZone()),
                StatusIs(kInvalid, HasSubstr("--at: \"")))
        << text;
  }
}

TEST(Moment, RefusesAWallClockThatShowsItTwiceOrNever) {
  const absl::TimeZone berlin = Zone("Europe/Berlin");
  EXPECT_THAT(ParseMoment("2026-03-29 02:30", "--at", berlin),
              StatusIs(kInvalid, HasSubstr("comes never")));
  EXPECT_THAT(ParseMoment("2026-10-25 02:30", "--at", berlin),
              StatusIs(kInvalid, HasSubstr("comes twice")));
  EXPECT_EQ(Read("2026-10-25T02:30:00+01:00", berlin), "2026-10-25T01:30:00Z");
}

TEST(MomentText, SaysHowFarTheWallIsFromUtc) {
  EXPECT_EQ(MomentText("2026-12-01T00:00:00Z", absl::FixedTimeZone(8 * 3600)),
            "2026-12-01 08:00:00 +08:00");
  EXPECT_EQ(MomentText("2026-12-01T00:00:00.5Z", absl::UTCTimeZone()),
            "2026-12-01 00:00:00 +00:00");
  EXPECT_EQ(MomentText("", absl::UTCTimeZone()), "");
  EXPECT_EQ(MomentText("?", absl::UTCTimeZone()), "?");
}

}  // namespace
}  // namespace cityinfo::cli
