#include "platform/sqlite/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/error.h"

namespace cityinfo::sqlite {
namespace {

absl::Status InUse(const std::string& path, int descriptor) {
  char pid[32] = {};
  const ssize_t size = pread(descriptor, pid, sizeof(pid) - 1, 0);
  const absl::string_view holder =
      absl::StripAsciiWhitespace(absl::string_view(pid, static_cast<size_t>(size < 0 ? 0 : size)));
  return base::FailedPrecondition(
      "STORE_IN_USE",
      absl::StrCat(path, " is in use by ", holder.empty() ? "another process" : "process ", holder,
                   "; stop that one first, or choose another data folder"));
}

}  // namespace

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int descriptor = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return base::FailedPrecondition(
        "STORE_CANNOT_OPEN", absl::StrCat("cannot write ", lock_path, ": ", std::strerror(errno)));
  }
  FileLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return InUse(path, descriptor);
  // Only tells others whom to look for; the lock is the kernel's.
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(descriptor, 0) != 0 ||
      pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return base::FailedPrecondition(
        "STORE_CANNOT_OPEN", absl::StrCat("cannot write ", lock_path, ": ", std::strerror(errno)));
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace cityinfo::sqlite
