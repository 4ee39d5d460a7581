#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/clock.h"
#include "platform/base/date.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/host_port.h"
#include "platform/base/id.h"
#include "platform/base/json_text.h"
#include "platform/base/page_token.h"
#include "platform/base/retry.h"

namespace cityinfo::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Date, ReadsWhatItWrites) {
  const absl::StatusOr<Date> date = ParseDate("2021-12-20");
  ASSERT_TRUE(date.ok());
  EXPECT_EQ(*date, (Date{2021, 12, 20}));
  EXPECT_EQ(FormatDate(*date), "2021-12-20");
  EXPECT_TRUE(ParseDate("2024-02-29").ok());
  EXPECT_TRUE(ParseDate("0001-01-01").ok());
}

TEST(Date, SaysWhatIsWrong) {
  const auto message = [](absl::string_view text) {
    const absl::StatusOr<Date> date = ParseDate(text, "publish_date");
    EXPECT_EQ(date.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(ErrorReason(date.status()), "INVALID_DATE");
    return std::string(date.status().message());
  };
  EXPECT_EQ(message("2021-13-40"),
            "publish_date: \"2021-13-40\" is not a date: there is no month 13");
  EXPECT_THAT(message("2021-02-29"), HasSubstr("2021-02 has no day 29"));
  EXPECT_THAT(message("1900-02-29"), HasSubstr("1900-02 has no day 29"));
  EXPECT_THAT(message("2021-00-01"), HasSubstr("no month 0"));
  EXPECT_THAT(message("0000-01-01"), HasSubstr("no year 0"));
  EXPECT_THAT(message(""), HasSubstr("a date is needed"));
  for (absl::string_view text : {"2021-1-2", "20211220", "2021/12/20", "2021-12-20 ", " 021-12-20",
                                 "2021-12-2x", "二〇二一年", "+021-12-20"}) {
    EXPECT_THAT(message(text), HasSubstr("of the form YYYY-MM-DD")) << text;
  }
  EXPECT_LT(message(std::string(1 << 20, '9')).size(), 200) << "a huge value is not echoed whole";
}

TEST(Date, CountsDays) {
  EXPECT_EQ(DaysSinceEpoch({1970, 1, 1}), 0);
  EXPECT_EQ(DaysSinceEpoch({1969, 12, 31}), -1);
  EXPECT_EQ(DaysSinceEpoch({2000, 3, 1}), 11017);
  for (int64_t days : {-719162, -1, 0, 11016, 18981, 2932896}) {
    EXPECT_EQ(DaysSinceEpoch(DateFromDays(days)), days);
    EXPECT_TRUE(IsValidDate(DateFromDays(days)));
  }
}

TEST(Date, TheDayInChinaBeginsAtFourInTheAfternoonOfGreenwich) {
  FakeClock clock(
      absl::FromCivil(absl::CivilSecond(2021, 12, 20, 15, 59, 59), absl::UTCTimeZone()));
  EXPECT_EQ(Today(clock), (Date{2021, 12, 20}));
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ(Today(clock), (Date{2021, 12, 21}));
}

TEST(Error, CarriesReasonAndFields) {
  absl::Status status = InvalidArgument("article.title", "must not be empty", "TITLE_MISSING");
  AddFieldViolation(&status, "article.blocks", "at least one\x1e is needed");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "article.title: must not be empty");
  EXPECT_EQ(ErrorReason(status), "TITLE_MISSING");
  EXPECT_THAT(FieldViolations(status),
              ElementsAre(FieldViolation{"article.title", "must not be empty"},
                          FieldViolation{"article.blocks", "at least one  is needed"}));
}

TEST(Error, AlwaysHasAReason) {
  EXPECT_EQ(ErrorReason(absl::OkStatus()), "");
  EXPECT_EQ(ErrorReason(absl::NotFoundError("nothing here")), "NOT_FOUND");
  EXPECT_EQ(ErrorReason(NotFound("article", "x1", "ARTICLE_NOT_FOUND")), "ARTICLE_NOT_FOUND");
  EXPECT_TRUE(FieldViolations(NotFound("article", "x1")).empty());
}

TEST(Error, KeepsDetailsOutOfTheMessage) {
  const absl::Status status =
      WithDetail(Unavailable("STORE_BUSY", "try again"), "SELECT secret FROM t");
  EXPECT_EQ(status.message(), "try again");
  EXPECT_EQ(ErrorText(status), "UNAVAILABLE: try again [STORE_BUSY] (SELECT secret FROM t)");
  EXPECT_TRUE(WithDetail(absl::OkStatus(), "ignored").ok());
}

