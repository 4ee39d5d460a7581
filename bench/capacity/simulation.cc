#include "bench/capacity/simulation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <numeric>
#include <queue>
#include <random>
#include <tuple>

namespace cityinfo::bench {
namespace {

struct Request {
  int cls = 0;
  int background = -1;  // other work: which; it has no class then
  int next_visit = 0;
  double factor = 1;  // of every service time
  double begin = 0;
};

struct Replica {
  int busy = 0;
  std::deque<std::pair<int, double>> queue;  // request and when it came
};

struct StationState {
  std::vector<Replica> replicas;
  size_t turn = 0;  // of the round robin
  double busy_seconds = 0;
  double waited = 0;
  int64_t visits = 0;
  size_t longest_queue = 0;
};

struct Event {
  enum class Kind { kArrival, kOtherWork, kServed, kFinished };

  double at = 0;
  int64_t order = 0;  // of making; decides between events of one moment
  Kind kind = Kind::kArrival;
  int request = 0;
  int station = 0;
  int replica = 0;

  bool operator>(const Event& other) const {
    return std::tie(at, order) > std::tie(other.at, other.order);
  }
};

class Simulator {
 public:
  Simulator(const Network& network, const Load& load, int64_t requests, uint64_t seed)
      : network_(network), load_(load), counted_(requests), ignored_(requests / 10), random_(seed) {
    for (const Network::Station& station : network.stations) {
      stations_.emplace_back().replicas.resize(static_cast<size_t>(station.replicas));
    }
    double sum = 0;
    for (const Network::RequestClass& cls : network.classes) shares_.push_back(sum += cls.share);
  }

  SimulationResult Run() {
    if (load_.rate > 0) {
      Push({.at = NextGap(), .kind = Event::Kind::kArrival});
    } else {
      for (int i = 0; i < load_.clients; ++i) Push({.at = 0, .kind = Event::Kind::kArrival});
    }
    for (size_t i = 0; i < network_.background.size(); ++i) PlanOtherWork(static_cast<int>(i));
    while (finished_ < ignored_ + counted_ && !events_.empty()) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.at;
      Handle(event);
    }
    return Result();
  }

 private:
  void Handle(const Event& event) {
    switch (event.kind) {
      case Event::Kind::kArrival:
        if (load_.rate > 0) Push({.at = now_ + NextGap(), .kind = Event::Kind::kArrival});
        Begin();
        break;
      case Event::Kind::kOtherWork:
        PlanOtherWork(event.request);
        BeginOtherWork(event.request);
        break;
      case Event::Kind::kServed:
        Leave(event.station, event.replica);
        if (requests_[static_cast<size_t>(event.request)].background < 0) {
          Advance(event.request);
        } else {
          free_.push_back(event.request);
        }
        break;
      case Event::Kind::kFinished:
        Finish(event.request);
        break;
    }
  }

  // The same on every machine, which the library's distributions are not.
  double Uniform() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }
  double NextGap() { return -std::log1p(-Uniform()) / load_.rate; }

  void Push(Event event) {
    event.order = ++made_;
    events_.push(event);
  }

  int NewRequest(const Request& request) {
    if (free_.empty()) {
      requests_.push_back(request);
      return static_cast<int>(requests_.size()) - 1;
    }
    const int id = free_.back();
    free_.pop_back();
    requests_[static_cast<size_t>(id)] = request;
    return id;
  }

  void PlanOtherWork(int index) {
    const double rate = network_.background[static_cast<size_t>(index)].rate;
    if (rate <= 0) return;
    Push({.at = now_ - std::log1p(-Uniform()) / rate,
          .kind = Event::Kind::kOtherWork,
          .request = index});
  }

  void BeginOtherWork(int index) {
    Join(NewRequest({.background = index}),
         network_.background[static_cast<size_t>(index)].station);
  }

  void Begin() {
    const double pick = Uniform() * shares_.back();
    const auto cls = std::upper_bound(shares_.begin(), shares_.end(), pick) - shares_.begin();
    const size_t index = std::min(static_cast<size_t>(cls), network_.classes.size() - 1);
    Advance(NewRequest({.cls = static_cast<int>(index),
                        .factor = network_.classes[index].variation.Quantile(Uniform()),
                        .begin = now_}));
  }

  const Network::RequestClass& ClassOf(int id) const {
    return network_.classes[static_cast<size_t>(requests_[static_cast<size_t>(id)].cls)];
  }

