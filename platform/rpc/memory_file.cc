#include "platform/rpc/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"

namespace cityinfo::rpc {
namespace {

absl::Status Failed(absl::string_view what) {
  return base::Internal("MEMORY_FILE", absl::StrCat(what, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<MemoryFile> MemoryFile::Create(absl::string_view content) {
  CITY_ASSIGN_OR_RETURN(const int descriptor, Write(content, 1));
  return MemoryFile(descriptor);
}

MemoryFile::MemoryFile(int descriptor)
    : descriptor_(descriptor), path_(absl::StrCat("/proc/self/fd/", descriptor)) {}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      generation_(other.generation_),
      path_(std::move(other.path_)) {}

MemoryFile::~MemoryFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status MemoryFile::Replace(absl::string_view content) {
  CITY_ASSIGN_OR_RETURN(const int fresh, Write(content, ++generation_));
  const int moved = dup3(fresh, descriptor_, O_CLOEXEC);
  close(fresh);
  return moved < 0 ? Failed("cannot replace a memory file") : absl::OkStatus();
}

absl::StatusOr<int> MemoryFile::Write(absl::string_view content, int generation) {
  const int descriptor = memfd_create("cityinfo", MFD_CLOEXEC);
  if (descriptor < 0) return Failed("cannot make a memory file");
  // Readers tell one content from another by the whole seconds of this time.
  const timespec when[2] = {{.tv_sec = generation}, {.tv_sec = generation}};
  const bool written =
      write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      futimens(descriptor, when) == 0;
  if (written) return descriptor;
  absl::Status why = Failed("cannot write a memory file");
  close(descriptor);
  return why;
}

}  // namespace cityinfo::rpc
