#include "bench/capacity/queueing.h"

#include <algorithm>
#include <cmath>

namespace cityinfo::bench {

double ErlangC(int servers, double load) {
  // Erlang's B by recursion, which does not overflow, and C from B.
  double blocked = 1;
  for (int i = 1; i <= servers; ++i) blocked = load * blocked / (i + load * blocked);
  const double utilisation = load / servers;
  return blocked / (1 - utilisation * (1 - blocked));
}

double MeanWait(int servers, double load, double service_seconds, double squared_variation) {
  return ErlangC(servers, load) * service_seconds / (servers - load) * (1 + squared_variation) / 2;
}

double WaitQuantile(int servers, double load, double service_seconds, double squared_variation,
                    double beyond) {
  const double waits = ErlangC(servers, load);
  if (waits <= beyond) return 0;
  const double mean_of_waiting =
      MeanWait(servers, load, service_seconds, squared_variation) / waits;
  return mean_of_waiting * std::log(waits / beyond);
}

}  // namespace cityinfo::bench
