#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "platform/base/error.h"
#include "tests/support/wait_until.h"
#include "tests/unit/platform_rpc/echo_server.h"

// Several replicas of one service behind one channel.
namespace cityinfo::rpc {
namespace {

using testing::StatusIs;
using testing::WaitUntil;

// A server that answers with its own name.
class Replica {
 public:
  Replica(std::string name, ServerOptions options = {})
      : name_(std::move(name)), options_(std::move(options)) {
    Start();
  }

  void Start() {
    health_ = std::make_unique<health::Health>();
    metrics_ = std::make_unique<telemetry::Metrics>();
    server_ = std::make_unique<Server>(options_, pool_, *health_, *metrics_);
    const auto answer = [this](const RequestContext&,
                               const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
      ++calls_;
      if (broken_) return base::Unavailable("BROKEN", "this replica is broken");
      v1::EchoResponse response;
      response.set_text(name_);
      return response;
    };
    server_->Unary<v1::EchoRequest, v1::EchoResponse>(kEcho, answer);
    server_->Unary<v1::EchoRequest, v1::EchoResponse>(kEchoBytes, answer);
    const absl::StatusOr<int> port = server_->Start();
    ASSERT_OK(port);
    options_.address = absl::StrCat("127.0.0.1:", *port);
  }
  absl::Status Stop() { return server_->Shutdown(Soon()); }

  const std::string& address() const { return options_.address; }
  health::Health& health() { return *health_; }
  telemetry::Metrics& metrics() { return *metrics_; }
  int calls() const { return calls_; }
  void Break(bool broken) { broken_ = broken; }

 private:
  const std::string name_;
  ServerOptions options_;
  std::atomic<int> calls_{0};
  std::atomic<bool> broken_{false};
  concurrency::WorkerPool pool_{{.threads = 2}};
  std::unique_ptr<health::Health> health_;
  std::unique_ptr<telemetry::Metrics> metrics_;
  std::unique_ptr<Server> server_;
};

class ReplicasTest : public ::testing::Test {
 protected:
  // Waits until both replicas get calls.
  void Connect(const ChannelOptions& options = {}) {
    channel_ = MakeChannel(absl::StrCat(a_.address(), ",", b_.address()), options);
    stub_ = v1::EchoService::NewStub(channel_);
    ASSERT_TRUE(WaitUntil([this] {
      (void)Echo();
      return a_.calls() > 0 && b_.calls() > 0;
    }));
  }
  absl::StatusOr<v1::EchoResponse> Echo() {
    return CallUnary(*stub_, &v1::EchoService::Stub::Echo, CallOptions{}, Text("x"));
  }
  absl::StatusOr<v1::EchoResponse> Read() {
    return CallUnary(*stub_, &v1::EchoService::Stub::EchoBytes, CallOptions{}, Text("x"));
  }
  std::string WhoAnswers() {
    const auto response = Echo();
    return response.ok() ? response->text() : response.status().ToString();
  }

  Replica a_{"a"};
  Replica b_{"b"};
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::EchoService::Stub> stub_;
};

TEST_F(ReplicasTest, CallsGoRound) {
  Connect();
  const int before_a = a_.calls();
  const int before_b = b_.calls();
  for (int i = 0; i < 100; ++i) EXPECT_OK(Echo());
  EXPECT_EQ(a_.calls() - before_a, 50);
  EXPECT_EQ(b_.calls() - before_b, 50);
}

TEST_F(ReplicasTest, OneThatIsNotReadyGetsNone) {
  Connect();
  a_.health().Register("store", /*required=*/true);  // down until it reports
  ASSERT_TRUE(WaitUntil([this] { return WhoAnswers() == "b" && WhoAnswers() == "b"; }));
  const int before = a_.calls();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(WhoAnswers(), "b");
  EXPECT_EQ(a_.calls(), before);
  a_.health().Set("store", health::State::kOk);
  EXPECT_TRUE(WaitUntil([this] { return WhoAnswers() == "a"; }));
}

// Each in turn stops and comes back while callers, who never try again by themselves, go on.
TEST_F(ReplicasTest, ARestartOfEachInTurnLosesNoCall) {
  Connect();
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::atomic<int> failed{0};
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      while (!stop) {
        const absl::Status status = Echo().status();
        ++(status.ok() ? answered : failed);
        EXPECT_OK(status);
      }
    });
  }
  for (int round = 0; round < 3; ++round) {
    for (Replica* replica : {&a_, &b_}) {
      EXPECT_OK(replica->Stop());
      const int so_far = answered;
      EXPECT_TRUE(WaitUntil([&] { return answered > so_far + 100; }));
      const int before = replica->calls();
      replica->Start();
      EXPECT_TRUE(WaitUntil([&] { return replica->calls() > before + 20; }));
    }
  }
  stop = true;
  callers.clear();
  EXPECT_EQ(failed, 0) << "of " << answered;
}

// A client without calls under way hears of the end all the same.
TEST_F(ReplicasTest, AnIdleClientLosesNoCall) {
  Connect();
  for (int round = 0; round < 5; ++round) {
    EXPECT_OK(a_.Stop());
    for (int i = 0; i < 10; ++i) EXPECT_EQ(WhoAnswers(), "b");
    a_.Start();
    const int before = a_.calls();
    EXPECT_TRUE(WaitUntil([&] {
      EXPECT_OK(Echo());
      return a_.calls() > before;
    }));
  }
}

TEST_F(ReplicasTest, AReadIsTriedOnTheOther) {
  Connect({.retry_reads_of = {"cityinfo.testing.v1.EchoService"}});
  a_.Break(true);
  for (int i = 0; i < 10; ++i) {
    const auto response = Read();
    ASSERT_OK(response);
    EXPECT_EQ(response->text(), "b");
  }
  int refused = 0;
  for (int i = 0; i < 10; ++i) refused += Echo().ok() ? 0 : 1;
  EXPECT_EQ(refused, 5) << "what is no read is sent once";
}

TEST_F(ReplicasTest, WhenAllFailRetriesEndWithTheBudget) {
  Connect({.retry_reads_of = {"cityinfo.testing.v1.EchoService"}});
  a_.Break(true);
  b_.Break(true);
  const int before = a_.calls() + b_.calls();
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(Read(), StatusIs(absl::StatusCode::kUnavailable));
  }
  const int attempts = a_.calls() + b_.calls() - before;
  EXPECT_GT(attempts, 100) << "some were tried again";
  EXPECT_LE(attempts, 130) << "but soon none";
}

// What a new replica behind an old name needs: connections end, calls do not.
TEST_F(ReplicasTest, AConnectionEndsAtItsAgeAndNoCallWithIt) {
  Replica aging("c", {.max_connection_age = absl::Milliseconds(200)});
  const auto stub = v1::EchoService::NewStub(MakeChannel(aging.address()));
  // Every connection watches health once, until it ends.
  const std::string ended =
      "cityinfo_rpc_requests_total{code=\"CANCELLED\",method=\"/grpc.health.v1.Health/Watch\"} ";
  EXPECT_TRUE(WaitUntil(
      [&] {
        EXPECT_OK(CallUnary(*stub, &v1::EchoService::Stub::Echo, CallOptions{}, Text("x")));
        const std::string numbers = aging.metrics().RenderText();
        const size_t at = numbers.find(ended);
        return at != std::string::npos && std::stoi(numbers.substr(at + ended.size())) >= 3;
      },
      absl::Seconds(30)));
  EXPECT_GT(aging.calls(), 50);
}

}  // namespace
}  // namespace cityinfo::rpc
