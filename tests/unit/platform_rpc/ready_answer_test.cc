// MethodOptions::ready_answer: what is known already is answered on the I/O thread.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>

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

using Response = absl::StatusOr<v1::EchoResponse>;

SharedBytes Bytes(const std::string& text) {
  v1::EchoResponse response;
  response.set_text(text);
  return std::make_shared<const std::string>(response.SerializeAsString());
}

class ReadyAnswerTest : public ServerTest {
 protected:
  // The handler says "worked"; `ready` is asked before it.
  void Serve(ReadyAnswer ready) {
    server_->Unary<v1::EchoRequest, v1::EchoResponse>(
        kEcho,
        [this](const RequestContext&, const v1::EchoRequest&) {
          ++worked_;
          v1::EchoResponse response;
          response.set_text("worked");
          return Response(response);
        },
        {.ready_answer = std::move(ready)});
    Start();
  }

  std::atomic<int> worked_{0};
};

TEST_F(ReadyAnswerTest, IsSentInsteadOfTheHandlers) {
  const std::string known = Text("known").SerializeAsString();
  Serve([&](const RequestContext&, const grpc::ByteBuffer& request) -> std::optional<SharedBytes> {
    if (MessageBytes(request).view() != known) return std::nullopt;
    return Bytes("ready");
  });
  ASSERT_OK_AND_ASSIGN(v1::EchoResponse response, Echo(Text("known")));
  EXPECT_EQ(response.text(), "ready");
  EXPECT_EQ(worked_, 0);
  ASSERT_OK_AND_ASSIGN(response, Echo(Text("unknown")));
  EXPECT_EQ(response.text(), "worked");
  EXPECT_EQ(worked_, 1);
}

TEST_F(ReadyAnswerTest, TheEmptyMessageIsAnAnswer) {
  Serve([](const RequestContext&, const grpc::ByteBuffer&) { return SharedBytes(); });
  ASSERT_OK_AND_ASSIGN(const v1::EchoResponse response, Echo(Text("x")));
  EXPECT_EQ(response.text(), "");
  EXPECT_EQ(worked_, 0);
}

TEST_F(ReadyAnswerTest, DoesNotWaitForTheWorkers) {
  Make({}, {.threads = 1, .queue_limit = 1});
  absl::Notification release;
  std::atomic<bool> blocked{false};
  server_->UnaryRaw<v1::EchoRequest, v1::EchoResponse>(
      kEchoBytes,
      [&](const RequestContext&, const v1::EchoRequest&) -> absl::StatusOr<SharedBytes> {
        blocked = true;
        release.WaitForNotification();
        return Bytes("worked");
      },
      {.ready_answer = [](const RequestContext&,
                          const grpc::ByteBuffer& request) -> std::optional<SharedBytes> {
        if (MessageBytes(request).view().empty()) return Bytes("ready");
        return std::nullopt;
      }});
  Start();
  RawClient raw(channel_);
  std::atomic<bool> done{false};
  CallUnaryAsync<v1::EchoResponse>(raw, kEchoBytes, {}, Text("x"), [&](Response) { done = true; });
  ASSERT_TRUE(WaitUntil([&] { return blocked.load(); }));
  ASSERT_OK_AND_ASSIGN(
      const v1::EchoResponse response,
      CallUnary(*stub_, &v1::EchoService::Stub::EchoBytes, CallOptions{}, v1::EchoRequest()));
  EXPECT_EQ(response.text(), "ready");
  EXPECT_FALSE(done);
  release.Notify();
  EXPECT_TRUE(WaitUntil([&] { return done.load(); }));
}

TEST_F(ReadyAnswerTest, KnowsWhoAsks) {
  RequestContext seen;
  Serve([&](const RequestContext& context, const grpc::ByteBuffer&) {
    seen = context;
    return Bytes("ready");
  });
  const telemetry::TraceContext trace = telemetry::NewTrace(/*sampled=*/true);
  ASSERT_OK(Echo(Text("x"), {.trace = trace, .principal = "李娜", .role = "editor"}));
  EXPECT_EQ(seen.principal, "李娜");
  EXPECT_EQ(seen.role, "editor");
  EXPECT_EQ(seen.trace.trace_id, trace.trace_id);
  EXPECT_EQ(seen.method, kEcho);
}

TEST_F(ReadyAnswerTest, IsMeasuredLikeAnyOther) {
  Serve([](const RequestContext&, const grpc::ByteBuffer&) { return Bytes("ready"); });
  ASSERT_OK(Echo(Text("x")));
  const std::string labels = "{code=\"OK\",method=\"" + std::string(kEcho) + "\"} 1";
  EXPECT_TRUE(WaitUntil([&] {
    const std::string text = metrics_.RenderText();
    return text.find("cityinfo_rpc_requests_total" + labels) != std::string::npos &&
           text.find("cityinfo_rpc_duration_seconds_count{method=\"" + std::string(kEcho) +
                     "\"} 1") != std::string::npos;
  })) << metrics_.RenderText();
}

TEST_F(ReadyAnswerTest, HasTheBoundsOfOthers) {
  Make({.max_response_bytes = 1000});
  Serve(
      [](const RequestContext&, const grpc::ByteBuffer&) { return Bytes(std::string(2000, 'x')); });
  EXPECT_EQ(base::ErrorReason(Echo(Text("x")).status()), "RESPONSE_TOO_LARGE");
}

TEST_F(ReadyAnswerTest, AnExceptionEndsTheCallAndNotTheServer) {
  Serve([](const RequestContext&, const grpc::ByteBuffer&) -> std::optional<SharedBytes> {
    throw std::runtime_error("the secret of the house");
  });
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Echo(Text("x")), StatusIs(absl::StatusCode::kInternal, Not(HasSubstr("secret"))));
  }
}

TEST(MessageBytes, ReadsAMessageInOnePieceOrSeveral) {
  EXPECT_EQ(MessageBytes(ToByteBuffer(absl::string_view("small"))).view(), "small");
  EXPECT_EQ(MessageBytes(ToByteBuffer(absl::string_view())).view(), "");
  const std::string large(100000, 'x');
  EXPECT_EQ(MessageBytes(ToByteBuffer(absl::string_view(large))).view(), large);
  const grpc::Slice pieces[] = {grpc::Slice(large), grpc::Slice("end")};
  EXPECT_EQ(MessageBytes(grpc::ByteBuffer(pieces, 2)).view(), large + "end");
}

}  // namespace
}  // namespace cityinfo::rpc
