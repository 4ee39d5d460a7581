#include "platform/rpc/status_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "platform/base/error.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(StatusMappingTest, CarriesOneErrorInfoAndTheFields) {
  absl::Status status = base::InvalidArgument("publish_date", "month 13", "INVALID_DATE");
  base::AddFieldViolation(&status, "place", "unknown");
  const google::rpc::Status rich = ToRpcStatus(status);
  EXPECT_EQ(rich.code(), 3);
  ASSERT_EQ(rich.details_size(), 2);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(rich.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "INVALID_DATE");
  EXPECT_EQ(info.domain(), "cityinfo");
  google::rpc::BadRequest fields;
  ASSERT_TRUE(rich.details(1).UnpackTo(&fields));
  ASSERT_EQ(fields.field_violations_size(), 2);
  EXPECT_EQ(fields.field_violations(1).field(), "place");
}

TEST(StatusMappingTest, ComesBackAsItWas) {
  const absl::Status sent = base::InvalidArgument("page_size", "is negative", "INVALID_PAGE_SIZE");
  const absl::Status got = FromGrpc(ToGrpc(sent));
  EXPECT_EQ(got.code(), sent.code());
  EXPECT_EQ(got.message(), sent.message());
  EXPECT_EQ(base::ErrorReason(got), "INVALID_PAGE_SIZE");
  EXPECT_EQ(base::FieldViolations(got), base::FieldViolations(sent));
  EXPECT_OK(FromGrpc(ToGrpc(absl::OkStatus())));
}

TEST(StatusMappingTest, EveryCodeSurvives) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status sent(static_cast<absl::StatusCode>(code), "m");
    const absl::Status got = FromGrpc(ToGrpc(sent));
    EXPECT_EQ(got.code(), sent.code());
    EXPECT_EQ(base::ErrorReason(got), CodeName(sent.code()));
  }
}

TEST(StatusMappingTest, WhatWeBrokeIsNotExplainedToCallers) {
  const absl::Status sent =
      base::WithDetail(base::Internal("SQL_FAILED", "no such column: x"), "SELECT x");
  const grpc::Status wire = ToGrpc(sent);
  EXPECT_EQ(wire.error_message(), "internal error");
  EXPECT_THAT(wire.error_details(), Not(HasSubstr("column")));
  EXPECT_THAT(wire.error_details(), Not(HasSubstr("SELECT")));
  EXPECT_EQ(base::ErrorReason(FromGrpc(wire)), "SQL_FAILED");
}

TEST(StatusMappingTest, WhatGrpcSaysNamesNoHosts) {
  const absl::Status got = FromGrpc(
      grpc::Status(grpc::StatusCode::UNAVAILABLE, "failed to connect; ipv4:10.0.0.7:50051"));
  EXPECT_EQ(got.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(got.message()), Not(HasSubstr("10.0.0.7")));
  EXPECT_THAT(base::ErrorDetail(got), HasSubstr("10.0.0.7"));
  EXPECT_EQ(base::ErrorReason(got), "UPSTREAM_UNAVAILABLE");
  EXPECT_THAT(base::FieldViolations(got), ElementsAre());
}

}  // namespace
}  // namespace cityinfo::rpc
