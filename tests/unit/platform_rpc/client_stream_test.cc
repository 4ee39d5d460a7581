#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "platform/base/error.h"
#include "platform/rpc/stream_writer.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_rpc/echo_server.h"

namespace cityinfo::rpc {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using testing::WaitUntil;
using Stub = v1::EchoService::Stub;
using Writer = StreamWriter<v1::EchoRequest, v1::EchoResponse>;
using Gathered = absl::StatusOr<v1::EchoResponse>;

constexpr char kGather[] = "/cityinfo.testing.v1.EchoService/Gather";

// The most that a stream whose handler does not read may take from a client: what the transport's
// windows and buffers hold.
constexpr int64_t kUnreadBytes = 16 << 20;

class ClientStreamTest : public ServerTest {
 protected:
  using Handler =
      std::function<Gathered(const RequestContext&, ServerReader<v1::EchoRequest>& reader)>;

  void RegisterGather(Handler handler) {
    server_->ClientStream<v1::EchoRequest, v1::EchoResponse>(kGather, std::move(handler));
  }

  // Joins the texts; counts handlers under way, messages taken and streams believed to be whole.
  void RegisterGather() {
    RegisterGather([this](const RequestContext&, ServerReader<v1::EchoRequest>& reader) {
      ++open_;
      v1::EchoResponse response;
      v1::EchoRequest request;
      while (reader.Read(&request)) {
        response.mutable_text()->append(request.text());
        ++taken_;
      }
      if (reader.status().ok()) ++whole_;
      response.set_index(static_cast<int32_t>(reader.count()));
      --open_;
      return Gathered(response);
    });
  }

  // Takes nothing until it is released.
  void RegisterHesitantGather() {
    RegisterGather([this](const RequestContext&, ServerReader<v1::EchoRequest>& reader) {
      ++open_;
      release_.WaitForNotificationWithTimeout(absl::Seconds(20));
      v1::EchoRequest request;
      while (reader.Read(&request)) ++taken_;
      --open_;
      return Gathered(v1::EchoResponse());
    });
  }

  std::unique_ptr<Writer> Open(const CallOptions& options = {}) {
    return Writer::Open(*stub_, &Stub::Gather, options);
  }

  std::atomic<int> open_{0};
  std::atomic<int64_t> taken_{0};
  std::atomic<int> whole_{0};
  absl::Notification release_;
};

TEST_F(ClientStreamTest, TakesAllInOrderThenAnswers) {
  RegisterGather();
  Start();
  auto writer = Open();
  std::string all;
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(writer->Write(Text(absl::StrCat(i, " "))));
    absl::StrAppend(&all, i, " ");
  }
  ASSERT_OK_AND_ASSIGN(const v1::EchoResponse response, writer->Finish());
  EXPECT_EQ(response.text(), all);
  EXPECT_EQ(response.index(), 500);
  EXPECT_EQ(whole_, 1);
}

TEST_F(ClientStreamTest, AStreamWithoutMessagesIsWhole) {
  RegisterGather();
  Start();
  ASSERT_OK_AND_ASSIGN(const v1::EchoResponse response, Open()->Finish());
  EXPECT_EQ(response.index(), 0);
  EXPECT_EQ(whole_, 1);
}

TEST_F(ClientStreamTest, TheHandlerKnowsWhoCallsAndHasADeadline) {
  Make({.max_deadline = absl::Minutes(2)});
  std::optional<RequestContext> seen;
  RegisterGather([&](const RequestContext& context, ServerReader<v1::EchoRequest>&) {
    seen = context;
    return Gathered(v1::EchoResponse());
  });
  Start();
  const absl::Time begin = absl::Now();
  ASSERT_OK(
      Open({.deadline = begin + absl::Hours(1), .principal = "wang", .role = "editor"})->Finish());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->principal, "wang");
  EXPECT_EQ(seen->role, "editor");
  EXPECT_LT(seen->deadline, begin + absl::Minutes(3));
}

