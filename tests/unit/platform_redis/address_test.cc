#include "platform/redis/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::redis {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::IsOkAndHolds;
using ::testing::StartsWith;
using testing::StatusIs;

TEST(AddressTest, OneServer) {
  EXPECT_THAT(ParseAddress("redis:6379"), IsOkAndHolds(Address::Server("redis", 6379)));
  EXPECT_THAT(ParseAddress("[::1]:6379"), IsOkAndHolds(Address::Server("::1", 6379)));
}

TEST(AddressTest, Sentinels) {
  ASSERT_OK_AND_ASSIGN(const Address address,
                       ParseAddress("sentinel://a:26379,[::1]:26380,c.d:26381/city-cache.1_x"));
  EXPECT_TRUE(address.has_sentinels());
  EXPECT_EQ(address.master_name, "city-cache.1_x");
  ASSERT_EQ(address.sentinels.size(), 3u);
  EXPECT_EQ(address.sentinels[1], (base::HostPort{.host = "::1", .port = 26380}));
}

TEST(AddressTest, FormatsWhatItParsed) {
  for (const std::string text : {"redis:6379", "[::1]:6379", "sentinel://a:1,[::1]:2/m"}) {
    ASSERT_OK_AND_ASSIGN(const Address address, ParseAddress(text));
    EXPECT_EQ(FormatAddress(address), text);
  }
}

TEST(AddressTest, WhatIsWrongIsNamed) {
  const struct {
    std::string text, why;
  } kCases[] = {
      {"", "\"\" must be host:port"},
      {"redis", "\"redis\" must be host:port"},
      {"redis:0", "\"redis:0\" must be host:port"},
      {"redis:70000", "port from 1 to 65535"},
      {"redis://redis:6379", "sentinel://host:port,host:port/master-name"},
      {"sentinel://a:1", "must end in /master-name"},
      {"sentinel://a:1/", "must end in /master-name"},
      {"sentinel://a:1/x y", "must end in /master-name"},
      {"sentinel://a:1/x/y", "must end in /master-name"},
      {"sentinel:///m", "\"\" must be host:port"},
      {"sentinel://a:1,/m", "\"\" must be host:port"},
      {"sentinel://a:1,b/m", "\"b\" must be host:port"},
  };
  for (const auto& [text, why] : kCases) {
    const auto address = ParseAddress(text, "--redis");
    EXPECT_THAT(address, StatusIs(absl::StatusCode::kInvalidArgument,
                                  AllOf(StartsWith("--redis: "), HasSubstr(why))))
        << text;
    EXPECT_EQ(base::ErrorReason(address.status()), "INVALID_ADDRESS") << text;
  }
}

TEST(AddressTest, SentinelsAreBounded) {
  std::string text = "sentinel://a:1";
  for (int i = 0; i < 16; ++i) absl::StrAppend(&text, ",a", i, ":1");
  EXPECT_THAT(ParseAddress(text + "/m"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("17 Sentinels; at most 16")));
}

}  // namespace
}  // namespace cityinfo::redis
