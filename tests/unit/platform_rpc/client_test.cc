#include "platform/rpc/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_rpc/echo_server.h"

namespace cityinfo::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;
using testing::WaitUntil;

class ClientTest : public ServerTest {};

TEST_F(ClientTest, NobodyThereIsUnavailableAndNamesNoAddress) {
  RegisterEcho();
  Start();
  ASSERT_OK(server_->Shutdown(Soon()));
  const auto stub = v1::EchoService::NewStub(MakeChannel(absl::StrCat("127.0.0.1:", port_)));
  const absl::Status status =
      CallUnary(*stub, &v1::EchoService::Stub::Echo, CallOptions{}, Text("x")).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, Not(HasSubstr("127.0.0.1"))));
  EXPECT_EQ(base::ErrorReason(status), "UPSTREAM_UNAVAILABLE");
}

TEST_F(ClientTest, TheDeadlineIsKept) {
  absl::Notification release;
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext&, const v1::EchoRequest&) {
        release.WaitForNotification();
        return absl::StatusOr<v1::EchoResponse>(v1::EchoResponse());
      });
  Start();
  EXPECT_THAT(Echo(Text("x"), {.deadline = absl::Now() + absl::Milliseconds(50)}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  release.Notify();
  EXPECT_OK(server_->Shutdown(Soon()));  // the handler looks at `release` until then
}

TEST_F(ClientTest, RawCallsCarryBytesBothWays) {
  RegisterEcho();
  Start();
  RawClient raw(channel_);
  ASSERT_OK_AND_ASSIGN(const std::string bytes,
                       raw.Call(kEcho, {}, Text("bytes").SerializeAsString()));
  v1::EchoResponse response;
  ASSERT_TRUE(response.ParseFromString(bytes));
  EXPECT_EQ(response.text(), "bytes");
}

TEST_F(ClientTest, ManyCallsAreUnderWayAtOnce) {
  RegisterEcho();
  Start();
  RawClient raw(channel_);
  std::atomic<int> right{0};
  for (int i = 0; i < 100; ++i) {
    CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text(absl::StrCat(i)),
                                     [&, i](absl::StatusOr<v1::EchoResponse> response) {
                                       if (response.ok() && response->text() == absl::StrCat(i)) {
                                         ++right;
                                       }
                                     });
  }
  EXPECT_TRUE(WaitUntil([&] { return right == 100; }));
}

TEST_F(ClientTest, AnAsyncErrorKeepsItsReason) {
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [](const RequestContext&, const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
        return base::NotFound("article", "7", "ARTICLE_NOT_FOUND");
      });
  Start();
  RawClient raw(channel_);
  const absl::Status status = raw.Call(kEcho, {}, "").status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(base::ErrorReason(status), "ARTICLE_NOT_FOUND");
}

TEST_F(ClientTest, ACallOnBehalfOfAnotherInheritsItsContext) {
  const RequestContext context{.deadline = absl::Now() + absl::Seconds(2),
                               .trace = telemetry::NewTrace(),
                               .principal = "li"};
  const CallOptions options = CallOptions::From(context, absl::Milliseconds(100));
  EXPECT_EQ(options.deadline, context.deadline - absl::Milliseconds(100));
  EXPECT_EQ(options.trace, context.trace);
  EXPECT_EQ(options.principal, "li");
}

TEST_F(ClientTest, ConnectsWhenTheServerComesUpLater) {
  RegisterEcho();
  Start();
  ASSERT_OK(server_->Shutdown(Soon()));
  const auto channel = MakeChannel(absl::StrCat("127.0.0.1:", port_));
  EXPECT_FALSE(WaitForConnected(*channel, absl::Now() + absl::Milliseconds(50)));
  Make({.address = absl::StrCat("127.0.0.1:", port_)});
  RegisterEcho();
  Start();
  EXPECT_TRUE(WaitForConnected(*channel, Soon()));
}

}  // namespace
}  // namespace cityinfo::rpc
