#pragma once

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "platform/health/health.h"
#include "platform/rpc/method.h"
#include "platform/rpc/rpc_metrics.h"
#include "platform/rpc/server.h"
#include "platform/rpc/server_watchers.h"

namespace cityinfo::rpc {

class ServerCall;

// What stands behind Server: gRPC's asynchronous generic service, which hands over every call of
// every method as bytes, and the threads that wait on its completion queues. One ServerCall class
// therefore serves all methods, and a method unknown to us is just one that is not in the table.
class ServerEngine {
 public:
  // One row of the method table. `method` is null for the row that stands for all unknown methods.
  struct Entry {
    const Method* method = nullptr;
    std::unique_ptr<RpcMetrics> metrics;
  };

  ServerEngine(ServerOptions options, concurrency::WorkerPool& pool, health::Health& health,
               telemetry::Metrics& metrics);
  ~ServerEngine();

  void Add(Method method);
  absl::StatusOr<int> Start();
  absl::Status Shutdown(absl::Time deadline);

  // For ServerCall. The table does not change after Start.
  const ServerOptions& options() const { return options_; }
  const Entry& Find(const std::string& method) const;
  absl::Status NotAvailable(absl::string_view method) const;
  // Counts a ServerCall in, out again, and in between as arrived. The queues stay open while any is
  // counted. Admit's error says why the call must not be worked on; it is counted all the same.
  void Enter();
  absl::Status Admit(const Method* method);
  void Leave(bool in_flight);
  // Puts another ServerCall in the place of one that has arrived.
  void AcceptNext(grpc::ServerCompletionQueue& queue);
  absl::Status Submit(absl::AnyInvocable<void(absl::Status)> task, absl::Time deadline,
                      std::shared_ptr<const std::atomic<bool>> cancelled);
  // Run a stream's handler on a thread of its own; false when there is none to be had.
  bool StartWatcher(const std::shared_ptr<ServerCall>& call, std::function<void()> work);
  bool StartClientStream(const std::shared_ptr<ServerCall>& call, std::function<void()> work);
  void StreamEnded(ServerCall& call);
  // Takes a call of grpc.health.v1.Health/Watch in; it is offered every change of readiness until
  // StreamEnded.
  void WatchHealth(const std::shared_ptr<ServerCall>& call, const grpc::ByteBuffer& request);

 private:
  absl::Status BuildTable();
  static absl::Status CheckAgainstProtos(const Method& method);
  void AddHealthMethods();
  absl::StatusOr<grpc::ByteBuffer> CheckHealth(const grpc::ByteBuffer& request) const;
  // Whether a component of the health registry is OK; nullopt when there is none of this name.
  std::optional<bool> ComponentIsOk(absl::string_view name) const;
  // Tells everyone who watches health.
  void AnnounceHealth(bool serving) ABSL_LOCKS_EXCLUDED(mutex_);
  // Says NOT_SERVING and waits for those who watch health to have taken their calls elsewhere.
  void LeaveRotation(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mutex_);
  static void RunQueue(grpc::ServerCompletionQueue& queue);
  bool StartStream(const std::shared_ptr<ServerCall>& call, std::function<void()> work,
                   ServerWatchers& threads);
  void EndStreams(absl::Time deadline);
  bool IsIdle() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return in_flight_ == 0; }
  bool HasNoCalls() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return calls_ == 0; }

  const ServerOptions options_;
  concurrency::WorkerPool& pool_;
  health::Health& health_;
  telemetry::Metrics& telemetry_;

  std::vector<std::unique_ptr<Method>> methods_;
  absl::flat_hash_map<std::string, Entry> table_;
  Entry unknown_;
  std::set<std::string> services_;  // names the health service knows

  grpc::AsyncGenericService service_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::jthread> threads_;

  std::atomic<bool> stopping_{false};
  absl::Mutex mutex_;
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;      // ServerCall objects, those still waiting included
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;  // those that have arrived
  int64_t arrivals_ ABSL_GUARDED_BY(mutex_) = 0;
  bool serving_ ABSL_GUARDED_BY(mutex_) = false;  // as announced
  std::set<std::shared_ptr<ServerCall>> streams_ ABSL_GUARDED_BY(mutex_);
  std::set<std::shared_ptr<ServerCall>> health_watches_ ABSL_GUARDED_BY(mutex_);  // streams too
  absl::Mutex shutdown_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);  // one Shutdown at a time
  ServerWatchers watchers_;
  ServerWatchers client_streams_;
  health::Health::Subscription health_changes_;  // last: the first to go
};

}  // namespace cityinfo::rpc
