// The whole suite from the images: a container per service, each with a network namespace of its
// own, locked down as Kubernetes' `restricted` policy wants it.
#include <net/if.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/digest.h"
#include "tests/deploy/images/built_images.h"
#include "tests/deploy/images/health_probe.h"
#include "tests/support/child_process.h"
#include "tests/support/wait_until.h"

namespace cityinfo::deploy {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::WaitUntil;

constexpr char kNetwork[] = "cityinfo-suite";
constexpr char kKey[] = "a-key-that-only-this-test-knows-0123456789";
// Seconds between SIGTERM and SIGKILL: Kubernetes' own default.
constexpr char kGrace[] = "30";
constexpr int kKilled = 137;
// Answers of ProbeHealth.
constexpr int kServing = 1;
constexpr int kNoAnswer = -1;

ContainerEngine& Engine() { return BuiltImages::Get().engine(); }

// In the order they are ended.
const std::vector<std::string>& Names() {
  static const auto& names =
      *new std::vector<std::string>{"gateway", "metrics", "articles", "redis"};
  return names;
}

// Nothing may be written but volumes, nothing gained, nothing left of root's powers.
std::vector<std::string> LockedDown(std::vector<std::string> args) {
  std::vector<std::string> all = {"run",
                                  "--network",
                                  kNetwork,
                                  "--read-only",
                                  "--read-only-tmpfs=false",
                                  "--cap-drop=all",
                                  "--security-opt=no-new-privileges",
                                  "--cgroup-parent",
                                  Engine().cgroup_parent()};
  all.insert(all.end(), args.begin(), args.end());
  return all;
}

class SuiteInContainers : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const BuiltImages& images = BuiltImages::Get();
    const Outcome network = Engine().Podman({"network", "create", "--internal", kNetwork});
    ASSERT_TRUE(network.ok()) << network.err;
    keys_ =
        Engine().dir().Write("keys", absl::StrCat("editor:editor:", base::Sha256Hex(kKey), "\n"));
    fs::permissions(keys_, fs::perms(0644));
    // Names, not addresses: each finds the others by DNS, as in a cluster.
    Start("redis", {images.redis()});
    Start("articles", {"--volume=articles:/var/lib/cityinfo", images.Reference("articles")});
    Start("metrics", {"--volume=metrics:/var/lib/cityinfo", images.Reference("metrics"),
                      "--articles=articles:50051", "--redis=redis:6379"});
    Start("gateway",
          {absl::StrCat("--volume=", keys_, ":/etc/cityinfo/keys:ro"), images.Reference("gateway"),
           "--articles=articles:50051", "--metrics=metrics:50052", "--keys=/etc/cityinfo/keys"});
    ASSERT_NO_FATAL_FAILURE(WaitReady());
    const Outcome imported =
        Cityctl({"import", "page", "/page.txt", "--publication", "测试报", "--date", "2021-12-20",
                 "--place", "522601", "--page", "B2", "--publish"});
    ASSERT_TRUE(imported.ok()) << imported.err;
  }

  static void TearDownTestSuite() {
    Engine().Podman({"rm", "--all", "--force", "--time", "0"});
    const Outcome volumes = Engine().Podman({"volume", "rm", "articles", "metrics"});
    EXPECT_TRUE(volumes.ok()) << volumes.err;
    const Outcome network = Engine().Podman({"network", "rm", kNetwork});
    EXPECT_TRUE(network.ok()) << network.err;
    ExpectNothingLeft();
  }

  static void ExpectNothingLeft() {
    EXPECT_EQ(Engine().Podman({"ps", "--all", "--quiet"}).out, "");
    EXPECT_EQ(Engine().Podman({"volume", "ls", "--quiet"}).out, "");
    std::set<std::string> interfaces;
    struct if_nameindex* all = if_nameindex();
    for (auto* one = all; one->if_index != 0; ++one) interfaces.insert(one->if_name);
    if_freenameindex(all);
    EXPECT_THAT(interfaces, ElementsAre("lo"));
    // /proc is this test's own: the shell that reaps, and the test.
    std::set<std::string> others;
    EXPECT_TRUE(WaitUntil([&] {
      others.clear();
      for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
        const std::string pid = entry.path().filename();
        if (pid.find_first_not_of("0123456789") == std::string::npos && pid != "1" &&
            pid != std::to_string(getpid()))
          others.insert(testing::ReadFile(entry.path() / "comm"));
      }
      return others.empty();
    })) << ::testing::PrintToString(others);
  }

  static void Start(const std::string& name, std::vector<std::string> args) {
    args.insert(args.begin(), {"--detach", "--name", name});
    const Outcome started = Engine().Podman(LockedDown(args));
    ASSERT_TRUE(started.ok()) << name << ": " << started.err;
  }

  // Runs the cityctl image, which has the page at /page.txt.
  static Outcome Cityctl(std::vector<std::string> command) {
    std::vector<std::string> args = {
        "--rm", "--env=CITYINFO_URL=http://gateway:8080", absl::StrCat("--env=CITYINFO_KEY=", kKey),
        absl::StrCat("--volume=", testing::SourcePath("data/sample/kaili-2021-12-20-b2.txt"),
                     ":/page.txt:ro"),
        BuiltImages::Get().Reference("cityctl")};
    args.insert(args.end(), command.begin(), command.end());
    return Engine().Podman(LockedDown(args));
  }

  static void WaitReady() {
    const Outcome ready = Cityctl({"status", "--wait", "30s"});
    std::string logs;
    if (!ready.ok())
      for (const std::string& name : Names()) absl::StrAppend(&logs, Logs(name));
    ASSERT_TRUE(ready.ok()) << ready.err << logs;
  }

  static std::string Logs(const std::string& name) {
    const Outcome logs = Engine().Podman({"logs", "--tail", "10", name});
    return absl::StrCat("--- ", name, "\n", logs.out, logs.err);
  }

  static Json State(const std::string& name) { return Engine().Inspect(name)["State"]; }

  // A field of /proc/PID/status of a container's first process.
  static std::string Status(const std::string& name, const std::string& field) {
    const std::string pid = std::to_string(State(name)["Pid"].get<int>());
    std::istringstream status(testing::ReadFile(absl::StrCat("/proc/", pid, "/status")));
    for (std::string line; std::getline(status, line);) {
      const std::vector<std::string> parts = absl::StrSplit(line, ":\t");
      if (parts[0] == field) return parts[1];
    }
    return "";
  }

  // The sewage works the page tells of, once the harvest has found them.
  static Json SewageWorks() {
    Json observations;
    EXPECT_TRUE(WaitUntil(
        [&] {
          const Outcome answer = Cityctl({"--json", "observations", "query", "--indicators",
                                          "sewage_works", "--places", "522601"});
          const Json parsed = Json::parse(answer.out, nullptr, /*allow_exceptions=*/false);
          if (!answer.ok() || !parsed.is_object()) return false;
          observations = parsed["observations"];
          return !observations.empty();
        },
        absl::Seconds(30)))
        << Logs("metrics");
    return observations;
  }

  static std::string keys_;
};

