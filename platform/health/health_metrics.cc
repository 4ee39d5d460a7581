#include "platform/health/health_metrics.h"

#include <string>

namespace cityinfo::health {

void ReportHealth(const Health& health, telemetry::Metrics& metrics) {
  telemetry::Gauge& ready =
      metrics.GetGauge("cityinfo_ready", "1 while the service is ready, 0 otherwise.");
  metrics.OnRender([&health, &metrics, &ready] {
    const Snapshot snapshot = health.GetSnapshot();
    ready.Set(snapshot.ready ? 1 : 0);
    for (const Component& component : snapshot.components) {
      for (const State state : {State::kOk, State::kDegraded, State::kDown}) {
        metrics
            .GetGauge("cityinfo_component_state",
                      "1 for the state a component is in, 0 for the others.",
                      {{"component", component.name}, {"state", std::string(ToString(state))}})
            .Set(component.state == state ? 1 : 0);
      }
    }
  });
}

}  // namespace cityinfo::health
