#include "tests/support/small_volume.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace cityinfo::testing {
namespace {

absl::Status Errno(const char* what) {
  return absl::PermissionDeniedError(absl::StrCat(what, ": ", std::strerror(errno)));
}

// Into a mount namespace of our own; a user namespace, in which everybody stays who they are, gives
// the right to mount there.
absl::Status EnterNamespace() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0) return Errno("unshare");
  if (user != 0) {
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << user << " " << user << " 1";
    std::ofstream("/proc/self/gid_map") << group << " " << group << " 1";
  }
  // What is mounted here stays here.
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return Errno("mount /");
  return absl::OkStatus();
}

std::string Size(int64_t bytes) { return absl::StrCat("size=", bytes); }

}  // namespace

absl::StatusOr<std::unique_ptr<SmallVolume>> SmallVolume::Mount(int64_t bytes) {
  static const absl::Status entered = EnterNamespace();
  if (!entered.ok()) return entered;
  std::unique_ptr<SmallVolume> volume(new SmallVolume());
  if (mount("tmpfs", volume->path().c_str(), "tmpfs", 0, Size(bytes).c_str()) != 0) {
    return Errno("mount tmpfs");
  }
  chmod(volume->path().c_str(), 0777);
  return volume;
}

SmallVolume::~SmallVolume() { umount2(dir_.path().c_str(), MNT_DETACH); }

absl::Status SmallVolume::Resize(int64_t bytes) {
  if (mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT, Size(bytes).c_str()) != 0) {
    return Errno("remount tmpfs");
  }
  return absl::OkStatus();
}

absl::Status SmallVolume::MakeReadOnly() {
  if (mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
    return Errno("remount tmpfs");
  }
  return absl::OkStatus();
}

}  // namespace cityinfo::testing
