#include "platform/lifecycle/port_file.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/error.h"

namespace cityinfo::lifecycle {

absl::Status WritePortFile(const std::string& path,
                           const std::vector<std::pair<std::string, int>>& ports) {
  if (path.empty()) return absl::OkStatus();
  const auto member = [](std::string* out, const std::pair<std::string, int>& port) {
    absl::StrAppend(out, "\"", port.first, "\":", port.second);
  };
  const std::string unfinished = absl::StrCat(path, ".part");
  std::ofstream file(unfinished, std::ios::trunc);
  file << absl::StrCat("{", absl::StrJoin(ports, ",", member), "}\n");
  file.close();
  if (file && std::rename(unfinished.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return base::FailedPrecondition("PORT_FILE", absl::StrCat("--port-file: cannot write ", path));
}

}  // namespace cityinfo::lifecycle
