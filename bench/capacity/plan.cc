#include "bench/capacity/plan.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <utility>

#include "bench/capacity/queueing.h"

namespace cityinfo::bench {
namespace {

constexpr double kHour = 3600;

// What other programs do is cut into pieces of this length: about what the scheduler lets one run
// when another waits.
constexpr double kPieceSeconds = 0.003;

double Sum(const std::map<std::string, double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [](double sum, const auto& entry) { return sum + entry.second; });
}

double Of(const std::map<std::string, double>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? 0 : found->second;
}

// How often a request of the mix is of each kind. Series are split by where their answers come
// from, as far as that was measured.
std::map<std::string, double> Shares(const Measurements& measured, const Rules& rules) {
  const double all = Sum(measured.session);
  std::map<std::string, double> shares;
  for (const auto& [kind, times] : measured.session) shares[kind] = times / all;
  if (!measured.kinds.contains("series_redis") || !measured.kinds.contains("series_store")) {
    return shares;
  }
  const double series = shares["series"];
  shares["series"] = series * rules.from_memory;
  shares["series_redis"] = series * rules.from_redis;
  shares["series_store"] = series * rules.from_store;
  return shares;
}

// The part of a request's latency that is nobody's work.
double Delay(const MeasuredKind& kind) {
  const double middle = kind.single_latencies[kind.single_latencies.size() / 2];
  return std::max(0.0, middle - Sum(kind.single_cpu_seconds));
}

Component Sized(const std::string& name, double demand, int cores, const Rules& rules) {
  const double one = cores;
  const int for_target = static_cast<int>(std::ceil(demand / (one * rules.target)));
  const int for_loss = static_cast<int>(std::ceil(demand / (one * rules.target_one_lost))) + 1;
  Component component{.name = name, .cores = cores, .demand = demand, .decided_by = "CPU"};
  component.replicas = std::max({for_target, for_loss, rules.least_replicas});
  if (component.replicas > for_target) component.decided_by = "availability";
  return component;
}

// The latencies without any queue: every class's distribution, in its share.
double UnloadedQuantile(const Network& network, double q) {
  constexpr int kSteps = 2000;
  std::vector<std::pair<double, double>> latencies;  // and weight
  double all = 0;
  for (const Network::RequestClass& cls : network.classes) {
    double service = 0;
    for (const Network::Visit& visit : cls.visits) service += visit.seconds;
    for (int i = 0; i < kSteps; ++i) {
      latencies.emplace_back(
          cls.delay_seconds + service * cls.variation.Quantile((i + 0.5) / kSteps), cls.share);
      all += cls.share;
    }
  }
  std::sort(latencies.begin(), latencies.end());
  double below = 0;
  for (const auto& [latency, weight] : latencies) {
    below += weight;
    if (below >= q * all) return latency;
  }
  return latencies.back().first;
}

// Mean time a request waits in all its queues, each station taken as M/G/c on its own.
double ExpectedWait(const Network& network, double rate) {
  double shares = 0;
  for (const Network::RequestClass& cls : network.classes) shares += cls.share;
  double wait = 0;
  for (size_t i = 0; i < network.stations.size(); ++i) {
    double visits = 0, seconds = 0, squares = 0;  // per request
    for (const Network::RequestClass& cls : network.classes) {
      for (const Network::Visit& visit : cls.visits) {
        if (visit.station != static_cast<int>(i)) continue;
        const double weight = cls.share / shares;
        visits += weight;
        seconds += weight * visit.seconds;
        squares += weight * visit.seconds * visit.seconds * (1 + cls.variation.squared_variation());
      }
    }
    if (visits <= 0) continue;
    const double mean = seconds / visits;
    const double variation = squares / visits / (mean * mean) - 1;
    const double load = rate * seconds / network.stations[i].replicas;
    wait += visits * MeanWait(network.stations[i].servers, load, mean, variation);
  }
  return wait;
}

}  // namespace

double City::PeakSessions() const {
  return phones * active_share * sessions_a_day * peak_hour_share / kHour * peak_factor;
}

const Component& Plan::At(const std::string& name) const {
  return *std::find_if(components.begin(), components.end(),
                       [&](const Component& component) { return component.name == name; });
}

