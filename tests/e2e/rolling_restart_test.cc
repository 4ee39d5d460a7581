// Every replica is restarted in turn while the city is used: nobody notices.
#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "cityinfo/articles/v1/article_service.grpc.pb.h"
#include "cityinfo/metrics/v1/metric_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "platform/rpc/client.h"
#include "tests/e2e/cluster.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wait_until.h"

namespace cityinfo::e2e {
namespace {

using cli::Json;
using testing::WaitUntil;

constexpr int kCalls = 20'000;
// What must pass while a replica is away, and before the next one goes.
constexpr int kCallsMeanwhile = 500;
constexpr absl::Duration kPatience = absl::Seconds(60);

Json ArticleNumber(int number) {
  return Json{
      {"title", absl::StrCat("第", number, "条消息")},
      {"publication", "测试报"},
      {"place", "522601"},
      {"publishDate", {{"year", 2021}, {"month", 1 + number % 12}, {"day", 1 + number % 28}}},
      {"blocks",
       Json::array({Json{{"kind", "PARAGRAPH"}, {"text", absl::StrCat("编号", number, "。")}}})}};
}

// Callers that never try again by themselves; each on a thread and connections of its own.
class Load {
 public:
  // `call` says how it went; called again and again.
  void Add(std::function<absl::Status()> call) {
    callers_.emplace_back([this, call = std::move(call)] {
      while (!stop_) {
        const absl::Status status = call();
        ++made_;
        if (!status.ok()) Note(status);
      }
    });
  }
  // Ends and waits for the callers.
  void Stop() {
    stop_ = true;
    callers_.clear();
  }
  int made() const { return made_; }
  int failed() const {
    absl::MutexLock lock(&mutex_);
    int sum = 0;
    for (const auto& [what, times] : failures_) sum += times;
    return sum;
  }
  std::string Failures() const {
    absl::MutexLock lock(&mutex_);
    std::string text;
    for (const auto& [what, times] : failures_) absl::StrAppend(&text, times, " x ", what, "\n");
    return text;
  }

 private:
  void Note(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    ++failures_[status.ToString()];
  }

  std::atomic<bool> stop_{false};
  std::atomic<int> made_{0};
  mutable absl::Mutex mutex_;
  std::map<std::string, int> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::jthread> callers_;
};

absl::Status StatusOf(const absl::StatusOr<cli::HttpResponse>& response) {
  if (!response.ok()) return response.status();
  return response->status == 200 ? absl::OkStatus() : cli::StatusOfError(*response);
}

class RollingRestart : public ::testing::Test {
 protected:
  void SetUp() override {
    auto cluster = Cluster::Start();
    ASSERT_OK(cluster);
    cluster_ = *std::move(cluster);
    auto first = Create(0);
    ASSERT_OK(first);
    first_ = *first;
  }

  // A write with a request id; the name of the article.
  absl::StatusOr<std::string> Create(int number) {
    auto client = cluster_->Client();
    return Create(client, number);
  }
  static absl::StatusOr<std::string> Create(cli::ApiClient& client, int number) {
    const std::string target = cli::Target(
        "/v1/articles", {{"publish", "true"}, {"request_id", absl::StrCat("message-", number)}});
    const auto response = client.http().Send("POST", target, ArticleNumber(number).dump());
    if (absl::Status status = StatusOf(response); !status.ok()) return status;
    return Json::parse(response->body)["name"].get<std::string>();
  }

  void ReadOverHttp(const std::vector<std::string>& targets) {
    load_.Add([client = std::make_shared<cli::ApiClient>(
                   cli::HttpClient::Options{.base_url = "http://" + cluster_->gateway().address()}),
               targets, turn = size_t{0}]() mutable {
      return StatusOf(client->http().Send("GET", targets[turn++ % targets.size()]));
    });
  }

  template <typename Service, typename Request, typename Response>
  void ReadDirectly(const std::string& target,
                    grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                    const std::type_identity_t<Request>& request) {
    load_.Add(
        [stub = std::shared_ptr(Service::NewStub(rpc::MakeChannel(target))), method, request] {
          return rpc::CallUnary(*stub, method, rpc::CallOptions{}, request).status();
        });
  }

