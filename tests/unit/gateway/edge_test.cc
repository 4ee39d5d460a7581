#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "services/gateway/edge/caller.h"
#include "services/gateway/edge/entity_tag.h"
#include "services/gateway/edge/error_form.h"
#include "services/gateway/edge/readiness.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::gateway {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(ErrorForm, IsTheSameForEverything) {
  absl::Status status = base::InvalidArgument("page", "must be \"short\"", "PAGE_TOO_LONG");
  base::AddFieldViolation(&status, "place", "is missing");
  const HttpResponse response = RenderError(status);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(*response.body,
            "{\"error\":{\"code\":400,\"message\":\"page: must be \\\"short\\\"\","
            "\"status\":\"INVALID_ARGUMENT\",\"details\":["
            "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"PAGE_TOO_LONG\","
            "\"domain\":\"cityinfo\"},"
            "{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":["
            "{\"field\":\"page\",\"description\":\"must be \\\"short\\\"\"},"
            "{\"field\":\"place\",\"description\":\"is missing\"}]}]}}\n");
  EXPECT_THAT(*RenderRejection({.http_status = 431, .reason = "X", .message = "y"}).body,
              HasSubstr("{\"error\":{\"code\":431,\"message\":\"y\",\"status\":"));
}

TEST(ErrorForm, KeepsOurInsidesInside) {
  const HttpResponse response =
      RenderError(absl::InternalError("SELECT * FROM articles at 10.0.0.7"));
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(*response.body, Not(HasSubstr("SELECT")));
}

TEST(ErrorForm, MapsCodes) {
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kNotFound), 404);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kOutOfRange), 400);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kFailedPrecondition), 400);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kAlreadyExists), 409);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kAborted), 409);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kResourceExhausted), 429);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kUnimplemented), 501);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kUnavailable), 503);
  EXPECT_EQ(HttpStatusOf(absl::StatusCode::kDeadlineExceeded), 504);
}

TEST(EntityTag, MatchesListsAndWeakForms) {
  const std::string tag = MakeEntityTag("body");
  EXPECT_EQ(tag, MakeEntityTag("body"));
  EXPECT_NE(tag, MakeEntityTag("other"));
  EXPECT_TRUE(NamesEntityTag(tag, tag));
  EXPECT_TRUE(NamesEntityTag("*", tag));
  EXPECT_TRUE(NamesEntityTag(absl::StrCat("\"x\", W/", tag), tag));
  EXPECT_FALSE(NamesEntityTag("\"x\"", tag));
  EXPECT_FALSE(NamesEntityTag("", tag));
}

class CallerTest : public ::testing::Test {
 protected:
  CallerTest() {
    const std::string lines =
        absl::StrCat(*auth::KeyFileLine("ed", auth::Role::kEditor, editor_), "\n",
                     *auth::KeyFileLine("rea", auth::Role::kReader, reader_), "\n");
    credentials_ = *auth::Credentials::Start({.key_file = dir_.Write("keys", lines)}, metrics_);
  }

  absl::Status Enter(const std::string& authorization, std::optional<auth::Role> needs) {
    RequestHead head;
    if (!authorization.empty()) head.fields.push_back({"authorization", authorization});
    const absl::StatusOr<Caller> caller = IdentifyCaller(head, *credentials_);
    return caller.ok() ? CheckRole(*caller, needs) : caller.status();
  }

  const std::string editor_ = auth::GenerateKey();
  const std::string reader_ = auth::GenerateKey();
  testing::TempDir dir_;
  telemetry::Metrics metrics_;
  std::unique_ptr<auth::Credentials> credentials_;
};

TEST_F(CallerTest, TwoKeysAreNoKey) {
  RequestHead head;
  head.fields.push_back({"authorization", "Bearer " + editor_});
  head.fields.push_back({"authorization", "Bearer " + reader_});
  EXPECT_EQ(base::ErrorReason(IdentifyCaller(head, *credentials_).status()),
            "MALFORMED_AUTHORIZATION");
}

TEST_F(CallerTest, ReadingIsFreeAndWritingIsNot) {
  EXPECT_OK(Enter("", std::nullopt));
  EXPECT_THAT(Enter("", auth::Role::kEditor), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_OK(Enter("Bearer " + editor_, auth::Role::kEditor));
  EXPECT_OK(Enter("Bearer " + reader_, std::nullopt));
  EXPECT_THAT(Enter("Bearer " + reader_, auth::Role::kEditor),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("editor")));
}

TEST_F(CallerTest, AWrongKeyIsRefusedEvenForReading) {
  for (const std::string& wrong : {std::string("Bearer wrong"), "Basic " + editor_, editor_}) {
    const absl::Status status = Enter(wrong, std::nullopt);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnauthenticated)) << wrong;
    bool challenged = false;
    for (const HttpField& field : RenderError(status).fields) {
      challenged = challenged || field.name == "www-authenticate";
    }
    EXPECT_TRUE(challenged);
  }
}

TEST(Readiness, ListsComponents) {
  health::Health health;
  health.Register("articles", true);
  health.Set("articles", health::State::kOk);
  health.Set("redis", health::State::kDegraded, "gone");
  const HttpResponse response = RenderReadiness(health.GetSnapshot());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(*response.body,
            "{\"status\":\"degraded\",\"components\":["
            "{\"name\":\"articles\",\"state\":\"ok\",\"message\":\"\"},"
            "{\"name\":\"redis\",\"state\":\"degraded\",\"message\":\"gone\"}]}\n");
  health.Set("articles", health::State::kDown, "gone");
  EXPECT_EQ(RenderReadiness(health.GetSnapshot()).status, 503);
}

}  // namespace
}  // namespace cityinfo::gateway
