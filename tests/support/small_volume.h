#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::testing {

// A file system of a few megabytes (tmpfs) that can be filled up. It is mounted in a mount
// namespace that the test binary moves into, so nobody else sees it and the kernel takes it away at
// the end. As root, or as anybody where user namespaces are allowed; PERMISSION_DENIED elsewhere.
// Make it before any thread is started.
class SmallVolume {
 public:
  static absl::StatusOr<std::unique_ptr<SmallVolume>> Mount(int64_t bytes);
  ~SmallVolume();
  SmallVolume(const SmallVolume&) = delete;
  SmallVolume& operator=(const SmallVolume&) = delete;

  const std::filesystem::path& path() const { return dir_.path(); }
  // Gives it another size, as an operator would who adds space.
  absl::Status Resize(int64_t bytes);
  // From now on nothing can be written, by nobody. Nothing may be open for writing.
  absl::Status MakeReadOnly();

 private:
  SmallVolume() = default;

  TempDir dir_;
};

}  // namespace cityinfo::testing
