#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "services/gateway/http/server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"
#include "tests/unit/gateway/raw_client.h"

namespace cityinfo::gateway {
namespace {

using ::testing::HasSubstr;
using testing::WaitUntil;

// Echoes method, target and body; "/hold" is kept unanswered until the test lets go.
class HttpServerTest : public ::testing::Test {
 protected:
  void Start(const HttpLimits& limits = {}) {
    ASSERT_OK_AND_ASSIGN(server_,
                         HttpServer::Start(
                             {.threads = 2, .limits = limits},
                             [this](std::shared_ptr<Exchange> exchange) { Answer(exchange); },
                             [](const Rejection& rejection) {
                               HttpResponse response{.status = rejection.http_status};
                               response.body = std::make_shared<std::string>(rejection.reason);
                               return response;
                             }));
  }

  void Answer(const std::shared_ptr<Exchange>& exchange) {
    const HttpRequest& request = exchange->request();
    if (request.head.target == "/hold") {
      exchange->OnGone([this] { ++gone_; });
      absl::MutexLock lock(&mutex_);
      held_.push_back(exchange);
      return;
    }
    if (request.head.target == "/forget") return;
    HttpResponse response;
    response.body = std::make_shared<std::string>(
        absl::StrCat(request.head.method, " ", request.head.target, " ", request.body));
    exchange->Answer(std::move(response));
  }

  size_t held() {
    absl::MutexLock lock(&mutex_);
    return held_.size();
  }

  void LetGo(absl::string_view body) {
    std::vector<std::shared_ptr<Exchange>> held;
    {
      absl::MutexLock lock(&mutex_);
      held.swap(held_);
    }
    for (const auto& exchange : held) {
      HttpResponse response;
      response.body = std::make_shared<std::string>(body);
      exchange->Answer(std::move(response));
    }
  }

  int port() const { return server_->port(); }

