#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/capacity/service_time.h"

namespace cityinfo::bench {

// A network of queues: what a simulated installation consists of.
struct Network {
  // Equal replicas behind a round robin; each has a queue, first come first served, in front of
  // `servers` that work side by side (cores, threads).
  struct Station {
    std::string name;
    int replicas = 1;
    int servers = 1;
  };

  // One visit of a request to a station. The time is the mean; it is multiplied by what the
  // request's class draws once for each request, so that a large answer is large everywhere.
  struct Visit {
    int station = 0;
    double seconds = 0;
  };

  struct RequestClass {
    std::string name;
    double share = 1;           // of all requests; need not add up to 1
    std::vector<Visit> visits;  // one after the other
    double delay_seconds = 0;   // of a request that is nobody's work: networks, wake-ups, disks
    ServiceTime variation = ServiceTime::Constant();
  };

  // Other work that the servers of a station do: pieces that arrive at random and queue like
  // requests, but are not counted as such.
  struct Background {
    int station = 0;
    double rate = 0;     // pieces/s
    double seconds = 0;  // of one
  };

  std::vector<Station> stations;
  std::vector<RequestClass> classes;
  std::vector<Background> background;
};

// Who asks. Open: arrivals at random (Poisson) at a rate. Closed: so many clients that each ask
// again as soon as they have their answer.
struct Load {
  double rate = 0;  // requests/s; 0: closed
  int clients = 0;
};

struct SimulationResult {
  struct Station {
    double utilisation = 0;    // busy share of its servers, other work included
    double mean_wait = 0;      // seconds in the queue, per visit
    double longest_queue = 0;  // of any replica
  };
  std::vector<Station> stations;
  double throughput = 0;  // requests/s
  double mean_latency = 0;
  std::vector<double> latencies;  // seconds, ascending

  // The latency that a share `q` of the requests stay below.
  double Latency(double q) const;
};

// Follows `requests` requests from event to event, after a tenth as many that are not counted. The
// same seed gives the same result on every machine. Bounded: it ends after that many requests, and
// the caller keeps an open load below what the stations can do (else queues grow for as long as it
// runs).
SimulationResult Simulate(const Network& network, const Load& load, int64_t requests,
                          uint64_t seed);

}  // namespace cityinfo::bench
