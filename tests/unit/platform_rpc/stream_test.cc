#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "platform/base/error.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_rpc/echo_server.h"

namespace cityinfo::rpc {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using testing::WaitUntil;

class StreamTest : public ServerTest {
 protected:
  // Sends `count` answers, each with the request's text; without a count until the stream ends.
  void RegisterWatch() {
    server_->ServerStream<v1::EchoRequest, v1::EchoResponse>(
        kWatch, [this](const RequestContext&, const v1::EchoRequest& request,
                       ServerWriter<v1::EchoResponse>& writer) {
          ++open_;
          v1::EchoResponse response;
          response.set_text(request.text());
          for (int i = 0; request.count() == 0 || i < request.count(); ++i) {
            response.set_index(i);
            if (!writer.Write(response)) break;
            ++written_;
          }
          --open_;
          return absl::OkStatus();
        });
  }

  // Sends one answer, then waits for the end of the stream.
  void RegisterQuietWatch() {
    server_->ServerStream<v1::EchoRequest, v1::EchoResponse>(
        kWatch, [this](const RequestContext&, const v1::EchoRequest&,
                       ServerWriter<v1::EchoResponse>& writer) {
          ++open_;
          writer.Write(v1::EchoResponse());
          absl::Mutex mutex;
          bool ended = false;
          writer.OnEnd([&] {
            absl::MutexLock lock(&mutex);
            ended = true;
          });
          {
            absl::MutexLock lock(&mutex);
            mutex.AwaitWithTimeout(absl::Condition(&ended), absl::Seconds(20));
          }
          writer.OnEnd(nullptr);
          --open_;
          return absl::OkStatus();
        });
  }

  std::atomic<int> open_{0};
  std::atomic<int64_t> written_{0};
};

TEST_F(StreamTest, DeliversAllInOrderThenEnds) {
  RegisterWatch();
  Start();
  auto reader = Watch(Text("x", 500));
  v1::EchoResponse response;
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(reader->Read(&response)) << i;
    ASSERT_EQ(response.index(), i);
  }
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_OK(reader->Finish());
}

TEST_F(StreamTest, AHandlersErrorEndsTheStream) {
  server_->ServerStream<v1::EchoRequest, v1::EchoResponse>(
      kWatch,
      [](const RequestContext&, const v1::EchoRequest&, ServerWriter<v1::EchoResponse>& writer) {
        writer.Write(v1::EchoResponse());
        return base::InvalidArgument("resume_token", "is not ours", "BAD_TOKEN");
      });
  Start();
  auto reader = Watch(Text("x"));
  v1::EchoResponse response;
  EXPECT_TRUE(reader->Read(&response));
  EXPECT_FALSE(reader->Read(&response));
  const absl::Status status = reader->Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::ErrorReason(status), "BAD_TOKEN");
}

TEST_F(StreamTest, ASlowReaderHoldsNothingUpAndGrowsNothing) {
  RegisterWatch();
  RegisterEcho();
  Start();
  const std::string kilobytes(16 << 10, 'x');
  auto slow = Watch(Text(kilobytes));
  v1::EchoResponse response;
  ASSERT_TRUE(slow->Read(&response));
  // Flow control stops the writer: the count of messages taken settles.
  ASSERT_TRUE(WaitUntil(Settled(written_)));
  EXPECT_LT(written_ * static_cast<int64_t>(kilobytes.size()), 64 << 20);
  // Another channel, as another reader would have: this one's connection is full.
  const auto other = v1::EchoService::NewStub(MakeChannel(absl::StrCat("127.0.0.1:", port_)));
  auto quick = StreamReader<v1::EchoResponse>::Open(*other, &v1::EchoService::Stub::Watch, {},
                                                    Text("x", 100));
  int received = 0;
  while (quick->Read(&response)) ++received;
  EXPECT_EQ(received, 100);
  EXPECT_OK(CallUnary(*other, &v1::EchoService::Stub::Echo, CallOptions{}, Text("x")));
  slow->Cancel();
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
}

TEST_F(StreamTest, CancellingFromAnotherThreadFreesTheReaderAndEndsTheHandler) {
  RegisterQuietWatch();
  Start();
  auto reader = Watch(Text("x"));
  v1::EchoResponse response;
  ASSERT_TRUE(reader->Read(&response));
  std::jthread canceller([&] { reader->Cancel(); });
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(reader->Finish(), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
}

TEST_F(StreamTest, AReaderDroppedEndsTheHandler) {
  RegisterQuietWatch();
  Start();
  {
    auto reader = Watch(Text("x"));
    v1::EchoResponse response;
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_EQ(open_, 1);
  }
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
}

TEST_F(StreamTest, ADeadlineEndsTheStream) {
  RegisterQuietWatch();
  Start();
  auto reader = Watch(Text("x"), {.deadline = absl::Now() + absl::Milliseconds(200)});
  v1::EchoResponse response;
  while (reader->Read(&response)) {
  }
  EXPECT_THAT(reader->Finish(), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_TRUE(WaitUntil([&] { return open_ == 0; }));
}

TEST_F(StreamTest, WatchersAreBoundedAndPlacesAreGivenBack) {
  Make({.max_watchers = 2});
  RegisterQuietWatch();
  RegisterEcho();
  Start();
  v1::EchoResponse response;
  auto first = Watch(Text("1"));
  auto second = Watch(Text("2"));
  ASSERT_TRUE(first->Read(&response));
  ASSERT_TRUE(second->Read(&response));
  auto third = Watch(Text("3"));
  EXPECT_FALSE(third->Read(&response));
  const absl::Status status = third->Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(base::ErrorReason(status), "TOO_MANY_WATCHERS");
  EXPECT_OK(Echo(Text("x")));
  first.reset();
  EXPECT_TRUE(WaitUntil([&] {
    auto next = Watch(Text("4"));
    return next->Read(&response);
  }));
}

}  // namespace
}  // namespace cityinfo::rpc
