#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/gateway/edge/client_address.h"
#include "services/gateway/edge/rate_limiter.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::gateway {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);

TEST(RateLimiter, GivesABurstAndThenItsRate) {
  RateLimiter limiter({.per_second = 2, .burst = 5});
  for (int left = 4; left >= 0; --left) {
    const RateLimiter::Decision decision = limiter.Take("a", kStart);
    EXPECT_TRUE(decision.admitted);
    EXPECT_EQ(decision.limit, 5);
    EXPECT_EQ(decision.remaining, left);
  }
  RateLimiter::Decision decision = limiter.Take("a", kStart);
  EXPECT_FALSE(decision.admitted);
  EXPECT_EQ(decision.retry_after, absl::Milliseconds(500));
  EXPECT_EQ(decision.reset, absl::Milliseconds(2500));
  // Refused requests cost nothing.
  EXPECT_FALSE(limiter.Take("a", kStart + absl::Milliseconds(499)).admitted);
  EXPECT_TRUE(limiter.Take("a", kStart + absl::Milliseconds(501)).admitted);
  EXPECT_FALSE(limiter.Take("a", kStart + absl::Milliseconds(502)).admitted);
  // Another client has a bucket of its own, and a rest fills no more than the burst.
  EXPECT_TRUE(limiter.Take("b", kStart).admitted);
  EXPECT_EQ(limiter.Take("a", kStart + absl::Hours(1)).remaining, 4);
}

TEST(RateLimiter, AClockThatGoesBackGivesNothing) {
  RateLimiter limiter({.per_second = 1, .burst = 1});
  EXPECT_TRUE(limiter.Take("a", kStart).admitted);
  EXPECT_FALSE(limiter.Take("a", kStart - absl::Hours(1)).admitted);
  EXPECT_FALSE(limiter.Take("a", kStart + absl::Milliseconds(900)).admitted);
  EXPECT_TRUE(limiter.Take("a", kStart + absl::Seconds(1)).admitted);
}

TEST(RateLimiter, ForgetsTheClientThatCameLongestAgo) {
  RateLimiter limiter({.per_second = 0.001, .burst = 1, .max_clients = 160});
  for (int i = 0; i < 10'000; ++i) {
    limiter.Take(absl::StrCat("client", i), kStart);
    EXPECT_FALSE(limiter.Take(absl::StrCat("client", i), kStart).admitted);
  }
  EXPECT_LE(limiter.clients(), 160u);
}

TEST(RateLimiter, ManyThreadsGetTogetherWhatOneWouldGet) {
  RateLimiter limiter({.per_second = 1e-9, .burst = 1000});
  std::atomic<int> admitted = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) admitted += limiter.Take("a", kStart).admitted ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(admitted, 1000);
}

TEST(RateLimiter, WithoutARateEverythingIsAdmitted) {
  RateLimiter limiter({});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limiter.Take("a", kStart).admitted);
  EXPECT_EQ(limiter.clients(), 0u);
}

RequestHead ForwardedFor(std::vector<std::string> values) {
  RequestHead head;
  for (std::string& value : values) head.fields.push_back({"x-forwarded-for", std::move(value)});
  return head;
}

TEST(ClientAddressTest, OnlyATrustedHopIsBelieved) {
  ASSERT_OK_AND_ASSIGN(const TrustedProxies proxies,
                       TrustedProxies::Parse("10.0.0.0/8, fd00::/8,192.0.2.7"));
  const auto client = [&](const std::string& peer, std::vector<std::string> values) {
    return ClientAddress(ForwardedFor(std::move(values)), peer, proxies);
  };
  EXPECT_EQ(client("203.0.113.9", {"198.51.100.1"}), "203.0.113.9");
  EXPECT_EQ(client("10.1.2.3", {"198.51.100.1"}), "198.51.100.1");
  // What a client claims stands before what the first proxy saw.
  EXPECT_EQ(client("10.1.2.3", {"1.1.1.1, 198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client("10.1.2.3", {"1.1.1.1", "198.51.100.1, 192.0.2.7"}), "198.51.100.1");
  EXPECT_EQ(client("10.1.2.3", {"198.51.100.1:4711"}), "198.51.100.1");
  EXPECT_EQ(client("fd00::1", {"[2001:db8::5]:80"}), "2001:db8::5");
  EXPECT_EQ(client("::ffff:10.1.2.3", {"198.51.100.1"}), "198.51.100.1");
  // Nothing readable: the proxy is the client.
  EXPECT_EQ(client("10.1.2.3", {}), "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", {"unknown"}), "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", {"198.51.100.1, nonsense"}), "10.1.2.3");
  EXPECT_EQ(client("10.1.2.3", {"10.9.9.9, 10.8.8.8"}), "10.9.9.9");
}

TEST(ClientAddressTest, WhatIsNoNetworkIsNamed) {
  for (const char* text : {"10.0.0.0/33", "proxy", "10.0.0", "fd00::/129", "1.2.3.4,x"}) {
    EXPECT_FALSE(TrustedProxies::Parse(text).ok()) << text;
  }
  ASSERT_OK_AND_ASSIGN(const TrustedProxies nobody, TrustedProxies::Parse(""));
  EXPECT_FALSE(nobody.Trusts("10.1.2.3"));
}

TEST(ClientAddressTest, ASubscriberIsOneGroup) {
  EXPECT_EQ(RateLimitGroup("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(RateLimitGroup("2001:db8:1:2:3:4:5:6"), RateLimitGroup("2001:db8:1:2:ffff::1"));
  EXPECT_NE(RateLimitGroup("2001:db8:1:2::1"), RateLimitGroup("2001:db8:1:3::1"));
}

}  // namespace
}  // namespace cityinfo::gateway