Plan MakePlan(const City& city, const Measurements& measured, const Rules& rules) {
  Plan plan{.city = city, .rate = city.PeakSessions() * Sum(measured.session)};
  plan.sockets = city.PeakSessions() * (city.session_seconds + rules.idle_seconds);
  std::map<std::string, double> demand;
  for (const auto& [name, share] : Shares(measured, rules)) {
    const MeasuredKind& kind = measured.kinds.at(name);
    for (const auto& [process, seconds] : kind.cpu_seconds) {
      demand[process] += plan.rate * share * seconds;
    }
    if (name == "article_page" || name == "search") {
      plan.primary_demand += plan.rate * share * Of(kind.cpu_seconds, "postgresql");
    }
    plan.bytes += plan.rate * share * kind.bytes;
    // A miss in memory asks Redis; one there fills it.
    if (name == "series_redis") plan.redis_commands += plan.rate * share;
    if (name == "series_store") plan.redis_commands += plan.rate * share * 2;
  }

  Component gateway = Sized("gateway", demand["gateway"], rules.cores_per_replica, rules);
  const int for_sockets = static_cast<int>(
      std::ceil(plan.sockets / (rules.gateway_connections * rules.connection_headroom)));
  if (for_sockets > gateway.replicas) {
    gateway.replicas = for_sockets;
    gateway.decided_by = "connections";
  }
  const Component articles = Sized("articles", demand["articles"], rules.cores_per_replica, rules);
  const Component metrics = Sized("metrics", demand["metrics"], rules.cores_per_replica, rules);
  // Redis works on one core, and one master has it all; the others are there to take over.
  const Component redis{.name = "redis", .demand = demand["redis"], .decided_by = "availability"};
  // The primary, one standby to take over, and more standbys when the reads they may answer need
  // them.
  int database_cores = rules.least_database_cores;
  while (plan.primary_demand > database_cores * rules.target) database_cores *= 2;
  const Component database = Sized("postgresql", demand["postgresql"], database_cores, rules);
  plan.components = {gateway, articles, metrics, redis, database};

  plan.store_connections = (articles.replicas + metrics.replicas) * (rules.store_connections + 1);
  plan.channels = gateway.replicas * (articles.replicas + metrics.replicas) +
                  metrics.replicas * articles.replicas;
  plan.gateway_memory_for_sockets =
      plan.sockets / gateway.replicas * measured.idle_connection_bytes;

  const Network network = PlannedNetwork(plan, measured, rules);
  plan.p99 = UnloadedQuantile(network, 0.99) + ExpectedWait(network, plan.rate);
  return plan;
}

std::vector<Ceiling> Ceilings(const Measurements& measured, const Rules& rules) {
  constexpr double kPhones = 1e6;
  const Plan plan = MakePlan({.phones = kPhones}, measured, rules);
  std::vector<Ceiling> ceilings;
  const auto add = [&](std::string what, double capacity, double demand) {
    if (demand > 0) ceilings.push_back({std::move(what), kPhones * capacity / demand});
  };
  for (const auto& [connections, name] :
       {std::pair{rules.default_gateway_connections, "as it is set by default"},
        std::pair{rules.gateway_connections, "as planned here"}}) {
    add("connections of one gateway, " + std::string(name), connections * rules.connection_headroom,
        plan.sockets);
  }
  for (const Component& component : plan.components) {
    add("CPU of one " + component.name, component.cores * rules.target, component.demand);
  }
  std::sort(ceilings.begin(), ceilings.end(),
            [](const Ceiling& a, const Ceiling& b) { return a.phones < b.phones; });
  return ceilings;
}

Network PlannedNetwork(const Plan& plan, const Measurements& measured, const Rules& rules) {
  Network network;
  std::map<std::string, int> station;
  for (const Component& component : plan.components) {
    station[component.name] = static_cast<int>(network.stations.size());
    network.stations.push_back(
        {.name = component.name, .replicas = component.replicas, .servers = component.cores});
  }
  for (const auto& [name, share] : Shares(measured, rules)) {
    const MeasuredKind& kind = measured.kinds.at(name);
    Network::RequestClass cls{.name = name,
                              .share = share,
                              .delay_seconds = Delay(kind),
                              .variation = ServiceTime::FromQuantiles(kind.single_latencies)};
    // In and out through the gateway; the services one after the other, although a composed answer
    // asks them side by side: latencies come out somewhat high.
    const auto visit = [&](const std::string& process, double part) {
      const double seconds = Of(kind.cpu_seconds, process) * part;
      if (seconds > 0) cls.visits.push_back({.station = station[process], .seconds = seconds});
    };
    visit("gateway", 0.5);
    for (const char* process : {"articles", "metrics", "redis", "postgresql"}) visit(process, 1);
    visit("gateway", 0.5);
    network.classes.push_back(std::move(cls));
  }
  return network;
}

Network MeasuredMachine(const Measurements& measured, double others) {
  Network network{.stations = {{.name = "machine", .servers = measured.cores}}};
  for (const auto& [name, times] : measured.session) {
    const MeasuredKind& kind = measured.kinds.at(name);
    Network::RequestClass cls{.name = name,
                              .share = times,
                              .delay_seconds = Delay(kind),
                              .variation = ServiceTime::FromQuantiles(kind.single_latencies)};
    for (const auto& [process, seconds] : kind.cpu_seconds) {
      if (seconds > 0) cls.visits.push_back({.station = 0, .seconds = seconds});
    }
    network.classes.push_back(std::move(cls));
  }
  network.background = {{.station = 0, .rate = others / kPieceSeconds, .seconds = kPieceSeconds}};
  return network;
}

}  // namespace cityinfo::bench