  absl::Mutex mutex_;
  std::vector<std::shared_ptr<Exchange>> held_ ABSL_GUARDED_BY(mutex_);
  std::atomic<int> gone_{0};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  Start();
  RawClient client(port());
  for (int i = 0; i < 3; ++i) {
    const auto response = client.Ask(WithBody("POST", "/a", "body"));
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "POST /a body");
    EXPECT_EQ(response->Field("connection"), "keep-alive");
    EXPECT_NE(response->Field("date"), "");
    EXPECT_EQ(response->Field("server"), "");
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client(port());
  client.Send(absl::StrCat(Get("/1"), WithBody("POST", "/2", "two"), Get("/3")));
  EXPECT_EQ(client.Read()->body, "GET /1 ");
  EXPECT_EQ(client.Read()->body, "POST /2 two");
  EXPECT_EQ(client.Read()->body, "GET /3 ");
}

TEST_F(HttpServerTest, ReadsChunksAndIgnoresTrailers) {
  Start();
  RawClient client(port());
  client.Send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.Send("3;note=x\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n");
  EXPECT_EQ(client.Read()->body, "POST /c abcde");
  EXPECT_EQ(client.Ask(Get("/next"))->body, "GET /next ");
}

TEST_F(HttpServerTest, RefusesBrokenChunks) {
  Start();
  for (absl::string_view chunk :
       {"x\r\nabc\r\n", "-1\r\na\r\n", "0x3\r\nabc\r\n\r\n", "3\r\nabcdef\r\n",
        "fffffffffffffffff\r\n", "3 \r\nabc\r\n0\r\n\r\n", "0\r\nX : 1\r\n\r\n"}) {
    RawClient client(port());
    client.Send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.Send(chunk);
    const auto response = client.Read();
    ASSERT_TRUE(response.has_value()) << chunk;
    EXPECT_TRUE(response->status == 400 || response->status == 413) << chunk << response->status;
    client.FinishSending();
    EXPECT_TRUE(client.ReadsEnd()) << chunk;
  }
}

TEST_F(HttpServerTest, ClosesAfterBadFraming) {
  Start();
  RawClient client(port());
  const auto response = client.Ask(absl::StrCat(
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      "0\r\n\r\n", Get("/smuggled")));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 400);
  EXPECT_EQ(response->Field("connection"), "close");
  client.FinishSending();
  EXPECT_TRUE(client.ReadsEnd()) << "the second request must not be answered";
}

TEST_F(HttpServerTest, SendsContinueBeforeABodyThatWaitsForIt) {
  Start();
  RawClient client(port());
  client.Send("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  client.Send("ok");
  EXPECT_EQ(client.Read()->body, "POST /e ok");
}

TEST_F(HttpServerTest, ALargeBodyGetsItsAnswerAndNoReset) {
  Start();
  const std::string body(5'000'000, 'a');
  RawClient announced(port());
  EXPECT_TRUE(announced.Send(WithBody("POST", "/big", body)));
  auto response = announced.Read();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 413);
  EXPECT_EQ(response->body, "BODY_TOO_LARGE");

  RawClient chunked(port());
  EXPECT_TRUE(chunked.Send("POST /big HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_TRUE(chunked.Send(absl::StrCat(absl::Hex(body.size()), "\r\n", body, "\r\n0\r\n\r\n")));
  response = chunked.Read();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 413);
}

TEST_F(HttpServerTest, ABodyOfExactlyTheLimitIsTaken) {
  Start({.body_bytes = 1000});
  RawClient client(port());
  EXPECT_EQ(client.Ask(WithBody("POST", "/a", std::string(1000, 'x')))->status, 200);
  EXPECT_EQ(client.Ask(WithBody("POST", "/a", std::string(1001, 'x')))->status, 413);
}

TEST_F(HttpServerTest, BodiesShareABudget) {
  Start({.body_bytes = 1000, .buffered_body_bytes = 1500});
  RawClient first(port());
  first.Send(WithBody("POST", "/hold", std::string(1000, 'x')));
  ASSERT_TRUE(WaitUntil([&] { return held() == 1; }));
  RawClient second(port());
  EXPECT_EQ(second.Ask(WithBody("POST", "/a", std::string(1000, 'x')))->status, 503);
  LetGo("done");
  EXPECT_EQ(first.Read()->body, "done");
  RawClient third(port());
  EXPECT_EQ(third.Ask(WithBody("POST", "/a", std::string(1000, 'x')))->status, 200);
}

TEST_F(HttpServerTest, ABodyWithoutEndGetsATimeout) {
  Start({.body_timeout = absl::Milliseconds(100)});
  RawClient client(port());
  client.Send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly this");
  const auto response = client.Read();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 408);
  EXPECT_EQ(response->Field("connection"), "close");
}

TEST_F(HttpServerTest, AHeaderWithoutEndGetsATimeout) {
  Start({.header_timeout = absl::Milliseconds(100)});
  RawClient client(port());
  client.Send("GET /slow HTTP/1.1\r\nHost");
  EXPECT_EQ(client.Read()->status, 408);
}

TEST_F(HttpServerTest, AnIdleConnectionIsClosedWithoutAWord) {
  Start({.idle_timeout = absl::Milliseconds(50)});
  RawClient client(port());
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(HttpServerTest, AClientThatGoesAwayIsNoticed) {
  Start();
  {
    RawClient client(port());
    client.Send(Get("/hold"));
    ASSERT_TRUE(WaitUntil([&] { return held() == 1; }));
  }
  EXPECT_TRUE(WaitUntil([&] { return gone_ == 1; }));
  LetGo("too late");
}

TEST_F(HttpServerTest, AForgottenRequestIsAnswered) {
  Start();
  RawClient client(port());
  EXPECT_EQ(client.Ask(Get("/forget"))->status, 500);
  EXPECT_EQ(client.Ask(Get("/next"))->status, 200);
}

TEST_F(HttpServerTest, HeadHasNoBodyAndOldClientsAreClosed) {
  Start();
  RawClient client(port());
  client.Send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto head = client.Read(/*to_head=*/true);
  EXPECT_EQ(head->Field("content-length"), "8");
  EXPECT_EQ(client.Ask(Get("/after"))->body, "GET /after ");
  RawClient old(port());
  EXPECT_EQ(old.Ask("GET /old HTTP/1.0\r\n\r\n")->Field("connection"), "close");
  EXPECT_TRUE(old.ReadsEnd());
}

TEST_F(HttpServerTest, TooManyConnectionsAreTurnedAway) {
  Start({.connections = 1});
  RawClient first(port());
  EXPECT_EQ(first.Ask(Get("/1"))->status, 200);
  RawClient second(port());
  EXPECT_EQ(second.Ask(Get("/2"))->status, 503);
}

TEST_F(HttpServerTest, ShutdownFinishesWhatIsUnderWay) {
  Start();
  RawClient idle(port());
  ASSERT_EQ(idle.Ask(Get("/1"))->status, 200);
  RawClient busy(port());
  busy.Send(Get("/hold"));
  ASSERT_TRUE(WaitUntil([&] { return held() == 1; }));
  absl::Status status;
  std::jthread stopping([&] { status = server_->Shutdown(absl::Now() + absl::Seconds(20)); });
  EXPECT_TRUE(idle.ReadsEnd());
  LetGo("finished");
  const auto response = busy.Read();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "finished");
  EXPECT_EQ(response->Field("connection"), "close");
  stopping.join();
  EXPECT_OK(status);
}

TEST_F(HttpServerTest, ShutdownClosesWhatIsLeftAtTheDeadline) {
  Start();
  RawClient busy(port());
  busy.Send(Get("/hold"));
  ASSERT_TRUE(WaitUntil([&] { return held() == 1; }));
  EXPECT_EQ(server_->Shutdown(absl::Now() + absl::Milliseconds(50)).code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(busy.ReadsEnd());
  EXPECT_EQ(gone_, 1);
  LetGo("nobody is there");
}

TEST_F(HttpServerTest, ATakenAddressIsNamed) {
  Start();
  const std::string address = absl::StrCat("127.0.0.1:", port());
  const auto second = HttpServer::Start({.address = address}, nullptr, nullptr);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address));
}

}  // namespace
}  // namespace cityinfo::gateway
