#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace cityinfo::health {

enum class State { kOk, kDegraded, kDown };

struct Component {
  std::string name;  // "store", "redis", "articles"
  State state = State::kDown;
  // Whether the service can answer at all without it. A cache is not required.
  bool required = true;
  std::string message;  // why it is not OK; shown to operators
};

struct Snapshot {
  bool ready = false;
  bool draining = false;
  // kOk when every component is; kDown when not ready; else kDegraded.
  State overall = State::kDown;
  std::vector<Component> components;  // by name
};

// What a service knows about its own health: named components, each reported by whoever works with
// it. The service is able when every required component is up (OK or degraded), and ready when it
// is able and not draining. No component that is not required ever changes that. Thread-safe.
//
// Draining is for those who route newcomers (probes, DNS); whoever is here already may stay until
// the server itself stops, for the others may not be up yet. So listeners hear of being able only.
class Health {
 public:
  using Listener = std::function<void(bool able)>;

  // Ends the subscription when destroyed; the listener is not running and never runs again after
  // that.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

   private:
    friend class Health;
    Subscription(Health* health, int id) : health_(health), id_(id) {}
    Health* health_ = nullptr;
    int id_ = 0;
  };

  // Makes a component known. Until it first reports it is down, "starting".
  void Register(absl::string_view name, bool required);
  // Reports. An unknown name is registered as not required. `message` is kept only when not OK.
  void Set(absl::string_view name, State state, absl::string_view message = "");
  // First step of a shutdown: not ready from now on, for good.
  void StartDraining();

  bool Ready() const;
  Snapshot GetSnapshot() const;

  // Calls `listener` with whether the service is able, now and on every change, one call at a time
  // and in order. It must be quick and must not call back into this Health. Must not outlive this
  // Health.
  [[nodiscard]] Subscription Subscribe(Listener listener);

 private:
  bool AbleLocked() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void NotifyIfChanged() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<std::string, Component> components_ ABSL_GUARDED_BY(mutex_);
  std::map<int, Listener> listeners_ ABSL_GUARDED_BY(mutex_);
  int next_listener_ ABSL_GUARDED_BY(mutex_) = 1;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool announced_able_ ABSL_GUARDED_BY(mutex_) = true;  // as without components
};

// "ok", "degraded", "down".
absl::string_view ToString(State state);

// {"status":"degraded","ready":true,"draining":false,
//  "components":[{"name":"redis","status":"down","required":false,"message":"refused"}]}
std::string ToJson(const Snapshot& snapshot);

}  // namespace cityinfo::health