TEST(Id, SortsByTimeAndNeverRepeats) {
  FakeClock clock;
  const std::string first = NewId(clock);
  clock.Advance(absl::Milliseconds(1));
  const std::string second = NewId(clock);
  EXPECT_LT(first, second);
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(NewId(clock));
  EXPECT_EQ(ids.size(), 10'000);
  for (const std::string& id : ids) ASSERT_TRUE(IsId(id)) << id;
  EXPECT_FALSE(IsId(""));
  EXPECT_FALSE(IsId(absl::string_view("0123456789abcdefghj\0", 20)));
  EXPECT_FALSE(IsId("0123456789ABCDEFGHJK"));
}

TEST(Digest, KnownValues) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // Stored in tokens and keys: these two must never change.
  EXPECT_EQ(Fingerprint64(""), 7175312947680778460ULL);
  EXPECT_EQ(Fingerprint64("凯里市"), 13617686804722505201ULL);
  std::set<uint64_t> hashes;
  for (int i = 0; i < 10'000; ++i)
    hashes.insert(Fingerprint64(std::string(i % 50, 'a') + std::to_string(i)));
  EXPECT_EQ(hashes.size(), 10'000);
}

TEST(PageToken, GivesBackWhatItWasGiven) {
  const std::string position("2021-12-20|\0\xff凯里", 19);
  const std::string token = EncodePageToken(position, 42);
  const absl::StatusOr<std::string> decoded = DecodePageToken(token, 42);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, position);
}

TEST(PageToken, RefusesForeignAndDamagedTokens) {
  const std::string token = EncodePageToken("2021-12-20|abc", 42);
  EXPECT_EQ(ErrorReason(DecodePageToken(token, 43).status()), "PAGE_TOKEN_MISMATCH");
  EXPECT_EQ(FieldViolations(DecodePageToken(token, 43).status())[0].field, "page_token");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string damaged = token;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    // A change in the padding bits of base64 may decode to the same bytes; it never gives another
    // position.
    const absl::StatusOr<std::string> decoded = DecodePageToken(damaged, 42);
    if (decoded.ok()) {
      EXPECT_EQ(*decoded, "2021-12-20|abc");
    } else {
      EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
  for (const std::string& garbage :
       {std::string(), std::string("x"), std::string("%%%"), std::string(1 << 20, 'A')}) {
    EXPECT_EQ(ErrorReason(DecodePageToken(garbage, 42).status()), "INVALID_PAGE_TOKEN");
  }
}

TEST(PageSize, IsClamped) {
  EXPECT_EQ(*ClampPageSize(0, 20, 100), 20);
  EXPECT_EQ(*ClampPageSize(7, 20, 100), 7);
  EXPECT_EQ(*ClampPageSize(1'000'000'000, 20, 100), 100);
  EXPECT_EQ(ErrorReason(ClampPageSize(-1, 20, 100).status()), "INVALID_PAGE_SIZE");
}

TEST(Backoff, GrowsToItsLimitWithinItsJitter) {
  Backoff backoff(
      {.initial = absl::Milliseconds(100), .max = absl::Seconds(1), .multiplier = 2, .jitter = 0.5},
      /*seed=*/7);
  for (int ceiling_ms : {100, 200, 400, 800, 1000, 1000}) {
    const absl::Duration wait = backoff.Next();
    EXPECT_LE(wait, absl::Milliseconds(ceiling_ms));
    EXPECT_GE(wait, absl::Milliseconds(ceiling_ms) / 2);
  }
  EXPECT_EQ(backoff.attempts(), 6);
  backoff.Reset();
  EXPECT_LE(backoff.Next(), absl::Milliseconds(100));
}

TEST(Backoff, WithoutJitterIsExact) {
  Backoff backoff(
      {.initial = absl::Milliseconds(50), .max = absl::Seconds(1), .multiplier = 3, .jitter = 0});
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(50));
  EXPECT_EQ(backoff.Next(), absl::Milliseconds(150));
}

TEST(HostPort, ReadsNamesAndAddresses) {
  EXPECT_EQ(*ParseHostPort("127.0.0.1:50051"), (HostPort{"127.0.0.1", 50051}));
  EXPECT_EQ(*ParseHostPort("redis:0"), (HostPort{"redis", 0}));
  EXPECT_EQ(*ParseHostPort("[::1]:65535"), (HostPort{"::1", 65535}));
}

TEST(HostPort, RefusesTheRest) {
  for (const char* bad : {"", ":", "localhost", ":80", "h:", "h:65536", "h:-1", "h: 1", "h:1x",
                          "::1:80", "[]:80", "[::1:80", "[[::1]]:80", "h:123456789012345678901"}) {
    const absl::Status status = ParseHostPort(bad, "--listen").status();
    EXPECT_EQ(ErrorReason(status), "INVALID_ADDRESS") << bad;
    EXPECT_THAT(std::string(status.message()), HasSubstr("--listen: must be host:port"));
  }
}

TEST(JsonText, EscapesWhatMustBeEscaped) {
  std::string json;
  AppendJsonString("a\"b\\c\n\t\x01凯里\xff", &json);
  EXPECT_EQ(json, "\"a\\\"b\\\\c\\n\\t\\u0001凯里\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace cityinfo::base
