#pragma once

#include <string>
#include <vector>

#include "bench/capacity/measurements.h"
#include "bench/capacity/simulation.h"

namespace cityinfo::bench {

// What a city asks for. The shares are assumptions; docs/scaling.md gives the reasons.
struct City {
  double phones = 0;
  double active_share = 0.30;     // phones with at least one session on a day
  double sessions_a_day = 4;      // of an active phone
  double peak_hour_share = 0.10;  // of a day's sessions
  double peak_factor = 2;         // the busiest minute beside the mean of that hour
  double session_seconds = 120;   // how long a phone keeps its connection busy

  // Sessions that begin in a second of the busiest minute.
  double PeakSessions() const;
};

// How the installation is cut, and how full it may get.
struct Rules {
  int cores_per_replica = 2;  // of gateway, articles and metrics: the limit in deploy/kustomize
  // Of one PostgreSQL server; twice and twice again where the primary's own part needs it.
  int least_database_cores = 8;
  double target = 0.60;           // utilisation at the peak
  double target_one_lost = 0.90;  // the same while one replica is away
  int least_replicas = 2;
  int gateway_connections = 20'000;  // --max-connections, as operators should set it
  int default_gateway_connections = 4096;
  double connection_headroom = 0.75;  // of those, at the peak
  double idle_seconds = 60;           // the gateway keeps an idle connection this long
  int store_connections = 8;          // --store-connections, of articles and of metrics
  // Where the answers to series come from: the process's memory, Redis, the store.
  double from_memory = 0.90, from_redis = 0.08, from_store = 0.02;
};

struct Component {
  std::string name;
  int replicas = 1;
  int cores = 1;           // of each replica
  double demand = 0;       // cores busy at the peak
  std::string decided_by;  // "CPU", "connections", "availability"
  double Utilisation() const { return demand / (replicas * cores); }
};

// What a city needs, computed from measured costs.
struct Plan {
  City city;
  double rate = 0;                    // requests/s at the peak
  double sockets = 0;                 // phones connected to the gateways at the peak
  double bytes = 0;                   // bytes/s the gateways send
  std::vector<Component> components;  // gateway, articles, metrics, redis, postgresql

  // The part of PostgreSQL's work that must be the primary's: articles read by name, for their page
  // and for what search found. Lists and series may come from standbys.
  double primary_demand = 0;
  double redis_commands = 0;              // per second
  int store_connections = 0;              // to PostgreSQL: pools and one watcher of each process
  int channels = 0;                       // gRPC connections
  double gateway_memory_for_sockets = 0;  // bytes, of one gateway

  double p99 = 0;  // seconds, predicted: service and waits, without the network to the phone

  const Component& At(const std::string& name) const;
};

Plan MakePlan(const City& city, const Measurements& measured, const Rules& rules);

// How many phones one unit of something carries before it is as full as the rules allow.
struct Ceiling {
  std::string what;
  double phones = 0;
};

// What saturates first, first.
std::vector<Ceiling> Ceilings(const Measurements& measured, const Rules& rules);

// The planned installation as a network of queues, and the load of its peak.
Network PlannedNetwork(const Plan& plan, const Measurements& measured, const Rules& rules);

// The machine the load run was made on: all processes, the load generator included, share its
// cores with what else ran (`others` cores).
Network MeasuredMachine(const Measurements& measured, double others);

}  // namespace cityinfo::bench
