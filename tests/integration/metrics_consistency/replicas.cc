#include "tests/integration/metrics_consistency/replicas.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "platform/base/status_macros.h"
#include "tests/integration/articles/admin_page.h"

namespace cityinfo::metrics {

absl::Status Replicas::Start(const std::vector<std::string>& args) {
  CITY_ASSIGN_OR_RETURN(postgres_, testing::PostgresServer::Start());
  CITY_ASSIGN_OR_RETURN(const std::string url, postgres_->NewDatabase("metrics"));
  for (std::unique_ptr<MetricsProcess>& process : processes_) {
    std::vector<std::string> all = args;
    all.push_back(absl::StrCat("--store=", url));
    CITY_ASSIGN_OR_RETURN(process, MetricsProcess::Start(dir_.path().string(), std::move(all)));
  }
  return absl::OkStatus();
}

double Replicas::Metric(int replica, const std::string& series) const {
  const std::string page = articles::AdminGet(processes_[replica]->admin_port(), "/metrics");
  double value = 0;
  for (absl::string_view line : absl::StrSplit(page, '\n')) {
    if (absl::ConsumePrefix(&line, series + " ")) (void)absl::SimpleAtod(line, &value);
  }
  return value;
}

double Replicas::Sum(const std::string& series) const {
  double sum = 0;
  for (int replica = 0; replica < kCount; ++replica) sum += Metric(replica, series);
  return sum;
}

}  // namespace cityinfo::metrics
