#include "tests/deploy/images/built_images.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/child_process.h"

namespace cityinfo::deploy {
namespace {

constexpr absl::Duration kBuildBound = absl::Minutes(10);
constexpr char kRepository[] = "cityinfo-test";

// From here on everything this process starts has a network of its own, without a way out: bridges
// and packet filters that podman makes are nobody else's, and go with the process. The same for
// what podman and runc keep below /run.
void LeaveTheMachineAlone() {
  ASSERT_EQ(unshare(CLONE_NEWNET), 0) << "no network namespace: " << strerror(errno);
  ASSERT_EQ(mount("none", "/run", "tmpfs", 0, nullptr), 0) << "no mount: " << strerror(errno);
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  ifreq loopback{};
  strcpy(loopback.ifr_name, "lo");  // NOLINT: fits
  loopback.ifr_flags = IFF_UP;
  EXPECT_EQ(ioctl(fd, SIOCSIFFLAGS, &loopback), 0) << strerror(errno);
  close(fd);
}

// Owned by GoogleTest, as every environment is.
BuiltImages* const images =
    static_cast<BuiltImages*>(::testing::AddGlobalTestEnvironment(new BuiltImages));

}  // namespace

BuiltImages& BuiltImages::Get() { return *images; }

const std::vector<std::string>& BuiltImages::Targets() {
  static const auto& targets =
      *new std::vector<std::string>{"articles", "metrics", "gateway", "cityctl"};
  return targets;
}

void BuiltImages::SetUp() {
  // Process 1 reaps what containers leave behind, and is not this one; see `sandbox`.
  ASSERT_EQ(getppid(), 1) << "start this through tests/deploy/images/sandbox, as ctest does";
  for (const char* program : {"podman", "buildah", "runc", "mmdebstrap"}) {
    ASSERT_TRUE(RunProgram(program, {"--version"}).ok())
        << program << " is not installed; ./dev setup test installs it";
  }
  engine_ = std::make_unique<ContainerEngine>();
  const Outcome info = engine_->Podman({"info"});
  ASSERT_TRUE(info.ok()) << "podman does not work here: " << info.err;
  ASSERT_NO_FATAL_FAILURE(MakeBase());
  ASSERT_NO_FATAL_FAILURE(BuildRedis());
  ASSERT_NO_FATAL_FAILURE(BuildTwice());
  ASSERT_NO_FATAL_FAILURE(LeaveTheMachineAlone());
}

void BuiltImages::TearDown() {
  if (!engine_) return;
  const std::filesystem::path dir = engine_->dir().path();
  engine_.reset();
  EXPECT_FALSE(std::filesystem::exists(dir)) << dir << " is still there";
}

void BuiltImages::MakeBase() {
  const std::string tar = engine_->dir().File("base.tar");
  const Outcome made = RunProgram("mmdebstrap", {"--variant=minbase", "--quiet", "bookworm", tar},
                                  {{"TMPDIR", engine_->dir().File("tmp")}}, absl::Minutes(5));
  ASSERT_TRUE(made.ok()) << "mmdebstrap cannot make a Debian 12 here: " << made.err;
  const std::string name = "localhost/debian:bookworm-slim";
  const Outcome imported = engine_->Podman({"import", "--quiet", tar, name});
  ASSERT_TRUE(imported.ok()) << "podman cannot import it: " << imported.err;
  std::filesystem::remove(tar);
  base_ = absl::StrCat("localhost/debian@",
                       engine_->Inspect(name, "image").value("Digest", std::string("unknown")));
}

void BuiltImages::BuildRedis() {
  redis_ = "localhost/redis:test";
  const Outcome redis =
      RunProgram("buildah",
                 {"bud", "--network=host", "--build-arg", "BASE=" + base_, "--tag", redis_,
                  "--file", testing::SourcePath("tests/deploy/images/redis.Dockerfile"),
                  testing::SourcePath("tests/deploy/images")},
                 engine_->env(), kBuildBound);
  ASSERT_TRUE(redis.ok()) << "buildah cannot build here: " << redis.out << redis.err;
}

void BuiltImages::BuildTwice() {
  const Outcome built = ImagesCommand(BuildArgs("buildah", kRepository));
  ASSERT_TRUE(built.ok()) << "deploy/images build: " << built.err;
  printed_ = built.out;

  std::vector<std::string> args = BuildArgs("podman", "cityinfo-again");
  args.insert(args.end(), {"--no-cache"});
  args.insert(args.begin() + 1, "articles");
  const Outcome again = ImagesCommand(args);
  ASSERT_TRUE(again.ok()) << "deploy/images build with podman: " << again.err;
  rebuilt_ = absl::StrCat("cityinfo-again/articles:", kVersion);
}

std::vector<std::string> BuiltImages::BuildArgs(const std::string& engine,
                                                const std::string& repository) const {
  const std::string programs = std::filesystem::path(testing::ProgramPath("cityctl")).parent_path();
  return {"build",    "--engine",  engine,       "--base",   base_,           "--repository",
          repository, "--version", kVersion,     "--source", kSource,         "--binaries",
          programs,   "--out",     Artifact(""), "--",       "--network=host"};
}

Outcome BuiltImages::ImagesCommand(std::vector<std::string> args,
                                   std::map<std::string, std::string> env) const {
  env.insert(engine_->env().begin(), engine_->env().end());
  return RunProgram(testing::SourcePath("deploy/images"), std::move(args), std::move(env),
                    kBuildBound);
}

std::string BuiltImages::Reference(const std::string& target) const {
  return absl::StrCat(kRepository, "/", target, ":", kVersion);
}

std::vector<std::string> BuiltImages::Printed(const std::string& target) const {
  for (absl::string_view line : absl::StrSplit(printed_, '\n')) {
    std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields[0] == target) return fields;
  }
  return {};
}

std::string BuiltImages::Artifact(const std::string& path) const {
  return (engine_->dir().path() / "artifacts" / path).string();
}

std::string BuiltImages::Root(const std::string& target) {
  const Outcome mounted = engine_->Podman({"image", "mount", Reference(target)});
  EXPECT_TRUE(mounted.ok()) << mounted.err;
  return std::string(absl::StripAsciiWhitespace(mounted.out));
}

}  // namespace cityinfo::deploy
