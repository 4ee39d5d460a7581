// deploy/images: its answers, its choice of an engine, its refusals.
#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/deploy/images/built_images.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::deploy {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

Outcome Images(std::vector<std::string> args, std::map<std::string, std::string> env = {}) {
  return BuiltImages::Get().ImagesCommand(std::move(args), std::move(env));
}

// A PATH whose engines answer as the test says, with the rest of the machine's programs behind it.
class FakeEngines {
 public:
  void Add(const std::string& name, const std::string& script) {
    const std::string path = dir_.Write(name, absl::StrCat("#!/bin/sh\n", script, "\n"));
    EXPECT_EQ(chmod(path.c_str(), 0755), 0);
  }
  std::map<std::string, std::string> Env() const {
    return {{"PATH", absl::StrCat(dir_.path().string(), ":", getenv("PATH"))}};
  }

 private:
  testing::TempDir dir_;
};

TEST(ImagesCommand, PrintsReferenceIdAndDigestOfEachImage) {
  BuiltImages& images = BuiltImages::Get();
  for (const std::string& target : BuiltImages::Targets()) {
    const std::vector<std::string> printed = images.Printed(target);
    ASSERT_EQ(printed.size(), 4u) << target;
    EXPECT_EQ(printed[1], images.Reference(target));
    const Json image = images.engine().Inspect(printed[1], "image");
    EXPECT_EQ(printed[2], absl::StrCat("sha256:", image["Id"].get<std::string>()));
    EXPECT_EQ(printed[3], image["Digest"]);
  }
}

// Everything was made anew, by another engine: apt, the root folders, the SBOM. Only what the
// engine writes about itself may differ.
TEST(ImagesCommand, BuildsTheSameFilesAgainByteForByte) {
  BuiltImages& images = BuiltImages::Get();
  const Json first = images.engine().Inspect(images.Reference("articles"), "image");
  const Json again = images.engine().Inspect(images.rebuilt(), "image");
  ASSERT_TRUE(first.is_object() && again.is_object());
  EXPECT_EQ(first["RootFS"], again["RootFS"]);
  EXPECT_EQ(first["Created"], again["Created"]);
}

TEST(ImagesCommand, VersionIsTheCommit) {
  const Outcome version = Images({"version"});
  ASSERT_TRUE(version.ok()) << version.err;
  EXPECT_THAT(version.out, MatchesRegex("[0-9.]+-g[0-9a-f]{12}(-dirty)?\n"));
}

TEST(ImagesCommand, TakesTheFirstEngineThatWorks) {
  FakeEngines engines;
  // A client whose daemon is not there.
  engines.Add("docker", "echo 'Cannot connect to the daemon' >&2; exit 1");
  engines.Add("podman", "exit 0");
  EXPECT_EQ(Images({"engine"}, engines.Env()).out, "podman\n");
  engines.Add("docker", "exit 0");
  EXPECT_EQ(Images({"engine"}, engines.Env()).out, "docker\n");
}

TEST(ImagesCommand, SaysOfEveryEngineWhyItIsOfNoUse) {
  FakeEngines engines;
  engines.Add("docker", "[ $1 != buildx ]");
  engines.Add("podman", "echo 'warning' >&2; echo 'no user namespaces' >&2; exit 125");
  engines.Add("buildah", "exit 3");
  const Outcome outcome = Images({"engine"}, engines.Env());
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err,
            "deploy/images: no container engine works here: docker has no buildx;podman does not "
            "work (no user namespaces);buildah does not work ()\n");
}

struct Refusal {
  std::vector<std::string> args;
  std::string reason;
};
void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << absl::StrJoin(refusal.args, " ");
}

class ImagesRefusal : public ::testing::TestWithParam<Refusal> {};

TEST_P(ImagesRefusal, SaysWhatIsWrong) {
  const Outcome outcome = Images(GetParam().args);
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ImagesRefusal,
    ::testing::Values(
        Refusal{{"bulid"}, "no command 'bulid'"},
        Refusal{{"build", "article"},
                "no target 'article'; there are: articles metrics gateway cityctl"},
        Refusal{{"build", "--bas", "x"}, "no option '--bas'"},
        Refusal{{"build", "--base"}, "--base needs a value"},
        Refusal{{"build", "--base", "debian@sha256:12"}, "a digest is sha256: and 64"},
        Refusal{{"build", "--version", "a b"}, "--version a b cannot be a tag"},
        Refusal{{"build", "--repository", "City"}, "--repository City must be lower case"},
        Refusal{{"build", "--binaries", "/nowhere"}, "--binaries /nowhere is no folder"},
        Refusal{{"build", "--engine", "kaniko"}, "no engine 'kaniko'; there are: docker"}));

TEST(ImagesCommand, NamesAProgramThatIsMissing) {
  testing::TempDir empty;
  const Outcome outcome =
      Images({"build", "--engine", "buildah", "--version", "1", "--binaries", empty.path()});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("cityinfo-articles is not there or not executable"));
}

}  // namespace
}  // namespace cityinfo::deploy
