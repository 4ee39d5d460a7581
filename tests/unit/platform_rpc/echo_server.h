#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cityinfo/testing/v1/echo_service.grpc.pb.h"
#include "platform/concurrency/worker_pool.h"
#include "platform/health/health.h"
#include "platform/rpc/client.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "tests/support/status_matchers.h"

namespace cityinfo::rpc {

namespace v1 = cityinfo::testing::v1;

inline constexpr char kEcho[] = "/cityinfo.testing.v1.EchoService/Echo";
inline constexpr char kEchoBytes[] = "/cityinfo.testing.v1.EchoService/EchoBytes";
inline constexpr char kWatch[] = "/cityinfo.testing.v1.EchoService/Watch";
inline constexpr char kLater[] = "/cityinfo.testing.v1.EchoService/Later";

inline absl::Time Soon() { return absl::Now() + absl::Seconds(10); }

inline v1::EchoRequest Text(std::string text, int count = 0) {
  v1::EchoRequest request;
  request.set_text(std::move(text));
  request.set_count(count);
  return request;
}

// A condition for WaitUntil: `count` was the same at many looks in a row.
inline std::function<bool()> Settled(const std::atomic<int64_t>& count) {
  return [&count, last = int64_t{-1}, same = 0]() mutable {
    const int64_t now = count;
    same = now == last ? same + 1 : 0;
    last = now;
    return same >= 20;
  };
}

// A server with a pool, health and metrics of its own; a test registers handlers, then calls Start.
class ServerTest : public ::testing::Test {
 protected:
  explicit ServerTest(ServerOptions options = {}) { Make(std::move(options)); }

  void Make(ServerOptions options, concurrency::WorkerPool::Options pool = {.threads = 4}) {
    server_.reset();
    pool_ = std::make_unique<concurrency::WorkerPool>(pool);
    server_ = std::make_unique<Server>(std::move(options), *pool_, health_, metrics_);
  }

  void RegisterEcho() {
    server_->Unary<v1::EchoRequest, v1::EchoResponse>(
        kEcho, [](const RequestContext&, const v1::EchoRequest& request) {
          v1::EchoResponse response;
          response.set_text(request.text());
          return absl::StatusOr<v1::EchoResponse>(response);
        });
  }

  void Start() {
    ASSERT_OK_AND_ASSIGN(port_, server_->Start());
    channel_ = MakeChannel(absl::StrCat("127.0.0.1:", port_));
    stub_ = v1::EchoService::NewStub(channel_);
  }

  absl::StatusOr<v1::EchoResponse> Echo(const v1::EchoRequest& request,
                                        const CallOptions& options = {}) {
    return CallUnary(*stub_, &v1::EchoService::Stub::Echo, options, request);
  }

  std::unique_ptr<StreamReader<v1::EchoResponse>> Watch(const v1::EchoRequest& request,
                                                        const CallOptions& options = {}) {
    return StreamReader<v1::EchoResponse>::Open(*stub_, &v1::EchoService::Stub::Watch, options,
                                                request);
  }

  health::Health health_;
  telemetry::Metrics metrics_;
  std::unique_ptr<concurrency::WorkerPool> pool_;
  std::unique_ptr<Server> server_;
  int port_ = 0;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::EchoService::Stub> stub_;
};

}  // namespace cityinfo::rpc
