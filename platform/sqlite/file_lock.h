#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace cityinfo::sqlite {

// Holds "<path>.lock" for this process, so that two services never share one data file. The kernel
// drops the lock when the process ends, however it ends; the file itself stays and means nothing.
class FileLock {
 public:
  // FAILED_PRECONDITION, STORE_IN_USE, naming the process that holds it, if another one does.
  static absl::StatusOr<FileLock> Acquire(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace cityinfo::sqlite
