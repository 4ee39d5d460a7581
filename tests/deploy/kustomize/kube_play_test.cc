// The embedded overlay played by podman: pods, volumes, ConfigMaps and Secrets of the manifests as
// they are, but for what kube_play_yaml.mjs adapts.
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/base/digest.h"
#include "tests/deploy/images/built_images.h"
#include "tests/support/child_process.h"
#include "tests/support/wait_until.h"

namespace cityinfo::deploy {
namespace {

using ::testing::HasSubstr;
using testing::WaitUntil;

constexpr char kNetwork[] = "cityinfo-play";
constexpr char kKey[] = "a-key-that-only-this-test-knows-9876543210";
constexpr char kPassword[] = "a-password-that-only-this-test-knows";

ContainerEngine& Engine() { return BuiltImages::Get().engine(); }

class KubePlay : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(RunProgram("node", {"--version"}).ok()) << "node is not installed";
    const Outcome network = Engine().Podman({"network", "create", "--internal", kNetwork});
    ASSERT_TRUE(network.ok()) << network.err;
    ASSERT_NO_FATAL_FAILURE(MakeSecret("cityinfo-api-keys", "keys",
                                       absl::StrCat("editor:editor:", base::Sha256Hex(kKey))));
    ASSERT_NO_FATAL_FAILURE(MakeSecret("cityinfo-redis", "password", kPassword));
  }

  void TearDown() override {
    for (const std::vector<std::string>& command :
         std::vector<std::vector<std::string>>{{"pod", "rm", "--all", "--force", "--time", "0"},
                                               {"volume", "rm", "--all", "--force"},
                                               {"secret", "rm", "--all"},
                                               {"network", "rm", kNetwork}}) {
      const Outcome removed = Engine().Podman(command);
      EXPECT_TRUE(removed.ok()) << removed.err;
    }
  }

  // podman 4.3 gives pods the text of a Secret's data as it stands, in base64 or not; so it is
  // handed over as it is meant.
  static void MakeSecret(const std::string& name, const std::string& key,
                         const std::string& value) {
    const std::string file =
        Engine().dir().Write(name, absl::StrCat("data:\n  ", key, ": \"", value, "\"\n"));
    const Outcome made = Engine().Podman({"secret", "create", name, file});
    ASSERT_TRUE(made.ok()) << made.err;
  }

  // The overlay, adapted, in a file.
  static std::string Manifests(std::vector<std::string> args) {
    const BuiltImages& images = BuiltImages::Get();
    args.insert(args.begin(), testing::SourcePath("tests/deploy/kustomize/kube_play_yaml.mjs"));
    for (const char* service : {"articles", "metrics", "gateway"}) {
      args.push_back(absl::StrCat("cityinfo/", service, "=localhost/", images.Reference(service)));
    }
    args.push_back(absl::StrCat("redis=", images.redis()));
    const Outcome rendered = RunProgram("node", std::move(args));
    EXPECT_TRUE(rendered.ok()) << rendered.err;
    return Engine().dir().Write("embedded.yaml", rendered.out);
  }

  static void Play(const std::string& file) {
    const Outcome played = Engine().Podman({"kube", "play", "--network", kNetwork, file});
    ASSERT_TRUE(played.ok()) << played.out << played.err;
    const Outcome ready = Cityctl({"status", "--wait", "120s"});
    ASSERT_TRUE(ready.ok()) << ready.err << Logs();
  }

  static Outcome Cityctl(std::vector<std::string> command) {
    std::vector<std::string> args = {
        "run",
        "--rm",
        "--network",
        kNetwork,
        "--env=CITYINFO_URL=http://gateway-pod-0:8080",
        absl::StrCat("--env=CITYINFO_KEY=", kKey),
        absl::StrCat("--volume=", testing::SourcePath("data/sample/kaili-2021-12-20-b2.txt"),
                     ":/page.txt:ro"),
        BuiltImages::Get().Reference("cityctl")};
    args.insert(args.end(), command.begin(), command.end());
    return Engine().Podman(args);
  }

  static std::string Logs() {
    std::string logs;
    for (const char* name : {"redis", "articles", "metrics", "gateway"}) {
      const Outcome one =
          Engine().Podman({"logs", "--tail", "5", absl::StrCat(name, "-pod-0-", name)});
      absl::StrAppend(&logs, "--- ", name, "\n", one.out, one.err);
    }
    return logs;
  }

  // The figure of the imported page, once the harvest has found it; waits for it.
  static std::string Figure() {
    std::string found;
    EXPECT_TRUE(WaitUntil(
        [&] {
          const Outcome answer = Cityctl({"--json", "observations", "query", "--indicators",
                                          "sewage_works", "--places", "522601"});
          const Json parsed = Json::parse(answer.out, nullptr, /*allow_exceptions=*/false);
          if (!answer.ok() || !parsed.is_object() || parsed["observations"].empty()) return false;
          found = parsed["observations"][0]["printed"].get<std::string>();
          return true;
        },
        absl::Seconds(30)))
        << Logs();
    return found;
  }

  static Outcome RedisCli(const std::string& password) {
    return Engine().Podman({"exec", absl::StrCat("--env=REDISCLI_AUTH=", password),
                            "redis-pod-0-redis", "redis-cli", "dbsize"});
  }
};

TEST_F(KubePlay, TheEmbeddedOverlayServesAPageAndKeepsItOnItsVolumes) {
  const std::string manifests = Manifests({});
  ASSERT_NO_FATAL_FAILURE(Play(manifests));
  const Outcome imported =
      Cityctl({"import", "page", "/page.txt", "--publication", "测试报", "--date", "2021-12-20",
               "--place", "522601", "--page", "B2", "--publish"});
  ASSERT_TRUE(imported.ok()) << imported.err << Logs();
  EXPECT_EQ(Figure(), "11座");

  // The answer is cached by the Redis of the overlay, behind its password. Its name may come after
  // metrics has started, and each `podman run` makes the name server start anew and drop what it is
  // asked; so the log tells when metrics has found it. The question is another one than before:
  // what was asked until then is answered from memory.
  EXPECT_THAT(RedisCli("another").out, HasSubstr("NOAUTH"));
  ASSERT_TRUE(WaitUntil(
      [] {
        const Outcome log = Engine().Podman({"logs", "metrics-pod-0-metrics"});
        return absl::StrContains(absl::StrCat(log.out, log.err), "redis connected");
      },
      absl::Seconds(60)))
      << Logs();
  Cityctl({"observations", "query", "--indicators", "sewage_works", "--last-n", "1"});
  EXPECT_TRUE(WaitUntil([] { return RedisCli(kPassword).out > "0\n"; })) << Logs();

  // The pods are as the manifests have them.
  for (const char* name : {"redis", "articles", "metrics", "gateway"}) {
    const Json container = Engine().Inspect(absl::StrCat(name, "-pod-0-", name));
    EXPECT_TRUE(container["HostConfig"]["ReadonlyRootfs"]) << name;
    EXPECT_TRUE(container["EffectiveCaps"].empty()) << name;
    EXPECT_GT(container["HostConfig"]["Memory"].get<int64_t>(), 0) << name;
    EXPECT_NE(container["Config"]["User"].get<std::string>().substr(0, 2), "0:") << name;
  }

  const Outcome down = Engine().Podman({"kube", "down", manifests});
  ASSERT_TRUE(down.ok()) << down.err;
  ASSERT_NO_FATAL_FAILURE(Play(Manifests({"--again"})));
  EXPECT_EQ(Figure(), "11座");
}

}  // namespace
}  // namespace cityinfo::deploy
