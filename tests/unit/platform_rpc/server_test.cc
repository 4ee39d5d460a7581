#include "platform/rpc/server.h"

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_rpc/echo_server.h"

namespace cityinfo::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;
using testing::WaitUntil;

using Response = absl::StatusOr<v1::EchoResponse>;

TEST_F(ServerTest, AnswersWhatTheHandlerReturns) {
  RegisterEcho();
  Start();
  ASSERT_OK_AND_ASSIGN(const v1::EchoResponse response, Echo(Text("凯里")));
  EXPECT_EQ(response.text(), "凯里");
  const std::string large(3 << 20, 'x');
  ASSERT_OK_AND_ASSIGN(const v1::EchoResponse larger, Echo(Text(large)));
  EXPECT_EQ(larger.text(), large);
  EXPECT_OK(Echo(Text("")));
}

TEST_F(ServerTest, ManyCallersAtOnce) {
  RegisterEcho();
  Start();
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          const std::string text = absl::StrCat(t, "/", i);
          const Response response = Echo(Text(text));
          if (response.ok() && response->text() == text) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 8 * 200);
}

TEST_F(ServerTest, ErrorsArriveWithReasonAndFields) {
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [](const RequestContext&, const v1::EchoRequest&) -> Response {
        return base::InvalidArgument("text", "is not to my taste", "BAD_TASTE");
      });
  Start();
  const absl::Status status = Echo(Text("x")).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("taste")));
  EXPECT_EQ(base::ErrorReason(status), "BAD_TASTE");
  ASSERT_EQ(base::FieldViolations(status).size(), 1u);
  EXPECT_EQ(base::FieldViolations(status)[0].field, "text");
}

TEST_F(ServerTest, AnExceptionBecomesInternalAndTheServerLives) {
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [](const RequestContext&, const v1::EchoRequest&) -> Response {
        throw std::runtime_error("the secret of the house");
      });
  Start();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Echo(Text("x")), StatusIs(absl::StatusCode::kInternal, Not(HasSubstr("secret"))));
  }
}

TEST_F(ServerTest, RawBytesAreSentOnAsTheyAre) {
  auto cached = std::make_shared<v1::EchoResponse>();
  cached->set_text("prepared");
  const SharedBytes bytes = std::make_shared<const std::string>(cached->SerializeAsString());
  server_->UnaryRaw<v1::EchoRequest, v1::EchoResponse>(
      kEchoBytes, [&](const RequestContext&, const v1::EchoRequest& request) {
        return request.text().empty() ? absl::StatusOr<SharedBytes>(nullptr)
                                      : absl::StatusOr<SharedBytes>(bytes);
      });
  Start();
  ASSERT_OK_AND_ASSIGN(
      v1::EchoResponse response,
      CallUnary(*stub_, &v1::EchoService::Stub::EchoBytes, CallOptions{}, Text("x")));
  EXPECT_EQ(response.text(), "prepared");
  ASSERT_OK_AND_ASSIGN(
      response, CallUnary(*stub_, &v1::EchoService::Stub::EchoBytes, CallOptions{}, Text("")));
  EXPECT_EQ(response.text(), "");
  EXPECT_TRUE(WaitUntil([&] { return bytes.use_count() <= 2; }));  // ours and the handler's
}

TEST_F(ServerTest, HandlersSeeTheCallersTracePrincipalAndDeadline) {
  RequestContext seen;
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext& context, const v1::EchoRequest&) -> Response {
        seen = context;
        return v1::EchoResponse();
      });
  Start();
  const telemetry::TraceContext trace = telemetry::NewTrace(/*sampled=*/true);
  const absl::Time deadline = absl::Now() + absl::Seconds(7);
  ASSERT_OK(Echo(Text("x"), {.deadline = deadline, .trace = trace, .principal = "李娜"}));
  EXPECT_EQ(seen.trace.trace_id, trace.trace_id);
  EXPECT_NE(seen.trace.span_id, trace.span_id);
  EXPECT_TRUE(seen.trace.sampled);
  EXPECT_EQ(seen.principal, "李娜");
  EXPECT_EQ(seen.method, kEcho);
  EXPECT_LT(absl::AbsDuration(seen.deadline - deadline), absl::Seconds(1));
  EXPECT_FALSE(seen.cancelled());
}