  // Sends a request to its next station, or home.
  void Advance(int id) {
    Request& request = requests_[static_cast<size_t>(id)];
    const Network::RequestClass& cls = ClassOf(id);
    if (static_cast<size_t>(request.next_visit) == cls.visits.size()) {
      Push({.at = now_ + cls.delay_seconds, .kind = Event::Kind::kFinished, .request = id});
      return;
    }
    Join(id, cls.visits[static_cast<size_t>(request.next_visit++)].station);
  }

  // To one of the station's replicas, to be served or to queue.
  void Join(int id, int at) {
    StationState& station = stations_[static_cast<size_t>(at)];
    const size_t turn = station.turn++ % station.replicas.size();
    Replica& replica = station.replicas[turn];
    if (replica.busy < network_.stations[static_cast<size_t>(at)].servers) {
      Serve(id, at, static_cast<int>(turn), now_);
    } else {
      replica.queue.emplace_back(id, now_);
      station.longest_queue = std::max(station.longest_queue, replica.queue.size());
    }
  }

  void Serve(int id, int at, int replica, double came) {
    const Request& request = requests_[static_cast<size_t>(id)];
    StationState& station = stations_[static_cast<size_t>(at)];
    const double seconds =
        request.background >= 0
            ? network_.background[static_cast<size_t>(request.background)].seconds
            : ClassOf(id).visits[static_cast<size_t>(request.next_visit - 1)].seconds *
                  request.factor;
    ++station.replicas[static_cast<size_t>(replica)].busy;
    if (counting()) {
      station.busy_seconds += seconds;
      if (request.background < 0) {
        station.waited += now_ - came;
        ++station.visits;
      }
    }
    Push({.at = now_ + seconds,
          .kind = Event::Kind::kServed,
          .request = id,
          .station = at,
          .replica = replica});
  }

  void Leave(int at, int replica_index) {
    Replica& replica =
        stations_[static_cast<size_t>(at)].replicas[static_cast<size_t>(replica_index)];
    --replica.busy;
    if (replica.queue.empty()) return;
    const auto [id, came] = replica.queue.front();
    replica.queue.pop_front();
    Serve(id, at, replica_index, came);
  }

  void Finish(int id) {
    if (counting()) {
      latencies_.push_back(now_ - requests_[static_cast<size_t>(id)].begin);
    }
    if (++finished_ == ignored_) counting_since_ = now_;
    free_.push_back(id);
    if (load_.rate <= 0) Push({.at = now_, .kind = Event::Kind::kArrival});
  }

  bool counting() const { return finished_ >= ignored_; }

  SimulationResult Result() {
    SimulationResult result;
    const double seconds = now_ - counting_since_;
    for (size_t i = 0; i < stations_.size(); ++i) {
      const StationState& station = stations_[i];
      const double servers =
          static_cast<double>(network_.stations[i].replicas) * network_.stations[i].servers;
      result.stations.push_back(
          {.utilisation = station.busy_seconds / (seconds * servers),
           .mean_wait =
               station.visits == 0 ? 0 : station.waited / static_cast<double>(station.visits),
           .longest_queue = static_cast<double>(station.longest_queue)});
    }
    result.throughput = static_cast<double>(latencies_.size()) / seconds;
    result.mean_latency = std::accumulate(latencies_.begin(), latencies_.end(), 0.0) /
                          static_cast<double>(std::max<size_t>(1, latencies_.size()));
    std::sort(latencies_.begin(), latencies_.end());
    result.latencies = std::move(latencies_);
    return result;
  }

  const Network& network_;
  const Load load_;
  const int64_t counted_;
  const int64_t ignored_;
  std::mt19937_64 random_;
  std::vector<double> shares_;  // running sums
  std::vector<StationState> stations_;
  std::vector<Request> requests_;  // slots, used again
  std::vector<int> free_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  int64_t made_ = 0;
  double now_ = 0;
  double counting_since_ = 0;
  int64_t finished_ = 0;
  std::vector<double> latencies_;
};

}  // namespace

double SimulationResult::Latency(double q) const {
  if (latencies.empty()) return 0;
  const auto place = static_cast<size_t>(q * static_cast<double>(latencies.size()));
  return latencies[std::min(place, latencies.size() - 1)];
}

SimulationResult Simulate(const Network& network, const Load& load, int64_t requests,
                          uint64_t seed) {
  return Simulator(network, load, requests, seed).Run();
}

}  // namespace cityinfo::bench
