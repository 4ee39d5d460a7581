#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "cityinfo/articles/v1/article_service.pb.h"
#include "cityinfo/metrics/v1/metric_service.pb.h"
#include "platform/concurrency/worker_pool.h"
#include "platform/health/health.h"
#include "platform/rpc/server.h"
#include "platform/telemetry/metrics.h"
#include "services/gateway/app.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/gateway/raw_client.h"

namespace cityinfo::gateway {

// A gRPC server in this process whose methods a test fills in; those it leaves out are
// UNIMPLEMENTED.
class FakeService {
 public:
  FakeService() : server_({}, pool_, health_, metrics_) { health_.Register("store", true); }
  ~FakeService() { Stop(); }

  template <typename Request, typename Response>
  void On(
      const std::string& method,
      std::function<absl::StatusOr<Response>(const rpc::RequestContext&, const Request&)> handler) {
    server_.Unary<Request, Response>(
        method, [this, handler](const rpc::RequestContext& context, const Request& request) {
          {
            absl::MutexLock lock(&mutex_);
            contexts_.push_back(context);
          }
          return handler(context, request);
        });
  }

  template <typename Request, typename Response>
  void OnStream(const std::string& method,
                std::function<absl::StatusOr<Response>(const rpc::RequestContext&,
                                                       rpc::ServerReader<Request>&)>
                    handler) {
    server_.ClientStream<Request, Response>(method, std::move(handler));
  }

  void Start();
  void Stop();
  const std::string& address() const { return address_; }
  health::Health& health() { return health_; }

  // What every call so far brought along.
  std::vector<rpc::RequestContext> contexts() {
    absl::MutexLock lock(&mutex_);
    return contexts_;
  }

 private:
  concurrency::WorkerPool pool_{{.threads = 4}};
  health::Health health_;
  telemetry::Metrics metrics_;
  absl::Mutex mutex_;
  std::vector<rpc::RequestContext> contexts_ ABSL_GUARDED_BY(mutex_);
  rpc::Server server_;
  std::string address_;
  bool stopped_ = false;
};

// A whole gateway on a free port in front of two fake services.
class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest();

  // Call after the fakes have their methods.
  void StartGateway();
  // Waits until the gateway has heard from the services.
  bool WaitForStatus(const std::string& status);

  // One request on a connection of its own.
  RawResponse Ask(const std::string& request);
  std::string Key(const std::string& name) const {
    return "Authorization: Bearer " + keys_.at(name) + "\r\n";
  }

  GatewayConfig config_;
  testing::TempDir dir_;
  std::map<std::string, std::string> keys_;
  FakeService articles_;
  FakeService metrics_;
  std::unique_ptr<App> app_;
};

inline constexpr char kGetArticle[] = "/cityinfo.articles.v1.ArticleService/GetArticle";
inline constexpr char kListArticles[] = "/cityinfo.articles.v1.ArticleService/ListArticles";
inline constexpr char kCreateArticle[] = "/cityinfo.articles.v1.ArticleService/CreateArticle";
inline constexpr char kPublishArticle[] = "/cityinfo.articles.v1.ArticleService/PublishArticle";
inline constexpr char kImportArticles[] = "/cityinfo.articles.v1.ArticleService/ImportArticles";
inline constexpr char kSplitPage[] = "/cityinfo.articles.v1.ArticleService/SplitPage";
inline constexpr char kQueryObservations[] = "/cityinfo.metrics.v1.MetricService/QueryObservations";
inline constexpr char kListProgress[] = "/cityinfo.metrics.v1.MetricService/ListProgress";
inline constexpr char kListFigures[] = "/cityinfo.metrics.v1.MetricService/ListFigures";

}  // namespace cityinfo::gateway