TEST_F(ServerTest, ACallerWithoutADeadlineGetsTheServers) {
  Make({.default_deadline = absl::Seconds(3), .max_deadline = absl::Seconds(4)});
  std::vector<absl::Duration> left;
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext& context, const v1::EchoRequest&) -> Response {
        left.push_back(context.deadline - absl::Now());
        return v1::EchoResponse();
      });
  Start();
  grpc::ClientContext bare;
  v1::EchoResponse response;
  ASSERT_TRUE(stub_->Echo(&bare, Text("x"), &response).ok());
  ASSERT_OK(Echo(Text("x"), {.deadline = absl::Now() + absl::Hours(1)}));
  ASSERT_EQ(left.size(), 2u);
  EXPECT_LE(left[0], absl::Seconds(3));
  EXPECT_LE(left[1], absl::Seconds(4));
}

TEST_F(ServerTest, WhatIsNotServedSaysSo) {
  RegisterEcho();
  Start();
  EXPECT_THAT(CallUnary(*stub_, &v1::EchoService::Stub::Later, CallOptions{}, Text("x")),
              StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("Later is not available yet")));
  RawClient raw(channel_);
  for (const char* name : {"/no.such.Service/Method", "/x", "/", "/a/b/c"}) {
    EXPECT_THAT(raw.Call(name, {}, ""), StatusIs(absl::StatusCode::kUnimplemented)) << name;
  }
}

TEST_F(ServerTest, BytesThatAreNoRequestAreRefused) {
  RegisterEcho();
  Start();
  RawClient raw(channel_);
  const absl::Status status = raw.Call(kEcho, {}, "\xff\xff\xff garbage").status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(kEcho)));
  EXPECT_EQ(base::ErrorReason(status), "MALFORMED_REQUEST");
  // Text that is no UTF-8 is no proto3 string.
  EXPECT_THAT(raw.Call(kEcho, {}, "\x0a\x02\xff\xfe"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ServerTest, ARequestTooLargeIsRefusedAndTheServerLives) {
  Make({.max_request_bytes = 1000});
  RegisterEcho();
  Start();
  EXPECT_THAT(Echo(Text(std::string(2000, 'x'))), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(Echo(Text("x")));
}

TEST_F(ServerTest, AnAnswerTooLargeIsRefused) {
  Make({.max_response_bytes = 1000});
  RegisterEcho();
  Start();
  const absl::Status status = Echo(Text(std::string(2000, 'x'))).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(base::ErrorReason(status), "RESPONSE_TOO_LARGE");
}

TEST_F(ServerTest, AFullQueueIsResourceExhausted) {
  Make({}, {.threads = 1, .queue_limit = 1});
  absl::Notification release;
  std::atomic<int> running{0};
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext&, const v1::EchoRequest&) -> Response {
        ++running;
        release.WaitForNotification();
        return v1::EchoResponse();
      });
  Start();
  RawClient raw(channel_);
  std::atomic<int> ok{0}, refused{0};
  const auto count = [&](Response response) { ++(response.ok() ? ok : refused); };
  CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text("runs"), count);
  ASSERT_TRUE(WaitUntil([&] { return running == 1; }));
  // One of these finds the place in the queue, the others do not.
  for (int i = 0; i < 5; ++i) {
    CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text("x"), count);
  }
  EXPECT_TRUE(WaitUntil([&] { return refused == 4; }));
  release.Notify();
  EXPECT_TRUE(WaitUntil([&] { return ok == 2; }));
}

