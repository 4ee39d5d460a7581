#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_rpc/echo_server.h"

namespace cityinfo::rpc {
namespace {

using testing::StatusIs;
using testing::WaitUntil;
using Response = absl::StatusOr<v1::EchoResponse>;

class ShutdownTest : public ServerTest {
 protected:
  void RegisterWatch() {
    server_->ServerStream<v1::EchoRequest, v1::EchoResponse>(
        kWatch, [this](const RequestContext&, const v1::EchoRequest& request,
                       ServerWriter<v1::EchoResponse>& writer) {
          v1::EchoResponse response;
          response.set_text(request.text());
          while (writer.Write(response)) {
            ++written_;
            if (request.count() != 0) WaitUntil([&] { return writer.ended(); }, absl::Seconds(20));
          }
          return absl::OkStatus();
        });
  }

  std::atomic<int64_t> written_{0};
};

TEST_F(ShutdownTest, CallsInFlightFinish) {
  absl::Notification release;
  std::atomic<bool> running{false};
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext&, const v1::EchoRequest&) -> Response {
        running = true;
        release.WaitForNotification();
        return v1::EchoResponse();
      });
  Start();
  Response answer = absl::UnknownError("none yet");
  std::jthread caller([&] { answer = Echo(Text("x")); });
  ASSERT_TRUE(WaitUntil([&] { return running.load(); }));
  absl::Status stopped = absl::UnknownError("not yet");
  std::jthread stopper([&] { stopped = server_->Shutdown(Soon()); });
  // A newcomer is turned away while the old call still runs.
  EXPECT_TRUE(WaitUntil([&] {
    return absl::IsUnavailable(
        Echo(Text("late"), {.deadline = absl::Now() + absl::Milliseconds(50)}).status());
  }));
  release.Notify();
  stopper.join();
  caller.join();
  EXPECT_OK(stopped);
  EXPECT_OK(answer);
  EXPECT_THAT(Echo(Text("x")), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ShutdownTest, WatchersAreToldToComeAgain) {
  RegisterWatch();
  Start();
  auto quiet = Watch(Text("x", 1));
  v1::EchoResponse response;
  ASSERT_TRUE(quiet->Read(&response));
  std::jthread stopper([&] { EXPECT_OK(server_->Shutdown(Soon())); });
  EXPECT_FALSE(quiet->Read(&response));
  const absl::Status status = quiet->Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(base::ErrorReason(status), "SERVER_STOPPING");
}

TEST_F(ShutdownTest, AWatcherBlockedOnItsReaderDoesNotHoldTheServer) {
  RegisterWatch();
  Start();
  auto slow = Watch(Text(std::string(64 << 10, 'x')));
  v1::EchoResponse response;
  ASSERT_TRUE(slow->Read(&response));
  ASSERT_TRUE(WaitUntil(Settled(written_)));  // the reader's window is full
  const absl::Time begin = absl::Now();
  EXPECT_OK(server_->Shutdown(absl::Now() + absl::Seconds(5)));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

TEST_F(ShutdownTest, AtTheDeadlineCallsAreCancelled) {
  std::atomic<bool> running{false};
  server_->Unary<v1::EchoRequest, v1::EchoResponse>(
      kEcho, [&](const RequestContext& context, const v1::EchoRequest&) -> Response {
        running = true;
        WaitUntil([&] { return context.cancelled(); }, absl::Seconds(20));
        return v1::EchoResponse();
      });
  Start();
  std::jthread caller([&] { (void)Echo(Text("x")); });
  ASSERT_TRUE(WaitUntil([&] { return running.load(); }));
  const absl::Time begin = absl::Now();
  EXPECT_THAT(server_->Shutdown(absl::Now() + absl::Milliseconds(100)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(5));
}

TEST_F(ShutdownTest, UnderLoadNothingLeaksOrHangs) {
  for (int round = 0; round < 5; ++round) {
    Make({.io_threads = 2});
    RegisterEcho();
    RegisterWatch();
    Start();
    std::atomic<bool> stop{false};
    std::atomic<int> answered{0};
    std::vector<std::jthread> callers;
    for (int t = 0; t < 4; ++t) {
      callers.emplace_back([&, t] {
        while (!stop) {
          if (t == 0) {
            auto reader = Watch(Text("x"), {.deadline = absl::Now() + absl::Milliseconds(20)});
            v1::EchoResponse response;
            while (reader->Read(&response)) {
            }
          } else if (Echo(Text("x"), {.deadline = absl::Now() + absl::Milliseconds(500)}).ok()) {
            ++answered;
          }
        }
      });
    }
    ASSERT_TRUE(WaitUntil([&] { return answered > 50; }));
    EXPECT_OK(server_->Shutdown(Soon()));
    stop = true;
  }
}

TEST_F(ShutdownTest, WithoutStartOrTwiceIsFine) {
  EXPECT_OK(server_->Shutdown(Soon()));
  Make({});
  RegisterEcho();
  Start();
  EXPECT_OK(server_->Shutdown(Soon()));
  EXPECT_OK(server_->Shutdown(Soon()));
}

TEST_F(ShutdownTest, ThePortIsFreeAtOnce) {
  RegisterEcho();
  Start();
  ASSERT_OK(Echo(Text("x")));
  ASSERT_OK(server_->Shutdown(Soon()));
  Make({.address = absl::StrCat("127.0.0.1:", port_)});
  RegisterEcho();
  Start();
  EXPECT_OK(Echo(Text("x")));
}

}  // namespace
}  // namespace cityinfo::rpc
