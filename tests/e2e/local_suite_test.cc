// `./dev run` after the build: deploy/local/suite, its sample city, its refusals, and its end.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/suite.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using testing::ChildProcess;
using testing::ExitState;
using ::testing::HasSubstr;

// Ports nobody listens on now. The suite takes its ports as settings, so a test has to choose. They
// are below those the system gives to whoever asks for any: other tests that run meanwhile, and
// their connections, cannot take them before the suite does, nor while one of its processes starts
// again. All are held together before any is given back, so that they differ.
std::vector<int> FreePorts(int count) {
  constexpr int kFirst = 10'000;
  int given_by_system = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> given_by_system;
  EXPECT_GT(given_by_system, kFirst + 100 * count);
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> any(kFirst, given_by_system - 1);
  std::vector<int> sockets, ports;
  for (int attempt = 0; static_cast<int>(ports.size()) < count && attempt < 1000; ++attempt) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockets.push_back(fd);
    const int port = any(random);
    const sockaddr_in address{.sin_family = AF_INET,
                              .sin_port = htons(static_cast<uint16_t>(port)),
                              .sin_addr = {htonl(INADDR_LOOPBACK)},
                              .sin_zero = {}};
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      ports.push_back(port);
    }
  }
  for (int fd : sockets) close(fd);
  EXPECT_EQ(static_cast<int>(ports.size()), count);
  return ports;
}

class LocalSuite : public ::testing::Test {
 protected:
  LocalSuite() : ports_(FreePorts(4)) {}

  std::map<std::string, std::string> Env(const std::string& data, const std::vector<int>& ports) {
    return {{"CITYINFO_DATA_DIR", data},
            {"CITYINFO_HTTP_PORT", std::to_string(ports[0])},
            {"CITYINFO_ARTICLES_PORT", std::to_string(ports[1])},
            {"CITYINFO_METRICS_PORT", std::to_string(ports[2])},
            {"CITYINFO_REDIS_PORT", std::to_string(ports[3])},
            // A proxy for the internet, here one that answers nobody, must not come between.
            {"http_proxy", "http://127.0.0.1:9"}};
  }

  std::unique_ptr<ChildProcess> Start(const std::string& data, const std::vector<int>& ports) {
    const std::string bin = std::filesystem::path(testing::ProgramPath("cityctl")).parent_path();
    auto process = ChildProcess::Start({.binary = testing::SourcePath("deploy/local/suite"),
                                        .args = {bin},
                                        .env = Env(data, ports)});
    EXPECT_OK(process);
    return *std::move(process);
  }

  // Starts one that must refuse, and returns what it says.
  std::string Refusal(const std::string& data, const std::vector<int>& ports) {
    auto process = Start(data, ports);
    const auto exit = process->Wait(absl::Seconds(20));
    EXPECT_TRUE(exit && exit->code == 1);
    return process->Stderr();
  }

  // The processes that `suite` started and that still run.
  static std::set<pid_t> Children(const ChildProcess& suite) {
    std::istringstream list(
        testing::ReadFile(absl::StrCat("/proc/", suite.pid(), "/task/", suite.pid(), "/children")));
    return {std::istream_iterator<pid_t>(list), {}};
  }

  testing::TempDir dir_;
  std::vector<int> ports_;
};

TEST_F(LocalSuite, ShowsACityRefusesASecondAndEndsEverything) {
  const std::string data = dir_.File("data");
  auto suite = Start(data, ports_);
  ASSERT_TRUE(suite->WaitForLine("cityinfo is running", absl::Seconds(60)))
      << suite->Stdout() << suite->Stderr();

  struct stat key;
  ASSERT_EQ(stat((data + "/editor.key").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777, 0600u);
  EXPECT_THAT(suite->Stdout(), HasSubstr(testing::ReadFile(data + "/editor.key")));
  cli::ApiClient client({.base_url = absl::StrCat("http://127.0.0.1:", ports_[0]), .key = ""});
  EXPECT_TRUE(testing::WaitUntil([&] {
    auto found = client.Get("/v1/observations", {{"indicators", "gdp"}, {"places", "522601"}});
    return found.ok() && found->dump().find("281.76亿元") != std::string::npos;
  }));

  EXPECT_THAT(Refusal(data, FreePorts(4)), HasSubstr("in use by another suite"));
  EXPECT_THAT(Refusal(dir_.File("other"), ports_), HasSubstr("CITYINFO_HTTP_PORT"));

  suite->Terminate();
  const auto exit = suite->Wait(absl::Seconds(30));
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 0) << suite->Stderr();
  EXPECT_FALSE(client.Get("/healthz").ok());

  // A second start finds its city, its key and free ports.
  auto again = Start(data, ports_);
  ASSERT_TRUE(again->WaitForLine("cityinfo is running", absl::Seconds(20)))
      << again->Stdout() << again->Stderr();
  EXPECT_OK(client.Get("/v1/home"));
  EXPECT_EQ(again->TerminateAndWait(absl::Seconds(30)).code, 0);
}

TEST_F(LocalSuite, RefusesTheSamePortTwice) {
  EXPECT_THAT(Refusal(dir_.File("data"), {ports_[0], ports_[1], ports_[1], ports_[3]}),
              HasSubstr("is the port of CITYINFO_ARTICLES_PORT already"));
}

TEST_F(LocalSuite, StartsAgainWhatDiesEvenAllAtOnce) {
  auto suite = Start(dir_.File("data"), ports_);
  ASSERT_TRUE(suite->WaitForLine("cityinfo is running", absl::Seconds(60))) << suite->Stderr();
  // The words of welcome are a process too, for a moment.
  std::set<pid_t> first;
  ASSERT_TRUE(testing::WaitUntil([&] { return (first = Children(*suite)).size() == 4; }));
  for (pid_t process : first) kill(process, SIGKILL);
  cli::ApiClient client({.base_url = absl::StrCat("http://127.0.0.1:", ports_[0]), .key = ""});
  EXPECT_TRUE(testing::WaitUntil(
      [&] {
        auto ready = client.Get("/readyz");
        return ready.ok() && (*ready)["status"] == "ok";
      },
      absl::Seconds(30)))
      << suite->Stderr();
  for (pid_t process : Children(*suite)) EXPECT_EQ(first.count(process), 0u);
  EXPECT_EQ(suite->TerminateAndWait(absl::Seconds(30)).code, 0);
}

TEST_F(LocalSuite, EndsAtOnceWhileAServiceKeepsItFromStarting) {
  auto suite = Start(dir_.File("data"), ports_);
  std::set<pid_t> halted;
  ASSERT_TRUE(testing::WaitUntil([&] {
    for (pid_t process : Children(*suite)) {
      // The kernel keeps the first 15 characters of a name.
      if (testing::ReadFile(absl::StrCat("/proc/", process, "/comm")) != "cityinfo-articl\n")
        continue;
      halted.insert(process);
      kill(process, SIGSTOP);
    }
    return !halted.empty();
  }));
  const ExitState exit = suite->TerminateAndWait(absl::Seconds(10));
  EXPECT_EQ(exit.signal, 0) << suite->Stderr();
  EXPECT_EQ(exit.code, 0) << suite->Stderr();
  for (pid_t process : halted) EXPECT_EQ(kill(process, 0), -1) << process;
}

}  // namespace
}  // namespace cityinfo::e2e