TEST_F(ServerTest, WorkNobodyWaitsForIsNotDone) {
  Make({}, {.threads = 1, .queue_limit = 100});
  absl::Notification release;
  std::atomic<int> handled{0};
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext&, const v1::EchoRequest& request) -> Response {
        ++handled;
        if (request.text() == "block") release.WaitForNotification();
        return v1::EchoResponse();
      });
  Start();
  RawClient raw(channel_);
  std::atomic<int> answered{0};
  const auto count = [&](Response) { ++answered; };
  CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text("block"), count);
  ASSERT_TRUE(WaitUntil([&] { return handled == 1; }));
  // One whose deadline passes in the queue, one whose caller leaves.
  CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {.deadline = absl::Now() + absl::Milliseconds(50)},
                                   Text("expires"), count);
  PendingCallHandle leaves =
      CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text("leaves"), count);
  ASSERT_TRUE(WaitUntil([&] { return pool_->GetStats().queued == 2; }));
  leaves->Cancel();
  ASSERT_TRUE(WaitUntil([&] { return answered == 2; }));
  release.Notify();
  EXPECT_TRUE(WaitUntil([&] { return answered == 3 && pool_->GetStats().finished >= 1; }));
  ASSERT_OK(server_->Shutdown(Soon()));
  EXPECT_EQ(handled, 1);
}

TEST_F(ServerTest, ARunningHandlerLearnsThatItsCallerLeft) {
  std::atomic<bool> started{false}, noticed{false};
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext& context, const v1::EchoRequest&) -> Response {
        started = true;
        noticed = WaitUntil([&] { return context.cancelled(); });
        return v1::EchoResponse();
      });
  Start();
  RawClient raw(channel_);
  PendingCallHandle call =
      CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text("x"), [](Response) {});
  ASSERT_TRUE(WaitUntil([&] { return started.load(); }));
  call->Cancel();
  EXPECT_TRUE(WaitUntil([&] { return noticed.load(); }));
}

TEST_F(ServerTest, TooManyCallsAtOnceAreRefused) {
  Make({.max_concurrent_calls = 2});
  absl::Notification release;
  std::atomic<int> running{0};
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext&, const v1::EchoRequest&) -> Response {
        ++running;
        release.WaitForNotification();
        return v1::EchoResponse();
      });
  Start();
  RawClient raw(channel_);
  std::atomic<int> ok{0};
  for (int i = 0; i < 2; ++i) {
    CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text("x"),
                                     [&](Response response) { ok += response.ok() ? 1 : 0; });
  }
  ASSERT_TRUE(WaitUntil([&] { return running == 2; }));
  const absl::Status status = Echo(Text("x")).status();
  EXPECT_EQ(base::ErrorReason(status), "TOO_MANY_CALLS");
  release.Notify();
  EXPECT_TRUE(WaitUntil([&] { return ok == 2; }));
}

TEST_F(ServerTest, InlineHandlersNeedNoPool) {
  Make({}, {.threads = 1, .queue_limit = 1});
  absl::Notification release;
  std::atomic<bool> blocked{false};
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext&, const v1::EchoRequest&) -> Response {
        blocked = true;
        release.WaitForNotification();
        return v1::EchoResponse();
      });
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kLater,
      [](const RequestContext&, const v1::EchoRequest&) { return Response(v1::EchoResponse()); },
      {.run_inline = true});
  Start();
  RawClient raw(channel_);
  std::atomic<bool> done{false};
  CallUnaryAsync<v1::EchoResponse>(raw, kEcho, {}, Text("x"), [&](Response) { done = true; });
  ASSERT_TRUE(WaitUntil([&] { return blocked.load(); }));
  EXPECT_OK(CallUnary(*stub_, &v1::EchoService::Stub::Later, CallOptions{}, Text("x")));
  release.Notify();
  EXPECT_TRUE(WaitUntil([&] { return done.load(); }));
}

