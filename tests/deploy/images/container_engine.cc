#include "tests/deploy/images/container_engine.h"

#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/support/child_process.h"

namespace cityinfo::deploy {
namespace {

namespace fs = std::filesystem;

// Overlay where the kernel has it; copies of whole folders where it has not (overlay on overlay).
constexpr char kStorage[] = R"([storage]
driver = "$driver"
graphroot = "$dir/storage"
runroot = "$dir/run"
)";

// runc, with limits that it may set without CAP_SYS_RESOURCE; everything podman keeps, in `dir`.
constexpr char kEngine[] = R"([engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "$dir/libpod"
[network]
network_config_dir = "$dir/networks"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
)";

std::vector<std::string> MountsBelow(const std::string& dir) {
  std::vector<std::string> found;
  std::ifstream mounts("/proc/self/mounts");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string source, target;
    fields >> source >> target;
    if (absl::StartsWith(target, dir)) found.push_back(target);
  }
  return found;
}

}  // namespace

Outcome RunProgram(const std::string& program, std::vector<std::string> args,
                   std::map<std::string, std::string> env, absl::Duration bound) {
  auto child = testing::ChildProcess::Start(
      {.binary = program, .args = std::move(args), .env = std::move(env)});
  if (!child.ok()) return {.err = std::string(child.status().message())};
  const auto exit = (*child)->Wait(bound);
  Outcome outcome{.out = (*child)->Stdout(), .err = (*child)->Stderr()};
  if (!exit)
    absl::StrAppend(&outcome.err, program, ": not done within ", absl::FormatDuration(bound));
  else if (exit->signal != 0)
    absl::StrAppend(&outcome.err, program, ": ended by signal ", exit->signal);
  else
    outcome.exit_code = exit->code;
  return outcome;
}

ContainerEngine::ContainerEngine() : cgroup_parent_(absl::StrCat("/cityinfo-images-", getpid())) {
  auto settings = [&](absl::string_view text, absl::string_view driver) {
    return absl::StrReplaceAll(text, {{"$dir", dir_.path().string()}, {"$driver", driver}});
  };
  fs::create_directories(dir_.path() / "tmp");
  env_ = {{"CONTAINERS_STORAGE_CONF", dir_.Write("storage.conf", settings(kStorage, "overlay"))},
          {"CONTAINERS_CONF", dir_.Write("containers.conf", settings(kEngine, ""))},
          {"BUILDAH_ISOLATION", "chroot"},
          {"TMPDIR", dir_.File("tmp")}};
  if (!Podman({"info"}).ok()) {
    fs::remove_all(dir_.path() / "storage");
    dir_.Write("storage.conf", settings(kStorage, "vfs"));
  }
}

ContainerEngine::~ContainerEngine() {
  for (const char* what : {"container", "volume"}) {
    const Outcome removed = Podman({what, "rm", "--all", "--force"});
    EXPECT_TRUE(removed.ok()) << removed.err;
  }
  // The last mounted goes first.
  const auto mounts = MountsBelow(dir_.path());
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount)
    EXPECT_EQ(umount2(mount->c_str(), MNT_DETACH), 0) << *mount;
  // Control groups are folders whose files cannot be removed one by one.
  for (const fs::directory_entry& hierarchy : fs::directory_iterator("/sys/fs/cgroup")) {
    for (const char* part : {"/conmon", ""})
      rmdir(absl::StrCat(hierarchy.path().string(), cgroup_parent_, part).c_str());
  }
  rmdir(absl::StrCat("/sys/fs/cgroup", cgroup_parent_, "/conmon").c_str());
  rmdir(absl::StrCat("/sys/fs/cgroup", cgroup_parent_).c_str());
}

Outcome ContainerEngine::Podman(std::vector<std::string> args, absl::Duration bound) const {
  return RunProgram("podman", std::move(args), env_, bound);
}

Json ContainerEngine::Inspect(const std::string& name, const std::string& type) const {
  const Outcome outcome = Podman({"inspect", "--type", type, name});
  const Json found = Json::parse(outcome.out, nullptr, /*allow_exceptions=*/false);
  return found.is_array() && !found.empty() ? found[0] : Json();
}

}  // namespace cityinfo::deploy
