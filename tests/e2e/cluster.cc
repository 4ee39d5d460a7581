#include "tests/e2e/cluster.h"

#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "platform/base/digest.h"
#include "platform/base/error.h"
#include "platform/base/status_macros.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

constexpr absl::Duration kReadyBound = absl::Seconds(30);
constexpr char kKey[] = "key-of-this-test-only";

}  // namespace

Replica::Replica(std::string program, std::string name, std::vector<std::string> args,
                 const testing::TempDir& dir)
    : program_(std::move(program)), name_(std::move(name)), args_(std::move(args)), dir_(dir) {}

absl::Status Replica::Start() {
  const std::string port_file = dir_.File(name_ + ".ports");
  std::filesystem::remove(port_file);
  std::vector<std::string> args = {absl::StrCat("--listen=127.0.0.1:", port_),
                                   absl::StrCat("--admin-listen=127.0.0.1:", admin_port_),
                                   absl::StrCat("--port-file=", port_file),
                                   // Longer than a client takes to see that a replica is back.
                                   "--drain-delay=1s"};
  // Where the store is PostgreSQL, the index would be in the data folder, which all share.
  if (program_ == "articles") {
    args.push_back(absl::StrCat("--search-index=", dir_.File(name_ + "-search.db")));
  }
  args.insert(args.end(), args_.begin(), args_.end());
  CITY_ASSIGN_OR_RETURN(
      process_, testing::ChildProcess::Start(
                    {.binary = testing::ProgramPath("cityinfo-" + program_), .args = args}));
  const std::string port_name = program_ == "gateway" ? "http" : "grpc";
  CITY_ASSIGN_OR_RETURN(port_, testing::WaitForPort(port_file, port_name, *process_, kReadyBound));
  CITY_ASSIGN_OR_RETURN(admin_port_,
                        testing::WaitForPort(port_file, "admin", *process_, kReadyBound));
  return absl::OkStatus();
}

std::string Replica::address() const { return absl::StrCat("127.0.0.1:", port_); }

std::string Replica::admin_url() const { return absl::StrCat("http://127.0.0.1:", admin_port_); }

bool Replica::Ready() const {
  const auto answer = cli::HttpClient({.base_url = admin_url()}).Send("GET", "/readyz");
  return answer.ok() && answer->status == 200;
}

double Replica::Number(const std::string& part) const {
  const auto answer = cli::HttpClient({.base_url = admin_url()}).Send("GET", "/metrics");
  double sum = 0;
  if (!answer.ok()) return sum;
  for (const absl::string_view line : absl::StrSplit(answer->body, '\n')) {
    double value = 0;
    if (absl::StrContains(line, part) &&
        absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value)) {
      sum += value;
    }
  }
  return sum;
}

absl::StatusOr<std::unique_ptr<Cluster>> Cluster::Start() {
  std::unique_ptr<Cluster> cluster(new Cluster);
  CITY_ASSIGN_OR_RETURN(cluster->postgres_, testing::PostgresServer::Start());
  CITY_ASSIGN_OR_RETURN(const std::string url, cluster->postgres_->NewDatabase("city"));
  const testing::TempDir& dir = cluster->dir_;
  const std::string store = absl::StrCat("--store=", url);
  for (const char* name : {"articles-0", "articles-1"}) {
    auto replica =
        std::make_unique<Replica>("articles", name, std::vector<std::string>{store}, dir);
    CITY_RETURN_IF_ERROR(replica->Start());
    cluster->articles_.push_back(std::move(replica));
  }
  const std::string articles = absl::StrCat("--articles=", TargetOf(cluster->articles_));
  for (const char* name : {"metrics-0", "metrics-1"}) {
    auto replica =
        std::make_unique<Replica>("metrics", name, std::vector<std::string>{store, articles}, dir);
    CITY_RETURN_IF_ERROR(replica->Start());
    cluster->metrics_.push_back(std::move(replica));
  }
  const std::string keys =
      dir.Write("keys", absl::StrCat("editor:editor:", base::Sha256Hex(kKey), "\n"));
  cluster->gateway_ = std::make_unique<Replica>(
      "gateway", "gateway",
      std::vector<std::string>{articles, absl::StrCat("--metrics=", TargetOf(cluster->metrics_)),
                               absl::StrCat("--keys=", keys)},
      dir);
  CITY_RETURN_IF_ERROR(cluster->gateway_->Start());
  if (testing::WaitUntil([&] { return cluster->gateway_->Ready(); }, kReadyBound)) return cluster;
  return base::Unavailable("NOT_READY", cluster->gateway_->process().Stderr());
}

std::string Cluster::TargetOf(const std::vector<std::unique_ptr<Replica>>& replicas) {
  return absl::StrJoin(replicas, ",", [](std::string* out, const std::unique_ptr<Replica>& one) {
    out->append(one->address());
  });
}

cli::ApiClient Cluster::Client() const {
  return cli::ApiClient({.base_url = "http://" + gateway_->address(), .key = kKey});
}

}  // namespace cityinfo::e2e