TEST_F(ServerTest, StartRefusesMethodsTheProtosDoNotKnow) {
  const auto handler = [](const RequestContext&, const v1::EchoRequest&) {
    return Response(v1::EchoResponse());
  };
  server_->Unary<v1::EchoRequest, v1::EchoResponse>("/cityinfo.testing.v1.EchoService/Ecko",
                                                    handler);
  EXPECT_THAT(server_->Start(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("Ecko")));
  Make({});
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(kWatch, handler);
  EXPECT_THAT(server_->Start(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("Watch")));
  Make({});
  server_->Unary<v1::EchoRequest, v1::EchoRequest>(
      kEcho, [](const RequestContext&, const v1::EchoRequest& request) {
        return absl::StatusOr<v1::EchoRequest>(request);
      });
  EXPECT_THAT(server_->Start(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("EchoResponse")));
  Make({});
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(kEcho, handler);
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(kEcho, handler);
  EXPECT_THAT(server_->Start(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("twice")));
}

TEST_F(ServerTest, APortTakenIsAClearError) {
  RegisterEcho();
  Start();
  Server second({.address = absl::StrCat("127.0.0.1:", port_)}, *pool_, health_, metrics_);
  EXPECT_THAT(second.Start(), StatusIs(absl::StatusCode::kUnavailable,
                                       AllOf(HasSubstr(absl::StrCat(port_)), HasSubstr("taken"))));
  EXPECT_OK(Echo(Text("x")));
}

TEST_F(ServerTest, CallsAreMeasured) {
  RegisterEcho();
  Start();
  ASSERT_OK(Echo(Text("x")));
  RawClient raw(channel_);
  (void)raw.Call("/made/Up", {}, "");
  EXPECT_TRUE(WaitUntil([&] {
    const std::string text = metrics_.RenderText();
    return text.find("cityinfo_rpc_requests_total{code=\"OK\",method=\"" + std::string(kEcho)) !=
               std::string::npos &&
           text.find("method=\"unknown\"") != std::string::npos;
  })) << metrics_.RenderText();
  EXPECT_THAT(metrics_.RenderText(), Not(HasSubstr("/made/Up")));
}

class HealthTest : public ServerTest {
 protected:
  // 1 is SERVING, 2 NOT_SERVING; the messages are wire-compatible with the well-known wrappers.
  absl::StatusOr<int> Check(const std::string& service = "") {
    google::protobuf::StringValue request;
    request.set_value(service);
    RawClient raw(MakeChannel(absl::StrCat("127.0.0.1:", port_), {.follow_health = false}));
    absl::StatusOr<std::string> bytes =
        raw.Call("/grpc.health.v1.Health/Check", {}, request.SerializeAsString());
    if (!bytes.ok()) return bytes.status();
    google::protobuf::Int32Value response;
    response.ParseFromString(*bytes);
    return response.value();
  }
};

TEST_F(HealthTest, FollowsReadiness) {
  health_.Register("store", /*required=*/true);
  RegisterEcho();
  Start();
  EXPECT_THAT(Check(), testing::IsOkAndHolds(2));
  health_.Set("store", health::State::kOk);
  EXPECT_THAT(Check(), testing::IsOkAndHolds(1));
  EXPECT_THAT(Check("cityinfo.testing.v1.EchoService"), testing::IsOkAndHolds(1));
  health_.Set("redis", health::State::kDegraded, "down");
  EXPECT_THAT(Check(), testing::IsOkAndHolds(1));
  EXPECT_THAT(Check("no.such.Service"), StatusIs(absl::StatusCode::kNotFound));
  health_.StartDraining();
  EXPECT_THAT(Check(), testing::IsOkAndHolds(2));
  EXPECT_THAT(Check("liveness"), testing::IsOkAndHolds(1));
}

}  // namespace
}  // namespace cityinfo::rpc