TEST_F(ClientStreamTest, AHandlerMayAnswerOrRefuseBeforeAllHasCome) {
  RegisterGather([](const RequestContext&, ServerReader<v1::EchoRequest>& reader) -> Gathered {
    v1::EchoRequest request;
    if (!reader.Read(&request)) return reader.status();
    if (request.text() == "no") return base::PermissionDenied("NOT_YOU", "not you");
    v1::EchoResponse response;
    response.set_text("enough");
    return response;
  });
  Start();
  auto refused = Open();
  while (refused->Write(Text("no"))) {
  }
  const Gathered refusal = refused->Finish();
  EXPECT_THAT(refusal, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(base::ErrorReason(refusal.status()), "NOT_YOU");
  auto answered = Open();
  while (answered->Write(Text("yes"))) {
  }
  ASSERT_OK_AND_ASSIGN(const v1::EchoResponse answer, answered->Finish());
  EXPECT_EQ(answer.text(), "enough");
}

TEST_F(ClientStreamTest, AMessageThatIsNoneEndsTheStream) {
  RegisterGather();
  Start();
  RawClient raw(channel_);
  std::optional<absl::StatusOr<std::string>> answer;
  absl::Notification done;
  raw.StreamAsync(
      kGather, {},
      [sent = 0]() mutable -> std::optional<std::string> {
        if (sent++ == 2) return "\xff not a message";
        return Text("x").SerializeAsString();
      },
      [&](absl::StatusOr<std::string> bytes) {
        answer = std::move(bytes);
        done.Notify();
      });
  done.WaitForNotification();
  EXPECT_THAT(answer->status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("message 3")));
  EXPECT_EQ(base::ErrorReason(answer->status()), "MALFORMED_REQUEST");
  EXPECT_EQ(taken_, 2);
  EXPECT_EQ(whole_, 0);
}

