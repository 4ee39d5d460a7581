// A question asked again is answered by the bytes of its request, with the bytes that the long way
// would give.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/rpc/client.h"
#include "tests/integration/metrics/metrics_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {
namespace {

constexpr char kQuery[] = "/cityinfo.metrics.v1.MetricService/QueryObservations";

class ReadyAnswersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(service_, MetricsProcess::Start(data_.path().string()));
    client_ = std::make_unique<rpc::RawClient>(
        rpc::MakeChannel(absl::StrCat("127.0.0.1:", service_->grpc_port())));
  }

  void Write(int value) {
    v1::RecordObservationsRequest request;
    request.set_source("年鉴");
    v1::Observation& row = *request.add_observations();
    row.set_indicator("gdp");
    row.set_place("522601");
    row.set_measure(v1::LEVEL);
    row.set_kind(v1::ACTUAL);
    row.set_period("2020");
    row.set_exact_value(absl::StrCat(value));
    row.mutable_publish_date()->set_year(2021);
    row.mutable_publish_date()->set_month(12);
    row.mutable_publish_date()->set_day(20);
    ASSERT_OK(service_->Call(&v1::MetricService::Stub::RecordObservations, request));
  }

  std::string Ask(const std::string& request) {
    const auto answer = client_->Call(kQuery, {.wait_for_ready = true}, request);
    EXPECT_OK(answer);
    return answer.ok() ? *answer : "";
  }

  static std::string Parts(const std::string& indicator, const std::string& place, bool turned) {
    v1::QueryObservationsRequest one, other;
    one.add_indicators(indicator);
    other.add_places(place);
    // Fields may come in any order on the wire.
    return turned ? other.SerializeAsString() + one.SerializeAsString()
                  : one.SerializeAsString() + other.SerializeAsString();
  }

  testing::TempDir data_;
  std::unique_ptr<MetricsProcess> service_;
  std::unique_ptr<rpc::RawClient> client_;
};

TEST_F(ReadyAnswersTest, AreTheBytesOfTheLongWayAndFollowEveryWrite) {
  const std::string request = Parts("gdp", "522601", false);
  const std::string turned = Parts("gdp", "522601", true);  // always goes the long way
  ASSERT_NE(request, turned);
  std::string before;
  for (int value = 1; value <= 20; ++value) {
    Write(value);
    const std::string long_way = Ask(turned);
    EXPECT_NE(long_way, before) << "the write is not seen";
    for (int again = 0; again < 3; ++again) EXPECT_EQ(Ask(request), long_way);
    v1::QueryObservationsResponse answer;
    ASSERT_TRUE(answer.ParseFromString(long_way));
    ASSERT_EQ(answer.observations_size(), 1);
    EXPECT_EQ(answer.observations(0).exact_value(), absl::StrCat(value));
    before = long_way;
  }
}

TEST_F(ReadyAnswersTest, AnErrorIsAnErrorEveryTime) {
  v1::QueryObservationsRequest request;
  request.add_indicators("no_such_indicator");
  for (int again = 0; again < 3; ++again) {
    EXPECT_THAT(client_->Call(kQuery, {.wait_for_ready = true}, request.SerializeAsString()),
                testing::StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(client_->Call(kQuery, {.wait_for_ready = true}, "\xff\xff not a message"),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cityinfo::metrics
