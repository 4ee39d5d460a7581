#include "cli/api_client.h"
#include "cli/exit_code.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/error.h"

namespace cityinfo::cli {
namespace {

using ::testing::ElementsAre;

TEST(Target, EncodesValuesAndLeavesEmptyOnesOut) {
  EXPECT_EQ(Target("/v1/articles", {}), "/v1/articles");
  EXPECT_EQ(
      Target("/v1/articles:search", {{"query", "凯里 a&b"}, {"section", ""}, {"place", "5226"}}),
      "/v1/articles:search?query=%e5%87%af%e9%87%8c%20a%26b&place=5226");
}

TEST(StatusOfError, KeepsMessageReasonAndFields) {
  const absl::Status status = StatusOfError(
      {400,
       R"({"error":{"code":400,"message":"place: 99 is unknown","status":"INVALID_ARGUMENT","details":[
                {"reason":"PLACE_NOT_FOUND"},{"fieldViolations":[{"field":"place","description":"99 is unknown"}]}]}})"});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "place: 99 is unknown");
  EXPECT_EQ(base::ErrorReason(status), "PLACE_NOT_FOUND");
  EXPECT_THAT(base::FieldViolations(status),
              ElementsAre(base::FieldViolation{"place", "99 is unknown"}));
}

TEST(StatusOfError, AnAnswerThatIsNotOursNamesItsStatus) {
  EXPECT_EQ(StatusOfError({502, "<html>"}).message(), "HTTP status 502");
  EXPECT_EQ(StatusOfError({503, ""}).code(), absl::StatusCode::kUnavailable);
}

TEST(HttpClient, SpeaksHttpOnly) {
  EXPECT_EQ(
      HttpClient({.base_url = "file:///etc/hostname", .key = ""}).Send("GET", "").status(),
      base::InvalidArgument("CITYINFO_URL", "\"file:///etc/hostname\" is not an http address"));
}

TEST(ExitCode, TellsScriptsWhatToDo) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), 3);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), 4);
  EXPECT_EQ(ExitCodeOf(absl::UnauthenticatedError("")), 5);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), 6);
  EXPECT_EQ(ExitCodeOf(absl::InternalError("")), 1);
}

}  // namespace
}  // namespace cityinfo::cli
