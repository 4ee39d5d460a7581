#include "platform/telemetry/process_metrics.h"

#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/health/health_metrics.h"
#include "platform/log/log.h"
#include "platform/telemetry/build_info.h"

namespace cityinfo::telemetry {
namespace {

using ::testing::HasSubstr;

// "name{labels}" -> value, as a scrape would read it now.
std::map<std::string, double> Scrape(Metrics& metrics) {
  std::map<std::string, double> values;
  std::istringstream text(metrics.RenderText());
  for (std::string line; std::getline(text, line);) {
    const size_t space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string::npos) continue;
    double value = 0;
    EXPECT_TRUE(absl::SimpleAtod(line.substr(space + 1), &value)) << line;
    values[line.substr(0, space)] = value;
  }
  return values;
}

TEST(ProcessMetrics, SayWhatTheSystemSays) {
  Metrics metrics;
  ReportProcess(metrics, "articles");
  auto before = Scrape(metrics);
  const double now = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  EXPECT_GT(before["process_start_time_seconds"], now - 3600);
  EXPECT_LT(before["process_start_time_seconds"], now + 2);
  EXPECT_GT(before["process_resident_memory_bytes"], 1 << 20);
  EXPECT_GT(before["process_virtual_memory_bytes"], before["process_resident_memory_bytes"]);
  EXPECT_GE(before["process_threads"], 1);
  EXPECT_GT(before["process_max_fds"], before["process_open_fds"]);

  const int descriptor = open("/dev/null", O_RDONLY);
  ASSERT_GE(descriptor, 0);
  EXPECT_EQ(Scrape(metrics)["process_open_fds"], before["process_open_fds"] + 1);
  close(descriptor);
}

TEST(ProcessMetrics, CpuTimeGrows) {
  Metrics metrics;
  ReportProcess(metrics, "articles");
  const double before = Scrape(metrics)["process_cpu_seconds_total"];
  double after = before;
  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  while (after <= before && absl::Now() < give_up)
    after = Scrape(metrics)["process_cpu_seconds_total"];
  EXPECT_GT(after, before);
}

TEST(ProcessMetrics, SayWhatWasBuilt) {
  Metrics metrics;
  ReportProcess(metrics, "articles");
  EXPECT_THAT(Version(), ::testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_THAT(Commit(), ::testing::MatchesRegex("[0-9a-f]+(-dirty)?|unknown"));
  EXPECT_EQ(Scrape(metrics)[absl::StrCat("cityinfo_build_info{commit=\"", Commit(),
                                         "\",service=\"articles\",version=\"", Version(), "\"}")],
            1);
}

TEST(ProcessMetrics, CountLogLines) {
  std::ostringstream out;
  log::Init({.level = log::Level::kInfo, .out = &out});
  Metrics metrics;
  ReportProcess(metrics, "articles");
  const char* const errors = "cityinfo_log_lines_total{level=\"error\"}";
  const char* const debugs = "cityinfo_log_lines_total{level=\"debug\"}";
  auto before = Scrape(metrics);
  log::Error("one");
  log::Error("two");
  log::Debug("not written");
  auto after = Scrape(metrics);
  log::Init({});
  EXPECT_EQ(after[errors] - before[errors], 2);
  EXPECT_EQ(after[debugs], before[debugs]);
}

TEST(HealthMetrics, FollowTheComponents) {
  Metrics metrics;
  health::Health health;
  health.Register("store", /*required=*/true);
  health::ReportHealth(health, metrics);
  auto values = Scrape(metrics);
  EXPECT_EQ(values["cityinfo_ready"], 0);
  EXPECT_EQ(values["cityinfo_component_state{component=\"store\",state=\"down\"}"], 1);

  health.Set("store", health::State::kOk);
  health.Set("redis", health::State::kDegraded, "away");
  values = Scrape(metrics);
  EXPECT_EQ(values["cityinfo_ready"], 1);
  EXPECT_EQ(values["cityinfo_component_state{component=\"store\",state=\"down\"}"], 0);
  EXPECT_EQ(values["cityinfo_component_state{component=\"store\",state=\"ok\"}"], 1);
  EXPECT_EQ(values["cityinfo_component_state{component=\"redis\",state=\"degraded\"}"], 1);
}

}  // namespace
}  // namespace cityinfo::telemetry
