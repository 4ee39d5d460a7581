#include "platform/telemetry/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "platform/log/log.h"
#include "platform/telemetry/build_info.h"

namespace cityinfo::telemetry {
namespace {

std::string Read(const char* path) {
  std::ifstream file(path);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// The fields of /proc/self/stat that we show; see proc(5).
struct ProcessStat {
  double cpu_seconds = 0;
  double started_after_boot_seconds = 0;
  double threads = 0;
  double virtual_bytes = 0;
  double resident_bytes = 0;
};

std::optional<ProcessStat> ReadProcessStat() {
  const std::string text = Read("/proc/self/stat");
  // The second field is the program's name, which may hold anything; the third follows its ')'.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  const std::vector<absl::string_view> fields =
      absl::StrSplit(absl::string_view(text).substr(name_end + 1), ' ', absl::SkipEmpty());
  constexpr size_t kFirst = 3;  // proc(5) counts from 1, and our first is its third
  const auto field = [&fields](size_t number) {
    double value = 0;
    if (number - kFirst < fields.size()) (void)absl::SimpleAtod(fields[number - kFirst], &value);
    return value;
  };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  return ProcessStat{.cpu_seconds = (field(14) + field(15)) / ticks,
                     .started_after_boot_seconds = field(22) / ticks,
                     .threads = field(20),
                     .virtual_bytes = field(23),
                     .resident_bytes = field(24) * page};
}

double BootTimeSeconds() {
  const std::string text = Read("/proc/stat");
  double seconds = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    if (words.size() == 2 && words[0] == "btime") (void)absl::SimpleAtod(words[1], &seconds);
  }
  return seconds;
}

double OpenDescriptors() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
       it.increment(error)) {
    ++count;
  }
  return count > 0 ? count - 1 : 0;  // without the one that reads the folder
}

double MostDescriptors() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

void ReportStat(Metrics& metrics) {
  // CPU time only grows, so it is a counter that is brought up to date at each look.
  Counter& cpu = metrics.GetCounter("process_cpu_seconds_total",
                                    "User and system CPU time spent, in seconds.");
  Gauge& started = metrics.GetGauge("process_start_time_seconds",
                                    "When the process started, in seconds since 1970.");
  Gauge& resident = metrics.GetGauge("process_resident_memory_bytes", "Resident memory.");
  Gauge& reserved = metrics.GetGauge("process_virtual_memory_bytes", "Virtual memory.");
  Gauge& threads = metrics.GetGauge("process_threads", "Threads of the process.");
  metrics.OnRender([&, boot = BootTimeSeconds()] {
    const std::optional<ProcessStat> stat = ReadProcessStat();
    if (!stat.has_value()) return;
    cpu.Increment(stat->cpu_seconds - cpu.Value());
    started.Set(boot + stat->started_after_boot_seconds);
    resident.Set(stat->resident_bytes);
    reserved.Set(stat->virtual_bytes);
    threads.Set(stat->threads);
  });
}

void ReportDescriptors(Metrics& metrics) {
  Gauge& open = metrics.GetGauge("process_open_fds", "Open file descriptors.");
  Gauge& most = metrics.GetGauge("process_max_fds", "Most file descriptors it may open.");
  metrics.OnRender([&] {
    open.Set(OpenDescriptors());
    most.Set(MostDescriptors());
  });
}

void ReportLogLines(Metrics& metrics) {
  struct Line {
    log::Level level;
    Counter& counter;
  };
  std::vector<Line> lines;
  for (const auto& [level, name] :
       std::array<std::pair<log::Level, const char*>, 4>{{{log::Level::kDebug, "debug"},
                                                          {log::Level::kInfo, "info"},
                                                          {log::Level::kWarning, "warning"},
                                                          {log::Level::kError, "error"}}}) {
    lines.push_back({level, metrics.GetCounter("cityinfo_log_lines_total", "Log lines written.",
                                               {{"level", name}})});
  }
  metrics.OnRender([lines = std::move(lines)] {
    for (const Line& line : lines) {
      line.counter.Increment(static_cast<double>(log::LinesWritten(line.level)) -
                             line.counter.Value());
    }
  });
}

}  // namespace

void ReportProcess(Metrics& metrics, const std::string& service) {
  metrics
      .GetGauge("cityinfo_build_info", "What the program was built from; always 1.",
                {{"service", service}, {"version", Version()}, {"commit", Commit()}})
      .Set(1);
  ReportStat(metrics);
  ReportDescriptors(metrics);
  ReportLogLines(metrics);
}

}  // namespace cityinfo::telemetry
