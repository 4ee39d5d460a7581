#include "platform/rpc/service_config.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"
#include "google/api/annotations.pb.h"

namespace cityinfo::rpc {
namespace {

constexpr char kRetryPolicy[] =
    R"("retryPolicy":{"maxAttempts":3,"initialBackoff":"0.05s","maxBackoff":"0.5s",)"
    R"("backoffMultiplier":2,"retryableStatusCodes":["UNAVAILABLE"]})";
// A failure costs one token, a success gives a tenth of one back; no retries below half.
constexpr char kRetryBudget[] = R"("retryThrottling":{"maxTokens":40,"tokenRatio":0.1})";

bool IsRead(const google::protobuf::MethodDescriptor& method) {
  if (method.client_streaming() || method.server_streaming()) return false;
  const google::protobuf::MethodOptions& options = method.options();
  return options.GetExtension(google::api::http).has_get() ||
         options.idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
}

std::string NamesOfReads(const std::vector<std::string>& services) {
  std::string names;
  for (const std::string& name : services) {
    const google::protobuf::ServiceDescriptor* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) continue;
    for (int i = 0; i < service->method_count(); ++i) {
      if (!IsRead(*service->method(i))) continue;
      absl::StrAppend(&names, names.empty() ? "" : ",", "{\"service\":\"", name, "\",\"method\":\"",
                      service->method(i)->name(), "\"}");
    }
  }
  return names;
}

}  // namespace

std::string ServiceConfig(bool follow_health, const std::vector<std::string>& retry_reads_of) {
  std::string config = R"({"loadBalancingConfig":[{"round_robin":{}}])";
  if (follow_health) absl::StrAppend(&config, R"(,"healthCheckConfig":{"serviceName":""})");
  const std::string reads = NamesOfReads(retry_reads_of);
  if (!reads.empty()) {
    absl::StrAppend(&config, R"(,"methodConfig":[{"name":[)", reads, "],", kRetryPolicy, "}],",
                    kRetryBudget);
  }
  return config + "}";
}

}  // namespace cityinfo::rpc
