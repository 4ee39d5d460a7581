#include "platform/health/health.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "platform/base/error.h"
#include "platform/health/admin_server.h"
#include "platform/health/component_watch.h"
#include "tests/support/wait_until.h"

namespace cityinfo::health {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Health, IsReadyWhenEverythingRequiredIsUp) {
  Health health;
  health.Register("store", /*required=*/true);
  health.Register("redis", /*required=*/false);
  EXPECT_FALSE(health.Ready());
  health.Set("store", State::kOk);
  EXPECT_TRUE(health.Ready()) << "a cache never gates readiness";
  EXPECT_EQ(health.GetSnapshot().overall, State::kDegraded);
  health.Set("redis", State::kOk);
  EXPECT_EQ(health.GetSnapshot().overall, State::kOk);
  health.Set("store", State::kDegraded, "slow");
  EXPECT_TRUE(health.Ready());
  health.Set("store", State::kDown, "disk full");
  EXPECT_FALSE(health.Ready());
  EXPECT_EQ(health.GetSnapshot().overall, State::kDown);
}

TEST(Health, DrainingIsForGood) {
  Health health;
  health.Set("store", State::kOk);
  EXPECT_TRUE(health.Ready());
  health.StartDraining();
  health.Set("store", State::kOk);
  EXPECT_FALSE(health.Ready());
}

TEST(Health, TellsItsListenersEveryChange) {
  Health health;
  health.Register("store", true);
  std::vector<bool> seen;
  {
    Health::Subscription subscription = health.Subscribe([&](bool able) { seen.push_back(able); });
    Health::Subscription moved = std::move(subscription);
    health.Set("store", State::kOk);
    health.Set("store", State::kDegraded, "slow");
    health.Set("store", State::kDown, "gone");
    health.Set("store", State::kOk);
  }
  health.StartDraining();
  EXPECT_THAT(seen, ElementsAre(false, true, false, true));
}

TEST(Health, TellsOfAComponentThatIsRegisteredLater) {
  Health health;
  std::vector<bool> seen;
  Health::Subscription subscription = health.Subscribe([&](bool able) { seen.push_back(able); });
  health.Register("store", true);
  health.Set("store", State::kOk);
  health.StartDraining();
  EXPECT_THAT(seen, ElementsAre(true, false, true)) << "draining is not for those who are here";
  EXPECT_FALSE(health.Ready());
}

TEST(ComponentWatch, TellsHealthHowTheComponentIs) {
  Health health;
  health.Register("store", /*required=*/true);
  absl::Mutex mutex;
  absl::Status answer = absl::OkStatus();
  ComponentWatch watch(health, "store", absl::Milliseconds(1), [&] {
    absl::MutexLock lock(&mutex);
    return answer;
  });
  const auto becomes = [&](const absl::Status& status, State state) {
    {
      absl::MutexLock lock(&mutex);
      answer = status;
    }
    return cityinfo::testing::WaitUntil(
        [&] { return health.GetSnapshot().components.front().state == state; });
  };
  EXPECT_TRUE(becomes(absl::OkStatus(), State::kOk));
  EXPECT_TRUE(becomes(absl::ResourceExhaustedError("busy"), State::kDegraded));
  EXPECT_TRUE(becomes(absl::UnavailableError("disk gone"), State::kDown));
  EXPECT_FALSE(health.Ready());
  EXPECT_TRUE(becomes(absl::OkStatus(), State::kOk));
}

TEST(Health, JsonNamesTheComponents) {
  Health health;
  health.Register("store", true);
  health.Set("store", State::kOk, "ignored when fine");
  health.Set("redis", State::kDegraded, "says \"no\"");
  const nlohmann::json json = nlohmann::json::parse(ToJson(health.GetSnapshot()));
  EXPECT_EQ(json["status"], "degraded");
  EXPECT_EQ(json["ready"], true);
  EXPECT_EQ(json["components"][0]["name"], "redis");
  EXPECT_EQ(json["components"][0]["status"], "degraded");
  EXPECT_EQ(json["components"][0]["required"], false);
  EXPECT_EQ(json["components"][0]["message"], "says \"no\"");
  EXPECT_EQ(json["components"][1]["message"], "");
}

// A connection to the admin port, closed at the end.
class Client {
 public:
  explicit Client(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Client() { close(socket_); }

  void Send(const std::string& text) {
    EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  std::string ReadToEnd() {
    std::string all;
    char buffer[4096];
    for (ssize_t n; (n = recv(socket_, buffer, sizeof(buffer), 0)) > 0;) all.append(buffer, n);
    return all;
  }
  std::string Get(const std::string& target) {
    Send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return ReadToEnd();
  }

 private:
  const int socket_;
};

class AdminServerTest : public ::testing::Test {
 protected:
  void Start(AdminServer::Options options = {}) {
    absl::StatusOr<std::unique_ptr<AdminServer>> server =
        AdminServer::Start(options, health_, metrics_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  std::string Get(const std::string& target) { return Client(server_->port()).Get(target); }

  Health health_;
  telemetry::Metrics metrics_;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, Answers) {
  Start();
  health_.Register("store", true);
  metrics_.GetCounter("city_total", "Things").Increment();
  EXPECT_THAT(Get("/healthz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Get("/readyz"),
              AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("\"message\":\"starting\"")));
  health_.Set("store", State::kOk);
  EXPECT_THAT(Get("/readyz?verbose"),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\"ready\":true")));
  EXPECT_THAT(Get("/metrics"), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("city_total 1")));
  EXPECT_THAT(Get("/secret"), StartsWith("HTTP/1.1 404"));
  Client post(server_->port());
  post.Send("POST /healthz HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(post.ReadToEnd(), StartsWith("HTTP/1.0 405"));
}

TEST_F(AdminServerTest, SurvivesGarbageAndSilence) {
  Start({.max_connections = 2, .timeout = absl::Milliseconds(50)});
  Client garbage(server_->port());
  garbage.Send("\x16\x03\x01 this is not HTTP\r\n\r\n");
  Client silent(server_->port());
  // Both places are taken until garbage is refused and silence times out; then this one is served.
  EXPECT_THAT(Get("/healthz"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(silent.ReadToEnd(), "");
}

TEST_F(AdminServerTest, StopsAtOnceWithConnectionsOpen) {
  Start({.timeout = absl::Minutes(10)});
  Client idle(server_->port());
  EXPECT_THAT(Get("/healthz"), StartsWith("HTTP/1.1 200"));
  server_.reset();
  EXPECT_EQ(idle.ReadToEnd(), "");
}

TEST_F(AdminServerTest, SaysWhenThePortIsTaken) {
  Start();
  const absl::Status second =
      AdminServer::Start({.port = server_->port()}, health_, metrics_).status();
  EXPECT_EQ(base::ErrorReason(second), "ADDRESS_IN_USE");
  EXPECT_THAT(std::string(second.message()), HasSubstr(std::to_string(server_->port())));
  EXPECT_FALSE(AdminServer::Start({.address = "nowhere"}, health_, metrics_).ok());
}

}  // namespace
}  // namespace cityinfo::health
