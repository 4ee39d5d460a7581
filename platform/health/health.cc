#include "platform/health/health.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/base/json_text.h"

namespace cityinfo::health {

Health::Subscription::Subscription(Subscription&& other) noexcept
    : health_(std::exchange(other.health_, nullptr)), id_(other.id_) {}

Health::Subscription& Health::Subscription::operator=(Subscription&& other) noexcept {
  std::swap(health_, other.health_);
  std::swap(id_, other.id_);
  return *this;
}

Health::Subscription::~Subscription() {
  if (health_ == nullptr) return;
  absl::MutexLock lock(&health_->mutex_);
  health_->listeners_.erase(id_);
}

void Health::Register(absl::string_view name, bool required) {
  absl::MutexLock lock(&mutex_);
  components_[std::string(name)] = {.name = std::string(name),
                                    .state = State::kDown,
                                    .required = required,
                                    .message = "starting"};
  NotifyIfChanged();
}

void Health::Set(absl::string_view name, State state, absl::string_view message) {
  absl::MutexLock lock(&mutex_);
  auto [it, added] = components_.try_emplace(std::string(name));
  Component& component = it->second;
  if (added) {
    component.name = std::string(name);
    component.required = false;
  }
  component.state = state;
  component.message = state == State::kOk ? "" : std::string(message);
  NotifyIfChanged();
}

void Health::StartDraining() {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
}

bool Health::AbleLocked() const {
  for (const auto& [name, component] : components_) {
    if (component.required && component.state == State::kDown) return false;
  }
  return true;
}

bool Health::Ready() const {
  absl::MutexLock lock(&mutex_);
  return AbleLocked() && !draining_;
}

Snapshot Health::GetSnapshot() const {
  absl::MutexLock lock(&mutex_);
  Snapshot snapshot{
      .ready = AbleLocked() && !draining_, .draining = draining_, .overall = State::kOk};
  for (const auto& [name, component] : components_) {
    if (component.state != State::kOk) snapshot.overall = State::kDegraded;
    snapshot.components.push_back(component);
  }
  if (!snapshot.ready) snapshot.overall = State::kDown;
  return snapshot;
}

Health::Subscription Health::Subscribe(Listener listener) {
  absl::MutexLock lock(&mutex_);
  listener(AbleLocked());
  const int id = next_listener_++;
  listeners_.emplace(id, std::move(listener));
  return Subscription(this, id);
}

// Listeners run under the lock: that is what keeps their calls in order and ends them with the
// subscription.
void Health::NotifyIfChanged() {
  const bool able = AbleLocked();
  if (able == announced_able_) return;
  announced_able_ = able;
  for (const auto& [id, listener] : listeners_) listener(able);
}

absl::string_view ToString(State state) {
  switch (state) {
    case State::kOk:
      return "ok";
    case State::kDegraded:
      return "degraded";
    case State::kDown:
      return "down";
  }
  return "down";
}

std::string ToJson(const Snapshot& snapshot) {
  std::string json =
      absl::StrCat("{\"status\":\"", ToString(snapshot.overall),
                   "\",\"ready\":", snapshot.ready ? "true" : "false",
                   ",\"draining\":", snapshot.draining ? "true" : "false", ",\"components\":[");
  const char* separator = "";
  for (const Component& component : snapshot.components) {
    absl::StrAppend(&json, separator, "{\"name\":");
    base::AppendJsonString(component.name, &json);
    absl::StrAppend(&json, ",\"status\":\"", ToString(component.state),
                    "\",\"required\":", component.required ? "true" : "false", ",\"message\":");
    base::AppendJsonString(component.message, &json);
    json.push_back('}');
    separator = ",";
  }
  return json + "]}";
}

}  // namespace cityinfo::health
