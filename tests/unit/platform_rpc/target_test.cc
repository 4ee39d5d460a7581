#include "platform/rpc/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cityinfo/testing/v1/echo_service.pb.h"
#include "platform/rpc/service_config.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::StatusIs;

TEST(ParseTarget, TakesWhatOperatorsWrite) {
  const auto uri = [](absl::string_view text) {
    const absl::StatusOr<Target> target = ParseTarget(text);
    return target.ok() ? target->uri : target.status().ToString();
  };
  EXPECT_EQ(uri("127.0.0.1:50051"), "dns:///127.0.0.1:50051");
  EXPECT_EQ(uri("articles:50051"), "dns:///articles:50051");
  EXPECT_EQ(uri("dns:///articles.city.svc:50051"), "dns:///articles.city.svc:50051");
  EXPECT_EQ(uri("[::1]:50051"), "dns:///[::1]:50051");
  EXPECT_EQ(uri("10.0.0.1:1,10.0.0.2:2"), "ipv4:10.0.0.1:1,10.0.0.2:2");
  EXPECT_EQ(uri("[::1]:1,[::2]:2"), "ipv6:[::1]:1,[::2]:2");
  EXPECT_THAT(ParseTarget("10.0.0.1:1,10.0.0.2:2")->addresses, ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_THAT(ParseTarget("dns:///articles:1")->addresses, IsEmpty());
}

TEST(ParseTarget, SaysWhatItMustBe) {
  for (const char* bad :
       {"", "articles", "articles:0", "articles:70000", ":1", "dns:///", "dns:///a:1,b:1",
        "http://articles:1", "10.0.0.1:1,", "unix:/tmp/socket"}) {
    EXPECT_THAT(ParseTarget(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
  EXPECT_THAT(ParseTarget("articles-0:1,articles-1:1"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("dns:///name:port")));
  EXPECT_THAT(ParseTarget("10.0.0.1:1,[::1]:1"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("all of IPv4")));
}

TEST(ServiceConfig, TriesOnlyReadsAgain) {
  const std::string name = testing::v1::EchoRequest::descriptor()->file()->service(0)->full_name();
  const std::string config = ServiceConfig(/*follow_health=*/true, {name});
  EXPECT_THAT(config, HasSubstr(R"("method":"EchoBytes")"));
  EXPECT_THAT(config, Not(HasSubstr(R"("method":"Echo")")));
  EXPECT_THAT(config, Not(HasSubstr(R"("method":"Watch")")));
  EXPECT_THAT(config, HasSubstr("retryThrottling"));
  EXPECT_THAT(config, HasSubstr("healthCheckConfig"));
  EXPECT_EQ(ServiceConfig(/*follow_health=*/false, {}),
            R"({"loadBalancingConfig":[{"round_robin":{}}]})");
}

}  // namespace
}  // namespace cityinfo::rpc