TEST_F(ClientStreamTest, AMessageOverTheBoundEndsTheStream) {
  Make({.max_request_bytes = 10'000});
  RegisterGather();
  Start();
  auto writer = Open();
  ASSERT_TRUE(writer->Write(Text(std::string(9'000, 'x'))));
  while (writer->Write(Text(std::string(11'000, 'x')))) {
  }
  EXPECT_THAT(writer->Finish(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
  EXPECT_EQ(whole_, 0);
}

TEST_F(ClientStreamTest, AHandlerThatThrowsEndsTheStream) {
  RegisterGather([](const RequestContext&, ServerReader<v1::EchoRequest>&) -> Gathered {
    throw std::runtime_error("a secret");
  });
  Start();
  const Gathered answer = Open()->Finish();
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(base::ErrorReason(answer.status()), "HANDLER_FAILED");
}

TEST_F(ClientStreamTest, ASlowHandlerSlowsTheClientDown) {
  RegisterHesitantGather();
  Start();
  const std::string kilobytes(64 << 10, 'x');
  std::atomic<int64_t> sent{0};
  auto writer = Open({.deadline = Soon() + absl::Seconds(20)});
  std::jthread client([&] {
    for (int i = 0; i < 1000 && writer->Write(Text(kilobytes)); ++i) ++sent;
  });
  ASSERT_TRUE(WaitUntil([&] { return open_ == 1; }));
  ASSERT_TRUE(WaitUntil(Settled(sent)));
  EXPECT_LT(sent * static_cast<int64_t>(kilobytes.size()), kUnreadBytes);
  release_.Notify();
  client.join();
  EXPECT_OK(writer->Finish());
  EXPECT_EQ(taken_, 1000);
}

// A handler must never take a stream that was cut off for one that is whole.
TEST_F(ClientStreamTest, AStreamThatIsCancelledIsNeverWhole) {
  RegisterGather();
  Start();
  for (int round = 0; round < 300; ++round) {
    auto writer = Open();
    for (int i = 0; i < round % 4; ++i) writer->Write(Text("x"));
    if (round % 2 == 0) std::this_thread::yield();
    writer->Cancel();
    EXPECT_THAT(writer->Finish(), StatusIs(absl::StatusCode::kCancelled));
  }
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
  EXPECT_OK(server_->Shutdown(Soon()));
  EXPECT_EQ(whole_, 0);
}

TEST_F(ClientStreamTest, AClientThatIsDroppedEndsTheHandler) {
  RegisterGather();
  Start();
  {
    auto writer = Open();
    ASSERT_TRUE(writer->Write(Text("x")));
    ASSERT_TRUE(WaitUntil([&] { return taken_ == 1; }));
  }
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
  EXPECT_EQ(whole_, 0);
}

TEST_F(ClientStreamTest, TheCallersDeadlineEndsTheHandler) {
  RegisterGather();
  Start();
  auto writer = Open({.deadline = absl::Now() + absl::Milliseconds(200)});
  ASSERT_TRUE(writer->Write(Text("x")));
  EXPECT_TRUE(WaitUntil([&] { return taken_ == 1 && open_ == 0; }));
  EXPECT_THAT(writer->Finish(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(whole_, 0);
}

TEST_F(ClientStreamTest, AClientThatSaysNothingIsNotWaitedForWithoutEnd) {
  Make({.max_deadline = absl::Milliseconds(100)});
  RegisterGather();
  Start();
  auto writer = Open({.deadline = absl::Now() + absl::Minutes(10)});
  EXPECT_TRUE(WaitUntil([&] { return !writer->Write(Text("")); }));
  const Gathered answer = writer->Finish();
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(base::ErrorReason(answer.status()), "DEADLINE_EXCEEDED");
  EXPECT_EQ(open_, 0);
}

TEST_F(ClientStreamTest, StreamsAreBoundedApartFromWatchersAndPlacesAreGivenBack) {
  Make({.max_watchers = 1, .max_client_streams = 2});
  RegisterGather();
  server_->ServerStream<v1::EchoRequest, v1::EchoResponse>(
      kWatch,
      [](const RequestContext&, const v1::EchoRequest&, ServerWriter<v1::EchoResponse>& writer) {
        writer.Write(v1::EchoResponse());
        return absl::OkStatus();
      });
  Start();
  auto first = Open();
  auto second = Open();
  ASSERT_TRUE(WaitUntil([&] { return open_ == 2; }));
  auto third = Open();
  const Gathered refused = third->Finish();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(base::ErrorReason(refused.status()), "TOO_MANY_CLIENT_STREAMS");
  v1::EchoResponse response;
  EXPECT_TRUE(Watch(Text("x"))->Read(&response));
  EXPECT_OK(first->Finish());
  EXPECT_TRUE(WaitUntil([&] { return Open()->Finish().ok(); }));
  EXPECT_OK(second->Finish());
}

TEST_F(ClientStreamTest, AServerThatStopsSendsThemAway) {
  RegisterGather();
  Start();
  auto waiting = Open({.deadline = Soon() + absl::Seconds(20)});
  ASSERT_TRUE(waiting->Write(Text("x")));
  ASSERT_TRUE(WaitUntil([&] { return taken_ == 1; }));
  EXPECT_OK(server_->Shutdown(Soon()));
  const Gathered answer = waiting->Finish();
  EXPECT_THAT(answer, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(base::ErrorReason(answer.status()), "SERVER_STOPPING");
  EXPECT_EQ(whole_, 0);
}

TEST_F(ClientStreamTest, WhatAllHasComeOfIsAnsweredWhileTheServerStops) {
  std::atomic<bool> all_has_come{false};
  RegisterGather([&](const RequestContext& context, ServerReader<v1::EchoRequest>& reader) {
    v1::EchoRequest request;
    while (reader.Read(&request)) {
    }
    all_has_come = true;
    WaitUntil([&] { return context.cancelled(); }, absl::Seconds(20));
    v1::EchoResponse response;
    response.set_text("done");
    return Gathered(response);
  });
  Start();
  auto writer = Open({.deadline = Soon() + absl::Seconds(20)});
  ASSERT_TRUE(writer->Write(Text("x")));
  std::jthread stopper([&] {
    WaitUntil([&] { return all_has_come.load(); });
    EXPECT_OK(server_->Shutdown(Soon()));
  });
  ASSERT_OK_AND_ASSIGN(const v1::EchoResponse response, writer->Finish());
  EXPECT_EQ(response.text(), "done");
}

TEST_F(ClientStreamTest, UnderLoadStoppingLeaksAndHangsNothing) {
  for (int round = 0; round < 5; ++round) {
    Make({.io_threads = 2});
    RegisterGather();
    Start();
    std::atomic<bool> stop{false};
    std::atomic<int> answered{0};
    std::vector<std::jthread> clients;
    for (int t = 0; t < 4; ++t) {
      clients.emplace_back([&, t] {
        for (int n = 0; !stop; ++n) {
          // Every other one is waited for, so that what is broken off does not pile up.
          const bool breaks = n % 2 == 0;
          auto writer = Open({.deadline = absl::Now() + (breaks && t == 0 ? absl::Milliseconds(5)
                                                                          : absl::Seconds(10))});
          for (int i = 0; i < 20 && writer->Write(Text("x")); ++i) {
          }
          if (breaks && t == 1) writer->Cancel();
          if (breaks && t == 2) continue;  // just dropped
          const Gathered answer = writer->Finish();
          if (answer.ok()) ++answered;
          if (base::ErrorReason(answer.status()) == "SERVER_STOPPING") return;
        }
      });
    }
    EXPECT_TRUE(WaitUntil([&] { return answered > 50; }));
    EXPECT_OK(server_->Shutdown(Soon()));
    stop = true;
  }
}

TEST_F(ClientStreamTest, RegisteringItAsAnotherKindIsRefused) {
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kGather,
      [](const RequestContext&, const v1::EchoRequest&) { return Gathered(v1::EchoResponse()); });
  EXPECT_THAT(server_->Start(), StatusIs(absl::StatusCode::kFailedPrecondition));
  Make({});
  server_->ClientStream<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [](const RequestContext&, ServerReader<v1::EchoRequest>&) {
        return Gathered(v1::EchoResponse());
      });
  EXPECT_THAT(server_->Start(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(ClientStreamTest, CallsAreCountedByCode) {
  RegisterGather();
  Start();
  ASSERT_OK(Open()->Finish());
  EXPECT_TRUE(WaitUntil([&] {
    return absl::StrContains(
        metrics_.RenderText(),
        absl::StrCat("cityinfo_rpc_requests_total{code=\"OK\",method=\"", kGather, "\"} 1"));
  })) << metrics_.RenderText();
}

// The asynchronous client.
class RawStreamTest : public ClientStreamTest {
 protected:
  // Sends `count` messages; counts those asked for.
  RawClient::Messages Send(int count, std::string text = "x") {
    return [this, count, bytes = Text(std::move(text)).SerializeAsString(),
            i = 0]() mutable -> std::optional<std::string> {
      if (i++ == count) return std::nullopt;
      ++asked_;
      return bytes;
    };
  }

  // The answer, once it is there.
  struct Answer {
    absl::Notification done;
    absl::StatusOr<std::string> bytes;
    RawClient::Callback Take() {
      return [this](absl::StatusOr<std::string> answer) {
        bytes = std::move(answer);
        done.Notify();
      };
    }
    absl::StatusOr<v1::EchoResponse> Wait() {
      done.WaitForNotification();
      if (!bytes.ok()) return bytes.status();
      v1::EchoResponse response;
      EXPECT_TRUE(response.ParseFromString(*bytes));
      return response;
    }
  };

  std::atomic<int64_t> asked_{0};
};

TEST_F(RawStreamTest, CarriesManyMessagesAndOneAnswer) {
  RegisterGather();
  Start();
  RawClient raw(channel_);
  for (int count : {0, 1, 700}) {
    Answer answer;
    raw.StreamAsync(kGather, {}, Send(count), answer.Take());
    ASSERT_OK_AND_ASSIGN(const v1::EchoResponse response, answer.Wait());
    EXPECT_EQ(response.index(), count);
    EXPECT_EQ(response.text(), std::string(count, 'x'));
  }
}

TEST_F(RawStreamTest, AsksForMessagesAtThePaceOfTheHandler) {
  RegisterHesitantGather();
  Start();
  RawClient raw(channel_);
  Answer answer;
  const std::string kilobytes(64 << 10, 'x');
  raw.StreamAsync(kGather, {.deadline = Soon() + absl::Seconds(20)}, Send(1000, kilobytes),
                  answer.Take());
  ASSERT_TRUE(WaitUntil([&] { return open_ == 1; }));
  ASSERT_TRUE(WaitUntil(Settled(asked_)));
  EXPECT_LT(asked_ * static_cast<int64_t>(kilobytes.size()), kUnreadBytes);
  release_.Notify();
  EXPECT_OK(answer.Wait());
  EXPECT_EQ(taken_, 1000);
}

TEST_F(RawStreamTest, AnEarlyRefusalStopsTheMessages) {
  RegisterGather([](const RequestContext&, ServerReader<v1::EchoRequest>&) -> Gathered {
    return base::PermissionDenied("NOT_YOU", "not you");
  });
  Start();
  RawClient raw(channel_);
  Answer answer;
  raw.StreamAsync(kGather, {}, Send(1 << 30), answer.Take());
  const Gathered refusal = answer.Wait();
  EXPECT_THAT(refusal, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(base::ErrorReason(refusal.status()), "NOT_YOU");
}

TEST_F(RawStreamTest, CancellingEndsItAndItsHandler) {
  RegisterGather();
  Start();
  RawClient raw(channel_);
  Answer answer;
  const PendingCallHandle call = raw.StreamAsync(kGather, {}, Send(1 << 30), answer.Take());
  ASSERT_TRUE(WaitUntil([&] { return taken_ > 100; }));
  call->Cancel();
  EXPECT_THAT(answer.Wait(), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
  EXPECT_EQ(whole_, 0);
  call->Cancel();  // over: nothing
}

TEST_F(RawStreamTest, NobodyThereIsUnavailable) {
  RegisterGather();
  Start();
  ASSERT_OK(server_->Shutdown(Soon()));
  RawClient raw(MakeChannel(absl::StrCat("127.0.0.1:", port_)));
  Answer answer;
  raw.StreamAsync(kGather, {}, Send(3), answer.Take());
  EXPECT_THAT(answer.Wait(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(RawStreamTest, ManyAtOnceWithCancellationLeakAndHangNothing) {
  Make({.io_threads = 2, .max_client_streams = 64});
  RegisterGather();
  Start();
  std::atomic<int> over{0};
  {
    RawClient raw(channel_);
    for (int i = 0; i < 60; ++i) {
      const PendingCallHandle call = raw.StreamAsync(
          kGather, {}, Send(50), [&](const absl::StatusOr<std::string>&) { ++over; });
      if (i % 3 == 0) call->Cancel();
    }
  }
  EXPECT_EQ(over, 60);
}

}  // namespace
}  // namespace cityinfo::rpc
