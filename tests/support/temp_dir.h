#pragma once

#include <filesystem>
#include <string>

#include "absl/strings/string_view.h"

namespace cityinfo::testing {

// A new empty folder, removed with everything in it when the object goes. Aborts the test binary
// when it cannot be made.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // The path of `name` inside, as text.
  std::string File(absl::string_view name) const;
  // Writes `content` to `name` inside and returns its path.
  std::string Write(absl::string_view name, absl::string_view content) const;

 private:
  std::filesystem::path path_;
};

// The whole file; empty when it cannot be read.
std::string ReadFile(const std::filesystem::path& path);

}  // namespace cityinfo::testing
