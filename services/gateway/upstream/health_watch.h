#pragma once

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/health/health.h"
#include "platform/rpc/client.h"

namespace cityinfo::gateway {

// Keeps the gateway's health registry up to date with what the services say of themselves through
// the gRPC health service, and logs when that changes. A service is well when one of its replicas
// is; the services are required; the components asked for by name (a cache)
// are passed on as degraded when they are not well or their service is down, and left out when the
// service does not have them.
class HealthWatch {
 public:
  struct Service {
    std::string name;  // "metrics"
    std::shared_ptr<grpc::Channel> channel;
    std::vector<std::string> components;  // {"redis", "harvest"}
  };

  struct Options {
    absl::Duration interval = absl::Milliseconds(500);
    // For one answer; a service that takes longer counts as down.
    absl::Duration timeout = absl::Milliseconds(400);
  };

  // Asks for the first time at once, on a thread of its own. `health` must outlive the watch.
  HealthWatch(const Options& options, const std::vector<Service>& services, health::Health* health);
  // Stops; waits for at most one round of answers.
  ~HealthWatch();
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

 private:
  struct Watched {
    Service service;
    rpc::RawClient client;
    std::string reported = "starting";  // what was last logged of it
    // Components the service has said it does not have; asked for again once it has been away.
    std::set<std::string> unknown;
  };

  void Run();
  void Ask(Watched& watched);
  void Report(Watched& watched, health::State state, const std::string& message);
  void AskFor(const std::string& component, bool service_answers, Watched& watched);
  // Sends the question; the answer says whether `name` (a component, or "" for the service) is
  // well.
  absl::StatusOr<bool> IsServing(Watched& watched, const std::string& name);

  const Options options_;
  health::Health* const health_;
  std::vector<Watched> watched_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace cityinfo::gateway