std::string SuiteInContainers::keys_;

TEST_F(SuiteInContainers, EachIsAloneAndHasNoPowers) {
  std::set<std::string> networks = {fs::read_symlink("/proc/self/ns/net")};
  for (const std::string& name : Names()) {
    EXPECT_EQ(Status(name, "Uid"), "65532\t65532\t65532\t65532") << name;
    EXPECT_EQ(Status(name, "Gid"), "65532\t65532\t65532\t65532") << name;
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
      EXPECT_EQ(Status(name, set), "0000000000000000") << name << " " << set;
    EXPECT_EQ(Status(name, "NoNewPrivs"), "1") << name;
    EXPECT_EQ(Status(name, "Seccomp"), "2") << name;

    const std::string process = absl::StrCat("/proc/", State(name)["Pid"].get<int>());
    EXPECT_TRUE(networks.insert(fs::read_symlink(process + "/ns/net")).second) << name;
    std::istringstream mounts(testing::ReadFile(process + "/mounts"));
    std::string source, target, type, options;
    ASSERT_TRUE(mounts >> source >> target >> type >> options);
    EXPECT_EQ(target, "/");
    EXPECT_TRUE(absl::StartsWith(options, "ro,")) << name << " " << options;
  }
}

TEST_F(SuiteInContainers, APageBecomesAFigureWithItsSentence) {
  const Json observations = SewageWorks();
  ASSERT_EQ(observations.size(), 1u) << observations.dump(1);
  EXPECT_EQ(observations[0]["printed"], "11座");
  EXPECT_THAT(observations[0]["citations"][0]["quote"].get<std::string>(),
              HasSubstr("建成污水处理厂11座"));
  // The answer is in the cache that another container keeps.
  EXPECT_TRUE(WaitUntil([&] {
    SewageWorks();
    const Outcome size = Engine().Podman({"exec", "redis", "redis-cli", "dbsize"});
    return size.ok() && std::stoi(size.out) > 0;
  }));
}

