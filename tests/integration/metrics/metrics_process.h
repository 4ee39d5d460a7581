#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cityinfo/metrics/v1/metric_service.grpc.pb.h"
#include "platform/rpc/client.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

namespace cityinfo::metrics {

// The real cityinfo-metrics over a folder of the test's own, and a way to call it.
class MetricsProcess {
 public:
  // `data_dir` outlives the process, so that it can be started again over the same data.
  static absl::StatusOr<std::unique_ptr<MetricsProcess>> Start(
      const std::string& data_dir, std::vector<std::string> extra_args = {});

  v1::MetricService::Stub& stub() { return *stub_; }
  cityinfo::testing::ChildProcess& process() { return *process_; }
  int grpc_port() const { return grpc_port_; }
  int admin_port() const { return admin_port_; }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::MetricService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const std::type_identity_t<Request>& request) {
    return rpc::CallUnary(*stub_, method, rpc::CallOptions{.wait_for_ready = true}, request);
  }

 private:
  MetricsProcess() = default;

  cityinfo::testing::TempDir dir_;
  std::unique_ptr<cityinfo::testing::ChildProcess> process_;
  int grpc_port_ = 0;
  int admin_port_ = 0;
  std::unique_ptr<v1::MetricService::Stub> stub_;
};

}  // namespace cityinfo::metrics
