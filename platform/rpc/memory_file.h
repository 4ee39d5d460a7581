#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cityinfo::rpc {

// A file that lies in memory alone and whose content is replaced as a whole: whoever opens path()
// reads one content or the other. For handing secrets to a library that wants a path. Replace
// belongs to one thread.
class MemoryFile {
 public:
  static absl::StatusOr<MemoryFile> Create(absl::string_view content);
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile();

  absl::Status Replace(absl::string_view content);

  // Works in this process only.
  const std::string& path() const { return path_; }

 private:
  explicit MemoryFile(int descriptor);
  // A new descriptor; its modification time is that of no other content of the same file.
  static absl::StatusOr<int> Write(absl::string_view content, int generation);

  int descriptor_;
  int generation_ = 1;
  std::string path_;
};

}  // namespace cityinfo::rpc