// As a kubelet asks: from the node, at the pod's address, on the port for health.
TEST_F(SuiteInContainers, AnswersTheProbesOfKubernetes) {
  const std::map<std::string, int> ports = {{"articles", 50071}, {"metrics", 50072}};
  for (const auto& [name, port] : ports) {
    const Json network = Engine().Inspect(name)["NetworkSettings"]["Networks"][kNetwork];
    const std::string address = absl::StrCat(network["IPAddress"].get<std::string>(), ":", port);
    EXPECT_TRUE(WaitUntil([&] { return ProbeHealth(address, "") == kServing; })) << Logs(name);
    EXPECT_EQ(ProbeHealth(address, "liveness"), kServing) << name;
    EXPECT_EQ(ProbeHealth(address, "no.such.Service"), kNoAnswer) << name;
  }
}

TEST_F(SuiteInContainers, WithoutTheKeyNothingIsWritten) {
  const Outcome refused = Engine().Podman(
      LockedDown({"--rm", "--env=CITYINFO_URL=http://gateway:8080",
                  absl::StrCat("--volume=", keys_, ":/page.txt:ro"),
                  BuiltImages::Get().Reference("cityctl"), "import", "page", "/page.txt",
                  "--publication", "p", "--date", "2021-12-20", "--place", "522601"}));
  EXPECT_EQ(refused.exit_code, 5) << refused.err;
}

TEST_F(SuiteInContainers, SigtermEndsEachWithinItsGraceAndTheDataStays) {
  const Json before = SewageWorks();
  for (const std::string& name : Names()) {
    // podman sends the image's STOPSIGNAL, and SIGKILL when the grace is over.
    const Outcome stopped = Engine().Podman({"stop", "--time", kGrace, name});
    ASSERT_TRUE(stopped.ok()) << stopped.err;
    ASSERT_NE(State(name)["ExitCode"], kKilled) << Logs(name);
    EXPECT_EQ(State(name)["ExitCode"], 0) << Logs(name);
    EXPECT_EQ(State(name)["Status"], "exited");
  }
  for (auto name = Names().rbegin(); name != Names().rend(); ++name) {
    const Outcome started = Engine().Podman({"start", *name});
    ASSERT_TRUE(started.ok()) << started.err;
  }
  ASSERT_NO_FATAL_FAILURE(WaitReady());
  EXPECT_EQ(SewageWorks(), before);
}

// A data folder that may not be written: said at start, in one line.
TEST_F(SuiteInContainers, AServiceWithoutAVolumeThatItMayWriteSaysSo) {
  const Outcome run =
      Engine().Podman(LockedDown({"--rm", "--volume=/proc/sys/kernel:/var/lib/cityinfo:ro",
                                  BuiltImages::Get().Reference("articles")}));
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_THAT(run.err, HasSubstr("cannot start"));
}

}  // namespace
}  // namespace cityinfo::deploy