  void StartLoad() {
    for (int i = 0; i < 3; ++i) {
      ReadOverHttp({"/v1/" + first_, "/v1/articles?page_size=5", "/v1/observations?indicators=gdp",
                    "/v1/indicators/gdp", "/readyz"});
    }
    articles::v1::GetArticleRequest article;
    article.set_name(first_);
    metrics::v1::QueryObservationsRequest query;
    query.add_indicators("gdp");
    for (int i = 0; i < 2; ++i) {
      ReadDirectly<articles::v1::ArticleService>(Cluster::TargetOf(cluster_->articles()),
                                                 &articles::v1::ArticleService::Stub::GetArticle,
                                                 article);
      ReadDirectly<metrics::v1::MetricService>(Cluster::TargetOf(cluster_->metrics()),
                                               &metrics::v1::MetricService::Stub::QueryObservations,
                                               query);
    }
    load_.Add(
        [this, client = std::shared_ptr<cli::ApiClient>(new cli::ApiClient(cluster_->Client()))] {
          absl::StatusOr<std::string> name = Create(*client, ++last_number_);
          if (name.ok()) written_[last_number_] = *name;
          return name.status();
        });
  }

  bool AwaitCalls(int more) {
    const int until = load_.made() + more;
    return WaitUntil([&] { return load_.made() >= until; }, kPatience);
  }

  // SIGTERM under load, a while without it, and back again until it has its share of the calls.
  void Restart(Replica& replica) {
    SCOPED_TRACE(replica.name());
    replica.process().Terminate();
    const auto exit = replica.process().Wait(kPatience);
    ASSERT_TRUE(exit.has_value());
    EXPECT_EQ(exit->signal, 0);
    EXPECT_EQ(exit->code, 0) << replica.process().Stderr();
    EXPECT_TRUE(AwaitCalls(kCallsMeanwhile)) << "with one replica less";
    ASSERT_OK(replica.Start());
    EXPECT_TRUE(WaitUntil([&] { return replica.Ready(); }, kPatience));
    const std::string served = "cityinfo_rpc_requests_total{code=\"OK\",method=\"/cityinfo.";
    EXPECT_TRUE(WaitUntil([&] { return replica.Number(served) > 100; }, kPatience))
        << "a replica that is back gets calls";
  }

  std::unique_ptr<Cluster> cluster_;
  std::string first_;  // "articles/…"
  // Of the one thread that writes, and when it has ended.
  int last_number_ = 0;
  std::map<int, std::string> written_;
  Load load_;  // last: its threads end first
};

TEST_F(RollingRestart, LosesNoCall) {
  StartLoad();
  ASSERT_TRUE(AwaitCalls(kCallsMeanwhile));
  for (auto* replicas : {&cluster_->articles(), &cluster_->metrics()}) {
    for (const std::unique_ptr<Replica>& replica : *replicas) Restart(*replica);
  }
  EXPECT_TRUE(AwaitCalls(std::max(kCallsMeanwhile, kCalls - load_.made())));
  load_.Stop();
  EXPECT_GE(load_.made(), kCalls);
  EXPECT_EQ(load_.failed(), 0) << "of " << load_.made() << ":\n" << load_.Failures();
  RecordProperty("calls", load_.made());

  // What was acknowledged is there, once.
  EXPECT_GT(written_.size(), 20u);
  auto client = cluster_->Client();
  for (const auto& [number, name] : written_) {
    const auto article = client.Get("/v1/" + name);
    ASSERT_OK(article);
    EXPECT_EQ((*article)["title"], absl::StrCat("第", number, "条消息"));
  }
  const auto all = client.GetAll("/v1/articles", {{"page_size", "100"}}, "articles", 100'000);
  ASSERT_OK(all);
  EXPECT_EQ((*all)["articles"].size(), written_.size() + 1);

  cluster_->gateway().process().Terminate();
  const auto exit = cluster_->gateway().process().Wait(kPatience);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->code, 0);
  EXPECT_EQ(exit->signal, 0);
}

}  // namespace
}  // namespace cityinfo::e2e
