#include "services/gateway/upstream/health_watch.h"

#include <google/protobuf/wrappers.pb.h>

#include "absl/strings/str_cat.h"
#include "platform/base/error.h"
#include "platform/log/log.h"

namespace cityinfo::gateway {
namespace {

constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";

}  // namespace

HealthWatch::HealthWatch(const Options& options, const std::vector<Service>& services,
                         health::Health* health)
    : options_(options), health_(health) {
  for (const Service& service : services) {
    watched_.push_back({service, rpc::RawClient(service.channel)});
    health_->Register(service.name, /*required=*/true);
  }
  thread_ = std::jthread([this] { Run(); });
}

HealthWatch::~HealthWatch() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
}

void HealthWatch::Run() {
  while (true) {
    for (Watched& watched : watched_) Ask(watched);
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.interval);
    if (stopping_) return;
  }
}

void HealthWatch::Ask(Watched& watched) {
  const absl::StatusOr<bool> serving = IsServing(watched, "");
  // The channel asks only replicas that say they are able. One that answers "not serving" all the
  // same is about to stop, which is no trouble while it still serves.
  if (serving.ok()) {
    Report(watched, health::State::kOk, "");
  } else {
    Report(watched, health::State::kDown, "no replica is ready");
    watched.unknown.clear();
  }
  for (const std::string& component : watched.service.components) {
    if (!watched.unknown.contains(component)) AskFor(component, serving.ok(), watched);
  }
}

void HealthWatch::Report(Watched& watched, health::State state, const std::string& message) {
  const std::string& name = watched.service.name;
  health_->Set(name, state, message);
  if (watched.reported == message) return;
  watched.reported = message;
  if (state == health::State::kOk) {
    log::Info("service is ready", {{"service", name}});
  } else {
    log::Warning("service is not ready", {{"service", name}, {"why", message}});
  }
}

void HealthWatch::AskFor(const std::string& component, bool service_answers, Watched& watched) {
  const std::string& name = watched.service.name;
  if (!service_answers) {
    return health_->Set(component, health::State::kDegraded,
                        absl::StrCat("unknown, ", name, " does not answer"));
  }
  const absl::StatusOr<bool> well = IsServing(watched, component);
  if (absl::IsNotFound(well.status())) {
    watched.unknown.insert(component);
  } else if (well.ok() && *well) {
    health_->Set(component, health::State::kOk);
  } else {
    health_->Set(component, health::State::kDegraded, absl::StrCat(name, " says it is not well"));
  }
}

absl::StatusOr<bool> HealthWatch::IsServing(Watched& watched, const std::string& name) {
  // grpc.health.v1.HealthCheckRequest{string service = 1} and its answer {ServingStatus status = 1}
  // are, on the wire, the well-known StringValue and Int32Value.
  constexpr int kServing = 1;
  google::protobuf::StringValue request;
  request.set_value(name);
  absl::StatusOr<std::string> bytes = watched.client.Call(
      kHealthCheck, {.deadline = absl::Now() + options_.timeout}, request.SerializeAsString());
  if (!bytes.ok()) return bytes.status();
  google::protobuf::Int32Value answer;
  if (!answer.ParseFromString(*bytes)) return absl::InternalError("not a HealthCheckResponse");
  return answer.value() == kServing;
}

}  // namespace cityinfo::gateway
