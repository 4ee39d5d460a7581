#include "bench/baseline/process_figures.h"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace cityinfo::bench {

namespace fs = std::filesystem;

double CpuSeconds(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string line;
  std::getline(file, line);
  // The name of the program stands in parentheses and may hold anything; behind it stand numbers.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double CpuSecondsOfThisThread() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Memory MemoryOf(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/status"));
  Memory memory;
  std::string name;
  double kilobytes = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    if (!(fields >> name >> kilobytes)) continue;
    if (name == "VmRSS:") memory.resident_mb = kilobytes / 1024;
    if (name == "RssAnon:") memory.anonymous_mb = kilobytes / 1024;
    if (name == "VmHWM:") memory.peak_mb = kilobytes / 1024;
  }
  return memory;
}

int64_t BytesOnDisk(const std::string& path) {
  const fs::path wanted(path);
  int64_t bytes = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(wanted.parent_path())) {
    if (absl::StartsWith(entry.path().filename().string(), wanted.filename().string())) {
      bytes += static_cast<int64_t>(entry.file_size());
    }
  }
  return bytes;
}

}  // namespace cityinfo::bench
